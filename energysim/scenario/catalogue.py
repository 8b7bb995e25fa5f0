"""``from: catalogue``: figures of technologies and fuels that the house keeps, each with its source."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from energysim.errors import Problem, suggestion
from energysim.scenario.merge import paths_below
from energysim.scenario.read import Path_, Tree, read_tree

KEYS = {
    "recipe": ("recipes", ("process",)),
    "tariff": ("tariffs", ("grid_connection",)),
    "tax_class": ("taxes", ("grid_connection", "electricity_market")),
}
"""Keys that fill a component from a table of the catalogue: the table, and the types that know the key."""

YEAR = "2030"
"""Year of a technology's figures where a scenario names none."""

FOLDER = Path(__file__).parent.parent / "catalogue"


@cache
def table(name: str) -> Tree:
    """Read one table of the catalogue, such as ``technologies``."""
    return read_tree(FOLDER / f"{name}.yaml", f"catalogue/{name}.yaml")


def fill_in(tree: Tree) -> list[Problem]:
    """Replace every ``from: catalogue`` by the figures it stands for; what the scenario says itself wins.

    Returns
    -------
    problems : list of Problem
        Where the catalogue has no figures, or several; what stands there cannot be judged further.
    """
    problems: list[Problem] = []
    for name, component in _mappings(tree.data.get("components")):
        for key in KEYS:
            _fill_entry(tree, name, component, key, problems)
        for field, value in component.items():
            if isinstance(value, dict) and _names_catalogue(value, tree, ("components", name, field), problems):
                _fill_size(tree, ("components", name, field), component, value, problems)
    for name, fuel in _mappings(tree.data.get("fuels")):
        if _names_catalogue(fuel, tree, ("fuels", name), problems):
            _fill_fuel(tree, ("fuels", name), fuel, problems)
    return problems


def years_of(row: Mapping[str, Any]) -> list[str]:
    """List the years a technology has figures of."""
    return sorted({YEAR, *row.get("other_years", {})})


def _names_catalogue(value: dict[str, Any], tree: Tree, path: Path_, problems: list[Problem]) -> bool:
    """Whether a mapping is to be filled; takes the word out, a misspelt one too."""
    word = value.get("from")
    if word == "catalogue":
        del value["from"]
        return True
    if isinstance(word, str) and get_close_matches(word, ["catalogue"]):
        way_out = suggestion(word, ["catalogue"])
        problems.append(_problem(tree, (*path, "from"), f"Figures cannot be taken from '{word}'.", way_out))
    return False


def _fill_size(
    tree: Tree, path: Path_, component: Mapping[str, Any], value: dict[str, Any], problems: list[Problem]
) -> None:
    rows, kind, wanted = table("technologies"), component.get("type"), value.pop("technology", None)
    year = value.pop("year", None)
    fitting = {
        name: row
        for name, row in rows.data.items()
        if kind in _words(row.get("type")) and row.get("field", "capacity") == path[-1]
    }
    matching = fitting if wanted is None else {name: row for name, row in fitting.items() if name == wanted}
    if wanted is None and len(matching) > 1:
        by_fuel = {name: row for name, row in matching.items() if row.get("fuel", "") == component.get("fuel")}
        matching = by_fuel or matching
    if len(matching) != 1:
        problems.append(_unclear(tree, path, kind, wanted, sorted(matching or fitting)))
        return
    (technology,) = matching
    known = years_of(matching[technology])
    if year is not None and str(year) not in known:
        found = f"The catalogue has no figures of {year} for '{technology}'."
        way_out = f"It has those of {', '.join(known)}; nothing is read off between them."
        problems.append(_problem(tree, (*path, "year"), found, way_out))
    elif year is not None and str(year) != YEAR:
        _add(tree, path, value, rows, (technology, "other_years", str(year)))
    _add(tree, path, value, rows, (technology, "figures"))


