"""The regional case through linopy: one call per block of variables or constraints, as its documentation shows."""

from collections import defaultdict
from dataclasses import dataclass, field

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from linopy import LinearExpression, Variable

from benchmarks import regional
from benchmarks.regional import Plant, Region, Tank, Town

Number = float | np.ndarray

linopy.options["semantics"] = "v1"  # what will be its default: an absent hour stays absent


def load(region: Region) -> Region:
    """Take the region as it is."""
    return region


def warm_up() -> None:
    """Build a tiny case, so that what Python does once per process is done."""
    assemble(build(regional.region(towns=1, steps=24)))


def build(region: Region) -> linopy.Model:
    """Add every block to a linopy model."""
    return Blocks(region).written()


def assemble(model: linopy.Model) -> dict[str, np.ndarray]:
    """Write the arrays a solver takes."""
    matrices = model.matrices
    matrix = matrices.A.tocsr()
    senses, right = matrices.sense, matrices.b
    return {
        "cost": matrices.c,
        "lower": matrices.lb,
        "upper": matrices.ub,
        "is_integer": matrices.vtypes == "I",
        "row_lower": np.where(senses == "<", -np.inf, right),
        "row_upper": np.where(senses == ">", np.inf, right),
        "starts": matrix.indptr,
        "indices": matrix.indices,
        "values": matrix.data,
    }


