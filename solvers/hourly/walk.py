"""Walking the hours: what is carried over shifts the rows, each block is solved from its last basis, peaks rise."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from numba import njit

from solvers.hourly.inverse import AT_LOWER, AT_UPPER, WITHOUT_COUNTS, Basis, Pattern, inner
from solvers.hourly.merit import fill
from solvers.hourly.room import Limits
from solvers.hourly.simplex import FAILED, INFEASIBLE, OPTIMAL
from solvers.hourly.whole import Wholes, dive


@inner
def _shift_rows(shape, hours, state, shift, t):
    """Sum what earlier hours and peaks so far bring into the rows of hour t."""
    before = state.values.shape[0] - hours.lower.shape[0]
    shift[:] = 0.0
    for e in range(shape.past_row.shape[0]):
        if hours.past[t, e] != 0.0:
            earlier = state.values[before + t - shape.past_lag[e], shape.past_column[e]]
            shift[shape.past_row[e]] += hours.past[t, e] * earlier
    for b in range(shape.block_row.shape[0] - 1):
        for g in range(shape.peak.shape[0]):
            a = shape.peak[g]
            if a < shape.block_column[b] or a >= shape.block_column[b + 1]:
                continue
            high = state.reached[hours.member[t, g]] / hours.scale[shape.source[a]]
            for e in range(shape.begin[a], shape.end[a]):
                k = shape.block_entry[b] + e
                shift[shape.block_row[b] + shape.row[k]] += hours.value[t, k] * high


@inner
def _open(shape, hours, tools, b, t):
    """Write bounds and costs of a block's columns."""
    first = shape.block_column[b] + shape.block_row[b]
    for a in range(shape.block_column[b], shape.block_column[b + 1]):
        at, j = first + a - shape.block_column[b], shape.source[a]
        tools.limits.lower[at] = hours.lower[t, j]
        tools.limits.upper[at] = hours.upper[t, j]
        tools.limits.cost[at] = hours.cost[t, j]


@inner
def _cut_store(shape, hours, tools, place, t):
    """Write the pieces of a store's content: what is kept is worth one thing, what may be added another."""
    b, s = place
    j, first_piece, row, entry = shape.store[s]
    low, high = hours.lower[t, j], hours.upper[t, j]
    held = (hours.row_lower[t, row] - tools.shift[row]) / hours.value[t, entry]
    held = min(max(held, low), high)
    pieces = hours.above.shape[2]
    at = shape.block_row[b] + first_piece
    split, edge = False, low
    for k in range(pieces):
        top = high if k == pieces - 1 else min(max(hours.breaks[t, s, k], low), high)
        middle = min(max(held, edge), top)
        if not split:
            _piece(tools, at, hours.cost[t, j] - hours.below[t, s, k], middle - edge)
            at += 1
        if not split and (held <= top or k == pieces - 1):
            split = True
        if split:
            start = middle if middle > edge else edge
            _piece(tools, at, hours.cost[t, j] - hours.above[t, s, k], top - start)
            at += 1
        edge = top
    if low != 0.0:
        for e in range(shape.begin[first_piece], shape.end[first_piece]):
            k = shape.block_entry[b] + e
            tools.shift[shape.block_row[b] + shape.row[k]] += hours.value[t, k] * low


@inner
def _piece(tools, at, cost, width):
    """Write one piece of a store's content."""
    tools.limits.lower[at], tools.limits.upper[at] = 0.0, width
    tools.limits.cost[at] = cost


@inner
def _close(shape, hours, state, tools, b, t):
    """Write the bounds of a block's rows."""
    n = shape.block_column[b + 1] - shape.block_column[b]
    at = shape.block_column[b] + shape.block_row[b] + n
    for r in range(shape.block_row[b], shape.block_row[b + 1]):
        tools.limits.lower[at] = tools.shift[r] - hours.row_upper[t, r]
        tools.limits.upper[at] = tools.shift[r] - hours.row_lower[t, r]
        tools.limits.cost[at] = hours.row_cost[t, r]
        for u in range(shape.budget.shape[0]):
            if shape.budget[u] == r:
                tools.limits.lower[at] += state.used[u]
        at += 1


@inner
def _any(flags):
    """Whether one of the flags is set."""
    found = False
    for k in range(flags.shape[0]):
        found = found or flags[k]
    return found


