"""Structure and ordering: which rows leave at once, which stay, what cuts the chain of hours, what ties all of them.

Rows of one step come in two kinds. An inequality with a single column of that step, such as a capacity, is eliminated
at once; all others are kept, those that look back last. Hours are cut into stretches; columns that are seen across a
cut or by a jump leave the chain for the border, where the columns and rows that exist once are.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.interior.grid import Grid, Link, RefusedError
from solvers.interior.scaling import Scales
from solvers.interior.tables import Layout, Tables, unsigned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STRETCHES = 8
"""Stretches that a long horizon is cut into; the same on any machine, so that results are."""
SHORTEST = 400
"""Steps below which a stretch is not worth its cut."""
WIDEST = 2500
"""Columns and rows that exist once and are seen from one stretch."""


def layout_of(grid: Grid, scales: Scales) -> Layout:
    """Order a grid for the solver.

    Raises
    ------
    RefusedError
        When one stretch of hours sees more columns and rows that exist once than can be handled densely.
    """
    return _Layouter(grid, scales).made()


class _Layouter:
    """Collects what the layout is made of."""

    def __init__(self, grid: Grid, scales: Scales) -> None:
        self.grid, self.scales = grid, scales
        self.steps, self.width = grid.lower.shape
        scaled = {key: self._scaled(link) for key, link in grid.links.items()}
        self.links = {key: link for key, link in scaled.items() if link.value.any()}
        self.kept, self.out = self._sorted_rows()
        self.rows = np.array([*self.out, *self.kept], np.int64)
        self.place = {int(block): number for number, block in enumerate(self.rows)}
        self.cuts = self._cut()
        self.promoted = self._promoted()
        self.once = len(grid.once_lower)
        self.tied: list[tuple[int, int, float]] = []
        self.slots: list[tuple[Ints, Ints, Ints, Floats]] = []
        self.explicit: dict[tuple[int, int], int] = {}

    def made(self) -> Layout:
        """Put it all together."""
        grid, scales, steps = self.grid, self.scales, self.steps
        columns = np.concatenate([(grid.lower / scales.column).ravel(), grid.once_lower / scales.once])
        upper = np.concatenate([(grid.upper / scales.column).ravel(), grid.once_upper / scales.once])
        cost = np.concatenate([(grid.cost * scales.column).ravel(), grid.once_cost * scales.once]) * scales.cost
        row_lower = self._of_rows(grid.row_lower, grid.total_lower)
        row_upper = self._of_rows(grid.row_upper, grid.total_upper)
        has_row = np.concatenate([grid.has_row[:, self.rows].ravel(), grid.has_total])
        self.total_place = np.cumsum(grid.has_total) - 1 + self.once + len(self.promoted)
        self._collect_slots()
        sums = self._collect_sums()
        self._promote()
        tables = self._tables(sums)
        explicit = [step * len(self.rows) + row for step, row in self.explicit]
        border_rows = np.r_[steps * len(self.rows) + np.flatnonzero(grid.has_total), np.array(explicit, np.int64)]
        at = np.array([step * self.width + column for step, column in self.promoted], np.int64)
        border_columns = np.r_[steps * self.width + np.arange(self.once), at].astype(np.int64)
        fixed, seen = np.flatnonzero((columns == upper)[border_columns]), self._seen(tables)
        own, opened = self._live(seen, fixed)
        tied = np.array([(r, c) for r, c, _ in self.tied], np.int64).reshape(-1, 2)
        return Layout(
            tables=tables,
            rows=self.rows,
            eliminated=len(self.out),
            cuts=self.cuts,
            border_columns=border_columns,
            border_rows=border_rows.astype(np.int64),
            tie_row=tied[:, 0],
            tie_column=tied[:, 1],
            tie_value=np.array([v for _, _, v in self.tied], float),
            lower=columns,
            upper=upper,
            cost=cost,
            row_lower=row_lower,
            row_upper=row_upper,
            has_row=has_row,
            seen=[places for places, _ in seen],
            locals=own,
            opened=opened,
        )

    def _of_rows(self, hourly: Floats, once: Floats) -> Floats:
        """Scale bounds of rows and put them in order."""
        return np.concatenate([(hourly * self.scales.row)[:, self.rows].ravel(), once * self.scales.total])

    def _scaled(self, link: Link) -> Link:
        value = link.value * (self.scales.row[link.row] * self.scales.column[link.column])
        return Link(link.row, link.column, link.lag, np.where(self.grid.has_row[:, link.row], value, 0.0))

    def _sorted_rows(self) -> tuple[list[int], list[int]]:
        """Tell kept rows from eliminated ones; order the kept: few neighbours first, those that look back last."""
        grid = self.grid
        jumping = {jump.row for jump in grid.jumps}
        of_row: dict[int, list[Link]] = {}
        for link in self.links.values():
            of_row.setdefault(link.row, []).append(link)
        kept: list[int] = []
        out: list[int] = []
        for row in np.flatnonzero(grid.has_row.any(axis=0)).tolist():
            links, has_row = of_row.get(row, []), grid.has_row[:, row]
            is_alone = len(links) <= 1 and row not in jumping and all(link.lag == 0 for link in links)
            is_open = np.all(grid.row_lower[has_row, row] < grid.row_upper[has_row, row])
            (out if is_alone and is_open else kept).append(row)
        looking = [row for row in kept if row in jumping or any(link.lag for link in of_row.get(row, []))]
        self.looking = len(looking)
        return [*_few_neighbours_first([r for r in kept if r not in set(looking)], of_row), *looking], out

    def _cut(self) -> Ints:
        """Cut the horizon in stretches of about equal length, where nothing looks back if such a step is near."""
        steps = self.steps
        count = int(np.clip(steps // SHORTEST, 1, STRETCHES))
        looks = np.zeros(steps, bool)
        for link in self.links.values():
            if link.lag:
                looks |= link.value != 0.0
        free = np.flatnonzero(~looks[1:]) + 1
        cuts = [0]
        for number in range(1, count):
            ideal = steps * number // count
            near = free[np.abs(free - ideal) <= steps // (4 * count)]
            cuts.append(int(near[np.argmin(np.abs(near - ideal))]) if len(near) else ideal)
        return np.array([*cuts, steps], np.int64)

    def _promoted(self) -> dict[tuple[int, int], int]:
        """Number the columns of single steps that are seen across a cut or by a jump."""
        found: dict[tuple[int, int], int] = {}
        for cut in self.cuts[1:-1].tolist():
            for link in self.links.values():
                if link.lag and link.value[cut] != 0.0:
                    found.setdefault((cut - 1, link.column), len(found))
        for jump in self.grid.jumps:
            if self.grid.has_row[jump.step, jump.row]:
                found.setdefault((jump.source, jump.column), len(found))
        return found

    def _collect_slots(self) -> None:
        """Gather entries of rows in columns that exist once, and those of jumps."""
        grid, scales = self.grid, self.scales
        for slot in grid.slots:
            if slot.row in self.place:
                steps = np.flatnonzero((slot.value != 0.0) & grid.has_row[:, slot.row])
                value = slot.value[steps] * scales.row[slot.row] * scales.once[slot.index[steps]]
                self._add_slots(steps, self.place[slot.row], slot.index[steps], value)
        for jump in grid.jumps:
            if grid.has_row[jump.step, jump.row]:
                value = jump.value * scales.row[jump.row] * scales.column[jump.column]
                place = self.once + self.promoted[jump.source, jump.column]
                self._add_slots(np.array([jump.step]), self.place[jump.row], np.array([place]), np.array([value]))

    def _add_slots(self, steps: Ints, row: int, place: Ints, value: Floats) -> None:
        self.slots.append((steps, np.full(len(steps), row), place, value))

    def _collect_sums(self) -> list[tuple[Ints, Ints, Ints, Floats]]:
        """Gather entries of rows that exist once: steps, columns, places, numbers."""
        grid, scales = self.grid, self.scales
        found: list[tuple[Ints, Ints, Ints, Floats]] = []
        for r, c in zip(*np.nonzero(grid.totals_once), strict=True):
            if grid.has_total[r]:
                value = grid.totals_once[r, c] * scales.total[r] * scales.once[c]
                self.tied.append((int(self.total_place[r]), int(c), float(value)))
        for total in grid.totals:
            if not grid.has_total[total.row]:
                continue
            value = total.value * (scales.total[total.row] * scales.column[total.column])
            steps, place = total.first + np.arange(len(value)), int(self.total_place[total.row])
            used = value != 0.0
            for (step, column), number in self.promoted.items():
                if column == total.column and total.first <= step < total.first + len(value):
                    self.tied.append((place, self.once + number, float(value[step - total.first])))
                    used[step - total.first] = False
            steps = steps[used]
            columns, places = (np.full(len(steps), number, np.int64) for number in (total.column, place))
            found.append((steps, columns, places, value[used]))
        return found

    def _promote(self) -> None:
        """Move the entries of promoted columns from the hours to the border."""
        first_row = self.once + len(self.promoted) + int(self.grid.has_total.sum())
        for (step, column), number in self.promoted.items():
            place = self.once + number
            for link in self.links.values():
                at = step + link.lag
                if link.column != column or at >= self.steps or link.value[at] == 0.0:
                    continue
                row, value = self.place[link.row], float(link.value[at])
                link.value[at] = 0.0
                if row < len(self.out):
                    self.explicit[step, row] = first_row + len(self.explicit)
                    self.tied.append((self.explicit[step, row], place, value))
                else:
                    self._add_slots(np.array([at]), row, np.array([place]), np.array([value]))

    def _tables(self, sums: list[tuple[Ints, Ints, Ints, Floats]]) -> Tables:
        out = len(self.out)
        alone = {self.place[link.row]: link for link in self.links.values() if self.place[link.row] < out}
        single = np.array([alone[row].column if row in alone else -1 for row in range(out)], np.int64)
        single_value = np.zeros((self.steps, out))
        for row, link in alone.items():
            single_value[:, row] = link.value
        kept = [link for link in self.links.values() if self.place[link.row] >= out]
        now, past = self._entries(kept, 0), self._entries(kept, 1)
        slot_start, slot_place, slot_value = self._border_entries()
        of_column = np.argsort(single, kind="stable")
        of_column = of_column[single[of_column] >= 0]
        summed, sum_start, sum_place, sum_value = self._sums(sums)
        return unsigned(Tables(
            single, single_value, _starts(single[of_column], self.width), of_column,
            slot_start, slot_place, slot_value, summed, sum_start, sum_place, sum_value,
            *now[:3], *past[:3], *now[3:], *past[3:], self.looking,
        ))  # fmt: skip

    def _entries(self, links: list[Link], lag: int) -> tuple[Ints, Ints, Floats, Ints, Ints, Ints]:
        """Lay out entries of kept rows by row, and again by column."""
        own = [(self.place[link.row] - len(self.out), link.column, link) for link in links if link.lag == lag]
        own.sort(key=lambda item: item[:2])
        rows, columns = np.array([r for r, _, _ in own], np.int64), np.array([c for _, c, _ in own], np.int64)
        value = np.column_stack([link.value for *_, link in own]) if own else np.zeros((self.steps, 0))
        order = np.argsort(columns, kind="stable")
        by_column = (_starts(columns[order], self.width), rows[order], order)
        return _starts(rows, len(self.kept)), columns, np.ascontiguousarray(value), *by_column

    def _border_entries(self) -> tuple[Ints, NDArray[np.int32], Floats]:
        """Sort the entries of rows of the hours in columns of the border; those of explicit rows become ties."""
        height = len(self.rows)
        steps, rows, place, value = (
            np.concatenate([part[k] for part in self.slots] or [np.zeros(0, np.int64)]) for k in range(4)
        )
        at = steps.astype(np.int64) * height + rows.astype(np.int64)
        stays = np.ones(len(at), bool)
        for (step, row), number in self.explicit.items():
            for entry in np.flatnonzero(at == step * height + row):
                self.tied.append((number, int(place[entry]), float(value[entry])))
                stays[entry] = False
        at, place, value = at[stays], place[stays], value[stays]
        order = np.argsort(at, kind="stable")
        return _starts(at[order], self.steps * height), place[order].astype(np.int32), value[order].astype(float)

    def _sums(self, sums: list[tuple[Ints, Ints, Ints, Floats]]) -> tuple[Ints, Ints, NDArray[np.int32], Floats]:
        """Sort the entries of border rows in columns of the hours."""
        steps, columns, place, value = (
            np.concatenate([part[k] for part in sums] or [np.zeros(0, np.int64)]) for k in range(4)
        )
        used = np.unique(columns).astype(np.int64)
        summed = np.full(self.width, -1, np.int64)
        summed[used] = np.arange(len(used))
        at = steps.astype(np.int64) * len(used) + summed[columns.astype(np.int64)]
        order = np.argsort(at, kind="stable")
        starts = _starts(at[order], self.steps * len(used))
        return summed, starts, place[order].astype(np.int32), value[order].astype(float)

    def _live(self, seen: list[tuple[Ints, Ints]], fixed: Ints) -> tuple[list[Ints], list[Ints]]:
        """Leave out what is fixed; give the places of each stretch, and how many of them each step has seen."""
        own, opened = [], []
        for (places, first), span in zip(seen, pairwise(self.cuts), strict=True):
            stays = ~np.isin(places, fixed)
            own.append(places[stays])
            opened.append(np.searchsorted(first[stays], np.arange(*span), side="right"))
        return own, opened

    def _step_of(self, starts: Ints, groups: int) -> Ints:
        """Give the step of each entry, where each step has so many groups of them. (entry,)"""
        if not groups:
            return np.zeros(0, np.int64)
        at = starts[::groups].astype(np.int64)
        return np.repeat(np.arange(self.steps), at[1:] - at[:-1])

    def _seen(self, tables: Tables) -> list[tuple[Ints, Ints]]:
        """List the border places that each stretch sees, in the order in which it does, and the steps."""
        found = []
        height, summed = len(self.rows), int(tables.summed.max(initial=-1)) + 1
        of_slots = self._step_of(tables.slot_start, height)
        of_sums = self._step_of(tables.sum_start, summed)
        for first, last in pairwise(self.cuts):
            slots = slice(tables.slot_start[first * height], tables.slot_start[last * height])
            sums = slice(tables.sum_start[first * summed], tables.sum_start[last * summed])
            steps = np.concatenate([of_slots[slots], of_sums[sums]])
            places = np.concatenate([tables.slot_place[slots], tables.sum_place[sums]]).astype(np.int64)
            order = np.argsort(steps, kind="stable")
            seen, at = np.unique(places[order], return_index=True)
            by_time = np.argsort(at)
            found.append((seen[by_time], steps[order][at[by_time]]))
            if len(seen) > WIDEST:
                raise RefusedError(f"hours tied to {len(seen)} columns and rows that exist once")
        return found


def _starts(sorted_groups: Ints, count: int) -> Ints:
    """Give the first entry of each group of sorted group numbers, and the end."""
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(sorted_groups, minlength=count), out=starts[1:])
    return starts


def _few_neighbours_first(rows: list[int], of_row: dict[int, list[Link]]) -> list[int]:
    """Order rows so that the next to leave has the fewest neighbours [1]_, neighbours sharing a column of the hour.

    References
    ----------
    .. [1] A. George, J. W. H. Liu, The evolution of the minimum degree ordering algorithm, SIAM Review 31, 1989.
    """
    columns = {row: {link.column for link in of_row.get(row, []) if link.lag == 0} for row in rows}
    near = {row: {o for o in rows if o != row and columns[row] & columns[o]} for row in rows}
    order: list[int] = []
    while near:
        least = min(near, key=lambda row: (len(near[row]), row))
        around = near.pop(least)
        for row in around:
            near[row] |= around
            near[row] -= {row, least}
        order.append(least)
    return order
