"""pydantic's findings in the user's words, each with file and line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from energysim.errors import Place, Problem, brief, suggestion
from energysim.quantities import Series, Unit, percent_meant
from energysim.scenario.read import Path_, Tree, shape
from energysim.traits import Sizing
from energysim.units import display

_INTERNAL = {"connections", "name", "label"}
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
    findings = error.errors()
    for finding in findings:
        loc = tuple(str(part) for part in finding["loc"])
        if finding["type"] == "too_short" and any(_is_below(other["loc"], finding["loc"]) for other in findings):
            continue  # it has too few entries because those below are wrong, which is told already
        inner = _deepest_model(model, loc)
        where, shown = _locate(tree, path, loc)
        yield _problem(finding, inner, where, shown, more_keys if inner is model else ())


def _problem(finding: Any, model: type[BaseModel], where: Place | None, shown: str, more: Iterable[str]) -> Problem:
    kind, context, key = finding["type"], finding.get("ctx", {}), str(finding["loc"][-1]) if finding["loc"] else ""
    if kind == "energysim":
        place = context.get("where") or where
        return Problem(place, shown, context["found"], context["needed"], context["way_out"])
    if kind == "extra_forbidden" and key == "from" and issubclass(model, Sizing):
        found = f"Figures cannot be taken from '{brief(finding['input'])}'."
        return Problem(where, shown, found, "", "Write  from: catalogue , or the figures themselves.")
    if kind == "extra_forbidden":
        way_out = suggestion(key, [*keys_of(model), *more])
        return Problem(where, shown, f"'{key}' is not understood here.", "", way_out)
    if kind == "missing":
        return Problem(where, shown, f"'{key}' is missing.", _meaning(model, key), "")
    if kind == "value_error":
        sentences = str(context.get("error", finding["msg"]))
        return Problem(where, shown, sentences[:1].upper() + sentences[1:])
    found, needed = _plain(finding, context, _unit(model, key))
    return Problem(where, shown, found, needed, _keys_below(model, key) if kind in _NO_MAPPING else "")


def _plain(finding: Any, context: Mapping[str, Any], unit: str) -> tuple[str, str]:
    """Say the commonest findings of pydantic in plain words: what was found, what is needed."""
    given, kind = finding["input"], finding["type"]
    shown = f"'{brief(given)}'" if isinstance(given, str) else brief(given)
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        needed = f"It must be {words} {context[name]:g}{f' {unit}' if unit else ''}."
        return f"{shown} is out of range.", f"{needed}{percent_meant(given, context[name])}"
    if kind == "literal_error":
        return f"{shown} is not known here.", f"It must be one of {str(context['expected']).replace(' or ', ', ')}."
    if kind in _NO_MAPPING:
        return (
            f"{shown} is {shape(given)}.",
            "Keys and values are needed here.",
        )
    if kind in {"list_type", "tuple_type"}:
        return f"{shown} is no list.", "Values in brackets are needed here."
    if kind in {"too_short", "too_long"}:
        needed = context.get("min_length", context.get("max_length"))
        at_most, count = "max_length" in context, context["actual_length"]
        return (
            f"It has {count} {'entry' if count == 1 else 'entries'}.",
            f"{'At most' if at_most else 'At least'} {needed} {'is' if needed == 1 else 'are'} needed here.",
        )
    for begins, found, needed in _SAID:
        if kind.startswith(begins):
            return f"{shown} {found}", needed
    return f"{shown}: {finding['msg'][:1].lower()}{finding['msg'][1:]}.", ""


_SAID = (
    ("bool", "is neither true nor false.", ""),
    ("string_type", "is not text.", "Put it in quotes if that is meant."),
    ("string_too_short", "is empty.", ""),
    ("int", "is not a whole number.", ""),
    ("float", "is not a number.", ""),
    ("finite_number", "is not a finite number.", ""),
)
"""How pydantic's kinds of findings begin; what was found, what is needed."""
_NO_MAPPING = {"model_type", "dict_type", "model_attributes_type", "mapping_type"}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def _is_below(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _keys_below(model: type[BaseModel], key: str) -> str:
    """List the keys that stand below a key, where they are known."""
    info = _field(model, key)
    inner = None if info is None else _model_in(info.annotation)
    return "" if inner is None else f"Its keys are {', '.join(keys_of(inner))}."


def _locate(tree: Tree, path: Path_, loc: Path_) -> tuple[Place | None, str]:
    """Find the line of the deepest part of a location that was written, skipping pydantic's own words."""
    at, value = path, tree.get(path)
    if loc[:1] == ("label",) and "label" not in value:  # what readers see as label is written as name
        loc = ("name", *loc[1:])
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


def keys_of(model: type[BaseModel]) -> list[str]:
    """Keys that a record understands, as written in a scenario."""
    written: Mapping[str, str] = getattr(model, "written_as", {})
    fields = model.model_fields.items()
    own = [written.get(name, info.alias or name) for name, info in fields if name not in _INTERNAL]
    named = ["name"] if "label" in model.model_fields else []
    from_catalogue = ["from", "technology", "year"] if issubclass(model, Sizing) else []
    return [*named, *own, *from_catalogue]


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    return next((f for name, f in model.model_fields.items() if key in (name, f.alias)), None)


def _unit(model: type[BaseModel], key: str) -> str:
    """Unit of a parameter as shown to readers; optional parameters carry it inside."""
    info = _field(model, key)
    if info is None:
        return ""
    inner = [m for a in getattr(info.annotation, "__args__", ()) for m in getattr(a, "__metadata__", ())]
    unit = next((m.symbol for m in (*info.metadata, *inner) if isinstance(m, Unit | Series)), "")
    return "" if unit == "1" else display(unit, "EUR")


def _meaning(model: type[BaseModel], key: str) -> str:
    info = _field(model, key)
    if info is None:
        return ""
    unit = _unit(model, key)
    sentence = (info.description or "").split("\n")[0].rstrip(".")
    shown = f" [{unit}]" if unit else ""
    return f"It is needed: {sentence[:1].lower()}{sentence[1:]}{shown}." if sentence else "It is needed."
