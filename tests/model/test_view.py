"""The view in which rules see their component."""

import pytest

from energysim.components.converter import Converter
from energysim.declare import _VIEW_WORDS
from energysim.model.view import View

HOURLY = {"day_share", "hours", "month_share", "scale", "weight"}
"""Words that are found by name, as they may be a flow's or a field's in another type."""


def test_no_flow_can_take_a_word_of_the_view() -> None:
    """A flow called as one of its properties would be hidden behind it."""
    words = {name for name in dir(View) if not name.startswith("_")}

    assert words | HOURLY == _VIEW_WORDS


@pytest.mark.parametrize("word", ["component", "starting"])
def test_such_a_flow_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=f"a flow cannot be called '{word}'"):
        Converter(name="machine", inputs={word: {"from": "gas"}}, outputs={"given": {"to": "heat", "ratio": 1.0}})
