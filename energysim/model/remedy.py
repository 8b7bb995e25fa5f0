"""Which limits stand in the way of any plan, and how little each would have to give."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Declared, Derived, Rule
from energysim.model.build import Model
from energysim.model.origin import Origin
from energysim.traits import Sizing
from solvers.answer import Options, Status
from solvers.conflict import irreducible, with_one_slack
from solvers.highs import solve
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

PATIENCE = 40.0
"""Time for finding smallest changes; limits it does not suffice for are named without a number. [s]"""
_SMALL = 1e-9
_MOST_REDUCED = 1_000
"""Rows that are reduced as they are; of more, only those around the worst hour."""
_AROUND = 24
"""Steps on either side of it."""
_TRIED = 8
"""Limits whose smallest change is looked for."""


@dataclass(frozen=True)
class Remedy:
    """A limit that stands in the way, or several of one component."""

    key: str
    """Whose it is: a component, ``group name`` or ``effect name``."""
    meaning: str
    """The rule in words, as a sentence."""
    is_enough: bool | None
    """Whether there is a plan once it gives way; nothing where time ended before that was known."""
    change: float | None
    """How little is enough, the same in every hour; nothing where that is no one number."""
    limit: float | None
    """Where it stands, if that is one number."""
    needed: float | None
    """Where it would have to stand."""
    unit: str
    steps: NDArray[np.int64]
    """Steps in which it stands in the way; none for limits over the horizon."""
    parameters: tuple[str, ...]
    """What the rule is made of, dotted from the component, such as ``boiler.capacity``."""

    @property
    def share(self) -> float:
        """Change in relation to the limit; what has no size, as a rule on starts and stops, comes first."""
        if self.change is None:
            return -1.0
        return self.change / abs(self.limit) if self.change and self.limit else 1.0


@dataclass(frozen=True)
class _Candidate:
    """Row blocks that may give way together."""

    origins: tuple[Origin, ...]
    rows: NDArray[np.int64]
    binding: NDArray[np.int64]
    """Steps in which they stand in the way."""


def remedies(
    model: Model, program: LinearProgram, pressure: Floats, worst: int, by_integers: bool, time_limit: float = np.inf
) -> list[Remedy]:
    """List the limits that a contradiction is made of, those that alone would end it with the smallest change first.

    Where the relaxation of the program has no plan, the multipliers of the least broken plan prove it (Farkas): the
    rows they weigh are reduced to an irreducible set. Where whole numbers stand in the way, every limit of the
    components that have some is tried. If no limit is enough alone, those of one component are tried together.

    Parameters
    ----------
    model : Model
        Built without tightening, so that every rule is a row.
    program : LinearProgram
        The same, assembled.
    pressure : ndarray (row,)
        Multipliers of the least broken plan.
    worst : int
        Step in which most is broken.
    by_integers : bool
        Whether the relaxation has a plan.
    time_limit : float
        Where that is less than what this takes at most anyway. [s]

    Returns
    -------
    found : list of Remedy
        Those that are enough; if none is, all that stand in the way.
    """
    patience = min(PATIENCE, time_limit)
    ends = time.perf_counter() + patience
    in_conflict = [] if by_integers else _limits_in_conflict(model, program, pressure, worst, 0.25 * patience)
    of_integers = _limits_of_integers(model, program, {origin for found in in_conflict for origin in found.origins})
    found: list[Remedy] = []
    for candidates in (in_conflict, of_integers, _together([*in_conflict, *of_integers])):
        found += [_tried(model, program, candidate, ends) for candidate in candidates]
        enough = [remedy for remedy in found if remedy.is_enough]
        if enough:
            return sorted(enough, key=lambda remedy: remedy.share)
    return [] if by_integers else found[: len(in_conflict)]


def _limits_in_conflict(
    model: Model, program: LinearProgram, pressure: Floats, worst: int, time_limit: float
) -> list[_Candidate]:
    weighed = np.flatnonzero(np.abs(pressure) > _SMALL)
    near = weighed if len(weighed) <= _MOST_REDUCED else _near(model, weighed, worst)
    kept = irreducible(program, near, time_limit) if len(near) else weighed
    found = []
    for origin, rows in model.origin_spans():
        is_kept = np.any((kept >= rows.start) & (kept < rows.stop))
        if is_kept and _may_give(program, origin, rows):
            binding = weighed[(weighed >= rows.start) & (weighed < rows.stop)] - rows.start
            found.append(_Candidate((origin,), np.arange(rows.start, rows.stop), binding))
    return found[:_TRIED]


def _near(model: Model, rows: NDArray[np.int64], worst: int) -> NDArray[np.int64]:
    """Keep the rows of the steps around one, and those that exist once."""
    program = model.program
    steps = [np.arange(program.steps) if block.steps is None else block.steps for block in program.rows]
    step = np.concatenate([*steps, np.full(len(program.global_rows), worst)])[rows]
    return rows[np.abs(step - worst) <= _AROUND]


def _limits_of_integers(model: Model, program: LinearProgram, known: set[Origin]) -> list[_Candidate]:
    has_integers = {
        name.split(".")[0] for name, columns in model.program.column_spans() if program.is_integer[columns].any()
    }
    found = [
        _Candidate((origin,), np.arange(rows.start, rows.stop), np.zeros(0, np.int64))
        for origin, rows in model.origin_spans()
        if ((origin.is_component and origin.owner in has_integers) or origin.word == "running_together")
        and origin not in known
        and _may_give(program, origin, rows)
    ]
    return found if has_integers else []


def _together(candidates: list[_Candidate]) -> list[_Candidate]:
    """Join the candidates of each owner that has several."""
    found = []
    for key in dict.fromkeys(candidate.origins[0].key for candidate in candidates):
        own = [candidate for candidate in candidates if candidate.origins[0].key == key]
        if len(own) > 1:
            origins = tuple(dict.fromkeys(origin for candidate in own for origin in candidate.origins))
            rows = np.concatenate([candidate.rows for candidate in own])
            found.append(_Candidate(origins, np.sort(rows), own[0].binding))
    return found


def _may_give(program: LinearProgram, origin: Origin, rows: slice) -> bool:
    """Whether a block is a limit someone set: not a balance, and not an equation that holds every hour."""
    if origin.kind == "balance":
        return False
    is_equation = np.array_equal(program.row_lower[rows], program.row_upper[rows])
    return not is_equation or rows.stop - rows.start == 1


def _tried(model: Model, program: LinearProgram, candidate: _Candidate, ends: float) -> Remedy:
    """Find the smallest change of some rows, the same in all of them, that gives a plan."""
    rows, left = candidate.rows, ends - time.perf_counter()
    options = Options(method="simplex", time_limit=max(left, 0.1), gap=1e-3)
    answer = solve(with_one_slack(program, rows), options)
    is_enough = answer.status is Status.OPTIMAL and answer.objective > _SMALL
    lowered, raised = answer.columns[-2:] if is_enough else (0.0, 0.0)
    change = float(max(lowered, raised))
    says_yes_or_no = _is_switching(program, rows[0]) or candidate.origins[0].kind == "forbidden"
    is_number = is_enough and len(candidate.origins) == 1 and not says_yes_or_no
    bounds = program.row_upper[rows] if raised >= lowered else program.row_lower[rows]
    is_one = is_number and np.ptp(bounds) == 0.0 and bounds[0] != 0.0
    sign = -1.0 if bounds[0] < 0.0 else 1.0
    return Remedy(
        key=candidate.origins[0].key,
        meaning=" ".join(dict.fromkeys(_meaning(model, origin) for origin in candidate.origins)),
        is_enough=None if answer.status is Status.STOPPED else is_enough,
        change=change if is_number else None,
        limit=sign * float(bounds[0]) if is_one else None,
        needed=sign * float(bounds[0] + (change if raised >= lowered else -change)) if is_one else None,
        unit=_unit(model, program, candidate),
        steps=candidate.binding if len(rows) > 1 else np.zeros(0, np.int64),
        parameters=tuple(dict.fromkeys(path for origin in candidate.origins for path in _parameters(model, origin))),
    )


def _is_switching(program: LinearProgram, row: int) -> bool:
    """Whether a row speaks of whole numbers only, of which a part means nothing."""
    entries = slice(program.starts[row], program.starts[row + 1])
    return bool(program.is_integer[program.indices[entries]].any())


def _meaning(model: Model, origin: Origin) -> str:
    """Say what a row block demands."""
    if origin.kind == "cap":
        return f"The {origin.word.replace('_', ' ')} is too tight."
    if origin.kind == "group":
        return f"Its limit '{origin.word}' cannot be kept."
    if origin.kind == "mixing":
        return "Sources that are mixed must reach the supply temperature together."
    if origin.kind == "forbidden":
        matches = model.system.networks[origin.owner].forbidden
        told = (f"{', '.join(sorted(one.suppliers))} for {', '.join(sorted(one.users))}" for one in matches)
        return f"Forbidden is heat of {', and of '.join(told)}."
    if origin.kind == "delivery":
        return "No more counts as delivered than its supplier gives and its user takes, and temperatures let pass."
    part = _part(model, origin)
    words = {} if part is None else part.declared(Rule)
    return words[origin.word].meaning if origin.word in words else f"{origin.word.replace('_', ' ').capitalize()}."


def _part(model: Model, origin: Origin) -> Declared | None:
    """Find the component, or its trait, that a rule belongs to."""
    if origin.kind != "rule":
        return None
    component = model.system.components[origin.owner]
    return getattr(component, origin.part) if origin.part else component


def _parameters(model: Model, origin: Origin) -> list[str]:
    """List the parameters that a rule's formula names."""
    if origin.kind == "cap":
        return [f"{origin.key}.{origin.word}"]
    if origin.kind == "group":
        return [origin.name]
    part = _part(model, origin)
    if part is None:
        return []
    used = set(part.declared(Rule)[origin.word].formula.__code__.co_names)
    for derived in part.declared(Derived).values():
        used |= set(derived.formula.__code__.co_names) if derived.name in used else set()
    owner = f"{origin.owner}.{origin.part}".rstrip(".")
    return [f"{owner}.{field}" for field in type(part).model_fields if field in used]


