"""SCIENCE 4, 6, 9: stores, annuities, merit order."""

import numpy as np
import pytest

from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_store import HeatStore
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import solve
from energysim.traits import annuity

UNITS = ((10.0, 10.0), (5.0, 30.0), (20.0, 80.0))


def merit_order(*more: object) -> list:
    units = [Source(name=f"unit{n}", to="heat", capacity=c, price=p) for n, (c, p) in enumerate(UNITS)]
    return [*units, Sink(name="town", **{"from": "heat"}, fixed=np.array([8.0, 8.0, 14.0, 18.0])), *more]


def test_t_9_1_merit_order() -> None:
    """T-9.1: cost 870 and hourly prices 10, 10, 30, 80."""
    results = solve(merit_order(), {"heat": "heat"}, steps=4)

    assert results.attrs["objective"] == pytest.approx(870.0, rel=1e-9)
    assert results.price.sel(node="heat").values == pytest.approx([10.0, 10.0, 30.0, 80.0])


def test_t_9_2_store() -> None:
    """T-9.2: a store of 4 MWh and 4 MW, empty before and after, brings 870 down to 640; a greedy one to 790."""
    store = HeatStore(name="store", network="heat", volume=4.0, power=4.0, standing_loss=0.0, start=0.0)

    assert solve(merit_order(store), {"heat": "heat"}, steps=4).attrs["objective"] == pytest.approx(640.0, rel=1e-9)


def test_t_4_2_standing_loss_compounds() -> None:
    """T-4.2: 1 % an hour leaves 0.99 ** 24 = 0.785678 after a day; an exponential would leave 0.786628."""
    results = solve(
        [
            HeatStore(name="store", network="heat", volume=100.0, standing_loss=0.01, start=1.0),
            Source(name="refill", to="heat", price=1.0, availability=np.r_[np.zeros(24), 1.0], capacity=1000.0),
            Sink(name="nothing", **{"from": "heat"}, fixed=0.0),
        ],
        {"heat": "heat"},
        steps=25,
    )

    assert float(results.level.sel(store="store.level")[23]) == pytest.approx(78.5678, abs=1e-4)


def test_t_4_2_long_standing() -> None:
    """T-4.2: a pit at 0.0078 % an hour loses 5.46 % in 30 days and 28.94 % in 4 380 hours, in one long step."""
    for hours, lost in ((720, 0.0546), (4380, 0.2894)):
        results = solve(
            [
                HeatStore(name="pit", network="heat", volume=100.0, standing_loss=0.000078, start=1.0),
                Source(name="refill", to="heat", price=1.0, availability=np.array([0.0, 1.0]), capacity=1000.0),
                Sink(name="nothing", **{"from": "heat"}, fixed=0.0),
            ],
            {"heat": "heat"},
            steps=2,
            step=float(hours),
        )

        assert float(results.level.sel(store="pit.level")[0]) == pytest.approx(100.0 * (1.0 - lost), abs=6e-3)


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    [(0.05, 25, 0.0709524573), (0.06, 20, 0.0871845570), (0.08, 40, 0.0838601615), (0.07, 30, 0.0805864035)],
)
def test_t_6_1_annuity(rate: float, years: float, factor: float) -> None:
    """T-6.1: four annuities to ten digits."""
    assert annuity(rate, years) == pytest.approx(factor, abs=5e-11)


def test_t_6_1_levelised_cost_of_heat() -> None:
    """T-6.1: the heat pump's heat costs 24.9988 EUR/MWh; forgetting the fixed upkeep gives 24.46."""
    pump = HeatPump(
        name="pump",
        power="grid",
        to="heat",
        cop=3.65,
        variable_om=2.685,
        capacity={"min": 10.0, "max": 10.0, "investment": 762518.0, "fixed_om_share": 0.003504, "lifetime": 25.0},
    )
    around = [Source(name="market", to="grid", price=40.0), Sink(name="town", **{"from": "heat"}, fixed=10.0)]
    results = solve([pump, *around], {"heat": "heat", "grid": "electricity"}, steps=5000)

    assert results.attrs["objective"] / 50000.0 == pytest.approx(24.9988, abs=5e-5)


def test_boiler_and_fuel_agree_with_a_source_at_the_same_price() -> None:
    """A boiler at efficiency 0.8 on fuel at 8 is a source at 10: the same 870 as T-9.1."""
    components = [part for part in merit_order() if part.name != "unit0"]
    boiler = Boiler(name="boiler", fuel="chips", to="heat", capacity=10.0, efficiency=0.8)
    trade = FuelSupply(name="trade", to="chips", price=8.0)
    results = solve([*components, boiler, trade], {"heat": "heat"}, fuels={"chips": {}}, steps=4)

    assert results.attrs["objective"] == pytest.approx(870.0, rel=1e-9)
