"""Targets by the problem table, by optimised exchanges and by an independent library; curves that end at them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pina import PinchAnalyzer, make_stream

from energysim.symbiosis.pinch import Stream, composite, grand_composite, problem_table, total_site, usable
from energysim.symbiosis.transshipment import match


def of(rows: list[tuple[float, float, float]], difference: float) -> list[Stream]:
    """Streams by inlet, outlet and heat-capacity flow."""
    return [Stream(f"s{n}", a, b, abs(a - b) * flow, difference / 2.0) for n, (a, b, flow) in enumerate(rows)]


KEMP = of([(20, 135, 2.0), (170, 60, 3.0), (80, 140, 4.0), (150, 30, 1.5)], 10.0)
SMITH = of([(250, 40, 0.15), (200, 80, 0.25), (20, 180, 0.2), (140, 230, 0.3)], 10.0)
THRESHOLD = of([(250, 40, 0.15), (200, 80, 0.25), (20, 180, 0.1), (140, 230, 0.1)], 10.0)


def test_t_1_1_the_whole_cascade() -> None:
    """T-1.1: 20/80/82.5/0/75/60 at 165/145/140/85/55/25; a pinch counted at real temperatures would give 90 or 80."""
    found = problem_table(KEMP)
    wanted = [165.0, 145.0, 140.0, 85.0, 55.0, 25.0]

    assert (found.heating, found.cooling, found.recovery, found.pinches) == (20.0, 60.0, 450.0, (85.0,))
    assert np.interp(wanted, found.edges[::-1], found.after[::-1]) == pytest.approx([20, 80, 82.5, 0, 75, 60])


@pytest.mark.parametrize(
    ("rows", "difference", "heating", "cooling", "pinch"),
    [
        pytest.param([(150, 60, 2), (90, 60, 8), (20, 125, 2.5), (25, 100, 3)], 20, 107.5, 40.0, 80.0, id="T-1.2"),
        pytest.param(
            [(250, 40, 0.15), (200, 80, 0.25), (20, 180, 0.2), (140, 230, 0.3)], 10, 7.5, 10.0, 145.0, id="T-1.3"
        ),
        pytest.param(
            [(160, 93.3, 8.79), (248.9, 137.8, 10.55), (60, 160, 7.62), (115.6, 260, 6.08)],
            10,
            128.288,
            246.734,
            243.9,
            id="T-1.4",
        ),
    ],
)
def test_targets_and_pinch(rows: list, difference: float, heating: float, cooling: float, pinch: float) -> None:
    """The textbook cases, with the temperature no heat may cross."""
    found = problem_table(of(rows, difference))

    assert (found.heating, found.cooling) == pytest.approx((heating, cooling), abs=1e-3)
    assert found.pinches == pytest.approx((pinch,))


def test_t_1_5_a_threshold_has_no_pinch() -> None:
    """T-1.5: nothing to heat from outside, 36.5 to cool; a pinch at the hot end would be none of the process's."""
    found = problem_table(THRESHOLD)

    assert (found.heating, found.cooling, found.pinches) == (0.0, pytest.approx(36.5), ())


def test_boiling_and_condensing_at_one_temperature_meet() -> None:
    """Steam condensing at 100 degC boils water at 100 when the exchanger needs nothing, not at 100.1."""
    steam = Stream("steam", 100.0, 100.0, 10.0, is_hot=True)
    water = Stream("water", 100.0, 100.0, 8.0, is_hot=False)
    hotter = Stream("hotter", 100.1, 100.1, 8.0, is_hot=False)

    assert (problem_table([steam, water]).heating, problem_table([steam, hotter]).heating) == (0.0, 8.0)
    assert match([steam, water]).heating == pytest.approx(0.0)
    assert match([steam, hotter]).heating == pytest.approx(8.0)


