r"""Loss of any one heat supplier as a condition of the plan.

For each supplier :math:`k` of a secured network the plan contains a second dispatch of the hour of the largest demand
in which :math:`k` stands still: with the sizes that are decided, the same rules as in every hour, the demand raised by
the margin, and stores giving no more than their reserve lasts,

.. math:: \sum_{i \ne k} q_i + \min\left(P_{dis}, \frac{E}{\tau}\right) \ge D (1 + m) - c,\quad E \le E_t

with reserve :math:`E`, kept in every hour :math:`t`, and the length :math:`\tau` of the outage [1]_.

References
----------
.. [1] R. Billinton, R. N. Allan, Reliability Evaluation of Power Systems, 2nd ed., Plenum, 1996, ch. 2 and 5.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Direction
from energysim.errors import InfeasibleError, OutputError
from energysim.model import Model
from energysim.model.explain import moment
from energysim.model.parts import BALANCE
from energysim.scenario.simulation import SecuredNetwork, Security
from energysim.simulation.design import KEEPS_RESERVE, RESERVE
from energysim.simulation.policies import Held, stores_of
from energysim.system import System
from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourlyProgram,
    HourRows,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contingency:
    """A supplier lost in the hour of the largest demand, and where its dispatch stands in the program."""

    network: str
    lost: str
    step: int
    first: int
    """First single column of its dispatch, in the order of the hourly blocks."""


def secure(model: Model, security: Security) -> Model:
    """Add the loss of each supplier of the secured networks to a program.

    Parameters
    ----------
    model : Model
    security : Security

    Returns
    -------
    model : Model
        The same system; its program has more single columns and rows behind its own.

    Raises
    ------
    OutputError
        When a network has no supplier to lose, or a supplier cannot be taken out.
    InfeasibleError
        When not even the largest sizes allowed serve a network without one of its suppliers; says how much is short.
    """
    draft = _Draft(model.program)
    for network, secured in security.networks.items():
        reserves = _reserves(draft, model, network, secured)
        for lost in suppliers_of(model.system, network, secured):
            _add_dispatch(draft, model, (network, secured, lost), reserves)
    program = draft.program()
    _refuse_inadequate(model, program, contingencies_of(model, security))
    return replace(model, program=program)


def contingencies_of(model: Model, security: Security) -> list[Contingency]:
    """List the contingencies in the order in which :func:`secure` adds them; the model may be secured or not."""
    found, first = [], _own_singles(model)
    for network, secured in security.networks.items():
        first += len(_held_in(model, network))
        width = len(model.program.columns) + (len(_balance_rows(model, network)) if secured.curtailable else 0)
        for lost in suppliers_of(model.system, network, secured):
            found.append(Contingency(network, lost, _design_hour(model, network, secured)[0], first))
            first += width
    return found


def suppliers_of(system: System, network: str, secured: SecuredNetwork) -> list[str]:
    """List the components that give to a network; stores and shortage are none."""
    given = [
        a.component
        for a in system.in_network(network)
        if a.port.direction is Direction.OUT and kind_of(system, a.component) != "unserved"
    ]
    takers = {a.component for a in system.in_network(network) if a.port.direction is Direction.IN}
    stores = {c for c in takers if hasattr(system.components[c], "charge")}
    found = [name for name in dict.fromkeys(given) if name not in stores]
    unknown = [name for name in secured.suppliers if name not in found]
    unknown += [name for group in secured.together for name in group if name not in found]
    if unknown or not found:
        what = f"'{unknown[0]}' gives nothing to" if unknown else "nothing supplies"
        known = f" Its suppliers are: {', '.join(found)}." if found else ""
        raise OutputError(f"security: {what} the network '{network}', so its loss cannot be met.{known}")
    return list(secured.suppliers) or found


def lost_with(secured: SecuredNetwork, lost: str) -> set[str]:
    """Everything that is lost when a supplier is."""
    return {lost, *(one for group in secured.together if lost in group for one in group)}


def cover(model: Model, columns: Floats, contingency: Contingency) -> dict[str, float]:
    """Say who serves a network when a supplier is lost: heat by component. [MW]"""
    program = model.program
    singles = columns[program.steps * len(program.columns) :]
    found: dict[str, float] = {}
    for rows in _balance_rows(model, contingency.network).values():
        for entry in rows.entries:
            name = program.names.columns[entry.block].partition(".")[0]
            if name.startswith("network "):
                continue
            flow = _at(entry.coefficient, contingency.step) * singles[contingency.first + entry.block]
            found[name] = found.get(name, 0.0) + float(flow)
    return {name: flow for name, flow in found.items() if abs(flow) > 1e-6}


def reserves_of(model: Model, columns: Floats) -> dict[str, float]:
    """Energy that a secured plan keeps in each store. [MWh]"""
    program = model.program
    singles = columns[program.steps * len(program.columns) :]
    return {
        name.rpartition(".")[0]: float(singles[k])
        for k, name in enumerate(program.names.globals)
        if name.endswith(f".{RESERVE}")
    }


class _Draft:
    """A program while single columns and rows are added."""

    def __init__(self, program: HourlyProgram) -> None:
        self.base, self.names = program, list(program.names.globals)
        self.lower, self.upper = list(program.globals.lower), list(program.globals.upper)
        self.rows, self.row_names = list(program.global_rows), list(program.names.global_rows)
        self.hourly, self.hourly_names = list(program.rows), list(program.names.rows)

    def column(self, name: str, lower: float, upper: float) -> int:
        """Add a single column without cost."""
        self.names.append(name)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.names) - 1

    def row(self, name: str, lower: float, upper: float, columns: Mapping[int, float]) -> None:
        """Add a row over single columns."""
        kept = tuple((column, coefficient) for column, coefficient in columns.items() if coefficient)
        self.rows.append(GlobalRow(lower, upper, (), kept))
        self.row_names.append(name)

    def program(self) -> HourlyProgram:
        """Finish."""
        base, more = self.base, len(self.names) - len(self.base.globals.cost)
        once = base.globals
        globals_ = GlobalColumns(
            np.array(self.lower), np.array(self.upper), np.r_[once.cost, np.zeros(more)],
            np.r_[once.is_integer, np.zeros(more, bool)],
        )  # fmt: skip
        names = replace(
            base.names, globals=tuple(self.names), global_rows=tuple(self.row_names), rows=tuple(self.hourly_names)
        )
        return replace(base, globals=globals_, rows=tuple(self.hourly), global_rows=tuple(self.rows), names=names)


def _own_singles(model: Model) -> int:
    """Number of single columns of a model before it is secured."""
    names = model.program.names.globals
    marked = (k for k, name in enumerate(names) if name.endswith(f".{RESERVE}") or name.startswith("without "))
    return next(marked, len(names))


def _held_in(model: Model, network: str) -> list[Held]:
    """List the stores of a network that can give to it."""
    inside = {a.component for a in model.system.in_network(network) if a.port.direction is Direction.OUT}
    return [held for held in stores_of(model.program) if held.component in inside]


def _reserves(draft: _Draft, model: Model, network: str, secured: SecuredNetwork) -> dict[int, int]:
    """Give every store of a network a reserve that its content never falls below; column by block of the content."""
    found = {}
    for held in _held_in(model, network):
        given = secured.reserve.get(held.component)
        low, high = (0.0, np.inf) if given is None else (given, given)
        column = draft.column(f"{held.component}.{RESERVE}", low, high)
        row = HourRows(0.0, np.inf, (Entry(held.block, 1.0),), (GlobalEntry(column, -1.0),))
        draft.hourly.append(row)
        draft.hourly_names.append(f"{held.component}.{KEEPS_RESERVE}")
        found[held.block] = column
    unused = set(secured.reserve) - {held.component for held in _held_in(model, network)}
    if unused:
        raise OutputError(f"security: '{min(unused)}' is no store of '{network}', so it cannot keep a reserve for it.")
    return found


def _add_dispatch(
    draft: _Draft, model: Model, loss: tuple[str, SecuredNetwork, str], reserves: Mapping[int, int]
) -> None:
    """Add the dispatch of the hour of the largest demand without one supplier."""
    network, secured, lost = loss
    program, (step, raised) = model.program, _design_hour(model, network, secured)
    first = len(draft.names)
    stores = {held.block: held for held in stores_of(program)}
    bounds = _bounds(model, loss, step, stores)
    for block, name in enumerate(program.names.columns):
        draft.column(f"without {lost}.{name}", *bounds[block])
    balances = _balance_rows(model, network)
    cut = _curtailed(draft, network, secured, lost, balances)
    for number, rows in enumerate(program.rows):
        if rows.steps is not None and step not in rows.steps:
            continue
        has_past = any(entry.step is not None for entry in rows.entries)
        has_peak = any(isinstance(entry.column, np.ndarray) for entry in rows.global_entries)
        if has_past or has_peak:
            continue
        terms: dict[int, float] = {}
        for entry in rows.entries:
            terms[first + entry.block] = terms.get(first + entry.block, 0.0) + _at(entry.coefficient, step)
        for fixed in rows.global_entries:
            terms[int(fixed.column)] = terms.get(int(fixed.column), 0.0) + _at(fixed.coefficient, step)  # type: ignore[arg-type]
        low, high = _at(rows.lower, step), _at(rows.upper, step)
        if number in balances:
            low, high = low * raised, high * raised
            terms |= {cut[number]: 1.0} if cut else {}
        elif program.names.rows[number].startswith(f"{BALANCE}."):
            # Users of other networks may go without: what is secured is this one.
            low = min(low, 0.0)
        draft.row(f"without {lost}.{program.names.rows[number]}", low, high, terms)
    hours = float(model.system.time.hours[step])
    for block, column in reserves.items():
        drawn = {first + one: size / hours for one, size in _drains(program, stores[block], step)}
        draft.row(f"without {lost}.{stores[block].name}_lasts", -np.inf, 0.0, {**drawn, column: -1.0 / secured.outage})


def _curtailed(
    draft: _Draft, network: str, secured: SecuredNetwork, lost: str, balances: Iterable[int]
) -> dict[int, int]:
    """Let some demand of a network be cut, all its levels together no more than allowed; column by balance."""
    if not secured.curtailable:
        return {}
    found = {number: draft.column(f"without {lost}.{network}.curtailed{number}", 0.0, np.inf) for number in balances}
    draft.row(f"without {lost}.{network}.curtailable", 0.0, secured.curtailable, dict.fromkeys(found.values(), 1.0))
    return found


def _bounds(
    model: Model, loss: tuple[str, SecuredNetwork, str], step: int, stores: Mapping[int, Held]
) -> list[tuple[float, float]]:
    """Bounds of every hourly column in the dispatch without a supplier."""
    network, secured, lost = loss
    program, system = model.program, model.system
    nothing = {one for held in stores.values() for one in _fills(program, held, step)}
    other = {block for block, held in stores.items() if block not in {h.block for h in _held_in(model, network)}}
    nothing |= {one for block in other for one, _ in _drains(program, stores[block], step)}
    here = {a.component for a in system.in_network(network)}
    found = []
    for block, name in enumerate(program.names.columns):
        component = name.partition(".")[0]
        low, high = (_at(bound, step) for bound in (program.columns[block].lower, program.columns[block].upper))
        if (
            component in lost_with(secured, lost)
            or block in nothing
            or (component in system.components and kind_of(system, component) == "unserved")
        ):
            low = high = 0.0
        elif component not in here:
            low = min(low, 0.0)
        found.append((low, high))
    return found


def _design_hour(model: Model, network: str, secured: SecuredNetwork) -> tuple[int, float]:
    """Find the hour of the largest demand in which every supplier could run, and what raises it to the peak.

    An outage drawn for that very hour would be a second loss.
    """
    demand = np.zeros(model.program.steps)
    for rows in _balance_rows(model, network).values():
        demand = demand + np.where(np.isfinite(rows.lower), rows.lower, 0.0)
    can_run = np.ones(model.program.steps, bool)
    for name in suppliers_of(model.system, network, secured):
        share = getattr(getattr(model.system.components[name], "availability", None), "share", 1.0)
        can_run &= np.broadcast_to(np.asarray(share) >= np.max(share) - 1e-9, model.program.steps)
    usable = np.where(can_run if can_run.any() else True, demand, -np.inf)
    step, peak = int(np.argmax(usable)), float(demand.max())
    if peak <= 0.0:
        raise OutputError(f"security: the network '{network}' has no demand to be secured.")
    return step, (1.0 + secured.margin) * peak / max(float(demand[step]), 1e-9)


def _balance_rows(model: Model, network: str) -> dict[int, HourRows]:
    """Balances of a network's nodes, by number of the row block."""
    wanted = {f"{BALANCE}.{node.name}" for node in model.system.levels_of(network)}
    names = model.program.names.rows
    return {k: rows for k, rows in enumerate(model.program.rows) if k < len(names) and names[k] in wanted}


