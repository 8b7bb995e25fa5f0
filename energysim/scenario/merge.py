"""``extends``, variants and ``--set``: several trees to one, each value keeping its origin."""

import copy
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from energysim.errors import Place, Problem, ScenarioError, brief, disk_words, suggestion
from energysim.scenario.outline import MAY_BE_LEFT_OUT
from energysim.scenario.read import Origin, Path_, Tree, one_value, read_tree


def merged(path: Path, shown: str, inputs: dict[str, str], may_leave: bool = False) -> Tree:
    """Read a scenario file with all it extends.

    Parameters
    ----------
    path : Path
        File named by the user.
    shown : str
        How the user typed it.
    inputs : dict
        Collects the SHA-256 of every file read.
    may_leave : bool
        Whether files outside the scenario's folder may be read.

    Returns
    -------
    tree : Tree
        Later files win; ``extends`` and empty sections are gone, ``variants`` are still there.

    Raises
    ------
    ScenarioError
        For a cycle, a missing file or one outside the folder.
    """
    tree = _Extender(path.parent, inputs, may_leave).read(path, shown, {})
    _leave_out_empty(tree)
    return tree


Chain = dict[Path, str]
"""Files that led here, and how messages name them."""


class _Extender:
    def __init__(self, folder: Path, inputs: dict[str, str], may_leave: bool) -> None:
        self.folder, self.inputs, self.may_leave = folder, inputs, may_leave

    def read(self, path: Path, shown: str, chain: Chain) -> Tree:
        tree = read_tree(path, shown, self.inputs)
        bases = tree.data.pop("extends", None)
        if bases is None:
            return tree
        names = [bases] if isinstance(bases, str) else bases
        where = tree.place(("extends",))
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise _error(where, "extends", "'extends' is not a file name.", "It names one file or a list of files.")
        result = Tree()
        for name in names:
            overlay(result, self._base(name, path, shown, {**chain, path.resolve(): shown}, where))
        overlay(result, tree)
        return result

    def _base(self, name: str, path: Path, shown: str, chain: Chain, where: Place | None) -> Tree:
        target = path.parent / name
        if not self.may_leave and not is_inside(target, self.folder):
            raise _error(
                where,
                "extends",
                f"'{name}' leaves the scenario's folder.",
                "A scenario reads files in its own folder and below.",
                "Copy the file there, or allow it with  --allow-outside.",
            )
        base_shown = os.path.normpath(Path(shown).parent / name)
        if target.resolve() in chain:
            files = list(chain.values())
            circle = " -> ".join([*files[list(chain).index(target.resolve()) :], base_shown])
            found = f"The files extend each other in a circle: {circle}."
            raise _error(where, "extends", found, "", "Break the circle.")
        try:
            is_file, is_folder = target.is_file(), target.is_dir()
        except OSError as error:  # a name that no disk can hold
            raise _error(where, "extends", f"'{brief(name)}' cannot be read: {disk_words(error)}.") from None
        if is_folder:
            raise _error(where, "extends", f"'{name}' is a folder.", "A scenario extends a file.")
        if not is_file:
            beside = list(target.parent.glob("*.yaml")) if target.parent.is_dir() else []
            others = [other.name for other in beside if other.resolve() not in chain]
            way_out = suggestion(target.name, others) if others else ""
            looked = f"It was looked for as {base_shown}."
            raise _error(where, "extends", f"There is no file '{name}' to extend.", looked, way_out)
        tree = self.read(target, base_shown, chain)
        tree.origins = {p: replace(o, via="extends") if o.via == "file" else o for p, o in tree.origins.items()}
        return tree


def overlay(base: Tree, top: Tree, at: Path_ = ()) -> None:
    """Lay one tree over another in place: mappings merge, everything else replaces, null removes."""
    target = _mapping_at(base, at)
    for key, value in top.data.items():
        _lay(base, target, (*at, key), value, top, (key,))