temperature = st.integers(0, 300).map(float)
stream = st.tuples(temperature, temperature, st.integers(1, 900).map(lambda n: n / 10.0)).filter(
    lambda row: row[0] != row[1]
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(stream, min_size=1, max_size=9), difference=st.integers(0, 30))
def test_three_ways_to_the_targets_agree(rows: list, difference: int) -> None:
    """Problem table, optimised exchanges and the library pina find the same heating and cooling to 1e-6."""
    streams = [Stream(f"s{n}", a, b, heat, difference / 2.0) for n, (a, b, heat) in enumerate(rows)]
    theirs = PinchAnalyzer(difference / 2.0)
    theirs.add_streams(*(make_stream(heat if a > b else -heat, a, b) for a, b, heat in rows))
    table, optimum = problem_table(streams), match(streams)
    expected = pytest.approx((theirs.hot_utility_target, theirs.cold_utility_target), rel=1e-6, abs=1e-6)

    assert (table.heating, table.cooling) == expected
    assert (optimum.heating, optimum.cooling) == expected


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(stream, min_size=2, max_size=8), hot=st.integers(40, 150), width=st.integers(1, 80))
def test_what_is_led_out_costs_no_heating_and_no_more_can_be(rows: list, hot: int, width: int) -> None:
    """Water heated by just the usable heat leaves the least heating as it was; a little more raises it."""
    streams = [Stream(f"s{n}", a, b, heat, 2.0) for n, (a, b, heat) in enumerate(rows)]
    base = problem_table(streams)
    heat = usable(base, float(hot), float(hot - width))
    size = sum(s.heat for s in streams)

    def heating(taken: float) -> float:
        return problem_table([*streams, Stream("water", hot - width, hot, taken)]).heating

    assert heating(heat) == pytest.approx(base.heating, abs=1e-6 * size)
    assert heating(heat + 0.01 * size) > base.heating + 1e-6 * size


def test_forbidden_pairs_cost_heat() -> None:
    """Kemp's four streams: with nothing forbidden 20, with H2 kept from both cold streams 20 + what H2 gave."""
    free = match(KEMP)
    kept_apart = match(KEMP, forbidden={("s3", "s0"), ("s3", "s2")})

    assert free.heating == pytest.approx(20.0)
    assert free.exchanged.sum() == pytest.approx(450.0)
    assert kept_apart.exchanged[free.hot.index("s3")].sum() == 0.0
    assert kept_apart.heating == pytest.approx(470.0 - kept_apart.exchanged.sum())
    assert kept_apart.heating == pytest.approx(problem_table(KEMP[:3]).heating)


def test_composite_curves_span_the_heat_between_the_targets() -> None:
    """Hot and cold curve hold 510 and 470 kW; shifted apart by the cooling they overlap by the recovery."""
    hot, cold = composite(KEMP, True), composite(KEMP, False)

    assert (hot.heat[-1], cold.heat[-1]) == (510.0, 470.0)
    assert (hot.temperature[0], hot.temperature[-1], cold.temperature[0]) == (30.0, 170.0, 20.0)
    assert np.all(np.diff(hot.heat) >= 0.0)
    assert float(np.interp(60.0, hot.temperature, hot.heat)) == pytest.approx(45.0)


def test_grand_composite_touches_nothing_at_the_pinch() -> None:
    curve = grand_composite(problem_table(KEMP))

    assert curve.heat.min() == pytest.approx(0.0)
    assert curve.temperature[np.argmin(curve.heat)] == 85.0
    assert (curve.heat[0], curve.heat[-1]) == (20.0, 60.0)


def test_total_site_leaves_the_pockets_to_their_site() -> None:
    """Two copies of Kemp's site: 2 x 60 to give below the pinch, 2 x 20 to take above it.

    At 25 degC all 60 can be had, at 55 min(75, 60), at the pinch nothing: a pocket counted twice would give 75.
    """
    site = problem_table(KEMP)
    source, sink = total_site([site, site])

    def at(curve, temperature: float) -> float:
        return float(curve.heat[np.argmin(np.abs(curve.temperature - temperature))])

    assert [at(source, t) for t in (25.0, 55.0, 85.0, 145.0)] == pytest.approx([120.0, 120.0, 0.0, 0.0])
    assert [at(sink, t) for t in (165.0, 145.0, 140.0, 85.0, 55.0)] == pytest.approx([40.0, 40.0, 40.0, 0.0, 0.0])
