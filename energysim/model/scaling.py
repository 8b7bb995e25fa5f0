"""Numbers that are hard to compute with, named by the component that brings them in."""

import numpy as np

from energysim.model.build import Model
from solvers.linear import LinearProgram
from solvers.prepare import LEAST, MOST, prepare

LARGEST_BOUND = 1e8
"""Sizes and limits above this are no real sizes; they hide the small ones. [MW, MWh, t ...]"""


def sizes_told(model: Model, program: LinearProgram) -> str:
    """Name the widest coefficient, or say that there is none."""
    told = warnings(model, program)
    return told[0] if told else "Its coefficients are of ordinary size."


def warnings(model: Model, program: LinearProgram) -> list[str]:
    """List what makes a program hard to compute with: one sentence per component and rule, the worst first.

    Parameters
    ----------
    model : Model
        Where names are from.
    program : LinearProgram
        The same, assembled.

    Returns
    -------
    told : list of str
        Coefficients that stay outside 1e-4 to 1e4 even when rows and columns are scaled, and bounds above 1e8.
    """
    found = [*_wide(model, program), *_far(model, program)]
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def _wide(model: Model, program: LinearProgram) -> list[tuple[float, str]]:
    sizes = np.abs(program.values)
    if not sizes.size or (sizes.min() >= LEAST and sizes.max() <= MOST):
        return []
    prepared = prepare(program)
    values = np.abs(prepared.program.values)
    is_wide = (values < LEAST) | (values > MOST)
    rows = prepared.kept_rows[np.repeat(np.arange(prepared.program.row_count), np.diff(prepared.program.starts))]
    told: dict[str, tuple[float, str]] = {}
    spans = [(name, span.start) for name, span in model.program.row_spans()]
    starts = np.array([start for _, start in spans])
    for row, size in zip(rows[is_wide].tolist(), values[is_wide].tolist(), strict=True):
        name = spans[int(np.searchsorted(starts, row, side="right")) - 1][0]
        own = sizes[program.starts[row] : program.starts[row + 1]]
        badness = max(size / MOST, LEAST / size)
        text = (
            f"{_who(model, name)}: in {_rule(model, name)} a number of {own.max():.3g} meets one of "
            f"{own.min():.3g}, which is hard to compute with. Look for a size, a ratio or a limit that is not real."
        )
        if name not in told or told[name][0] < badness:
            told[name] = (badness, text)
    return list(told.values())


def _far(model: Model, program: LinearProgram) -> list[tuple[float, str]]:
    bounds = np.maximum(
        np.where(np.isfinite(program.lower), np.abs(program.lower), 0.0),
        np.where(np.isfinite(program.upper), np.abs(program.upper), 0.0),
    )
    if not np.any(bounds > LARGEST_BOUND):
        return []
    found = []
    for name, columns in model.program.column_spans():
        largest = float(bounds[columns].max(initial=0.0))
        if largest > LARGEST_BOUND:
            text = f"{_who(model, name)}: '{name.rpartition('.')[2]}' may be as large as {largest:.3g}. "
            found.append((largest / LARGEST_BOUND, text + "Leave a limit out that is not meant as one."))
    return found


def _who(model: Model, name: str) -> str:
    """Name the component of a row or column block, or the node, network, group or effect, and where it stands."""
    origin = model.origins.get(name)
    key = name.split(".")[0] if origin is None else origin.key
    told = key
    if origin is not None and origin.kind == "balance":
        node = model.system.nodes[origin.owner]
        key, told = f"network {node.network}", node.title or node.name
    place = model.system.where.get(key)
    return told if place is None else f"{told} ({place})"


def _rule(model: Model, name: str) -> str:
    """Name what a row block says."""
    origin = model.origins.get(name)
    word = name.rpartition(".")[2] if origin is None else origin.word or origin.kind
    return "the balance" if word == "balance" else f"the rule '{word}'"
