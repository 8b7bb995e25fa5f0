"""Link."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.link import Link
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"west": "hydrogen", "east": "hydrogen"}


def system(link: Link) -> list:
    return [
        link,
        Source(name="west_source", to="west", price=np.array([10.0, 50.0, 10.0])),
        Source(name="east_source", to="east", price=np.array([30.0, 20.0, 30.0])),
        Sink(name="west_user", **{"from": "west"}, fixed=3.0),
        Sink(name="east_user", **{"from": "east"}, fixed=9.0),
    ]


def test_what_arrives_is_what_is_sent_less_the_loss() -> None:
    """9 MW in the east need 10 MW from the west at a loss of 10 %."""
    results = solve(system(Link(name="link", **{"from": "west"}, to="east", capacity=99.0, loss=0.1)), NETWORKS)

    assert results.flow.sel(port="link.sent").values == pytest.approx([10.0, 0.0, 10.0])
    assert results.flow.sel(port="link.received").values == pytest.approx([9.0, 0.0, 9.0])
    assert_balanced(results)


def test_it_runs_back_only_where_it_may() -> None:
    """In the second hour the east is cheaper by far; one way the west pays 50 for its 3 MW."""
    one_way = solve(system(Link(name="link", **{"from": "west"}, to="east", capacity=99.0)), NETWORKS)
    two_way = solve(system(Link(name="link", **{"from": "west"}, to="east", capacity=99.0, both_ways=True)), NETWORKS)

    assert "link.sent_back" not in one_way.port.values
    assert one_way.attrs["objective"] - two_way.attrs["objective"] == pytest.approx(3 * (50.0 - 20.0))


def test_both_directions_share_the_capacity_and_the_fee() -> None:
    link = Link(name="link", **{"from": "west"}, to="east", capacity=2.0, both_ways=True, fee=1.0)
    results = solve(system(link), NETWORKS)

    assert results.flow.sel(port="link.sent").values == pytest.approx([2.0, 0.0, 2.0])
    assert results.flow.sel(port="link.sent_back").values == pytest.approx([0.0, 2.0, 0.0])
    assert float(results.booking[results.booking_item == "transport"].sum()) == pytest.approx(6.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 9.0, "investment": 100.0, "lifetime": 25.0}

    assert_same_optimum(
        scenario_of(system(Link(name="link", **{"from": "west"}, to="east", capacity=size, both_ways=True)), NETWORKS)
    )


def test_a_link_to_itself_is_refused() -> None:
    with pytest.raises(ValidationError, match="it joins 'west' with itself"):
        Link(name="link", **{"from": "west"}, to="west", capacity=1.0)