def variant_names(path: str | Path, may_leave: bool = False) -> list[str]:
    """Name the variants of a scenario file, those of files it extends included.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    variants = merged(Path(path), str(path), {}, may_leave).data.get("variants")
    return [*variants] if isinstance(variants, dict) else []


def select_variant(tree: Tree, name: str | None) -> None:
    """Apply a named variant and drop the others.

    Raises
    ------
    ScenarioError
        When there is no such variant.
    """
    variants = tree.data.get("variants") or {}
    if not isinstance(variants, dict):
        found, needed = "'variants' is not a mapping.", "Write one variant per line below  variants:  with its name."
        raise _error(tree.place(("variants",)), "variants", found, needed)
    if name is not None:
        if name not in variants:
            where = tree.place(("variants",))
            way_out = suggestion(name, variants) if variants else "The scenario has no section 'variants'."
            raise _error(where, "variants", f"There is no variant '{name}'.", "", way_out)
        _apply_variant(tree, name, variants[name] or {})
    tree.data.pop("variants", None)
    _forget(tree, ("variants",), variants)


def _apply_variant(tree: Tree, name: str, changes: Any) -> None:
    at = ("variants", name)
    if not isinstance(changes, dict):
        found = f"The variant '{name}' holds no changes."
        way_out = "Write them as keys and values, such as  {components.tank.volume: 2 GWh}."
        raise _error(tree.place(at), ".".join(at), found, "", way_out)
    for dotted, value in changes.items():
        path = tuple(dotted.split("."))
        origin = tree.origin((*at, dotted))
        _refuse_files(path, origin.place if origin else None)
        source = Tree({path[-1]: value}, _moved(tree, (*at, dotted), (path[-1],), f"variant {name}"))
        _require_parent(tree, path, origin.place if origin else None)
        overlay(tree, source, path[:-1])


def apply_overrides(tree: Tree, overrides: Iterable[str]) -> None:
    """Apply changes such as ``components.tank.volume=2 GWh``.

    Raises
    ------
    ScenarioError
        When a change is not of that form or has no place to go.
    """
    for text in overrides:
        dotted, equals, value = text.partition("=")
        if not equals or not dotted.strip():
            raise _error(
                Place("--set"),
                text,
                "This is not a change.",
                "Write  key.path=value.",
                "For instance  --set 'components.tank.volume=2 GWh'.",
            )
        path = tuple(dotted.strip().split("."))
        _refuse_files(path, Place("--set"))
        _require_parent(tree, path, Place("--set"))
        origin = Origin("--set", None, "--set")
        overlay(tree, Tree({path[-1]: one_value(value, f"--set {brief(text)}")}, {(path[-1],): origin}), path[:-1])


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, lies in a folder or below."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except OSError:
        return False


def _leave_out_empty(tree: Tree) -> None:
    """Treat an empty section as one that is absent, where it may be: a change begins either."""
    for name in MAY_BE_LEFT_OUT:
        if name in tree.data and tree.data[name] is None:
            del tree.data[name]
            _forget(tree, (name,), None)


def _lay(base: Tree, target: dict[str, Any], path: Path_, value: Any, top: Tree, top_path: Path_) -> None:
    key = path[-1]
    if value is None and not _is_change(path):
        _forget(base, path, target.pop(key, None))
    elif isinstance(value, dict) and isinstance(target.get(key), dict):
        base.origins.setdefault(path, top.origins.get(top_path, Origin("", None)))
        for inner, below in value.items():
            _lay(base, target[key], (*path, inner), below, top, (*top_path, inner))
    else:
        _forget(base, path, target.get(key))
        target[key] = copy.deepcopy(_without_nulls(value, path))
        for below in paths_below(value):
            origin = top.origins.get((*top_path, *below))
            if origin is not None:
                base.origins[(*path, *below)] = origin


def _is_change(path: Path_) -> bool:
    """Whether a value is a change of a variant, where null is kept: it takes out once it is chosen."""
    return path[:1] == ("variants",) and len(path) > 2


def _without_nulls(value: Any, path: Path_) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {key: below for key, below in value.items() if below is not None or _is_change((*path, key))}
    return {key: _without_nulls(below, (*path, key)) for key, below in kept.items()}


def _forget(tree: Tree, path: Path_, value: Any) -> None:
    for below in paths_below(value):
        tree.origins.pop((*path, *below), None)


def paths_below(value: Any) -> Iterator[Path_]:
    """Walk the keys to a value and to everything in it."""
    yield ()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        for path in paths_below(below):
            yield (str(key), *path)


def _mapping_at(tree: Tree, path: Path_) -> dict[str, Any]:
    target = tree.data
    for key in path:
        target = target.setdefault(key, {})
    return target


def _moved(tree: Tree, path: Path_, to: Path_, via: str) -> dict[Path_, Origin]:
    found = {}
    for below in paths_below(tree.get(path)):
        origin = tree.origins.get((*path, *below))
        if origin is not None:
            found[(*to, *below)] = replace(origin, via=via)
    return found


def _refuse_files(path: Path_, where: Place | None) -> None:
    """Refuse a change of what is read before all changes; it would do nothing."""
    if path[0] == "extends":
        found, way_out = "A change cannot extend another file.", "Write  extends:  at the top of a scenario file."
        raise _error(where, ".".join(path), found, "", way_out)
    if path[0] == "variants":
        found, way_out = "A change cannot change a variant.", "Choose one with  --variant , or change its values."
        raise _error(where, ".".join(path), found, "", way_out)


def _require_parent(tree: Tree, path: Path_, where: Place | None) -> None:
    """Refuse a change below something that does not exist; a new key itself is judged later."""
    if len(path) == 2 and path[0] in MAY_BE_LEFT_OUT and path[0] not in tree.data:
        return
    value: Any = tree.data
    for depth, key in enumerate(path[:-1]):
        if not isinstance(value, dict) or key not in value:
            known = value if isinstance(value, dict) else {}
            raise _error(
                where,
                ".".join(path),
                f"There is no '{'.'.join(path[: depth + 1])}' to change.",
                "",
                suggestion(key, known),
            )
        value = value[key]
    if not isinstance(value, dict):
        kind = "a list; write it whole." if isinstance(value, list) else "a single value; nothing lies below it."
        raise _error(where, ".".join(path), f"'{'.'.join(path[:-1])}' is {kind}")


def _error(where: Place | None, subject: str, *sentences: str) -> ScenarioError:
    return ScenarioError([Problem(where, subject, *sentences)])
