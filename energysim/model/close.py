"""The same model with some flows closed: only bounds change, so a loaded solver goes on from where it was."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import DeclarationError
from energysim.model.build import Model
from energysim.model.templates import Term
from energysim.model.view import Key, View
from solvers.program import HourlyProgram, PerStep

Floats = NDArray[np.float64]

_ROUNDING = 1e-9


def close(model: Model, ports: Iterable[Key]) -> Model:
    """Keep flows at zero.

    A port's flow is a variable, a sum of variables by temperature level, or a formula. A flow of one variable, less
    what is lost of it, is held where it comes to zero. Of several all are held at zero: where none of them can take
    from the flow nothing else makes it zero; where some can, that is stricter than it need be, but never open.

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
    ports, program = tuple(ports), model.program
    for component, port in ports:
        for term, value in _values_at_none(model, component, port).items():
            held = _held(program, term, value)
            if held is None:
                raise _is_given(component, port)
            program = held
    return replace(model, program=program, closed=model.closed | set(ports))


def _values_at_none(model: Model, component: str, port: str) -> dict[Term, Floats]:
    """Say where each variable of a flow is held; in hours in which it is no part of the flow it is not a number."""
    view = View(model.templates, model.system, model.system.components[component])
    formula = model.templates.affine(getattr(view, port)[model.templates.t])
    constant = np.broadcast_to(formula.constant, model.program.steps)
    terms = {
        term: np.broadcast_to(value, model.program.steps) for term, value in formula.terms.items() if np.any(value)
    }
    if len(terms) == 1:
        (term, coefficient), *_ = terms.items()
        if term[0] == "hour" and term[2] == 0 and not np.any(constant[coefficient == 0.0]):
            with np.errstate(divide="ignore", invalid="ignore"):
                return {term: np.where(coefficient != 0.0, -constant / coefficient, np.nan)}
    if np.any(constant):
        raise _is_given(component, port)
    return {term: np.where((value != 0.0) | (term[-1] != 0), 0.0, np.nan) for term, value in terms.items()}


def _held(program: HourlyProgram, term: Term, value: Floats) -> HourlyProgram | None:
    """Hold a variable where a value is given; None where its limits, or its kind, do not let it."""
    if term[0] == "hour":
        columns, bounds = list(program.columns), program.columns[term[1]]
        found = _narrowed(bounds.lower, bounds.upper, value)
        if found is None:
            return None
        columns[term[1]] = replace(bounds, lower=found[0], upper=found[1])
        return replace(program, columns=tuple(columns))
    if term[0] == "once":
        once, column = program.globals, term[1]
        if not once.lower[column] <= 0.0 <= once.upper[column]:
            return None
        lower, upper = once.lower.copy(), once.upper.copy()
        lower[column] = upper[column] = 0.0
        return replace(program, globals=replace(once, lower=lower, upper=upper))
    return None


def _narrowed(lower: PerStep, upper: PerStep, value: Floats) -> tuple[PerStep, PerStep] | None:
    """Narrow limits to a value in the hours that have one; None where it lies outside."""
    room = _ROUNDING * (1.0 + np.abs(value))
    if np.any((value < lower - room) | (value > upper + room)):
        return None
    is_free = np.isnan(value)
    low = np.where(is_free, lower, np.minimum(np.maximum(value, lower), upper))
    return low, np.where(is_free, upper, low)


def _is_given(component: str, port: str) -> DeclarationError:
    return DeclarationError(f"the flow '{component}.{port}' is given and cannot be zero.")
