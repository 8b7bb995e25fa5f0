"""Shares of games: published answers, the axioms on random games, and every coalition asked."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energysim.symbiosis.games import (
    coalitions_of,
    drawn_orders,
    excess,
    is_in_core,
    least_core,
    members,
    nucleolus,
    sampled_shapley,
    shapley,
    veto_players,
)

STEEL = np.array([0, 0, 0, 28, 0, 0, 8, 32.0])
"""T-6.2: S, D, C from the lowest digit: SD 28, DC 8, SDC 32."""
SAVINGS = np.array([0, 0, 0, 210, 0, 770, 1170, 1530.0])
MAJORITY = np.array([0, 0, 0, 1, 0, 1, 1, 1.0])
GLOVES = np.array([0, 0, 0, 1, 0, 1, 0, 1.0])


@pytest.mark.parametrize(
    ("game", "fair", "content"),
    [
        pytest.param(STEEL, (12.667, 16.667, 2.667), (12, 18, 2), id="T-6.2"),
        pytest.param(SAVINGS, (283.33, 483.33, 763.33), (180, 395, 955), id="T-6.3 savings"),
        pytest.param(MAJORITY, (1 / 3, 1 / 3, 1 / 3), (1 / 3, 1 / 3, 1 / 3), id="T-6.3 majority"),
        pytest.param(GLOVES, (2 / 3, 1 / 6, 1 / 6), (1, 0, 0), id="T-6.3 gloves"),
    ],
)
def test_published_games(game: np.ndarray, fair: tuple, content: tuple) -> None:
    """Shapley's value and the nucleolus of four games with known answers."""
    assert shapley(game) == pytest.approx(fair, abs=4e-3)
    assert nucleolus(game) == pytest.approx(content, abs=1e-6)


