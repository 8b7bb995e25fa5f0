"""SCIENCE 1: coefficients of performance."""

import numpy as np
import pytest

from energysim.components.heat_pump import HeatPump
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import solve
from energysim.traits.cop import SMALLEST_LIFT, carnot, cycle_lift, in_jesper_range, jensen, jesper, lorenz, mean_lift

# Source in, source out, sink in, sink out | half Carnot | Lorenz | Jensen NH3 | Jensen iC4 | Jesper
T_1_10 = [
    (15, 10, 45, 80, 2.717, 6.747, 3.275, 3.147, 2.325),
    (30, 25, 45, 80, 3.531, 9.663, 4.156, 4.130, 3.188),
    (35, 20, 45, 85, 3.581, 9.087, 3.650, 3.581, 3.188),
    (25, 20, 50, 85, 2.985, 7.613, 3.570, 3.474, 2.577),
    (60, 40, 45, 85, 7.163, 22.963, 5.285, 5.363, 5.670),
    (5, 2, 40, 75, 2.487, 6.152, 3.101, 2.957, 2.101),
]


def test_t_1_9_jesper() -> None:
    """T-1.9: both branches of the regression, to the last digits of the published tests."""
    assert float(jesper(20.0, 60.0)) == pytest.approx(3.9818979919549604, rel=1e-12)
    assert float(jesper(100.0, 155.0)) == pytest.approx(3.288629696394147, rel=1e-12)


@pytest.mark.parametrize("row", T_1_10, ids=lambda row: f"{row[0]}-{row[1]}_{row[2]}-{row[3]}")
def test_t_1_10_table(row: tuple[float, ...]) -> None:
    """T-1.10: five ways to a COP; temperatures in degC instead of K would give other numbers everywhere."""
    source, sink = row[:2], row[2:4]
    found = [
        0.5 * carnot(source[0], sink[1]),
        lorenz(*source, *sink),
        jensen(source, sink, "ammonia"),
        jensen(source, sink, "isobutane"),
        jesper(source[0], sink[1]),
    ]

    assert [round(float(value), 3) for value in found] == pytest.approx(row[4:], abs=1.1e-3)


def pumped(row: tuple[float, ...], **fields: object) -> float:
    """COP of a heat pump between two networks of a case's temperatures, as a run finds it."""
    results = solve(
        [
            HeatPump(name="pump", power="grid", to="heat", **{"from": "water"}, capacity=30.0, **fields),
            Source(name="river", to="water"),
            Source(name="market", to="grid", price=40.0),
            Sink(name="town", **{"from": "heat"}, fixed=np.array([10.0, 20.0, 30.0])),
        ],
        {
            "water": {"carrier": "heat", "supply": row[0], "return": row[1]},
            "heat": {"carrier": "heat", "supply": row[3], "return": row[2]},
            "grid": "electricity",
        },
    )
    found = results.flow.sel(port="pump.heat").values / results.flow.sel(port="pump.power").values
    assert found == pytest.approx([found[0]] * 3)
    return float(found[0])


METHODS = [
    {"method": "carnot", "quality": 0.5}, {"method": "lorenz", "quality": 1.0}, {"method": "jensen"},
    {"method": "jensen", "refrigerant": "isobutane"}, {"method": "jesper"},
]  # fmt: skip


@pytest.mark.parametrize("row", T_1_10, ids=lambda row: f"{row[0]}-{row[1]}_{row[2]}-{row[3]}")
def test_t_1_10_through_the_front_door(row: tuple[float, ...]) -> None:
    """T-1.10: a heat pump between networks of these temperatures uses the COP of each method in every hour."""
    assert [round(pumped(row, **method), 3) for method in METHODS] == pytest.approx(row[4:], abs=1.1e-3)


def test_t_1_9_through_the_front_door() -> None:
    """T-1.9: a pump from 20 to 60 degC and one from 100 to 155 by the regression."""
    assert pumped((20.0, 15.0, 40.0, 60.0), method="jesper") == pytest.approx(3.9818979919549604, rel=1e-9)
    assert pumped((100.0, 95.0, 120.0, 155.0), method="jesper") == pytest.approx(3.288629696394147, rel=1e-9)


@pytest.mark.parametrize("row", T_1_10, ids=lambda row: f"{row[0]}-{row[1]}_{row[2]}-{row[3]}")
def test_t_1_10_lies_within_the_regression(row: tuple[float, ...]) -> None:
    """Every case of the table is inside Jesper's range, so none of its numbers is a held one."""
    assert in_jesper_range(row[0], row[3])


def test_a_lift_outside_the_regression_counts_as_the_nearest_inside() -> None:
    """Lifts of 3 and 140 K count as 10 and 78 K, above 100 degC of 5 and 120 K as 25 and 95 K."""
    assert float(jesper(57.0, 60.0)) == float(jesper(50.0, 60.0))
    assert float(jesper(-80.0, 60.0)) == float(jesper(-18.0, 60.0))
    assert float(jesper(115.0, 120.0)) == float(jesper(95.0, 120.0))
    assert float(jesper(0.0, 120.0)) == float(jesper(25.0, 120.0))


@pytest.mark.parametrize(
    ("source", "sink"), [((75.0, 70.0), (60.0, 86.0)), ((70.0, 65.0), (50.0, 84.0)), ((110.0, 105.0), (20.0, 115.0))]
)
def test_means_that_nearly_meet_do_not_give_endless_heat(
    source: tuple[float, float], sink: tuple[float, float]
) -> None:
    """Ideal Lorenz gave 1 008, -437 and -8; Jensen gave -46.9 and 306 (isobutane) in the last case."""
    hot = lorenz(*source, *sink) * SMALLEST_LIFT

    assert 288.15 < float(hot) < 388.15
    assert 1.0 < float(jensen(source, sink)) < 25.0
    assert 1.0 < float(jensen(source, sink, "isobutane")) < 25.0


def test_jensen_is_smooth_where_the_means_meet() -> None:
    """70/50 into 45/75: the means differ by -0.13 K, the cycle still lifts by 33 K; holding the means gave 7.27."""
    means = float(mean_lift((70.0, 50.0), (45.0, 75.0)))

    assert means == pytest.approx(-0.13, abs=5e-3)
    assert float(cycle_lift((70.0, 50.0), (45.0, 75.0))) == pytest.approx(means + 13.016 + 10.0 + 10.0)
    assert float(jensen((70.0, 50.0), (45.0, 75.0))) == pytest.approx(8.369, abs=1e-3)


@pytest.mark.parametrize(("cop", "heat", "power"), [(3.0, 15.0, 5.0), (3.65, 13.774, 3.774), (4.085, 13.241, 3.241)])
def test_t_1_11_source_limited(cop: float, heat: float, power: float) -> None:
    """T-1.11: 10 MW of source at COP 3 give 15 MW of heat with 5 MW of power; 10 MW would forget the power."""
    results = solve(
        [
            HeatPump(name="pump", power="grid", to="heat", **{"from": "water"}, capacity=99.0, cop=cop),
            Source(name="river", to="water", capacity=10.0),
            Source(name="market", to="grid", price=40.0),
            Sink(name="town", **{"from": "heat"}, price=1000.0),
        ],
        {"water": "heat", "heat": "heat", "grid": "electricity"},
        steps=1,
    )

    assert float(results.flow.sel(port="pump.heat")[0]) == pytest.approx(heat, abs=1e-3)
    assert float(results.flow.sel(port="pump.power")[0]) == pytest.approx(power, abs=1e-3)
