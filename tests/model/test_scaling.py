"""Who is named where numbers are hard to compute with."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from energysim.model import scaling
from energysim.scenario import load
from energysim.testing import model_of

TOWN = """\
scenario: A town
time: {start: 2030-01-01, duration: 2 h}
economy: {discount_rate: 5 %}
networks:
  heat: {name: Town heat, supply: 80 degC, return: 40 degC}
components:
  plant: {type: source, to: heat, price: 3 EUR/MWh, capacity: 9 MW}
  homes: {type: sink, from: heat, fixed: 5 MW}
"""


def test_a_balance_is_named_by_its_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the word 'balance', which nobody has written; and with the line where the network stands."""
    (tmp_path / "s.yaml").write_text(TOWN, encoding="utf8")
    model = model_of(load(tmp_path / "s.yaml"))
    program = model.program.assemble()
    rows = dict(model.program.row_spans())["balance.heat"]
    values = program.values.copy()
    values[program.starts[rows.start]] = 1e9
    # Scaling would hide a single wide row, so what is left of it is looked at as it is.
    monkeypatch.setattr(scaling, "prepare", lambda wide: _as_it_is(wide))

    (told,) = scaling.warnings(model, replace(program, values=values))

    assert told.startswith("Town heat (")
    assert "s.yaml:5): in the balance a number of 1e+09 meets one of 1" in told


def _as_it_is(program: object) -> object:
    class Kept:
        kept_rows = np.arange(program.row_count)  # type: ignore[attr-defined]

    Kept.program = program  # type: ignore[attr-defined]
    return Kept
