"""Storage policies, each as what an operator thinks a unit held is worth, hour by hour and by content.

Storing pays while the source costs less than that worth, giving back while it saves more. Greedy, price rank, water
values and written rules differ in the worth only, so one engine runs them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.scenario.simulation import Simulation, StoreRule
from energysim.simulation.design import KEEPS_RESERVE, Design
from energysim.simulation.operate import Operated, Switching, operate
from energysim.system import Plan
from solvers.carrying import Link, carried
from solvers.hourly.engine import StoreWorth
from solvers.program import HourlyProgram, HourRows, PerStep

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Worths = dict[int, StoreWorth]

MARGIN = 1e-3
"""Share by which a worth lies beyond a cost that it is to beat: more than the tolerance of the engine's prices, less
than the distance of two plants."""


@dataclass(frozen=True)
class Held:
    """A column that holds something from one hour to the next."""

    block: int
    row: int
    """Row block that carries it over."""
    name: str
    own: PerStep
    """Coefficient of the content in that row."""

    @property
    def component(self) -> str:
        """Component it belongs to."""
        return self.name.partition(".")[0]


def stores_of(program: HourlyProgram) -> list[Held]:
    """List the columns that hold something to be taken out again; switches are no stores, nor what only adds up."""
    found = []
    for number, rows in enumerate(program.rows):
        content = carried(rows)
        if content is not None and not program.columns[content.block].is_integer and _gives(rows, content):
            found.append(Held(content.block, number, program.names.columns[content.block], content.own))
    return found


def _gives(rows: HourRows, content: Link) -> bool:
    """Whether anything is taken from what a row carries over: it stands on the side of the content."""
    others = (entry.coefficient for entry in rows.entries if entry.block != content.block)
    return any(np.any(coefficient * np.sign(content.own) > 0.0) for coefficient in others)


def water_values(model: Model, plan: Plan) -> dict[str, Floats]:
    r"""Read off the plan what one more unit in each store would have been worth in each hour.

    The dual :math:`y` of the row :math:`a E_t - \dots = 0` that carries a content over gives
    :math:`\lambda_t = -a\,y_t` [1]_.

    Returns
    -------
    values : dict of name to ndarray (step,)
        [money/unit]

    References
    ----------
    .. [1] S. Stage, Y. Larsson, Incremental cost of water power, AIEE Transactions III 80, 1961.
    """
    program, starts = model.program, model.program.row_starts
    found = {}
    for held in stores_of(program):
        rows = program.rows[held.row]
        duals = np.zeros(program.steps)
        at = slice(None) if rows.steps is None else rows.steps
        duals[at] = plan.row_duals[int(starts[held.row]) : int(starts[held.row + 1])]
        found[held.name] = -duals * held.own
    return found


def by_span(values: Floats, model: Model, span: str) -> Floats:
    """Average over local hours, days, weeks or months. (step,)"""
    if span == "hour":
        return values
    time = model.system.time
    group = time.groups["day"] // 7 if span == "week" else time.groups[span]
    counts = np.bincount(group)
    return np.asarray((np.bincount(group, values) / counts)[group], float)


def by_month_and_content(values: Floats, content: Floats, model: Model, pieces: int) -> tuple[Floats, Floats]:
    """Average by calendar month and by how full the store was; worth never rises with the content.

    Returns
    -------
    breaks : ndarray (piece - 1,)
        Shares of the largest content.
    table : ndarray (12, piece)
    """
    month = model.system.time.stamps.astype("datetime64[M]").astype(int) % 12
    most = float(content.max(initial=0.0))
    share = content / most if most > 0.0 else np.zeros_like(content)
    breaks = np.linspace(0.0, 1.0, pieces + 1)[1:-1]
    piece = np.searchsorted(breaks, share)
    table = np.full((12, pieces), np.nan)
    for one in range(12):
        own = month == one
        for k in range(pieces):
            inside = own & (piece == k)
            if inside.any():
                table[one, k] = values[inside].mean()
        table[one] = _filled(table[one], float(values[own].mean()) if own.any() else float(values.mean()))
    return breaks, np.minimum.accumulate(table, axis=1)


def _filled(row: Floats, otherwise: float) -> Floats:
    """Take for contents that never occurred the nearest that did."""
    known = np.flatnonzero(np.isfinite(row))
    if not len(known):
        return np.full_like(row, otherwise)
    nearest = known[np.argmin(np.abs(np.arange(len(row))[:, None] - known), axis=1)]
    return row[nearest]


def flat(values: Floats) -> StoreWorth:
    """One worth whatever is held. (step,)"""
    return StoreWorth(np.zeros((len(values), 0)), values[:, None], values[:, None])


@dataclass(frozen=True)
class Setting:
    """What policies are made from."""

    model: Model
    plan: Plan
    design: Design
    simulation: Simulation
    empty: Operated
    """The same year with its stores kept empty."""
    outdoor: Mapping[str, Floats]
    """Outdoor temperature by component. [degC] (step,)"""


def worths_of(policy: str, setting: Setting) -> Worths:
    """Make the worths of a policy.

    Parameters
    ----------
    policy : str
        ``greedy``, ``price_rank``, ``water_values`` or ``operator``.
    setting : Setting

    Returns
    -------
    worths : dict of block to StoreWorth
    """
    return _MAKERS[policy](setting)


def _water(setting: Setting) -> Worths:
    values = water_values(setting.model, setting.plan)
    span = setting.simulation.average
    return {
        held.block: flat(by_span(values[held.name], setting.model, span)) for held in stores_of(setting.model.program)
    }


def _greedy(setting: Setting) -> Worths:
    """Store what the cheapest hours have to spare, give back as soon as anything dearer runs."""
    found = {}
    for held in stores_of(setting.model.program):
        inward, _ = unit_costs(setting.model.program, held, setting.empty)
        cheapest = float(np.quantile(inward, 0.01, method="lower")) if np.isfinite(inward).all() else 0.0
        found[held.block] = flat(np.full(setting.model.program.steps, cheapest + MARGIN * (1.0 + abs(cheapest))))
    return found


def _rank(setting: Setting) -> Worths:
    """Charge in the cheapest hours ahead, discharge in the dearest: as many of each as it takes to fill the store."""
    program, greedily = setting.model.program, _greedy(setting)
    found = {}
    step = float(setting.model.system.time.hours[0])
    window = max(1, round(setting.simulation.look_ahead / step))
    for held in stores_of(program):
        inward, outward = unit_costs(program, held, setting.empty)
        if not np.isfinite(outward).all():
            # What leaves by another rule than that of the content has no price of its own to be ranked by.
            found[held.block] = greedily[held.block]
            continue
        pairs = int(np.clip(round(fill_steps(program, held, setting.design, step)), 1, max(1, window // 2)))
        low, high = pairs_ahead(inward, outward, window, pairs)
        small = MARGIN * (1.0 + np.abs(high))
        below = high - small
        above = np.minimum(np.where(np.isfinite(low), low + small, -1e3 * (1.0 + np.abs(high))), below)
        # Where no hour ahead pays for charging, above is far below zero: that forbids, and values nothing.
        found[held.block] = StoreWorth(np.zeros((program.steps, 0)), above[:, None], below[:, None], below[-1:])
    return found


def _operator(setting: Setting) -> Worths:
    """Follow the rules of the scenario; stores without rules are run greedily."""
    found = _greedy(setting)
    for held in stores_of(setting.model.program):
        rules = setting.simulation.rules.get(held.component)
        if rules:
            otherwise = found[held.block].above[:, 0]
            found[held.block] = _by_rules(rules, held, setting, otherwise)
    return {block: _two_pieces(worth) for block, worth in found.items()}


def _two_pieces(worth: StoreWorth) -> StoreWorth:
    """Give every store as many pieces as those with a content to be kept."""
    if worth.above.shape[1] == 2:
        return worth
    return StoreWorth(np.zeros((len(worth.above), 1)), np.repeat(worth.above, 2, 1), np.repeat(worth.below, 2, 1))


def _by_rules(rules: tuple[StoreRule, ...], held: Held, setting: Setting, otherwise: Floats) -> StoreWorth:
    program, steps = setting.model.program, setting.model.program.steps
    month = setting.model.system.time.stamps.astype("datetime64[M]").astype(int) % 12 + 1
    share, low, high = np.zeros(steps), otherwise.copy(), otherwise.copy()
    for rule in rules:
        applies = np.isin(month, rule.months) if rule.months else np.ones(steps, bool)
        outdoor = setting.outdoor.get(held.component, np.full(steps, np.nan))
        if rule.outdoor_below is not None:
            applies &= outdoor < rule.outdoor_below
        if rule.outdoor_above is not None:
            applies &= outdoor > rule.outdoor_above
        share = np.where(applies & (rule.fill_to is not None), rule.fill_to or 0.0, share)
        if rule.charge_below is not None:
            low = np.where(applies, rule.charge_below, low)
        if rule.discharge_above is not None:
            high = np.where(applies, rule.discharge_above, high)
    dear = np.full(steps, dearest(setting.empty))
    above, below = np.stack([dear, low], 1), np.stack([dear, high], 1)
    most = largest(program, held.block, setting.design)
    content = share * (most if np.isfinite(most) else 0.0)
    # That a content is to be held is an order: what is left of it is worth what the rules pay for any other unit.
    return StoreWorth(content[:, None], above, np.maximum(above, below), np.repeat(low[-1], 2))


def dearest(operated: Operated) -> float:
    """A worth above what sources usually cost and, where shortage is rare, below what it costs."""
    return float(np.quantile(np.abs(operated.prices), 0.999)) * 3.0 + 1.0 if operated.prices.size else 1.0


_MAKERS: Mapping[str, Callable[[Setting], Worths]] = {
    "greedy": _greedy,
    "price_rank": _rank,
    "water_values": _water,
    "operator": _operator,
}


def without_stores(model: Model, design: Design, switching: Switching) -> Operated:
    """Run the year with every store that can be kept empty.

    A store that is filled by nature, such as a reservoir, or is given a content to begin with, stays as it is.
    """
    columns, before = list(model.program.columns), dict(design.before)
    for held in stores_of(model.program):
        component = model.system.components[held.component]
        if hasattr(component, "charge") and getattr(component, "start", None) in (None, 0.0):
            columns[held.block] = replace(columns[held.block], lower=0.0, upper=0.0)
            before[held.name] = 0.0
    names = model.program.names
    kept = [k for k, name in enumerate(names.rows) if not name.endswith(f".{KEEPS_RESERVE}")]
    program = replace(
        model.program,
        columns=tuple(columns),
        rows=tuple(model.program.rows[k] for k in kept),
        names=replace(names, rows=tuple(names.rows[k] for k in kept)),
    )
    closed = replace(model, program=program)
    return operate(closed, replace(design, before=before), {}, closes=False, switching=switching)


def unit_costs(program: HourlyProgram, held: Held, operated: Operated) -> tuple[Floats, Floats]:
    """Say what a unit more in store would cost, and what a unit out of it would save, at the prices of a run.

    Returns
    -------
    inward, outward : ndarray (step,)
        [money/unit]; infinite where there is no way in or out.
    """
    inward, outward = np.full(program.steps, np.inf), np.full(program.steps, -np.inf)
    carry = program.rows[held.row]
    for entry in carry.entries:
        if entry.step is not None or entry.block == held.block:
            continue
        gain = -np.asarray(entry.coefficient / held.own)
        reduced = np.zeros(program.steps) + program.columns[entry.block].cost
        for number, rows in enumerate(program.rows[: len(operated.prices)]):
            if number != held.row:
                reduced = reduced - _coefficients(rows, entry.block) * operated.prices[number]
        with np.errstate(divide="ignore", invalid="ignore"):
            unit = reduced / gain
        inward = np.where(gain > 0.0, np.minimum(inward, unit), inward)
        outward = np.where(gain < 0.0, np.maximum(outward, unit), outward)
    return inward, outward


def _coefficients(rows: HourRows, block: int) -> float | Floats:
    total: float | Floats = 0.0
    for entry in rows.entries:
        if entry.block == block and entry.step is None:
            total = total + entry.coefficient
    return total


def largest(program: HourlyProgram, block: int, design: Design) -> float:
    """Largest value of a column in its tightest hour: by its bound, or by the rows that limit it alone."""
    most, settled = float(np.min(program.columns[block].upper)), design.settled_in(program)
    for rows in program.rows:
        if len(rows.entries) == 1 and rows.entries[0].block == block and rows.entries[0].step is None:
            known = sum(
                float(np.max(np.asarray(fixed.coefficient))) * settled[fixed.column]
                for fixed in rows.global_entries
                if isinstance(fixed.column, int)
            )
            size = float(np.max(np.asarray(rows.entries[0].coefficient)))
            if size > 0.0:
                most = min(most, (float(np.min(rows.upper)) - known) / size)
    return most


def fill_steps(program: HourlyProgram, held: Held, design: Design, step: float) -> float:
    """Steps of ``step`` hours an empty store needs to fill; half a day of them where nothing limits it."""
    most, rate = largest(program, held.block, design), 0.0
    for entry in program.rows[held.row].entries:
        if entry.step is None and entry.block != held.block:
            size = float(np.max(np.abs(np.asarray(entry.coefficient))))
            rate = max(rate, largest(program, entry.block, design) * size)
    if not np.isfinite(most) or not np.isfinite(rate) or rate <= 0.0:
        return 12.0 / step
    return max(1.0, most / rate)


def pairs_ahead(inward: Floats, outward: Floats, window: int, most: int) -> tuple[Floats, Floats]:
    """Pair the cheapest hours ahead with the dearest, as far as each pair pays and the store has room for.

    Parameters
    ----------
    inward, outward : ndarray (step,)
        Cost of a unit into store, saving of a unit out of it.
    window : int
        Steps that are known, the present one included.
    most : int
        Pairs at most.

    Returns
    -------
    low, high : ndarray (step,)
        Cost up to which charging pays, minus infinity where nothing does; saving from which discharging does.

    Examples
    --------
    Two hours at 10 and two at 30: both cheap ones are worth charging in.

    >>> price = np.array([10.0, 10.0, 30.0, 30.0])
    >>> low, high = pairs_ahead(price, price, window=4, most=3)
    >>> float(low[0]), float(high[0])
    (10.0, 30.0)
    """
    steps, most = len(inward), min(most, window)
    padding = np.full(window - 1, np.nan)
    views = [np.lib.stride_tricks.sliding_window_view(np.r_[side, padding], window) for side in (inward, -outward)]
    cheap, dear = np.sort(views[0], axis=1)[:, :most], -np.sort(views[1], axis=1)[:, :most]
    pays = dear > cheap * (1.0 + 1e-9) + 1e-9
    count = np.where(pays.all(axis=1), most, np.argmin(pays, axis=1))
    last = np.maximum(count - 1, 0)
    low = np.where(count > 0, cheap[np.arange(steps), last], -np.inf)
    return low, dear[np.arange(steps), last]
