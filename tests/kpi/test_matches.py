"""Heat traced from suppliers to users."""

import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.source import Source
from energysim.kpi.matches import LOSS, heat_matches
from energysim.testing import solve

TOWN = {"town": {"carrier": "heat", "supply": 80.0, "return": 40.0}}


def test_what_falls_keeps_its_mixture() -> None:
    """Boiler and mill meet below 60 degC in equal parts; the greenhouse needs nothing hotter, homes take from both.

    Above 60 only the boiler gives: homes get 10 of it there and 5 + 5 below, the greenhouse 5 + 5.
    """
    parts = [
        Source(name="boiler", to="town", price=30.0, temperature=120.0),
        ResidualHeat(name="mill", to="town", streams={"gas": {"from": 60.0, "to": 40.0, "load": 10.0}}),
        HeatDemand(name="homes", to="town", load=20.0),
        HeatDemand(name="greenhouse", to="town", load=10.0, temperatures={"from": 40.0, "to": 60.0}),
    ]
    table = heat_matches(solve(parts, TOWN, steps=1), "town")
    found = {(row.supplier, row.user): row.energy for row in table.itertuples()}

    assert found == pytest.approx(
        {
            ("boiler", "homes"): 15.0,
            ("boiler", "greenhouse"): 5.0,
            ("mill", "homes"): 5.0,
            ("mill", "greenhouse"): 5.0,
        }
    )


def test_losses_are_borne_by_all_alike() -> None:
    """Without temperatures: 9 MW to homes and 1 lost, of which four fifths come from the larger source."""
    parts = [
        Source(name="large", to="heat", price=1.0, capacity=8.0),
        Source(name="small", to="heat", price=2.0, capacity=8.0),
        HeatDemand(name="homes", to="heat", load=9.0),
    ]
    network = {"heat": {"carrier": "heat", "losses": {"share": 0.1}}}
    found = {
        (row.supplier, row.user): row.energy
        for row in heat_matches(solve(parts, network, steps=1), "heat").itertuples()
    }

    assert found == pytest.approx(
        {("large", "homes"): 7.2, ("small", "homes"): 1.8, ("large", LOSS): 0.8, ("small", LOSS): 0.2}
    )