def _fills(program: HourlyProgram, held: Held, step: int) -> Iterator[int]:
    """Columns that add to a store's content, and the content itself."""
    yield held.block
    for block, gain in _gains(program, held, step):
        if gain > 0.0:
            yield block


def _drains(program: HourlyProgram, held: Held, step: int) -> Iterator[tuple[int, float]]:
    """Columns that take from a store's content, with what a unit of each takes in a step."""
    for block, gain in _gains(program, held, step):
        if gain < 0.0:
            yield block, -gain


def _gains(program: HourlyProgram, held: Held, step: int) -> Iterator[tuple[int, float]]:
    rows = program.rows[held.row]
    for entry in rows.entries:
        if entry.step is None and entry.block != held.block:
            yield entry.block, -_at(entry.coefficient, step) / _at(held.own, step)


def _refuse_inadequate(model: Model, program: HourlyProgram, contingencies: list[Contingency]) -> None:
    """Refuse a network that no allowed size can serve without one of its suppliers; says what is short."""
    first_row = len(model.program.global_rows)
    rows, names = program.global_rows[first_row:], program.names.global_rows[first_row:]
    count = len(program.globals.cost)
    slack = [k for k, name in enumerate(names) if f".{BALANCE}." in name]
    starts, indices, values = [0], list[int](), list[float]()
    for k, row in enumerate(rows):
        indices += [column for column, _ in row.columns]
        values += [coefficient for _, coefficient in row.columns]
        if k in slack:
            indices.append(count + slack.index(k))
            values.append(1.0)
        starts.append(len(indices))
    nothing = np.zeros(len(slack))
    answer = solve(
        LinearProgram(
            cost=np.r_[np.zeros(count), nothing + 1.0],
            lower=np.r_[program.globals.lower, nothing],
            upper=np.r_[program.globals.upper, nothing + np.inf],
            is_integer=np.zeros(count + len(slack), bool),
            row_lower=np.array([row.lower for row in rows]),
            row_upper=np.array([row.upper for row in rows]),
            starts=np.array(starts, np.int32),
            indices=np.array(indices, np.int32),
            values=np.array(values),
        )
    )
    if answer.status is Status.OPTIMAL and answer.objective <= 1e-6:
        return
    for one in contingencies:
        mine = [k for k in slack if names[k].startswith(f"without {one.lost}.{BALANCE}.{one.network}")]
        short = sum(float(answer.columns[count + slack.index(k)]) for k in mine)
        if short > 1e-6:
            raise InfeasibleError(
                f"Without '{one.lost}' the network '{one.network}' is {short:.1f} MW short at "
                f"{moment(model.system, one.step)}, however large everything is built that may be built. Raise a "
                "'max', add a supplier, keep a  reserve  in a store, or allow  curtailable  demand under  security."
            )
    raise InfeasibleError("The loss of a supplier cannot be met by any plan; see  security  in the scenario.")


def kind_of(system: System, component: str) -> str:
    """Type of a component, by its name in the scenario."""
    return type(system.components[component]).type_name()


def _at(value: float | Floats, step: int) -> float:
    return float(value[step]) if isinstance(value, np.ndarray) else float(value)
