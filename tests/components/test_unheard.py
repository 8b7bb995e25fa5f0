"""Parameters that would do nothing are refused."""

import pytest
from pydantic import ValidationError

from energysim.components.boiler import Boiler
from energysim.components.converter import Converter
from energysim.components.grid_connection import GridConnection
from energysim.components.process import Process
from energysim.components.settlement import Settlement
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.declare import Component

ENDS = {
    Source: {"to": "grid"},
    Sink: {"from": "grid"},
    GridConnection: {"from": "region", "to": "grid"},
    Converter: {"inputs": {"taken": {"from": "gas", "ratio": 2.0}}, "outputs": {"given": {"to": "heat", "ratio": 1.0}}},
}


@pytest.mark.parametrize("kind", ENDS, ids=lambda kind: kind.type_name())
def test_availability_needs_a_capacity(kind: type[Component]) -> None:
    with pytest.raises(ValidationError, match=r"'availability' is a share of the capacity\. Give a 'capacity'"):
        kind(name="one", **ENDS[kind], availability=0.5)


def test_availability_of_the_way_back_is_heard() -> None:
    """A connection may limit only what is fed in."""
    assert GridConnection(name="one", **ENDS[GridConnection], availability=0.5, feed_in_limit=3.0).capacity is None


@pytest.mark.parametrize(
    "fields", [{"industry_electricity": 9.0}, {"electric_heating": 0.2}, {"cars": {"electric": 1}}]
)
def test_what_draws_power_needs_a_network(fields: dict) -> None:
    with pytest.raises(ValidationError, match="draw power, but from no network"):
        Settlement(name="town", heat="heat", district_heating=0.5, population=10.0, **fields)


def test_a_heat_network_needs_residuals() -> None:
    with pytest.raises(ValidationError, match="has no residual heat to give"):
        Process(name="works", heat="town", inputs={"ore": {"from": "ore", "per": 1.0}}, capacity=9.0)


@pytest.mark.parametrize("word", ["built", "size"])
@pytest.mark.parametrize(
    ("field", "text"),
    [("variable_om", "'variable_om', which is no size here. It has: capacity"), ("name", "which is no size")],
)
def test_effects_by_size_count_sizes(word: str, field: str, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        Boiler(name="boiler", fuel="gas", to="heat", capacity=9.0, effects={"land": {"per": 3.0, word: field}})


def test_an_effect_of_a_size_that_is_absent_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"'capacity', which is no size here\. It has none"):
        Source(name="one", to="grid", effects={"land": {"per": 3.0, "size": "capacity"}})
