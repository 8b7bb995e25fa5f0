"""The regional case as energysim components: what a scenario file would give, then System, Model and arrays."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks import regional
from benchmarks.regional import Plant, Region, Tank, Town
from energysim.components.battery import Battery
from energysim.components.boiler import Boiler
from energysim.components.chp_backpressure import ChpBackpressure
from energysim.components.converter import Converter
from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_rejection import HeatRejection
from energysim.components.heat_store import HeatStore
from energysim.components.power_line import PowerLine
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.store import Store
from energysim.components.wind import Wind
from energysim.declare import Component
from energysim.model import Model
from energysim.model import build as build_model
from energysim.scenario.horizon import Horizon
from energysim.scenario.network import Network
from energysim.scenario.scenario import Scenario
from energysim.scenario.sections import Economy, EffectPolicy, Fuel
from energysim.system import assemble as assemble_system
from energysim.traits import Availability

STORE_TYPES = {"battery": Battery, "heat_store": HeatStore, "store": Store}


def load(region: Region) -> Scenario:
    """Describe the region; this is what the time to arrays starts from."""
    networks = {
        f"{town.name}_{carrier}": Network(name=f"{town.name}_{carrier}", carrier=carrier)
        for town in region.towns
        for carrier in ("electricity", "heat", "hydrogen")
        if carrier != "hydrogen" or town.has_hydrogen
    }
    components = [component for town in region.towns for component in (*_plants(region, town), *_stores(town))]
    components += [*_connections(region), *_fuel_supplies()]
    cap = regional.CO2_CAP_PER_TOWN * len(region.towns) * region.year_share
    return Scenario(
        title="a region",
        horizon=Horizon(start=np.datetime64("2030-01-01T00:00", "m"), step=1.0, count=region.steps, clock="UTC"),
        economy=Economy(discount_rate=regional.DISCOUNT_RATE),
        components={component.name: component for component in components},
        networks=networks,
        fuels={name: Fuel(name=name, co2=co2) for name, (_, co2) in regional.FUELS.items()},
        effects={"co2": EffectPolicy(unit="t", cap=cap)},
    )


def warm_up() -> None:
    """Build a tiny case, so that what Python does once per process is done."""
    assemble(build(load(regional.region(towns=1, steps=24))))


def build(scenario: Scenario) -> Model:
    """Call every rule once."""
    return build_model(assemble_system(scenario))


def assemble(model: Model) -> dict[str, np.ndarray]:
    """Write the arrays a solver takes."""
    program = model.program.assemble()
    return {name: value for name, value in vars(program).items() if isinstance(value, np.ndarray)}


def _size(plant: Plant, scale: float) -> dict[str, float]:
    return {"max": scale * plant.largest, "investment": plant.investment, "lifetime": plant.lifetime}


def _plants(region: Region, town: Town) -> Iterator[Component]:
    """One town's market, plants and users."""
    name, size, power, heat = town.name, town.size, f"{town.name}_electricity", f"{town.name}_heat"

    def put(kind: type[Component], word: str, scaled: Plant | None = None, **fields: Any) -> Component:
        if scaled is not None:
            fields |= {"capacity": _size(scaled, size), "variable_om": scaled.running}
        return kind.model_validate({"name": f"{name}_{word}", **fields})

    limits = {"buy_limit": regional.GRID_LIMIT * size, "sell_limit": regional.GRID_LIMIT * size}
    fees = {"margin": regional.MARGIN, "grid_fee": regional.GRID_FEE}
    yield put(ElectricityMarket, "market", to=power, price=region.price, **limits, **fees)
    yield put(Wind, "wind", regional.WIND, to=power, profile=town.wind)
    efficiencies = {"electric_efficiency": regional.CHP_POWER, "heat_efficiency": regional.CHP_HEAT}
    ramps = {"up": regional.CHP_RAMP}
    yield put(ChpBackpressure, "chp", regional.CHP, fuel="wood", to=heat, power=power, ramps=ramps, **efficiencies)
    burner = {"to": heat, "efficiency": regional.BOILER_EFFICIENCY}
    yield put(Boiler, "wood_boiler", regional.WOOD_BOILER, fuel="wood", **burner)
    yield put(Boiler, "oil_boiler", fuel="oil", capacity=regional.OIL_BOILER_CAPACITY * size, **burner)
    efficiency = regional.ELECTRIC_BOILER_EFFICIENCY
    yield put(ElectricBoiler, "electric_boiler", regional.ELECTRIC_BOILER, power=power, to=heat, efficiency=efficiency)
    yield put(HeatPump, "heat_pump", regional.HEAT_PUMP, power=power, to=heat, cop=town.cop)
    yield _residual_heat(town)
    yield put(HeatRejection, "cooler", **{"from": heat}, cost=regional.REJECTION_COST)
    yield put(ElectricityDemand, "homes", to=power, load=town.electricity)
    yield put(HeatDemand, "buildings", to=heat, load=town.heat)
    if town.has_hydrogen:
        yield put(Converter, "electrolyser", regional.ELECTROLYSER, **_electrolyser(town))
        yield put(Sink, "industry", **{"from": f"{name}_hydrogen"}, fixed=regional.HYDROGEN_DEMAND * size)


