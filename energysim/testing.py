"""What a researcher tests a component type with: tiny systems, balances, and a list of all that is missing."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import xarray as xr
from ruamel.yaml import YAML

from energysim.api import load, run
from energysim.declare import (
    Component,
    Declared,
    Derived,
    Direction,
    Effect,
    FlowFormula,
    Measure,
    Port,
    Rule,
    Variable,
)
from energysim.errors import DeclarationError, EnergysimError
from energysim.model import Model, build
from energysim.scenario.horizon import Horizon
from energysim.scenario.network import Network
from energysim.scenario.read import parse_tree
from energysim.scenario.scenario import Scenario
from energysim.scenario.sections import Economy, EffectPolicy, Fuel, Place, SolverOptions
from energysim.system import assemble

__all__ = [
    "assert_balanced",
    "assert_same_optimum",
    "check_component",
    "example_scenario",
    "missing_in",
    "model_of",
    "scenario_of",
    "solve",
]


def scenario_of(
    components: Iterable[Component],
    networks: Mapping[str, str | Mapping[str, Any]] | None = None,
    fuels: Mapping[str, Mapping[str, Any]] | None = None,
    steps: int = 3,
    **settings: Any,
) -> Scenario:
    """Put components into a scenario without a file.

    Parameters
    ----------
    components : iterable of Component
        Built in Python.
    networks : mapping of name to carrier or to Network fields
        Networks the components connect to.
    fuels : mapping of name to Fuel fields
        Fuels they burn.
    steps : int
        Number of steps.
    **settings
        ``step`` [h], ``start``, ``currency``, ``discount_rate``, ``annual_costs``, ``effects`` (name to
        ``{unit, price, cap}``), ``outdoor`` (hourly temperatures of place ``here``, [degC]), ``method``.

    Returns
    -------
    scenario : Scenario
        Ready for :func:`energysim.api.run`. Yearly costs count in full unless ``annual_costs`` says otherwise.
    """
    horizon = Horizon(
        start=np.datetime64(settings.pop("start", "2030-01-01T00:00"), "m"),
        step=float(settings.pop("step", 1.0)),
        count=steps,
        clock="UTC",
        annual_costs=settings.pop("annual_costs", "full"),
    )
    outdoor = settings.pop("outdoor", None)
    places = {} if outdoor is None else {"here": Place(name="here", outdoor=np.asarray(outdoor, float))}
    economy = Economy(
        currency=settings.pop("currency", "EUR"), discount_rate=settings.pop("discount_rate", 0.05), price_year=2025
    )
    effects = {name: EffectPolicy(**fields) for name, fields in settings.pop("effects", {}).items()}
    solver = SolverOptions(method=settings.pop("method", "auto"))
    if settings:
        raise TypeError(f"unknown settings: {', '.join(settings)}")
    return Scenario(
        title="a tiny system",
        horizon=horizon,
        economy=economy,
        places=places,
        fuels={name: Fuel(name=name, **fields) for name, fields in (fuels or {}).items()},
        networks={name: _network(name, given) for name, given in (networks or {}).items()},
        components={component.name: component for component in components},
        effects=effects,
        solver=solver,
    )


def solve(
    components: Iterable[Component],
    networks: Mapping[str, str | Mapping[str, Any]] | None = None,
    fuels: Mapping[str, Mapping[str, Any]] | None = None,
    steps: int = 3,
    **settings: Any,
) -> xr.Dataset:
    """Solve a tiny system; see :func:`scenario_of` for the parameters.

    Returns
    -------
    results : xarray.Dataset
        As from :func:`energysim.api.run`, with the certificate already checked.
    """
    return run(scenario_of(components, networks, fuels, steps, **settings))


def model_of(scenario: Scenario) -> Model:
    """Build the model of a scenario without solving it."""
    return build(assemble(scenario))


def assert_balanced(results: xr.Dataset, tolerance: float = 1e-6) -> None:
    """Check that at every node and hour what is given is what is taken plus the loss.

    Raises
    ------
    AssertionError
        Naming the worst node and hour.
    """
    if not results.sizes["port"]:
        return
    sign = xr.where(results.direction == "out", 1.0, -1.0)
    net = (results.flow * sign).groupby("port_node").sum()
    for node in results.node.values:
        off = np.abs(net.sel(port_node=node).values - results.loss.sel(node=node).values)
        scale = max(1.0, float(np.abs(results.flow.where(results.port_node == node)).max()))
        worst = int(np.argmax(off))
        message = f"node '{node}' is off by {off[worst]:.3g} MW at {results.time.values[worst]}"
        assert off[worst] <= tolerance * scale, message


def assert_same_optimum(scenario: Scenario, solver: str = "appsi_highs", tolerance: float = 1e-6) -> None:
    """Check that ``to_pyomo()`` solved through Pyomo gives the same optimum as our own path.

    Raises
    ------
    AssertionError
        With both objectives.
    """
    ours = float(run(scenario).attrs["objective"])
    expanded = model_of(scenario).to_pyomo()
    pyo.SolverFactory(solver).solve(expanded)
    theirs = float(pyo.value(expanded.cost))
    difference = abs(ours - theirs) / max(1.0, abs(ours))
    assert difference <= tolerance, f"ours {ours!r}, by {solver} {theirs!r}"


def check_component(kind: type[Component]) -> None:
    """Check a component type against everything the house expects of one.

    Raises
    ------
    DeclarationError
        Listing all that is missing.
    """
    missing = missing_in(kind)
    if missing:
        lines = "\n  - ".join(missing)
        raise DeclarationError(f"The component type '{kind.type_name()}' is not complete:\n  - {lines}")


def missing_in(kind: type[Component]) -> list[str]:
    """List all that a component type still lacks; empty when it is complete."""
    missing = [*_missing_words(kind), *_missing_face(kind)]
    if not getattr(kind, "example", ""):
        missing.append("an example: set  example: ClassVar[str]  to a scenario that works, as YAML.")
        return missing
    return missing + _missing_in_use(kind)


def _missing_words(kind: type[Declared]) -> list[str]:
    missing = []
    word: Any
    for word in (Rule, Effect, FlowFormula, Derived, Measure):
        for name, declared in kind.declared(word).items():
            if not declared.meaning:
                missing.append(f"a sentence for {word.__name__.lower()} '{name}': write it as the docstring.")
    for word in (Port, Variable):
        for name, declared in kind.declared(word).items():
            if not declared.meaning:
                missing.append(f"a sentence for {word.__name__.lower()} '{name}': give it as meaning.")
    for name, field in kind.model_fields.items():
        if not field.description:
            missing.append(f"a sentence for parameter '{name}': write a docstring under the field.")
    return missing


def _missing_face(kind: type[Component]) -> list[str]:
    missing = []
    text = kind.__doc__ or ""
    if "References" not in text:
        missing.append("a source: add a References section to the class docstring.")
    if len(text.strip().splitlines()) < 4:
        missing.append("its mathematics: explain the equations in the class docstring.")
    if not hasattr(kind, "look"):
        missing.append("a look: set  look: ClassVar[Look] = Look(colour='#b5543a').")
    if not kind.declared(Port) and kind.ports is Component.ports:
        missing.append("a port: a component meets the system through at least one.")
    return missing


def _missing_in_use(kind: type[Component]) -> list[str]:
    """Run the example: it loads, solves, keeps its rules, and another path finds the same optimum."""
    try:
        scenario = example_scenario(kind)
    except EnergysimError as error:
        return [f"an example that loads: {error}"]
    if not any(isinstance(component, kind) for component in scenario.components.values()):
        return [f"an example that uses the type: no component in it has  type: {kind.type_name()}."]
    try:
        results = run(scenario)
        assert_balanced(results)
        assert_same_optimum(scenario)
    except (EnergysimError, AssertionError) as error:
        return [f"an example that solves and keeps its rules: {error}"]
    if not np.isfinite(results.booking.values).all():
        return ["finite effects: a cost or emission of the example is not a number."]
    return []


def example_scenario(*kinds: type[Component]) -> Scenario:
    """Set example entries into three hours where every network can buy and sell a little.

    Parameters
    ----------
    *kinds : type
        Component types with an ``example``; several meet at the networks of one name.

    Returns
    -------
    scenario : Scenario
        Ready for :func:`energysim.api.run`.
    """
    entries, words = _merged(kinds)
    fuels = {word: {"co2": "0.1 t/MWh"} for word, carrier in words.items() if carrier == "fuel"}
    networks = {word: _surrounding_network(carrier) for word, carrier in words.items() if word not in fuels}
    if not words:
        networks["aside"] = {"carrier": "anything", "at": "here"}
    around: dict[str, Any] = {
        f"{word}_trade": {"type": "fuel_supply", "to": word, "price": "20 EUR/MWh"} for word in fuels
    }
    for word in [word for word, network in networks.items() if network.get("unit") != "t"]:
        around[f"{word}_source"] = {"type": "source", "to": word, "price": "50 EUR/MWh", "capacity": "900 MW"}
        around[f"{word}_sink"] = {"type": "sink", "from": word, "price": "10 EUR/MWh", "capacity": "900 MW"}
    for word in [word for word, network in networks.items() if network.get("unit") == "t"]:
        around[f"{word}_trade"] = {"type": "product_market", "to": word, "buying": "50 EUR/t", "selling": "10 EUR/t"}
        around[f"{word}_trade"]["capacity"] = "900 t/h"
    scenario: dict[str, Any] = {
        "scenario": f"an example of {', '.join(kind.type_name() for kind in kinds)}",
        "time": {"start": "2030-01-01", "duration": "3 h"},
        "economy": {"currency": "EUR", "discount_rate": "5 %"},
        "places": {"here": {"climate": "lulea"}},
        "fuels": fuels,
        "networks": networks,
        "components": {name: entry for name, entry in {**entries, **around}.items() if name not in fuels},
    }
    for entry in entries.values():
        if entry.get("type") == "fuel_supply":
            scenario["components"].pop(f"{entry['to']}_trade", None)
            burner = {"type": "boiler", "fuel": entry["to"], "to": "burner_heat", "capacity": "10 MW"}
            networks["burner_heat"] = _surrounding_network("heat")
            need = {"type": "sink", "from": "burner_heat", "fixed": "5 MW"}
            scenario["components"] |= {"example_burner": burner, "example_need": need}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.yaml"
        with path.open("w", encoding="utf8") as stream:
            writer = YAML(typ="safe")
            writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
            writer.dump(scenario, stream)
        return load(path, more_types=kinds)


def _merged(kinds: Iterable[type[Component]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Put the example entries of several types together; with the carrier each network they name must have."""
    entries: dict[str, Any] = {}
    words: dict[str, str] = {}
    for kind in kinds:
        own = parse_tree(kind.example, "example").data
        words |= {
            word: carrier
            for entry in own.values()
            for word, carrier in _connected(kind, entry)
            if words.get(word, "anything") == "anything"
        }
        entries |= {f"{name}_{kind.type_name()}" if name in entries else name: entry for name, entry in own.items()}
    return entries, words


def _connected(kind: type[Component], entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Walk the networks and fuels an entry names, each with the carrier it must have; ``t`` for tonnes."""
    ports = kind.declared(Port)
    for key, names in kind.port_keys().items():
        if key in entry:
            first = ports[names[0]] if names else Port(Direction.OUT, "heat", key, "")
            yield entry[key], "t" if first.unit == "t" else first.carrier or "anything"
    for section, key in (("inputs", "from"), ("outputs", "to")):
        for end in entry.get(section, {}).values():
            yield end[key], "t" if "mass" in end else "anything"


def _surrounding_network(carrier: str) -> dict[str, Any]:
    if carrier == "t":
        return {"carrier": "product", "unit": "t", "at": "here"}
    if carrier != "heat":
        return {"carrier": carrier, "at": "here"}
    return {"at": "here", "supply": "80 degC", "return": "45 degC", "approach": "5 K"}


def _network(name: str, given: str | Mapping[str, Any]) -> Network:
    fields = {"carrier": given} if isinstance(given, str) else dict(given)
    return Network.model_validate({"name": name, **fields})
