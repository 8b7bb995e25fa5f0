"""The same model with some flows closed: only bounds change, so a loaded solver goes on from where it was."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import DeclarationError
from energysim.model.build import Model
from energysim.model.view import Key, View

Floats = NDArray[np.float64]


def close(model: Model, ports: Iterable[Key]) -> Model:
    """Keep flows at zero.

    A port's flow is a variable, a sum of variables by temperature level, or a formula; where a formula can only be
    zero with its positive terms at zero, these are held there.

    Parameters
    ----------
    model : Model
        Stays as it is.
    ports : iterable of (component, port)
        What is closed.

    Returns
    -------
    model : Model
        With the same pattern: rows and columns are those of the open one.

    Raises
    ------
    DeclarationError
        When a flow is given and cannot be zero, such as that of a plant that must run.
    """
    columns = list(model.program.columns)
    for component, port in ports:
        for block in _blocks(model, component, port):
            columns[block] = replace(columns[block], upper=np.minimum(columns[block].upper, 0.0))
    return replace(model, program=replace(model.program, columns=tuple(columns)))


def _blocks(model: Model, component: str, port: str) -> list[int]:
    """Hourly columns that a flow is made of."""
    view = View(model.templates, model.system, model.system.components[component])
    formula = model.templates.affine(getattr(view, port)[model.templates.t])
    lower = [column.lower for column in model.program.columns]
    blocks = []
    for term, coefficient in formula.terms.items():
        if term[0] == "hour" and np.all(np.asarray(coefficient) >= 0.0) and np.all(lower[term[1]] == 0.0):
            blocks.append(term[1])
    if np.any(np.asarray(formula.constant) > 0.0) or not blocks:
        raise DeclarationError(f"the flow '{component}.{port}' is given and cannot be zero.")
    return blocks
