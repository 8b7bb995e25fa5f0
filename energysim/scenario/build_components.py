"""Component entries of a scenario to component objects: types, ports, parameters, references."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from energysim.components import component_types
from energysim.declare import Component, Declared, Effect, Port, Trait
from energysim.errors import EnergysimError, Problem, UnitError, suggestion
from energysim.scenario.read import Path_, Tree, shape
from energysim.scenario.sections import labelled
from energysim.scenario.translate import problems_of

Known = Mapping[str, Mapping[str, Any]]
"""What is named under places, actors, networks and fuels; None where the entry itself is wrong."""


def read_components(
    tree: Tree, section: Any, reading: Any, known: Known, problems: list[Problem]
) -> dict[str, Component]:
    """Read every entry under ``components``; problems are collected, the rest is read on."""
    found: dict[str, Component] = {}
    types = component_types()
    for name, given in (section or {}).items():
        component = _Entry(tree, name, replace(reading, name=name), known, problems).read(given, types)
        if component is not None:
            found[name] = component
    return found


def known_effects() -> set[str]:
    """Effects that the component types and their traits book."""
    kinds: list[type[Declared]] = list(component_types().values())
    kinds += [trait for kind in kinds for info in kind.model_fields.values() for trait in _traits_in(info.annotation)]
    return {effect.effect for kind in kinds for effect in kind.declared(Effect).values()}


def effects_of(component: Component) -> Iterator[Effect]:
    """Walk the effects of one component and its traits."""
    yield from component.effects_booked().values()
    for _, trait, _ in component.traits():
        yield from trait.effects_booked().values()


def wrong_effects(
    policies: Iterable[str], components: Mapping[str, Component], written: Iterable[Any]
) -> Iterator[tuple[Path_, str, str, str]]:
    """Walk effects nobody books, and those of components that nobody declares: path, found, needed, a way out.

    ``written`` are the components as they stand in the scenario, those included that could not be read.
    """
    own = {
        name
        for one in written
        if isinstance(one, dict) and isinstance(one.get("effects"), dict)
        for name in one["effects"]
    }
    used = {one.effect for component in components.values() for one in effects_of(component)}
    for name in policies:
        known = used | own
        if name not in known:
            known |= known_effects()
        if name not in known:
            yield ("effects", name), f"No component has the effect '{name}'.", "", suggestion(name, known)
    for name, component in ((name, c) for c in components.values() for name in c.effects):
        if name not in policies and name not in known_effects():
            way_out = f"Add it there with its unit, such as  {name}: {{unit: kg}}."
            path = ("components", component.name, "effects", name)
            yield path, f"There is no effect '{name}' under 'effects'.", "", way_out


def _traits_in(annotation: Any) -> Iterator[type[Trait]]:
    if isinstance(annotation, type) and issubclass(annotation, Trait):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _traits_in(argument)


class _Entry:
    def __init__(self, tree: Tree, name: str, reading: Any, known: Known, problems: list[Problem]) -> None:
        self.tree, self.name, self.reading, self.known, self.problems = tree, name, reading, known, problems
        self.path = ("components", name)

    def read(self, given: Any, types: Mapping[str, type[Component]]) -> Component | None:
        if not isinstance(given, dict):
            needed = "A component needs at least a type and its connections."
            self._add((), f"'{self.name}' is {shape(given)}.", needed)
            return None
        if "." in self.name or not self.name.strip():
            self._add((), f"The name '{self.name}' cannot be used.", "Points separate keys.", "Rename it.")
            return None
        fields = dict(given)
        kind_name = fields.pop("type", None)
        if kind_name is None:
            self._add((), f"'{self.name}' has no type.", "", suggestion("", types))
            return None
        kind = types.get(str(kind_name))
        if kind is None:
            self._add(("type",), f"There is no component type '{kind_name}'.", "", suggestion(str(kind_name), types))
            return None
        if "connections" in fields:
            del fields["connections"]
            found, keys = "'connections' is not understood here.", ", ".join(kind.port_keys())
            self._add(("connections",), found, "", f"Networks are named by: {keys}." if keys else "")
        self._check_references(fields)
        return self._validated(kind, fields)

    def _validated(self, kind: type[Component], fields: dict[str, Any]) -> Component | None:
        fields = labelled(self.name, fields)
        keys = kind.port_keys()
        wordless = [key for key in keys if key in fields and not isinstance(fields[key], str)]
        for key in wordless:
            self._add((key,), f"{fields.pop(key)} is not the name of a network.")
        try:
            component = kind.model_validate(fields, context=self.reading)
        except ValidationError as error:
            self.problems.extend(problems_of(error, self.tree, self.path, kind, [*keys, "type"]))
            if not wordless:
                named = {port: fields[key] for key, ports in keys.items() if key in fields for port in ports}
                self._check_ports(kind.declared(Port), named)
            return None
        except EnergysimError as error:
            self._add((), str(error))
            return None
        if not wordless:
            self._check_ports(component.ports(), component.connections)
        self._check_effects(component, fields.get("effects", {}))
        return component

    def _check_effects(self, component: Component, written: Mapping[str, Any]) -> None:
        """An amount for each tonne belongs to a flow counted in tonnes, one for each MWh to any other."""
        for name, own in component.effects.items():
            if own.flow is None:
                continue
            network = self.known["networks"].get(component.connections.get(own.flow, ""))
            counted = getattr(network, "unit", component.ports()[own.flow].unit or "MWh")
            try:
                self.reading.units.read(written[name]["per"], f"{self.reading.effect_units.get(name, 't')}/{counted}")
            except UnitError as error:
                path = ("effects", name, "per")
                self._add(path, error.found, f"'{own.flow}' is counted in {counted}.", error.needed)

    def _check_references(self, fields: Mapping[str, Any]) -> None:
        for key, kind in (("at", "place"), ("owner", "actor")):
            word, names = fields.get(key), self.known[f"{kind}s"]
            if isinstance(word, str) and word not in names:
                self._add((key,), f"There is no {kind} '{word}'.", "", suggestion(word, names))

    def _check_ports(self, ports: Mapping[str, Port], connections: Mapping[str, str]) -> None:
        told: set[tuple[str, str]] = set()
        for name, port in ports.items():
            word = connections.get(name)
            if (port.key, str(word)) in told:
                continue
            told.add((port.key, str(word)))
            if word is None:
                if not port.is_optional:
                    kind = "fuel" if port.carrier == "fuel" else "network"
                    meaning = f"It names the {kind} for: {port.meaning[:1].lower()}{port.meaning[1:]}"
                    self._add((), f"'{port.key}' is missing.", meaning)
            else:
                self._check_connection(port, str(word), self._port_path(name, port))

    def _check_connection(self, port: Port, word: str, path: Path_) -> None:
        networks, fuels = self.known["networks"], self.known["fuels"]
        if port.carrier == "fuel":
            if word not in fuels:
                way_out = suggestion(word, fuels)
                if word in networks:
                    way_out += f" '{word}' is a network; what is burnt is declared under 'fuels', by-product gases too."
                self._add(path, f"There is no fuel '{word}'.", "", way_out)
        elif word in networks:
            carriers = {name: network.carrier for name, network in networks.items() if network is not None}
            counted = getattr(networks[word], "unit", None)
            if port.unit is not None and counted is not None and counted != port.unit:
                units = {"t": "tonnes", "MWh": "energy"}
                found = f"'{word}' is counted in {units[counted]}, this flow in {units[port.unit]}."
                self._add(path, found, "", f"Give the network  unit: {port.unit} , or name another one.")
            if carriers.get(word) in port.refuses:
                self._add(path, f"'{word}' carries {carriers[word]}.", f"Not so here: {port.meaning}")
            if port.carrier is not None and carriers.get(word, port.carrier) != port.carrier:
                found = f"'{word}' carries {carriers[word]}."
                fitting = [name for name, carrier in carriers.items() if carrier == port.carrier]
                self._add(path, found, f"A network of {port.carrier} is needed here.", suggestion(word, fitting))
        elif not (port.carrier is None and word in fuels):
            known = [*networks, *(fuels if port.carrier is None else ())]
            self._add(path, f"There is no network '{word}'.", "", suggestion(word, known))

    def _port_path(self, name: str, port: Port) -> Path_:
        for section in ("inputs", "outputs"):
            if self.tree.get((*self.path, section, name, port.key)) is not None:
                return (section, name, port.key)
        return (port.key,)

    def _add(self, path: Path_, found: str, needed: str = "", way_out: str = "") -> None:
        full = (*self.path, *path)
        self.problems.append(Problem(self.tree.place(full), ".".join(full), found, needed, way_out))
