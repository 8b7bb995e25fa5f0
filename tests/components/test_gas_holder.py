"""Gas holder, flare and process gas."""

import numpy as np
import pytest

from energysim.components.boiler import Boiler
from energysim.components.flare import Flare
from energysim.components.gas_holder import GasHolder
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.declare import Component
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

FUELS = {"furnace_gas": {"co2": 0.95}}


def steelworks(holder: bool = True) -> list[Component]:
    """Gas as the furnace makes it, 60, 0 and 30 MW; a boiler for the town, the rest flared."""
    parts: list[Component] = [
        Source(name="furnace", to="furnace_gas", fixed=np.array([60.0, 0.0, 30.0])),
        Boiler(name="boiler", fuel="furnace_gas", to="heat", capacity=99.0, efficiency=0.9),
        Flare(name="torch", fuel="furnace_gas"),
        Source(name="oil", to="heat", price=80.0),
        HeatDemand(name="town", to="heat", load=27.0),
    ]
    if holder:
        parts.append(GasHolder(name="holder", network="furnace_gas", gas_volume=40_000.0, least=0.1))
    return parts


def test_it_holds_energy_by_the_gas() -> None:
    """40 000 m3 of 0.9 kWh, a tenth stays: 32.4 MWh."""
    holder = GasHolder(name="holder", network="furnace_gas", gas_volume=40_000.0)

    assert holder.volume.existing == pytest.approx(32.4)


def test_gas_is_kept_for_the_hour_without() -> None:
    """27 MW of heat take 30 of gas: all 30 spare MW of the first hour serve the second, nothing is flared."""
    results = solve(steelworks(), {"heat": "heat"}, FUELS)

    assert float(results.attrs["objective"]) == pytest.approx(0.0, abs=1e-6)
    assert results.flow.sel(port="torch.fuel").values == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    assert_balanced(results)
    assert_same_optimum(scenario_of(steelworks(), {"heat": "heat"}, FUELS))


def test_without_a_holder_gas_is_flared_and_oil_burnt() -> None:
    """30 MWh flared in the first hour, 27 of oil in the second; all gas emits, wherever it burns."""
    results = solve(steelworks(holder=False), {"heat": "heat"}, FUELS)

    assert float(results.flow.sel(port="torch.fuel")[0]) == pytest.approx(30.0)
    assert float(results.attrs["objective"]) == pytest.approx(27 * 80.0)
    assert float(results.amount.sel(effect="co2").sum()) == pytest.approx(90 * 0.95)
    assert float(results.price.sel(node="furnace_gas")[0]) == pytest.approx(0.0, abs=1e-9)