@inner
def _block(shape, hours, tools, b, t):
    """Solve a block: by merit order where one row ties it, else by simplex."""
    c0, c1, r0, r1 = shape.block_column[b], shape.block_column[b + 1], shape.block_row[b], shape.block_row[b + 1]
    e0, e1, v0, v1 = shape.block_entry[b], shape.block_entry[b + 1], c0 + r0, c1 + r1
    m = r1 - r0
    x0, x1 = shape.across_block[b], shape.across_block[b + 1]
    pattern = Pattern(
        shape.begin[c0:c1],
        shape.end[c0:c1],
        shape.row[e0:e1],
        hours.value[t, e0:e1],
        shape.across[r0 + b : r1 + b + 1],
        shape.across_column[x0:x1],
        shape.across_entry[x0:x1],
        shape.is_steady[c0:c1],
    )
    limits = Limits(tools.limits.lower[v0:v1], tools.limits.upper[v0:v1], tools.limits.cost[v0:v1])
    for v in range(v1 - v0):
        if limits.lower[v] > limits.upper[v]:
            if limits.lower[v] - limits.upper[v] > 1e-9 * (1.0 + abs(limits.lower[v])):
                return INFEASIBLE, 0
            limits.upper[v] = limits.lower[v]
    g0, g1 = shape.block_listed[b], shape.block_listed[b + 1]
    wholes = Wholes(shape.is_whole[c0:c1], shape.listed[g0:g1], shape.list_of[g0:g1], shape.limit[g0:g1])
    if m == 1 and not _any(wholes.is_whole):
        ending = fill(pattern, limits, tools.room)
        if ending != FAILED:
            return ending, 0
    i0, i1 = shape.block_inverse[b], shape.block_inverse[b + 1]
    basis = Basis(
        tools.basis.head[r0:r1],
        tools.basis.place[v0:v1],
        tools.basis.inverse[i0:i1].reshape(m, m),
        tools.basis.used[e0:e1],
        tools.basis.age[b : b + 1],
        tools.basis.wide[r0:r1],
        tools.basis.along[i0:i1].reshape(m, m),
        tools.basis.tall[r0:r1],
        tools.basis.down[i0:i1].reshape(m, m),
        tools.basis.is_listed[i0:i1].reshape(m, m),
    )
    return dive(pattern, basis, limits, tools.room, wholes, hours.far[0])


@inner
def _keep(shape, hours, state, tools, b, t):
    """Note what a block found."""
    c0, c1 = shape.block_column[b], shape.block_column[b + 1]
    for a in range(c0, c1):
        tools.total[shape.source[a]] += tools.room.x[a - c0]
    n = c1 - c0
    for r in range(shape.block_row[b], shape.block_row[b + 1]):
        i = r - shape.block_row[b]
        if shape.priced[r] >= 0:
            state.prices[t, shape.priced[r]] = tools.room.y[i] * hours.worth[r]
        tools.own[r] = tools.room.x[n + i]


@njit(cache=True, nogil=True, error_model="numpy", **WITHOUT_COUNTS)
def walk(shape, hours, state, tools):
    """Walk from the first hour to the last.

    Parameters
    ----------
    shape : Shape
    hours : Hours
    state : State
        Overwritten; its values before the first step are those carried in.
    tools : Tools
        Overwritten.

    Returns
    -------
    hour : int
        Where the walk stopped; the number of hours where it came to the end.
    ending : int
        As in ``simplex.optimise``.
    """
    steps, before = hours.lower.shape[0], state.values.shape[0] - hours.lower.shape[0]
    for t in range(steps):
        _shift_rows(shape, hours, state, tools.shift, t)
        tools.total[:] = 0.0
        for b in range(shape.block_column.shape[0] - 1):
            _open(shape, hours, tools, b, t)
            for s in range(shape.store.shape[0]):
                if shape.block_column[b] <= shape.store[s, 1] < shape.block_column[b + 1]:
                    tools.total[shape.store[s, 0]] = hours.lower[t, shape.store[s, 0]]
                    _cut_store(shape, hours, tools, (b, s), t)
            _close(shape, hours, state, tools, b, t)
            ending, pivots = _block(shape, hours, tools, b, t)
            state.pivots[0] += pivots
            if ending != OPTIMAL:
                return t, ending
            _keep(shape, hours, state, tools, b, t)
        _use(shape, hours, state, tools, t)
        _recover(shape, hours, state, tools, t)
        for j in range(shape.original.shape[0]):
            if shape.original[j] >= 0:
                state.values[before + t, shape.original[j]] = tools.total[j] * hours.scale[j]
        for g in range(shape.peak.shape[0]):
            j = shape.source[shape.peak[g]]
            state.reached[hours.member[t, g]] += tools.total[j] * hours.scale[j]
    return steps, OPTIMAL


@inner
def _use(shape, hours, state, tools, t):
    """Note what the hour used of every budget."""
    for u in range(shape.budget.shape[0]):
        for b in range(shape.block_row.shape[0] - 1):
            r = shape.budget[u] - shape.block_row[b]
            if r < 0 or shape.budget[u] >= shape.block_row[b + 1]:
                continue
            for a in range(shape.block_column[b], shape.block_column[b + 1]):
                is_first = a == shape.block_column[b] or shape.source[a] != shape.source[a - 1]
                for e in range(shape.begin[a], shape.end[a]):
                    k = shape.block_entry[b] + e
                    if is_first and shape.row[k] == r:
                        state.used[u] += hours.value[t, k] * tools.total[shape.source[a]]


@inner
def _recover(shape, hours, state, tools, t):
    """Give the columns that are their rows' own variables their values."""
    before = state.values.shape[0] - hours.lower.shape[0]
    for k in range(shape.own_row.shape[0]):
        r = shape.own_row[k]
        place = tools.basis.place[shape.own_place[k]]
        if place == AT_LOWER:
            value = hours.low[t, k]
        elif place == AT_UPPER:
            value = hours.high[t, k]
        else:
            value = (tools.own[r] - tools.shift[r]) * hours.factor[t, k] + hours.base[t, k]
        state.values[before + t, shape.own_column[k]] = value