def _residual_heat(town: Town) -> Component:
    stream = {"from": 120.0, "to": 40.0, "load": regional.RESIDUAL_HEAT * town.size}
    return ResidualHeat.model_validate(
        {
            "name": f"{town.name}_mill",
            "to": f"{town.name}_heat",
            "streams": {"process": stream},
            "availability": Availability(share=town.running),
            "connection": _size(regional.CONNECTION, town.size),
            "price": regional.CONNECTION.running,
        }
    )


def _electrolyser(town: Town) -> dict[str, Any]:
    return {
        "inputs": {"power": {"from": f"{town.name}_electricity", "ratio": 1.0}},
        "outputs": {
            "gas": {"to": f"{town.name}_hydrogen", "ratio": regional.ELECTROLYSER_GAS},
            "warmth": {"to": f"{town.name}_heat", "ratio": regional.ELECTROLYSER_HEAT},
        },
    }


def _stores(town: Town) -> Iterator[Component]:
    for name, tank in regional.STORES.items():
        yield _store(town, name, tank)
    if town.has_hydrogen:
        yield _store(town, "cavern", regional.HYDROGEN_STORE)


def _store(town: Town, name: str, tank: Tank) -> Component:
    return STORE_TYPES[tank.kind].model_validate(
        {
            "name": f"{town.name}_{name}",
            "network": f"{town.name}_{tank.carrier}",
            "volume": _size(tank.plant, town.size),
            "hours_to_fill": tank.hours_to_fill,
            "charge_efficiency": tank.efficiency,
            "discharge_efficiency": tank.efficiency,
            "standing_loss": tank.standing_loss,
            "wear": tank.plant.running,
        }
    )


def _connections(region: Region) -> Iterator[Component]:
    """Pipes and lines round the ring."""
    for here, there in region.neighbours:
        first, second = region.towns[here].name, region.towns[there].name
        ends = {"from": f"{first}_heat", "to": f"{second}_heat"}
        pipe = {"capacity": _size(regional.PIPE, 1.0), "loss": regional.PIPE_LOSS, "both_ways": True}
        yield HeatPipe.model_validate({"name": f"pipe{here}", **ends, **pipe})
        ends = {"from": f"{first}_electricity", "to": f"{second}_electricity"}
        line = {"capacity": regional.LINE_LIMIT, "loss": regional.LINE_LOSS, "fee": regional.LINE_FEE}
        yield PowerLine.model_validate({"name": f"line{here}", **ends, **line, "both_ways": True})


def _fuel_supplies() -> Iterator[Component]:
    for name, (price, _) in regional.FUELS.items():
        yield FuelSupply.model_validate({"name": f"{name}_market", "to": name, "price": price})
