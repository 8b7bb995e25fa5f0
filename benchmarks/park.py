"""The whole plant park through a year: five towns with heat by temperature, every component type in each."""

from typing import Any

import numpy as np

from energysim.components import component_types
from energysim.model import Model
from energysim.model import build as build_model
from energysim.scenario.horizon import Horizon
from energysim.scenario.network import Network
from energysim.scenario.scenario import Scenario
from energysim.system import assemble as assemble_system
from energysim.testing import example_scenario

TOWNS = 5
STREAMS = ((66.0, 45.0),)
"""Residual streams of the mill that every town has besides the examples: they make its levels. [degC]"""


def load(steps: int) -> Scenario:
    """Set the examples of all types into every town; what is a series of three hours becomes one of all steps."""
    small = example_scenario(*component_types().values())
    horizon = Horizon(start=np.datetime64("2030-01-01T00:00", "m"), step=1.0, count=steps, clock="UTC")
    outdoor = np.random.default_rng(7).normal(2.0, 9.0, 8760)
    towns = [f"town{number}" for number in range(TOWNS)]
    components = {
        f"{town}_{name}": _moved(component, town, steps)
        for town in towns
        for name, component in [*small.components.items(), *_mill().items()]
    }
    networks = {
        f"{town}_{name}": _sliding(network, f"{town}_{name}")
        for town in towns
        for name, network in small.networks.items()
    }
    places = {name: place.model_copy(update={"outdoor": outdoor}) for name, place in small.places.items()}
    fuels = {
        f"{town}_{name}": fuel.model_copy(update={"name": f"{town}_{name}"})
        for town in towns
        for name, fuel in small.fuels.items()
    }
    return Scenario(
        title="the whole plant park",
        horizon=horizon,
        economy=small.economy,
        places=places,
        fuels=fuels,
        networks=networks,
        components=components,
    )


def warm_up() -> None:
    """Build a short horizon, so that what Python does once per process is done."""
    assemble(build(load(48)))


def build(scenario: Scenario) -> Model:
    """Call every rule once."""
    return build_model(assemble_system(scenario))


def assemble(model: Model) -> dict[str, np.ndarray]:
    """Write the arrays a solver takes."""
    program = model.program.assemble()
    return {name: value for name, value in vars(program).items() if isinstance(value, np.ndarray)}


def levels(model: Model) -> int:
    """Count the temperature levels of the network that has most."""
    return max(len(model.system.levels_of(network)) for network in model.system.networks)


def _mill() -> dict[str, Any]:
    kind = component_types()["residual_heat"]
    streams = {f"s{i}": {"from": hot, "to": cold, "load": 10.0} for i, (hot, cold) in enumerate(STREAMS)}
    return {"levels_mill": kind.model_validate({"name": "levels_mill", "to": "town_heat", "streams": streams})}


def _moved(component: Any, town: str, steps: int) -> Any:
    """Copy a component to a town; series of three hours are repeated."""
    changes: dict[str, Any] = {
        field: np.resize(value, steps)
        for field in type(component).model_fields
        if isinstance(value := getattr(component, field), np.ndarray)
    }
    changes["name"] = f"{town}_{component.name}"
    for word in ("supplier", "user"):
        # The references from one component to another.
        if isinstance(named := getattr(component, word, None), str):
            changes[word] = f"{town}_{named}"
    changes["connections"] = {port: f"{town}_{name}" for port, name in component.connections.items()}
    return component.model_copy(update=changes)


def _sliding(network: Network, name: str) -> Network:
    """Let the supply of a heat network follow the weather."""
    fields = network.model_dump(by_alias=True) | {"name": name}
    if network.carrier == "heat":
        fields["supply"] = {"outdoor": [-25.0, 5.0], "temperature": [105.0, 75.0]}
    return Network.model_validate(fields)
