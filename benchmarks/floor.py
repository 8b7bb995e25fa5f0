"""The regional case written by hand in NumPy: no rules, no names, no checks; as fast as building the matrix can be."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks import regional
from benchmarks.regional import Plant, Region, Tank, Town

Floats = NDArray[np.float64]
Columns = NDArray[np.int32] | int
"""One column a step, or one for all."""
Number = float | Floats


def load(region: Region) -> Region:
    """Take the region as it is."""
    return region


def warm_up() -> None:
    """Build a tiny case, so that what Python does once per process is done."""
    assemble(build(regional.region(towns=1, steps=24)))


def build(region: Region) -> Region:
    """Do nothing: by hand there is no step before the arrays."""
    return region


def assemble(region: Region) -> dict[str, np.ndarray]:
    """Write the arrays a solver takes."""
    return Blocks(region).written()


@dataclass
class Rows:
    """A block of rows: ``lower <= sum of factor * column <= upper``."""

    name: str
    terms: list[tuple[Columns, Number]]
    lower: Number
    upper: Number
    count: int

    @property
    def has_zeros(self) -> bool:
        """Whether some entry is zero in some hour, and so has to be left out there."""
        return not all(np.all(factor) for _, factor in self.terms)

    def fill(self, indices: NDArray[np.int32], values: Floats) -> int | NDArray[np.int64]:
        """Write the entries at the beginning of free storage; gives the entries of each row."""
        width = len(self.terms)
        columns = indices[: self.count * width].reshape(self.count, width)
        factors = values[: self.count * width].reshape(self.count, width)
        for place, (column, factor) in enumerate(self.terms):
            columns[:, place] = column
            factors[:, place] = factor
        if not self.has_zeros:
            return width
        kept = factors != 0.0
        total = int(kept.sum())
        indices[:total], values[:total] = columns[kept], factors[kept]
        return kept.sum(axis=1)


@dataclass
class Blocks:
    """Column and row blocks of the case, in the order they are written down."""

    region: Region
    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    burnt: list[tuple[Columns, float]] = field(default_factory=list)
    """Fuel columns with the emission of each MWh."""
    balances: defaultdict[str, list[tuple[Columns, Number]]] = field(default_factory=lambda: defaultdict(list))
    demands: dict[str, Floats] = field(default_factory=dict)
    column_names: list[str] = field(default_factory=list)
    column_count: int = 0

    def written(self) -> dict[str, np.ndarray]:
        """Go through the region block by block."""
        for town in self.region.towns:
            self._plants(town)
            self._stores(town)
        for here, there in self.region.neighbours:
            self._connections(here, self.region.towns[here].name, self.region.towns[there].name)
        self._fuels()
        for node, terms in self.balances.items():
            demand = self.demands.get(node, 0.0)
            self._rows(f"balance.{node}", terms, demand, demand)
        return self._joined()

    @property
    def row_blocks(self) -> list[tuple[str, int]]:
        """Name and length of the row blocks."""
        return [*((block.name, block.count) for block in self.rows), ("cap.co2", 1)]

    @property
    def column_blocks(self) -> list[tuple[str, int]]:
        """Name and length of the column blocks."""
        return [(name, len(cost)) for name, cost in zip(self.column_names, self.cost, strict=True)]

    def _plants(self, town: Town) -> None:
        name, size, power, heat = town.name, town.size, f"{town.name}_electricity", f"{town.name}_heat"
        self._market(name, power, size)
        self._plant(f"{name}_wind.power", regional.WIND, size, {power: 1.0}, (1.0, town.wind))
        main = regional.CHP_POWER
        gives = {heat: regional.CHP_HEAT, power: main, "wood": -1.0}
        chp, built = self._plant(f"{name}_chp.fuel", regional.CHP, size, gives, (main, 1.0))
        rises = [(chp[1:], main), (chp[:-1], -main), (built, -regional.CHP_RAMP)]
        self._rows(f"{name}_chp.ramps.rises_no_faster", rises, -np.inf, 0.0, self.region.steps - 1)
        main = regional.BOILER_EFFICIENCY
        gives = {heat: main, "wood": -1.0}
        self._plant(f"{name}_wood_boiler.fuel", regional.WOOD_BOILER, size, gives, (main, 1.0))
        oil = self._hourly(f"{name}_oil_boiler.fuel", regional.OIL_BOILER_CAPACITY * size / main)
        self.balances[heat].append((oil, main))
        self.balances["oil"].append((oil, -1.0))
        main = regional.ELECTRIC_BOILER_EFFICIENCY
        gives = {heat: main, power: -1.0}
        self._plant(f"{name}_electric_boiler.power", regional.ELECTRIC_BOILER, size, gives, (main, 1.0))
        gives = {heat: town.cop, power: -1.0}
        self._plant(f"{name}_heat_pump.power", regional.HEAT_PUMP, size, gives, (town.cop, 1.0))
        self._users(town, power, heat)

    def _market(self, name: str, power: str, size: float) -> None:
        price, limit = self.region.price, regional.GRID_LIMIT * size
        bought = self._hourly(f"{name}_market.buy", limit, price + (regional.MARGIN + regional.GRID_FEE))
        sold = self._hourly(f"{name}_market.sell", limit, regional.MARGIN - price)
        self.balances[power] += [(bought, 1.0), (sold, -1.0)]

    def _users(self, town: Town, power: str, heat: str) -> None:
        name, size = town.name, town.size
        residual = self._hourly(
            f"{name}_mill.heat", regional.RESIDUAL_HEAT * size * town.running, regional.CONNECTION.running
        )
        built = self._once(f"{name}_mill.connection.built", regional.CONNECTION, size)
        self._rows(f"{name}_mill.within_connection", [(residual, 1.0), (built, -1.0)], -np.inf, 0.0)
        rejected = self._hourly(f"{name}_cooler.rejected", np.inf, regional.REJECTION_COST)
        self.balances[heat] += [(residual, 1.0), (rejected, -1.0)]
        self.demands[power], self.demands[heat] = town.electricity, town.heat
        if town.has_hydrogen:
            gas = f"{name}_hydrogen"
            gives = {power: -1.0, gas: regional.ELECTROLYSER_GAS, heat: regional.ELECTROLYSER_HEAT}
            self._plant(f"{name}_electrolyser.activity", regional.ELECTROLYSER, size, gives)
            taken = self._hourly(f"{name}_industry.taken", regional.HYDROGEN_DEMAND * size, is_fixed=True)
            self.balances[gas].append((taken, -1.0))

    def _plant(
        self,
        name: str,
        plant: Plant,
        size: float,
        gives: dict[str, Number],
        limit: tuple[Number, Number] = (1.0, 1.0),
    ) -> tuple[NDArray[np.int32], int]:
        """Add a plant with one flow and one size: ``limit[0] * flow <= limit[1] * size``."""
        owner = name.rpartition(".")[0]
        column = self._hourly(name, np.inf, plant.running * limit[0])
        built = self._once(f"{owner}.capacity.built", plant, size)
        self._rows(f"{owner}.within_capacity", [(column, limit[0]), (built, -limit[1])], -np.inf, 0.0)
        for node, factor in gives.items():
            self.balances[node].append((column, factor))
        return column, built

    def _stores(self, town: Town) -> None:
        for name, tank in regional.STORES.items():
            self._store(f"{town.name}_{name}", f"{town.name}_{tank.carrier}", tank, town.size)
        if town.has_hydrogen:
            self._store(f"{town.name}_cavern", f"{town.name}_hydrogen", regional.HYDROGEN_STORE, town.size)

    def _store(self, name: str, node: str, tank: Tank, size: float) -> None:
        charge = self._hourly(f"{name}.charge")
        discharge = self._hourly(f"{name}.discharge", np.inf, tank.plant.running)
        level = self._hourly(f"{name}.level")
        built = self._once(f"{name}.volume.built", tank.plant, size)
        before = np.roll(level, 1)
        gained = [(charge, -tank.efficiency), (discharge, 1.0 / tank.efficiency)]
        self._rows(f"{name}.carry_over", [(level, 1.0), (before, tank.standing_loss - 1.0), *gained], 0.0, 0.0)
        self._rows(f"{name}.within_volume", [(level, 1.0), (built, -1.0)], -np.inf, 0.0)
        rate = -1.0 / tank.hours_to_fill
        self._rows(f"{name}.charge_within_power", [(charge, 1.0), (built, rate)], -np.inf, 0.0)
        self._rows(f"{name}.discharge_within_power", [(discharge, 1.0), (built, rate)], -np.inf, 0.0)
        self.balances[node] += [(charge, -1.0), (discharge, 1.0)]

    def _connections(self, number: int, here: str, there: str) -> None:
        forth, back = self._hourly(f"pipe{number}.sent"), self._hourly(f"pipe{number}.sent_back")
        built = self._once(f"pipe{number}.capacity.built", regional.PIPE, 1.0)
        terms = [(forth, 1.0), (back, 1.0), (built, -1.0)]
        self._rows(f"pipe{number}.within_capacity", terms, -np.inf, 0.0)
        self._carry(f"{here}_heat", f"{there}_heat", forth, back, regional.PIPE_LOSS)
        forth = self._hourly(f"line{number}.sent", np.inf, regional.LINE_FEE)
        back = self._hourly(f"line{number}.sent_back", np.inf, regional.LINE_FEE)
        self._rows(f"line{number}.within_capacity", [(forth, 1.0), (back, 1.0)], -np.inf, regional.LINE_LIMIT)
        self._carry(f"{here}_electricity", f"{there}_electricity", forth, back, regional.LINE_LOSS)

    def _carry(self, here: str, there: str, forth: Columns, back: Columns, loss: float) -> None:
        self.balances[here] += [(forth, -1.0), (back, 1.0 - loss)]
        self.balances[there] += [(forth, 1.0 - loss), (back, -1.0)]

    def _fuels(self) -> None:
        for fuel, (price, co2) in regional.FUELS.items():
            if co2:
                self.burnt += [(columns, co2) for columns, _ in self.balances[fuel]]
            self.balances[fuel].append((self._hourly(f"{fuel}_market.fuel", np.inf, price), 1.0))

    def _hourly(
        self, name: str, upper: Number = np.inf, cost: Number = 0.0, is_fixed: bool = False
    ) -> NDArray[np.int32]:
        """Add a block of columns; where ``is_fixed``, fixed at ``upper``."""
        steps = self.region.steps
        first, self.column_count = self.column_count, self.column_count + steps
        self.column_names.append(name)
        self.cost.append(np.broadcast_to(cost, steps))
        self.upper.append(np.broadcast_to(upper, steps))
        self.lower.append(self.upper[-1] if is_fixed else np.broadcast_to(0.0, steps))
        return np.arange(first, first + steps, dtype=np.int32)

    def _once(self, name: str, plant: Plant, size: float) -> int:
        """Add a size; it pays its share of the year."""
        column, self.column_count = self.column_count, self.column_count + 1
        self.column_names.append(name)
        self.cost.append(np.array([plant.yearly * self.region.year_share]))
        self.lower.append(np.zeros(1))
        self.upper.append(np.array([plant.largest * size]))
        return column

    def _rows(
        self, name: str, terms: list[tuple[Columns, Number]], lower: Number, upper: Number, count: int | None = None
    ) -> None:
        self.rows.append(Rows(name, terms, lower, upper, self.region.steps if count is None else count))

    def _joined(self) -> dict[str, np.ndarray]:
        """Write rows into their final storage; the cap on emissions is one row over all hours, and the last."""
        row_count = sum(block.count for block in self.rows) + 1
        burnt_count = self.region.steps * len(self.burnt)
        entry_count = sum(block.count * len(block.terms) for block in self.rows) + burnt_count
        indices, values = np.empty(entry_count, np.int32), np.empty(entry_count)
        starts = np.zeros(row_count + 1, np.int32)
        row_lower, row_upper = np.empty(row_count), np.empty(row_count)
        row = filled = 0
        for block in self.rows:
            rows = slice(row, row + block.count)
            row_lower[rows], row_upper[rows] = block.lower, block.upper
            counts = block.fill(indices[filled:], values[filled:])
            starts[row + 1 : row + block.count + 1] = counts
            filled += int(np.sum(np.broadcast_to(counts, block.count)))
            row += block.count
        cap = regional.CO2_CAP_PER_TOWN * len(self.region.towns) * self.region.year_share
        row_lower[-1], row_upper[-1], starts[-1] = -np.inf, cap, burnt_count
        for columns, co2 in self.burnt:
            entries = slice(filled, filled + self.region.steps)
            indices[entries], values[entries] = columns, co2
            filled = entries.stop
        joined = {name: np.concatenate(getattr(self, name)) for name in ("cost", "lower", "upper")}
        joined |= {"row_lower": row_lower, "row_upper": row_upper, "starts": np.cumsum(starts, dtype=np.int32)}
        entries = {"indices": indices[:filled], "values": values[:filled]}
        return {**joined, **entries, "is_integer": np.zeros(self.column_count, bool)}
