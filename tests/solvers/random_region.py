"""Random regions made of every component type, to hold two solvers against each other."""

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from energysim.components import component_types
from energysim.declare import Component
from energysim.model import Model, build
from energysim.scenario import load
from energysim.scenario.read import parse_tree
from energysim.system import assemble
from energysim.testing import _connected, _surrounding_network

SIZED = ("capacity", "volume")
"""Fields that become sizes to be decided."""
VARIED = ("source", "heat_demand", "electricity_demand", "wind", "solar", "flexible_demand")
RAMPED = ("boiler", "chp_backpressure", "electrolyser")


def region(seed: int, towns: int, hours: int, has_design: bool) -> Model:
    """Build a region: in each town some types, markets with prices of their own, lines and pipes to the next town.

    Parameters
    ----------
    seed : int
        The same seed gives the same region.
    towns, hours : int
        How large.
    has_design : bool
        Whether sizes are decided.
    """
    draw = np.random.default_rng(seed)
    components: dict[str, Any] = {}
    networks: dict[str, Any] = {}
    for town in range(towns):
        _settle(draw, f"t{town}", has_design, components, networks)
    for town in range(towns - 1):
        _join(draw, f"t{town}", f"t{town + 1}", components, networks)
    scenario = {
        "scenario": f"random region {seed}",
        "time": {"start": "2030-01-01", "duration": f"{hours} h"},
        "economy": {"currency": "EUR", "discount_rate": "5 %"},
        "places": {"here": {"climate": "lulea"}},
        "effects": {"co2": {"unit": "t", "price": "75 EUR/t"}},
        "fuels": {name: {"co2": "0.1 t/MWh"} for name, network in networks.items() if network == "fuel"},
        "networks": {name: network for name, network in networks.items() if network != "fuel"},
        "components": components,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "region.yaml"
        with path.open("w", encoding="utf8") as stream:
            YAML().dump(scenario, stream)
        loaded = load(path)
    noisy = {name: _with_series(draw, component, hours) for name, component in loaded.components.items()}
    return build(assemble(loaded.__class__(**{**vars(loaded), "components": noisy})))


def _settle(draw: Any, town: str, has_design: bool, components: dict[str, Any], networks: dict[str, Any]) -> None:
    """Give a town some plants, and markets for all they need."""
    kinds = [kind for kind in component_types().values() if hasattr(kind, "example")]
    chosen = draw.choice(len(kinds), size=int(draw.integers(4, 9)), replace=False)
    words: dict[str, str] = {}
    settled: dict[str, Any] = {}
    named: dict[str, str] = {}
    for number in chosen:
        kind = kinds[int(number)]
        example = parse_tree(kind.example, "example").data
        for entry in example.values():
            words |= {w: c for w, c in _connected(kind, entry) if words.get(w, "anything") == "anything"}
        for name, entry in example.items():
            own = _plain(entry)
            _vary(draw, kind, own, has_design)
            named[name] = f"{town}_{name}_{kind.type_name()}"
            settled[named[name]] = own
    for entry in settled.values():
        _rename(entry, words, town)
        entry |= {key: named[entry[key]] for key in ("supplier", "user") if entry.get(key) in named}
    components |= settled
    for word, carrier in words.items():
        _supply(f"{town}_{word}", carrier, components, networks)


def _plain(value: Any) -> Any:
    """Copy what was parsed as plain lists and mappings."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _rename(entry: dict[str, Any], words: dict[str, str], town: str) -> None:
    for key, value in entry.items():
        if isinstance(value, dict):
            _rename(value, words, town)
        elif isinstance(value, str) and value in words and key != "type":
            entry[key] = f"{town}_{value}"


def _vary(draw: Any, kind: type[Component], entry: dict[str, Any], has_design: bool) -> None:
    """Let sizes be decided and outputs be ramped, now and then; series of the example become numbers."""
    entry |= {key: value[0] for key, value in entry.items() if isinstance(value, list)}
    for field in SIZED:
        text = entry.get(field)
        if has_design and isinstance(text, str) and draw.random() < 0.7:
            number, unit = re.match(r"([\d.]+) (.*)", text).groups()  # type: ignore[union-attr]
            money = f"{draw.uniform(0.5, 30.0):.3f} EUR/({unit})"
            entry[field] = {"max": f"{2.0 * float(number)} {unit}", "investment": money, "lifetime": "20 a"}
    if kind.type_name() in RAMPED and draw.random() < 0.7:
        entry["ramps"] = {"up": "0.2 1/h", "down": "0.2 1/h"}


def _supply(word: str, carrier: str, components: dict[str, Any], networks: dict[str, Any]) -> None:
    if word in networks:
        return
    if carrier == "fuel":
        networks[word] = "fuel"
        components[f"{word}_trade"] = {"type": "fuel_supply", "to": word, "price": "20 EUR/MWh"}
    elif carrier == "t":
        networks[word] = _surrounding_network(carrier)
        trade = {"type": "product_market", "to": word, "buying": "50 EUR/t", "selling": "10 EUR/t"}
        components[f"{word}_trade"] = {**trade, "capacity": "900 t/h"}
    else:
        networks[word] = _surrounding_network(carrier)
        source = {"type": "source", "to": word, "price": "50 EUR/MWh", "capacity": "900 MW"}
        sink = {"type": "sink", "from": word, "price": "10 EUR/MWh", "capacity": "900 MW"}
        components |= {f"{word}_source": source, f"{word}_sink": sink}


def _join(draw: Any, one: str, other: str, components: dict[str, Any], networks: dict[str, Any]) -> None:
    """Lay lines between networks of one kind in two towns."""
    for word in sorted({name.partition("_")[2] for name in networks if name.startswith(f"{one}_")}):
        here, there = f"{one}_{word}", f"{other}_{word}"
        if there not in networks or networks[here] != networks[there] or not isinstance(networks[here], dict):
            continue
        if networks[here].get("unit") != "t" and draw.random() < 0.7:
            entry = {"type": "link", "from": here, "to": there, "capacity": "20 MW", "loss": "2 %"}
            components[f"{here}_link_{other}"] = entry


def _with_series(draw: Any, component: Component, hours: int) -> Component:
    """Let prices of markets and loads change by the hour."""
    wave = 1.0 + 0.4 * np.sin(np.arange(hours) * 2.0 * np.pi / 24.0 + draw.uniform(0.0, 6.0))
    noise = np.clip(wave + draw.normal(0.0, 0.3, hours), 0.05, None)
    changes = {}
    for field in ("price", "load", "profile"):
        value = getattr(component, field, None)
        if isinstance(value, float) and component.type_name() in VARIED:
            changes[field] = np.clip(value * noise, 0.0, 1.0 if field == "profile" else None)
    return component.model_copy(update=changes) if changes else component
