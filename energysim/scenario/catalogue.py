"""``from: catalogue``: figures of technologies and fuels that the house keeps, each with its source."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from energysim.errors import Problem, suggestion
from energysim.scenario.read import Origin, Path_, Tree, read_tree

FOLDER = Path(__file__).parent.parent / "catalogue"


@lru_cache(maxsize=None)
def table(name: str) -> Tree:
    """Read one table of the catalogue, such as ``technologies``."""
    return read_tree(FOLDER / f"{name}.yaml", f"catalogue/{name}.yaml")


def fill_in(tree: Tree, problems: list[Problem]) -> None:
    """Replace every ``from: catalogue`` by the figures it stands for; what the scenario says itself wins."""
    for name, component in _mappings(tree.data.get("components")):
        for field, value in list(component.items()):
            if isinstance(value, dict) and value.get("from") == "catalogue":
                _fill_size(tree, ("components", name, field), component, value, problems)
    for name, fuel in _mappings(tree.data.get("fuels")):
        if fuel.get("from") == "catalogue":
            _fill_fuel(tree, ("fuels", name), fuel, problems)


def _fill_size(
    tree: Tree, path: Path_, component: Mapping[str, Any], value: dict[str, Any], problems: list[Problem]
) -> None:
    rows = table("technologies")
    matching = {
        name: row
        for name, row in rows.data.items()
        if row.get("type") == component.get("type") and row.get("field", "capacity") == path[-1]
    }
    wanted = value.get("technology")
    if wanted is None and len(matching) > 1:
        by_fuel = {name: row for name, row in matching.items() if row.get("fuel", "") == component.get("fuel")}
        matching = by_fuel or matching
    if wanted is not None:
        matching = {wanted: rows.data[wanted]} if wanted in rows.data else {}
    if len(matching) != 1:
        problems.append(_unclear(tree, path, component, wanted, rows, matching))
        return
    ((name, row),) = matching.items()
    del value["from"]
    value.pop("technology", None)
    _add(tree, path, value, rows, name, row.get("figures", {}), ("figures",))


def _fill_fuel(tree: Tree, path: Path_, fuel: dict[str, Any], problems: list[Problem]) -> None:
    rows = table("fuels")
    name = str(fuel.get("like", path[-1]))
    if name not in rows.data:
        found = f"The catalogue has no fuel '{name}'."
        way_out = suggestion(name, rows.data) + " Another name of yours can be  like: <one of these>."
        problems.append(Problem(tree.place((*path, "from")), ".".join(path), found, "", way_out))
        return
    del fuel["from"]
    fuel.pop("like", None)
    _add(tree, path, fuel, rows, name, rows.data[name], ())


def _add(
    tree: Tree, path: Path_, value: dict[str, Any], rows: Tree, name: str, figures: Mapping[str, Any], within: Path_
) -> None:
    for key, figure in figures.items():
        if key not in value:
            value[key] = figure
            origin = rows.origin((name, *within, key))
            tree.origins[(*path, key)] = Origin(origin.file if origin else "", origin.line if origin else None, "catalogue")


def _unclear(
    tree: Tree, path: Path_, component: Mapping[str, Any], wanted: str | None, rows: Tree, matching: Mapping[str, Any]
) -> Problem:
    where, kind = tree.place((*path, "from")), component.get("type")
    fitting = [name for name, row in rows.data.items() if row.get("type") == kind]
    if wanted is not None:
        found, way_out = f"The catalogue has no technology '{wanted}'.", suggestion(wanted, fitting or rows.data)
    elif matching:
        found = f"The catalogue has several figures for '{kind}': {', '.join(sorted(matching))}."
        way_out = f"Choose one, such as  technology: {min(matching)}."
    else:
        found, way_out = f"The catalogue has no figures for '{path[-1]}' of '{kind}'.", "Give 'investment' and 'lifetime'."
    return Problem(where, ".".join(path), found, "", way_out)


def _mappings(section: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(section, dict):
        yield from ((name, value) for name, value in section.items() if isinstance(value, dict))
