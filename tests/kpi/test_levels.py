"""Heat by temperature level: what is offered there and not used."""

import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.source import Source
from energysim.kpi.levels import level_table
from energysim.kpi.symbiosis import residual_table
from energysim.testing import solve

TOWN = {"town": {"carrier": "heat", "supply": 80.0, "return": 40.0}}
BOILER = Source(name="boiler", to="town", price=30.0, temperature=120.0)
HOMES = HeatDemand(name="homes", to="town", load=10.0)


def test_heat_too_cold_for_more_is_unused_at_its_level() -> None:
    """A mill offers 10 MW from 60 to 40 degC; homes need 5 MW above 60 degC, of the boiler, and 5 below."""
    mill = ResidualHeat(name="mill", to="town", streams={"gas": {"from": 60.0, "to": 40.0, "load": 10.0}})
    results = solve([BOILER, mill, HOMES], TOWN, steps=2)
    table = level_table(results, "town")

    assert table.top.tolist() == [80.0, 60.0]
    assert table.unused.tolist() == pytest.approx([0.0, 10.0])
    assert table.given.tolist() == pytest.approx([10.0, 10.0])
    assert float(residual_table(results).unused.sum()) == pytest.approx(10.0)


def test_unused_heat_of_all_levels_is_all_unused_heat() -> None:
    """30 MW from 100 to 40 degC, of which 20 are needed; a boiler's spare capacity is no residual heat."""
    mill = ResidualHeat(name="mill", to="town", streams={"gas": {"from": 100.0, "to": 40.0, "load": 30.0}})
    greenhouse = HeatDemand(name="greenhouse", to="town", load=10.0, temperatures={"from": 40.0, "to": 60.0})
    results = solve([BOILER, mill, HOMES, greenhouse], TOWN, steps=2)
    unused = level_table(results, "town").unused

    assert len(unused) == 2
    assert (unused >= 0.0).all()
    assert unused.sum() == pytest.approx(20.0)
    assert float(residual_table(results).unused.sum()) == pytest.approx(20.0)