@pytest.mark.parametrize(
    ("estate", "shares"), [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_the_talmuds_widows(estate: float, shares: tuple) -> None:
    """Claims of 100, 200 and 300 on an estate: the Talmud's three divisions are nucleoli (Aumann, Maschler, 1985)."""
    claims = np.array([100.0, 200.0, 300.0])
    game = np.maximum(0.0, estate - claims @ ~members(3).T)
    assert nucleolus(game) == pytest.approx(shares, abs=1e-5)


def test_fees_of_a_runway() -> None:
    """Each stretch of a runway is shared by the aircraft that need it: that is Shapley's value (Littlechild, 1973)."""
    costs = np.array([1.0, 2.0, 5.0, 8.0])
    game = members(4) @ costs - (members(4) * costs).max(axis=1)
    fees = [1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 3 / 2, 1 / 4 + 1 / 3 + 3 / 2 + 3]
    assert costs - shapley(game) == pytest.approx(fees)


def test_whether_anybody_would_leave() -> None:
    """T-6.2: both divisions are in the core. T-6.3: the majority game has none, and a third is missing."""
    assert is_in_core(STEEL, shapley(STEEL))
    assert is_in_core(STEEL, nucleolus(STEEL))
    assert not is_in_core(MAJORITY, shapley(MAJORITY))
    assert least_core(MAJORITY).epsilon == pytest.approx(1 / 3)
    assert least_core(STEEL).epsilon <= 0.0


def test_who_can_stop_everything() -> None:
    """Nothing is saved without the utility, and no glove is a pair without the left one; in a majority nobody can."""
    assert veto_players(STEEL) == [1]
    assert veto_players(GLOVES) == [0]
    assert veto_players(MAJORITY) == []


@st.composite
def games(draw: st.DrawFn, count: int | None = None) -> np.ndarray:
    players = count or draw(st.integers(1, 5))
    values = draw(st.lists(st.integers(-50, 100), min_size=(1 << players) - 1, max_size=(1 << players) - 1))
    return np.array([0, *values], float)


def by_all_orders(game: np.ndarray) -> np.ndarray:
    """Shapley's value by its words: the mean over every order of arrival."""
    count = int(math.log2(len(game)))
    shares = np.zeros(count)
    for order in itertools.permutations(range(count)):
        coalition = 0
        for player in order:
            shares[player] += game[coalition | 1 << player] - game[coalition]
            coalition |= 1 << player
    return shares / math.factorial(count)


@settings(max_examples=60, deadline=None)
@given(game=games())
def test_shapley_is_the_mean_over_all_orders_and_adds_up(game: np.ndarray) -> None:
    assert shapley(game) == pytest.approx(by_all_orders(game), abs=1e-9)
    assert shapley(game).sum() == pytest.approx(game[-1], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(one=games(4), other=games(4), data=st.data())
def test_shapley_keeps_its_axioms(one: np.ndarray, other: np.ndarray, data: st.DataObject) -> None:
    """Additivity; players that swap keep their shares; one who brings nothing gets nothing."""
    assert shapley(one + other) == pytest.approx(shapley(one) + shapley(other), abs=1e-9)
    order = np.array(data.draw(st.permutations(range(4))))
    belongs = members(4)
    swapped = one[(belongs[:, order] << np.arange(4)).sum(axis=1)]
    assert shapley(swapped) == pytest.approx(shapley(one)[np.argsort(order)], abs=1e-9)
    idle = np.where(belongs[:, 2], one[np.arange(16) & ~4], one)
    assert shapley(idle)[2] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(game=games(4))
def test_the_nucleolus_is_as_content_as_can_be(game: np.ndarray) -> None:
    """It adds up, and no other division, not even the least core's, leaves the angriest coalition less angry."""
    game = np.maximum(game, 0.0)
    game[-1] += sum(game[1 << player] for player in range(4))
    shares = nucleolus(game)
    asked = np.arange(1, len(game) - 1)

    assert shares.sum() == pytest.approx(game[-1])
    assert excess(game, shares)[asked].max() == pytest.approx(least_core(game).epsilon, abs=1e-5)
    assert is_in_core(game, shares, 1e-6) == (least_core(game).epsilon <= 1e-6 * max(1.0, abs(game).max()))


@settings(max_examples=25, deadline=None)
@given(game=games(4))
def test_the_nucleolus_by_hand_of_its_definition(game: np.ndarray) -> None:
    """Of the angriest coalitions sorted by falling anger, no nearby division has a smaller list."""
    game = np.maximum(game, 0.0)
    game[-1] += sum(game[1 << player] for player in range(4))
    shares = nucleolus(game)
    best = np.sort(excess(game, shares)[1:-1])[::-1]
    for giver, taker in itertools.permutations(range(4), 2):
        other = shares.copy()
        other[giver] -= 0.05
        other[taker] += 0.05
        if other[giver] < game[1 << giver]:
            continue
        theirs = np.sort(excess(game, other)[1:-1])[::-1]
        differs = np.flatnonzero(np.abs(theirs - best) > 1e-5)
        assert len(differs) == 0 or theirs[differs[0]] > best[differs[0]]


def test_sampled_shares_come_with_an_honest_error() -> None:
    """Ten players: the truth lies within four standard errors for each, and more orders make the error smaller."""
    generator = np.random.default_rng(1)
    weights = generator.uniform(1.0, 5.0, 10)
    game = (members(10) @ weights) ** 3
    exact = shapley(game)
    few, many = (sampled_shapley(lambda c: float(game[c]), drawn_orders(10, count, seed=7)) for count in (100, 1600))

    assert np.all(np.abs(many.shares - exact) <= 4.0 * many.error + 1e-9)
    assert many.error.mean() < 0.5 * few.error.mean()
    assert many.shares.sum() == pytest.approx(game[-1])
    assert np.array_equal(drawn_orders(10, 100, seed=7), drawn_orders(10, 100, seed=7))
    assert coalitions_of(drawn_orders(10, 100, seed=7))[-1] == 1023


@pytest.mark.parametrize("values", [np.zeros(3), np.zeros(1), np.array([1.0, 2.0])])
def test_what_is_no_game_is_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"no game|worth nothing"):
        shapley(values)
