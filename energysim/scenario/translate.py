"""pydantic's findings in the user's words, each with file and line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from energysim.errors import Place, Problem, suggestion
from energysim.quantities import Series, Unit
from energysim.scenario.read import Path_, Tree
from energysim.units import display

_INTERNAL = {"connections", "name"}
_TAGS = {"curve", "series"}
"""Words pydantic adds to a location where a value may be of several kinds."""


def problems_of(
    error: ValidationError, tree: Tree, path: Path_, model: type[BaseModel], more_keys: Iterable[str] = ()
) -> Iterator[Problem]:
    """Turn a validation error into problems.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    tree : Tree
        Knows the lines.
    path : tuple of str
        Where the validated mapping stands.
    model : type
        Model that was validated, for the meaning of missing keys and near misses.
    more_keys : iterable of str
        Keys that are understood beside the model's fields, such as those of ports.
    """
    for finding in error.errors():
        loc = tuple(str(part) for part in finding["loc"])
        inner = _deepest_model(model, loc)
        where, shown = _locate(tree, path, loc)
        yield _problem(finding, inner, where, shown, more_keys if inner is model else ())


def _problem(finding: Any, model: type[BaseModel], where: Place | None, shown: str, more: Iterable[str]) -> Problem:
    kind, context, key = finding["type"], finding.get("ctx", {}), str(finding["loc"][-1]) if finding["loc"] else ""
    if kind == "energysim":
        place = context.get("where") or where
        return Problem(place, shown, context["found"], context["needed"], context["way_out"])
    if kind == "extra_forbidden":
        known = [*_keys(model), *more]
        return Problem(where, shown, f"'{key}' is not understood here.", "", suggestion(key, known))
    if kind == "missing":
        return Problem(where, shown, f"'{key}' is missing.", _meaning(model, key), "")
    if kind == "value_error":
        sentences = str(context.get("error", finding["msg"]))
        return Problem(where, shown, sentences[:1].upper() + sentences[1:])
    return Problem(where, shown, _plain(finding, context))


def _plain(finding: Any, context: Mapping[str, Any]) -> str:
    """Say the commonest findings of pydantic in plain words."""
    given, kind = finding["input"], finding["type"]
    shown = f"'{given}'" if isinstance(given, str) else f"{given}"
    limits = {"greater_than_equal": ("ge", "at least"), "greater_than": ("gt", "more than")}
    limits |= {"less_than_equal": ("le", "at most"), "less_than": ("lt", "less than")}
    if kind in limits:
        name, words = limits[kind]
        return f"{shown} is out of range. It must be {words} {context[name]:g}."
    if kind == "literal_error":
        return f"{shown} is not one of {context['expected']}."
    if kind in {"model_type", "dict_type", "model_attributes_type", "mapping_type"}:
        return f"{shown} is a single value. Keys and values are needed here."
    if kind.startswith("bool"):
        return f"{shown} is neither true nor false."
    if kind == "string_type":
        return f"{shown} is not a word."
    if kind.startswith("int"):
        return f"{shown} is not a whole number."
    return f"{shown}: {finding['msg'][:1].lower()}{finding['msg'][1:]}."


def _locate(tree: Tree, path: Path_, loc: Path_) -> tuple[Place | None, str]:
    """Find the line of the deepest part of a location that was written, skipping pydantic's own words."""
    at, value = path, tree.get(path)
    for part in loc:
        if isinstance(value, dict) and set(value) - {part} and "value" in value and part not in value:
            break
        if isinstance(value, dict) and part in value:
            at, value = (*at, part), value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            at, value = (*at, part), value[int(part)]
    is_leaf = not isinstance(value, dict | list) and at != path
    written = [part for part in loc if part not in _TAGS]
    shown = at if is_leaf else (*path, *written)
    return tree.place(at), ".".join(shown)


def _deepest_model(model: type[BaseModel], loc: Path_) -> type[BaseModel]:
    """Follow a location through nested models to the one that complains."""
    for part in loc[:-1]:
        info = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        inner = None if info is None else _model_in(info.annotation)
        if inner is not None:
            model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def _keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if name not in _INTERNAL]


def _meaning(model: type[BaseModel], key: str) -> str:
    info = next((f for name, f in model.model_fields.items() if key in (name, f.alias)), None)
    if info is None:
        return ""
    unit = next((m.symbol for m in info.metadata if isinstance(m, Unit | Series)), "")
    sentence = (info.description or "").split("\n")[0].rstrip(".")
    shown = f" [{display(unit, 'EUR')}]" if unit and unit != "1" else ""
    return f"It is needed: {sentence[:1].lower()}{sentence[1:]}{shown}." if sentence else "It is needed."