def _unit(model: Model, program: LinearProgram, candidate: _Candidate) -> str:
    """Give the unit of a row: that of its hourly columns, where they have one in common."""
    origin = candidate.origins[0]
    if origin.kind == "cap" and origin.word != "hourly_cap":
        return model.system.policies[origin.owner].unit
    row = candidate.rows[0]
    used = program.indices[program.starts[row] : program.starts[row + 1]]
    steps, layout = model.program.steps, model.columns
    units = [layout.declarations[key].unit for key in layout.hourly]
    found = {units[column // steps] for column in used.tolist() if column < steps * len(units)} - {"1"}
    is_sum, first = bool(found), steps * len(units)
    found = found or {_unit_once(model, column - first) for column in used.tolist() if column >= first} - {"1"}
    if len(found) != 1:
        return ""
    unit = found.pop()
    if len(candidate.rows) > 1 or not is_sum:
        return unit
    return {"MW": "MWh", "t/h": "t"}.get(unit, "")


def _unit_once(model: Model, column: int) -> str:
    """Give the unit of a column that exists once; what is built is counted as its size is."""
    name, variable = model.columns.globals[column]
    component, _, rest = name.partition(".")
    trait = getattr(model.system.components.get(component), rest.removesuffix(".built"), None)
    return trait.unit if isinstance(trait, Sizing) else variable.unit
