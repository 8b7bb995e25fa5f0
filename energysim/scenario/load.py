"""YAML to a checked Scenario: every problem found, none hidden behind another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from energysim.components import add_type, forget_extensions, load_extension
from energysim.declare import Component
from energysim.errors import (
    DeclarationError,
    EnergysimError,
    Problem,
    ScenarioError,
    SeriesError,
    UnitError,
    suggestion,
)
from energysim.scenario.annotations import KEYS, take_out
from energysim.scenario.build_components import read_components, wrong_effects
from energysim.scenario.catalogue import fill_in
from energysim.scenario.contracts import Contract, amount_of, wrong_together
from energysim.scenario.exchange import read_exchange
from energysim.scenario.groups import Group
from energysim.scenario.horizon import Horizon
from energysim.scenario.merge import apply_overrides, is_inside, merged, select_variant
from energysim.scenario.network import Network, wrong_matches
from energysim.scenario.outline import NAMED, NEEDED, OUTLINE
from energysim.scenario.read import Path_, Tree, leaves, shape
from energysim.scenario.reading import Reading, read_seed
from energysim.scenario.scenario import Scenario
from energysim.scenario.sections import (
    CURRENCY,
    Actor,
    Economy,
    EffectPolicy,
    Fuel,
    Place,
    SolverOptions,
    effect_units,
    labelled,
)
from energysim.scenario.series import SeriesSetting
from energysim.scenario.simulation import Security, Simulation
from energysim.scenario.time_section import TimeSection
from energysim.scenario.translate import problems_of
from energysim.units import Converter, Money

CLIMATES = {key: field for field, key in Place.written_as.items()}
"""Keys of a place that name an outdoor temperature, and where it is kept."""


def load(
    path: str | Path,
    *,
    variant: str | None = None,
    overrides: Iterable[str] = (),
    allow_extensions: bool = False,
    allow_outside: bool = False,
    more_types: Iterable[type[Component]] = (),
) -> Scenario:
    """Read and check a scenario file.

    Parameters
    ----------
    path : path
        YAML file.
    variant : str, optional
        Named variant to apply.
    overrides : iterable of str
        Changes such as ``components.tank.volume=2 GWh``, applied last.
    allow_extensions : bool
        Whether Python files named under ``extensions`` may be run.
    allow_outside : bool
        Whether files outside the scenario's folder may be read.
    more_types : iterable of type
        Component types of the caller's own, beside those of the house, of packages and of extensions.

    Returns
    -------
    scenario : Scenario
        Frozen and checked.

    Raises
    ------
    ScenarioError
        With every problem of the file, in reading order.
    """
    inputs: dict[str, str] = {}
    tree = merged(Path(path), str(path), inputs, allow_outside)
    select_variant(tree, variant)
    apply_overrides(tree, overrides)
    forget_extensions()
    for kind in more_types:
        add_type(kind)
    return _Reader(tree, Path(path), variant, inputs, allow_outside).read(allow_extensions)


@dataclass
class _Reader:
    tree: Tree
    path: Path
    variant: str | None
    inputs: dict[str, str]
    allow_outside: bool
    problems: list[Problem] = field(default_factory=list)

    def read(self, allow_extensions: bool) -> Scenario:
        self._check_sections()
        self._load_extensions(allow_extensions)
        # A name whose own entry is wrong is not also unknown wherever it is used.
        self.written = {name: dict.fromkeys(value) for name, value in self.tree.data.items() if isinstance(value, dict)}
        unclear = [*self._refuse_empty(), *fill_in(self.tree)]
        resolved = {key: value for key, value in self.tree.data.items() if key not in {"extends", "variants"}}
        self.plain, assumptions = take_out(self.tree, self.problems)
        sections = self._sections()
        if self.problems or unclear:
            vague = tuple(problem.subject for problem in unclear)
            clear = [p for p in self.problems if not p.subject.startswith(tuple(f"{path}." for path in vague))]
            told = {*vague, *(path.removesuffix(".type") for path in vague)}  # without a value there is no type
            raise ScenarioError([*unclear, *(p for p in clear if p.subject not in told)])
        return Scenario(
            path=str(self.path),
            variant=self.variant,
            origins={".".join(path): origin for path, origin in self.tree.origins.items()},
            assumptions=tuple(assumptions),
            resolved=resolved,
            inputs=self.inputs,
            **sections,
        )

    def _sections(self) -> dict[str, Any]:
        """Read every section; problems are collected, the rest is read on."""
        horizon, is_timed = self._horizon()
        units, economy = self._economy()
        seed = read_seed(self.plain.get("seed", 0), self._add)
        setting = SeriesSetting(horizon, self.path.parent, units, seed, self.allow_outside, self.inputs)
        reading = Reading(units, setting, seed, is_timed, effect_units(self.plain.get("effects"), units.money.currency))
        places = self._places(reading)
        actors = self._named("actors", Actor, reading)
        fuels = self._named("fuels", Fuel, reading)
        networks = self._networks(reading)
        found = {"places": places, "actors": actors, "networks": networks, "fuels": fuels}
        known = {name: {**self.written.get(name, {}), **section} for name, section in found.items()}
        self._check_references(networks, known)
        components = read_components(self.tree, self.plain.get("components"), reading, known, self.problems)
        for path, wrong, way_out in wrong_matches(networks, components, self.written.get("components", {})):
            self._add(path, wrong, "", way_out)
        return {
            "title": self._text("scenario"),
            "description": self._text("description"),
            "horizon": horizon,
            "economy": economy,
            "places": places,
            "actors": actors,
            "fuels": fuels,
            "networks": networks,
            "components": components,
            "contracts": self._contracts(reading, {"components": components, "networks": networks}, known),
            "effects": self._effects(reading, components),
            "groups": self._groups(reading, components),
            "solver": self._single("solver", SolverOptions, reading, SolverOptions()),
            "simulation": self._fitting("simulation", Simulation, reading, Simulation(), components),
            "security": self._fitting("security", Security, reading, None, components),
            "seed": seed,
        }

    def _text(self, key: str) -> str:
        value = self.plain.get(key, "")
        if isinstance(value, dict | list):
            way_out = "Put it in quotes if that is meant."
            self._add((key,), f"'{key}' is {shape(value)}.", "Text is needed here.", way_out)
        return str(value)

    def _check_sections(self) -> None:
        for key in self.tree.data:
            if key not in OUTLINE and key not in KEYS and not key.startswith("x-"):
                self._add((key,), f"'{key}' is no section of a scenario.", "", suggestion(key, OUTLINE))
        for key, needed in NEEDED.items():
            if key not in self.tree.data:
                self._add((), f"The section '{key}' is missing.", needed)
            elif self.tree.data[key] is None and key not in NAMED:  # those complain below
                self._add((key,), f"'{key}' is empty.", needed)
        for key in NAMED:
            section = self.tree.data.get(key, {})
            if (
                section == {}
                and key in self.tree.data
                and key in NEEDED
                and (key != "networks" or not self._has_fuels())
            ):
                self._add((key,), f"'{key}' is empty.", NEEDED[key])
            if not isinstance(section, dict) and not (section is None and key not in NEEDED):
                found = f"'{key}' is empty." if section is None else f"'{key}' is not a mapping."
                self._add((key,), found, f"Write one entry per line below  {key}:  with its name.")
            if not isinstance(section, dict):
                self.tree.data[key] = {}

    def _has_fuels(self) -> bool:
        """Whether there are nodes without networks, as each fuel is one: gas that is flared needs nothing else."""
        return bool(self.tree.data.get("fuels"))

    def _refuse_empty(self) -> list[Problem]:
        """Find keys without a value; to take something out is for ``extends``, variants and ``--set``."""
        problems = []
        for path in [path for path, value in leaves(self.tree.data) if value is None]:
            parent, key = self.tree.get(path[:-1]), path[-1]
            if len(path) > 1:
                way_out = "Write one, or remove the key."
                problems.append(Problem(self.tree.place(path), ".".join(path), f"'{key}' has no value.", "", way_out))
            if isinstance(parent, dict):
                del parent[key]
        return problems

    def _load_extensions(self, allowed: bool) -> None:
        files = self.tree.data.get("extensions") or []
        files = [files] if isinstance(files, str) else files
        if not isinstance(files, list):
            self._add(("extensions",), "'extensions' is not a list.", "It names Python files, such as  [my_types.py].")
            return
        for number, file in enumerate(files):
            path = ("extensions", str(number))
            target = self.path.parent / str(file)
            if not allowed:
                found = f"The scenario wants to run the Python file '{file}'."
                self._add(path, found, "That needs your leave.", "If you trust it, add  --allow-extensions.")
            elif not self.allow_outside and not is_inside(target, self.path.parent):
                found = f"'{file}' leaves the scenario's folder."
                self._add(path, found, "", "Copy it there, or add  --allow-outside.")
            elif not target.exists():
                self._add(path, f"There is no file '{file}'.", f"It was looked for as {target}.")
            else:
                try:
                    load_extension(target)
                except DeclarationError as error:
                    self._add(path, str(error))

    def _horizon(self) -> tuple[Horizon, bool]:
        """Lay out the steps, and say whether they are the scenario's own or a stand-in for wrong ones."""
        section = self._single("time", TimeSection, Reading(Converter(), None, 0), None)  # type: ignore[arg-type]
        if section is None and not self.problems:  # a stand-in may never be taken for the scenario's own hours
            self._add(("time",), "'time' says nothing.", NEEDED["time"])
        return (TimeSection(year=2030) if section is None else section).horizon(), section is not None

    def _economy(self) -> tuple[Converter, Economy]:
        written = self.plain.get("economy")
        given = written if isinstance(written, dict) else {}
        code = str(given.get("currency", "EUR"))
        code = code if CURRENCY.fullmatch(code) else "EUR"
        units = Converter(Money(code))
        exchange = read_exchange(given.get("exchange", {}), code, units, self._add)
        economy = None
        if "economy" in self.tree.data:  # that it is missing or empty is told
            fields = {**given, "exchange": exchange} if isinstance(written, dict) else written
            economy = self._validated(Economy, fields, ("economy",), Reading(units, None, 0))  # type: ignore[arg-type]
        economy = economy or Economy(currency=code, discount_rate=0.05)
        return Converter(Money(economy.currency, economy.price_year, exchange, economy.inflation)), economy

    def _places(self, reading: Reading) -> dict[str, Place]:
        places = {}
        for name, given in self._entries("places"):
            fields = labelled(name, given)
            climates = {kept: fields.pop(key, None) for key, kept in CLIMATES.items()}
            for key, kept in CLIMATES.items():
                if fields.pop(kept, None) is not None:
                    self._add(("places", name, kept), f"'{kept}' is not understood here.", "", f"Write  {key}:  .")
            place = self._validated(Place, fields, ("places", name), reading)
            if place is None:
                places[name] = Place(name=name)
                continue
            weather = {}
            for key, kept in CLIMATES.items():
                try:
                    weather[kept] = None if climates[kept] is None else self._outdoor(climates[kept], reading)
                except (SeriesError, UnitError) as error:
                    where = getattr(error, "where", None) or self.tree.place(("places", name, key))
                    path = f"places.{name}.{key}"
                    self.problems.append(Problem(where, path, error.found, error.needed, error.way_out))
            places[name] = place.model_copy(update=weather)
        return places

    def _outdoor(self, climate: Any, reading: Reading) -> Any:
        return reading.outdoor(climate) if reading.is_timed else None

    def _networks(self, reading: Reading) -> dict[str, Network]:
        networks = {}
        for name, given in self._entries("networks"):
            fields = labelled(name, given)
            if "carrier" not in fields and "supply" not in fields:
                needed = "Every network carries something; only one with 'supply' is understood to carry heat."
                self._add(("networks", name), f"'{name}' has no carrier.", needed, "Write  carrier: electricity , say.")
                fields["carrier"] = "heat"
            network = self._validated(Network, fields, ("networks", name), reading)
            networks[name] = network or Network.model_validate(
                {"name": name, "carrier": str(fields.get("carrier") or "heat")}
            )
        return networks

    def _named(self, section: str, model: type[Any], reading: Reading) -> dict[str, Any]:
        found = {}
        for name, given in self._entries(section):
            record = self._validated(model, labelled(name, given), (section, name), reading)
            found[name] = model(name=name) if record is None else record
        return found

    def _effects(self, reading: Reading, components: Mapping[str, Component]) -> dict[str, EffectPolicy]:
        policies = {}
        for name, given in self._entries("effects"):
            fields, read = {"unit": reading.effect_units[name], **given}, replace(reading, name=name)
            policies[name] = self._validated(EffectPolicy, fields, ("effects", name), read) or EffectPolicy()
        written = (self.plain.get("components") or {}).values()
        for path, *told in wrong_effects(policies, components, written):
            self._add(path, *told)
        return policies

    def _groups(self, reading: Reading, components: Mapping[str, Component]) -> dict[str, Group]:
        groups = {}
        for name, given in self._entries("groups"):
            group = self._validated(Group, labelled(name, given), ("groups", name), reading)
            if group is not None:
                for key, found, way_out in group.wrong(components):
                    self._add(("groups", name, key), found, "", way_out)
                groups[name] = group
        return groups

    def _contracts(self, reading: Reading, found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Contract]:
        """Read the contracts; where money is booked by owner, everything must have one."""
        components, contracts, known_problems = found["components"], {}, len(self.problems)
        unclear = set(self.written.get("components", {})) - set(components)
        for name, given in self._entries("contracts"):
            read = replace(reading, amount=amount_of(given, components, found["networks"]))
            contract = self._validated(Contract, dict(given), ("contracts", name), read)
            if contract is not None and not contract.components & unclear:
                for key, wrong, needed, way_out in contract.wrong(components, found["networks"], known["actors"]):
                    self._add(("contracts", name, key), wrong, needed, way_out)
                contracts[name] = contract
        if contracts and len(self.problems) == known_problems:
            for path, *told in wrong_together(contracts, components, found["networks"]):
                self._add(path, *told)
        return contracts

    def _check_references(self, networks: Mapping[str, Network], known: Mapping[str, Any]) -> None:
        for name in set(known["networks"]) & set(known["fuels"]):
            found = f"'{name}' is also the name of a network."
            self._add(("fuels", name), found, "A component could not tell which is meant.", "Rename one of them.")
        for name, network in networks.items():
            for key, word, kind in (("at", network.at, "place"), ("owner", network.owner, "actor")):
                names = known[f"{kind}s"]
                if word is not None and word not in names:
                    self._add(("networks", name, key), f"There is no {kind} '{word}'.", "", suggestion(word, names))

    def _entries(self, section: str) -> Iterable[tuple[str, dict[str, Any]]]:
        for name, given in (self.plain.get(section) or {}).items():
            if "." in name or not name.strip():
                self._add((section, name), f"The name '{name}' cannot be used.", "Points separate keys.", "Rename it.")
            elif isinstance(given, dict):
                yield name, given
            else:
                self._add((section, name), f"'{name}' is {shape(given)}.", "It needs keys and values below its name.")

    def _single(self, section: str, model: type[Any], reading: Reading, otherwise: Any) -> Any:
        given = self.plain.get(section)
        if given is None:
            return otherwise
        if not isinstance(given, dict):
            self._add((section,), f"'{section}' is {shape(given)}.", "It needs keys and values below it.")
            return otherwise
        return self._validated(model, given, (section,), reading) or otherwise

    def _fitting(
        self, section: str, model: type[Any], reading: Reading, otherwise: Any, components: Mapping[str, Component]
    ) -> Any:
        """Read a section that speaks of components and networks by name; a component that is wrong itself is None."""
        found = self._single(section, model, reading, otherwise)
        if found is not None:
            known = {name: components.get(name) for name in self.written.get("components", {})}
            networks, places = (self.written.get(name, {}) for name in ("networks", "places"))
            for keys, what, way_out in found.wrong(known, networks, places):
                self._add((section, *keys), what, "", way_out)
        return found

    def _validated(self, model: type[BaseModel], fields: Any, path: Path_, reading: Reading) -> Any:
        try:
            return model.model_validate(fields, context=reading)
        except ValidationError as error:
            self.problems.extend(problems_of(error, self.tree, path, model))
        except EnergysimError as error:
            self._add(path, str(error))
        return None

    def _add(self, path: Path_, found: str, needed: str = "", way_out: str = "") -> None:
        where = self.tree.place(path)
        self.problems.append(Problem(where, ".".join(path), found, needed, way_out))