@dataclass
class Blocks:
    """The case as linopy variables and constraints."""

    region: Region
    model: linopy.Model = field(default_factory=linopy.Model)
    cost: list[LinearExpression] = field(default_factory=list)
    balances: defaultdict[str, list[LinearExpression]] = field(default_factory=lambda: defaultdict(list))
    demands: dict[str, Number] = field(default_factory=dict)

    def written(self) -> linopy.Model:
        """Go through the region block by block."""
        self.hours = pd.RangeIndex(self.region.steps, name="hour")
        for town in self.region.towns:
            self._plants(town)
            self._stores(town)
        for here, there in self.region.neighbours:
            self._connections(here, self.region.towns[here].name, self.region.towns[there].name)
        self._fuels()
        for node, terms in self.balances.items():
            demand = self.demands.get(node, 0.0)
            self.model.add_constraints(linopy.merge(terms) == self._series(demand), name=f"balance.{node}")
        self.model.add_objective(linopy.merge(self.cost))
        return self.model

    def _plants(self, town: Town) -> None:
        name, size, power, heat = town.name, town.size, f"{town.name}_electricity", f"{town.name}_heat"
        self._market(name, power, size)
        self._plant(f"{name}_wind.power", regional.WIND, size, {power: 1.0}, (1.0, town.wind))
        main = regional.CHP_POWER
        gives = {heat: regional.CHP_HEAT, power: main, "wood": -1.0}
        chp, built = self._plant(f"{name}_chp.fuel", regional.CHP, size, gives, (main, 1.0))
        rises = (main * chp - main * chp.shift(hour=1) - regional.CHP_RAMP * built).isel(hour=slice(1, None))
        self.model.add_constraints(rises <= 0.0, name=f"{name}_chp.ramps.rises_no_faster")
        main = regional.BOILER_EFFICIENCY
        gives = {heat: main, "wood": -1.0}
        self._plant(f"{name}_wood_boiler.fuel", regional.WOOD_BOILER, size, gives, (main, 1.0))
        oil = self._hourly(f"{name}_oil_boiler.fuel", regional.OIL_BOILER_CAPACITY * size / main)
        self.balances[heat].append(main * oil)
        self.balances["oil"].append(-1.0 * oil)
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
        self.balances[power] += [1.0 * bought, -1.0 * sold]

    def _users(self, town: Town, power: str, heat: str) -> None:
        name, size = town.name, town.size
        offered = regional.RESIDUAL_HEAT * size * town.running
        residual = self._hourly(f"{name}_mill.heat", offered, regional.CONNECTION.running)
        built = self._once(f"{name}_mill.connection.built", regional.CONNECTION, size)
        self.model.add_constraints(residual - built <= 0.0, name=f"{name}_mill.within_connection")
        rejected = self._hourly(f"{name}_cooler.rejected", np.inf, regional.REJECTION_COST)
        self.balances[heat] += [1.0 * residual, -1.0 * rejected]
        self.demands[power], self.demands[heat] = town.electricity, town.heat
        if town.has_hydrogen:
            gas = f"{name}_hydrogen"
            gives = {power: -1.0, gas: regional.ELECTROLYSER_GAS, heat: regional.ELECTROLYSER_HEAT}
            self._plant(f"{name}_electrolyser.activity", regional.ELECTROLYSER, size, gives)
            taken = self._hourly(f"{name}_industry.taken", regional.HYDROGEN_DEMAND * size, is_fixed=True)
            self.balances[gas].append(-1.0 * taken)

    def _plant(
        self,
        name: str,
        plant: Plant,
        size: float,
        gives: dict[str, Number],
        limit: tuple[Number, Number] = (1.0, 1.0),
    ) -> tuple[Variable, Variable]:
        owner = name.rpartition(".")[0]
        main = self._series(limit[0])
        flow = self._hourly(name, np.inf, plant.running * limit[0])
        built = self._once(f"{owner}.capacity.built", plant, size)
        self.model.add_constraints(main * flow - self._series(limit[1]) * built <= 0.0, name=f"{owner}.within_capacity")
        for node, factor in gives.items():
            self.balances[node].append(self._series(factor) * flow)
        return flow, built

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
        kept = (1.0 - tank.standing_loss) * level.roll(hour=1)
        gained = tank.efficiency * charge - 1.0 / tank.efficiency * discharge
        self.model.add_constraints(level - kept - gained == 0.0, name=f"{name}.carry_over")
        self.model.add_constraints(level - built <= 0.0, name=f"{name}.within_volume")
        limit = 1.0 / tank.hours_to_fill * built
        self.model.add_constraints(charge - limit <= 0.0, name=f"{name}.charge_within_power")
        self.model.add_constraints(discharge - limit <= 0.0, name=f"{name}.discharge_within_power")
        self.balances[node] += [-1.0 * charge, 1.0 * discharge]

    def _connections(self, number: int, here: str, there: str) -> None:
        forth, back = self._hourly(f"pipe{number}.sent"), self._hourly(f"pipe{number}.sent_back")
        built = self._once(f"pipe{number}.capacity.built", regional.PIPE, 1.0)
        self.model.add_constraints(forth + back - built <= 0.0, name=f"pipe{number}.within_capacity")
        self._carry((f"{here}_heat", f"{there}_heat"), forth, back, regional.PIPE_LOSS)
        forth = self._hourly(f"line{number}.sent", np.inf, regional.LINE_FEE)
        back = self._hourly(f"line{number}.sent_back", np.inf, regional.LINE_FEE)
        self.model.add_constraints(forth + back <= regional.LINE_LIMIT, name=f"line{number}.within_capacity")
        self._carry((f"{here}_electricity", f"{there}_electricity"), forth, back, regional.LINE_LOSS)

    def _carry(self, ends: tuple[str, str], forth: Variable, back: Variable, loss: float) -> None:
        self.balances[ends[0]] += [-1.0 * forth, (1.0 - loss) * back]
        self.balances[ends[1]] += [(1.0 - loss) * forth, -1.0 * back]

    def _fuels(self) -> None:
        for fuel, (price, co2) in regional.FUELS.items():
            bought = self._hourly(f"{fuel}_market.fuel", np.inf, price)
            if co2:
                cap = regional.CO2_CAP_PER_TOWN * len(self.region.towns) * self.region.year_share
                burnt = linopy.merge([-co2 * term.sum() for term in self.balances[fuel]])
                self.model.add_constraints(burnt <= cap, name="cap.co2")
            self.balances[fuel].append(1.0 * bought)

    def _hourly(self, name: str, upper: Number = np.inf, cost: Number = 0.0, is_fixed: bool = False) -> Variable:
        most = self._series(upper)
        least = most if is_fixed else 0.0
        variable = self.model.add_variables(least, most, coords=[self.hours], name=name)
        if np.any(cost):
            self.cost.append((self._series(cost) * variable).sum())
        return variable

    def _once(self, name: str, plant: Plant, size: float) -> Variable:
        variable = self.model.add_variables(0.0, plant.largest * size, name=name)
        self.cost.append(plant.yearly * self.region.year_share * variable)
        return variable

    def _series(self, value: Number) -> float | xr.DataArray:
        return xr.DataArray(value, coords=[self.hours]) if isinstance(value, np.ndarray) else value
