"""What a rule may write for an hour."""

import numpy as np
import pytest

from energysim.errors import DeclarationError
from energysim.model.templates import Templates


def test_an_hour_is_written_once() -> None:
    """``t - 1`` is the hour before; ``t + t`` is no hour, not the hour itself."""
    templates = Templates(np.array([2, 0, 1]), {("mill", "heat"): 0}, {}, {}, {})
    heat, t = templates.hourly(("mill", "heat")), templates.t

    assert templates.affine(heat[t - 1]).terms == {("hour", 0, 1): 1.0}
    with pytest.raises(DeclarationError, match="An hour is written t or t - 1"):
        templates.affine(heat[t + t])


def test_every_total_is_its_own() -> None:
    """Totals made and dropped one after another are told apart."""
    templates = Templates(np.array([2, 0, 1]), {("mill", "heat"): 0}, {}, {}, {})
    heat = templates.hourly(("mill", "heat"))
    for factor in range(1, 50):
        templates.total(lambda t, factor=factor: factor * heat[t])

    assert len(templates._totals) == 49
