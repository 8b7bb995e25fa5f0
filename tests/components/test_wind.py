"""Wind power."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.source import Source
from energysim.components.wind import Wind
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}
PROFILE = np.array([0.0, 0.4, 0.8])


def system(**fields: object) -> list:
    return [
        Wind(name="park", to="grid", profile=PROFILE, **fields),
        Source(name="market", to="grid", price=50.0),
        ElectricityDemand(name="homes", to="grid", load=6.0),
    ]


def test_output_follows_the_profile_and_the_surplus_is_curtailed() -> None:
    """10 MW give 0, 4 and 8; only 6 of the 8 are wanted."""
    results = solve(system(capacity=10.0), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 4.0, 6.0])
    assert_balanced(results)


def test_availability_comes_on_top_of_the_profile() -> None:
    results = solve(system(capacity=10.0, availability=0.5), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 2.0, 4.0])


def test_a_decided_size_grows_until_the_next_mw_no_longer_pays() -> None:
    """Up to 7.5 MW a MW saves 1.2 MWh of 50; beyond, the third hour is full and it saves 0.4: 20 against 30."""
    size = {"max": 99.0, "investment": 30.0 / 0.0709524573, "lifetime": 25.0}
    results = solve(system(capacity=size), GRID)

    assert float(results.built.sel(size="park.capacity")) == pytest.approx(7.5)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"existing": 1.0, "max": 99.0, "investment": 300.0, "lifetime": 25.0}

    assert_same_optimum(scenario_of(system(capacity=size, variable_om=1.0), GRID))


def test_a_profile_above_one_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"1\.2 at step 2 of 2 is out of range"):
        Wind(name="park", to="grid", capacity=1.0, profile=np.array([0.5, 1.2]))