def _fill_entry(tree: Tree, name: str, component: dict[str, Any], key: str, problems: list[Problem]) -> None:
    """Fill a component from a recipe, tariff or tax class named in it; what it says itself wins."""
    wanted, (source, kinds) = component.get(key), KEYS[key]
    if component.get("type") not in kinds or wanted is None:
        return
    del component[key]
    rows, path = table(source), ("components", name)
    row = rows.data.get(str(wanted))
    if row is None:
        found = f"The catalogue has no {key} '{wanted}'."
        problems.append(_problem(tree, (*path, key), found, suggestion(str(wanted), rows.data)))
        return
    if source == "taxes" and "tax" in component:
        way_out = "'tax' and 'tax_class' both say what the energy tax is. Keep one of them."
        problems.append(_problem(tree, (*path, key), "The energy tax is given twice.", way_out))
        return
    if source != "recipes":
        _add(tree, path, component, rows, (str(wanted), "figures"))
        return
    for section in ("inputs", "outputs"):
        _connect_recipe(tree, (*path, section), component.setdefault(section, {}), (str(wanted), section), problems)
    for word in ("residuals", "reaction_heat", "process_co2", "set_of_figures"):
        if word in row and word not in component:
            _add(tree, path, component, rows, (str(wanted),), (word,))


def _connect_recipe(tree: Tree, path: Path_, ends: Any, within: Path_, problems: list[Problem]) -> None:
    """Give every connected flow of a recipe its figure; energy must be connected, masses may be left out."""
    rows = table("recipes")
    for flow, figures in rows.get(within, {}).items():
        if isinstance(ends, dict) and isinstance(ends.get(flow), dict):
            _add(tree, (*path, flow), ends[flow], rows, (*within, flow))
        elif "energy" in figures:
            key = "from" if within[-1] == "inputs" else "to"
            found = f"The recipe '{within[0]}' has the {within[-1][:-1]} '{flow}', which is not connected."
            problems.append(
                _problem(tree, (*path, flow), found, f"Write  {flow}: {{{key}: <network>}}  below {path[-1]}.")
            )


def _words(value: Any) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else [str(value)]


def _fill_fuel(tree: Tree, path: Path_, fuel: dict[str, Any], problems: list[Problem]) -> None:
    rows = table("fuels")
    name = str(fuel.pop("like", path[-1]))
    if name in rows.data:
        _add(tree, path, fuel, rows, (name,))
        return
    way_out = suggestion(name, rows.data) + " A name of your own goes with  like: <one of these>."
    problems.append(_problem(tree, (*path, "from"), f"The catalogue has no fuel '{name}'.", way_out))


def _add(tree: Tree, path: Path_, value: dict[str, Any], rows: Tree, within: Path_, only: tuple[str, ...] = ()) -> None:
    for key, figure in rows.get(within, {}).items():
        if key in value or (only and key not in only):
            continue
        value[key] = copy.deepcopy(figure)
        for below in paths_below(figure):
            origin = rows.origins.get((*within, key, *below))
            if origin is not None:
                tree.origins[(*path, key, *below)] = replace(origin, via="catalogue")


def _unclear(tree: Tree, path: Path_, kind: Any, wanted: Any, names: list[str]) -> Problem:
    if wanted is not None and names:
        found = f"The catalogue has no technology '{wanted}' for '{path[-1]}' of '{kind}'."
        return _problem(tree, (*path, "technology"), found, suggestion(str(wanted), names))
    if names:
        found = f"The catalogue has several figures for '{path[-1]}' of '{kind}': {', '.join(names)}."
        return _problem(tree, (*path, "from"), found, f"Choose one, such as  technology: {names[0]}.")
    found = f"The catalogue has no figures for '{path[-1]}' of '{kind}'."
    return _problem(tree, (*path, "from"), found, "Write the figures here.")


def _problem(tree: Tree, path: Path_, found: str, way_out: str) -> Problem:
    return Problem(tree.place(path), ".".join(path[:-1]), found, "", way_out)


def _mappings(section: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(section, dict):
        yield from ((name, value) for name, value in section.items() if isinstance(value, dict))
