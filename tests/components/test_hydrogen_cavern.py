"""Hydrogen cavern."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.hydrogen_cavern import HydrogenCavern
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"hydrogen": "hydrogen", "grid": "electricity"}
SIZE = {"space": 1000.0, "lowest": 20.0, "highest": 200.0, "rate": 300.0}


def works(**fields: object) -> list:
    return [
        HydrogenCavern(name="cavern", network="hydrogen", power="grid", **(SIZE | fields)),
        Source(name="import", to="hydrogen", price=np.array([50.0, 200.0, 200.0])),
        Source(name="market", to="grid", price=100.0),
        Sink(name="user", **{"from": "hydrogen"}, fixed=300.0),
    ]


def test_working_gas_and_compression() -> None:
    """1 000 m3 hold 435.69 MWh from 20 to 200 bar; each MWh put in takes 0.9992 / 33.33 MWh of power."""
    results = solve(works(), WHERE)

    charged = float(results.flow.sel(port="cavern.charge").sum())
    assert float(results.measured.sel(measure="cavern.working_content")) == pytest.approx(435.69, abs=0.01)
    assert charged == pytest.approx(300.0)
    assert float(results.flow.sel(port="cavern.compression").sum()) == pytest.approx(charged * 0.9992 / 33.33, rel=1e-4)
    assert_balanced(results)
    assert_same_optimum(scenario_of(works(), WHERE))


def test_cavern_and_cushion_are_paid_as_an_annuity() -> None:
    """1 000 m3 at 100, and 54.49 MWh of cushion at 90, over 50 years at 5 %."""
    space = {"min": 1000.0, "max": 1000.0, "investment": 100.0, "lifetime": 50.0}
    results = solve(works(space=space, cushion_price=90.0), WHERE)
    annuity = 0.05 / (1.0 - 1.05**-50)
    paid = {item: float(results.booking[results.booking_item == item].sum()) for item in ("capital", "cushion")}

    assert paid == pytest.approx({"capital": 100_000.0 * annuity, "cushion": 54.485 * 90.0 * annuity}, rel=1e-4)
    assert_same_optimum(scenario_of(works(space=space, cushion_price=90.0), WHERE))


def test_its_size_may_be_decided() -> None:
    """Two hours of 300 MW at 200 are worth holding 600 MWh at 50: of 0.43569 MWh a cubic metre, 1 377 m3."""
    space = {"max": 1e5, "investment": 10.0, "lifetime": 50.0}
    results = solve(works(space=space, rate=1000.0), WHERE)

    assert float(results.capacity.sel(size="cavern.space")) == pytest.approx(600.0 / 0.43569, rel=1e-4)
    with pytest.raises(ValidationError, match="'cushion_price' is paid for a cavern to be built"):
        HydrogenCavern(name="cavern", network="hydrogen", **SIZE, cushion_price=90.0)


def test_pressures_are_checked() -> None:
    with pytest.raises(ValidationError, match="highest 10 bar must be above lowest 20 bar"):
        HydrogenCavern(name="cavern", network="hydrogen", **(SIZE | {"highest": 10.0}))
