"""``energysim describe``: types, parameters, equations and sections, all from their declarations."""

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from energysim.cli.declarations import connections, sections
from energysim.cli.describe_catalogue import catalogue_of, catalogue_of_fuels
from energysim.cli.schema import scenario_schema
from energysim.components import component_types, load_extension
from energysim.declare import Component, Trait
from energysim.errors import suggestion
from energysim.quantities import Series, Unit
from energysim.scenario.outline import OUTLINE, Outlined
from energysim.scenario.sections import Place
from energysim.units import counted

_HIDDEN = {"name", "connections"}
_SHOWN_AS = {"label": "name"}
"""Keys that a scenario writes in another way."""


def describe_anything(what: str | None, as_schema: bool, extensions: Iterable[str] = ()) -> int:
    """Print what is known about a type, a section, or everything; gives the exit code.

    Parameters
    ----------
    what : str or None
        Name of a type or section.
    as_schema : bool
        Whether to print a JSON schema of all.
    extensions : iterable of str
        Python files whose types are described too; they are run.
    """
    for file in extensions:
        load_extension(file)
    if as_schema:
        typer.echo(json.dumps(scenario_schema(), indent=1, ensure_ascii=False))
        return 0
    types = component_types()
    if what is None:
        lines: Iterator[str] = _overview(types)
    elif what in types:
        lines = _component(types[what])
    elif what in OUTLINE:
        lines = _section(what, OUTLINE[what])
    else:
        typer.echo(f"Nothing is called '{what}'. {suggestion(what, [*types, *OUTLINE])}", err=True)
        return 1
    for line in lines:
        typer.echo(_readable(line))
    return 0


def _overview(types: Mapping[str, type[Component]]) -> Iterator[str]:
    yield "Component types (energysim describe TYPE):"
    width = max(map(len, types))
    for name, kind in sorted(types.items()):
        yield f"  {name:{width}}  {_first_sentence(kind)}"
    yield ""
    yield "Sections of a scenario (energysim describe SECTION):"
    for name, section in OUTLINE.items():
        yield f"  {name:{width}}  {_meaning(section)}"


def _component(kind: type[Component]) -> Iterator[str]:
    yield f"{kind.type_name()}: {_first_sentence(kind)}"
    yield ""
    yield from _readable(inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[2]).splitlines()
    yield ""
    yield "Connections"
    yield from (f"  {port.key}: {port.meaning}" for port in connections(kind))
    yield ""
    yield "Parameters"
    yield from _parameters(kind)
    for title, told in sections(kind):
        yield ""
        yield title
        yield from (f"  {one.name}: {one.meaning}" for one in told)
    rows = list(catalogue_of(kind.type_name()))
    if rows:
        yield ""
        yield from rows
    yield ""
    yield "Example"
    yield from (f"  {line}" for line in kind.example.splitlines())


def _section(name: str, section: Outlined) -> Iterator[str]:
    yield f"{name}: {_meaning(section)}"
    if section.model is not None:
        yield ""
        yield from _parameters(section.model)
    if name == "fuels":
        yield ""
        yield from catalogue_of_fuels()
    if name == "places":
        from energysim.scenario.profiles import climate_names  # noqa: PLC0415 - reads a catalogue file only here

        yield f"  climate: outdoor temperature: a series, or one of {', '.join(climate_names())}."
        yield "  normal: climate that yearly heat demands are told for; a colder year then takes more."


def _parameters(model: type[BaseModel], indent: str = "  ") -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name in _HIDDEN or info.annotation is None or (model is Place and name == "outdoor"):
            continue
        unit = next((m.symbol for m in _metadata(info) if isinstance(m, Unit | Series)), "")
        is_series = any(isinstance(m, Series) for m in _metadata(info))
        default = "" if info.default in (PydanticUndefined, None, "") else f", default {_shown(info.default)}"
        needed = "needed" if info.is_required() else "optional"
        choices = _choices_in(info.annotation)
        needed += f"; one of {', '.join(choices)}" if choices else ""
        either = dict.fromkeys(counted(unit, amount) for amount in ("MWh", "t"))
        bracket = f" [{' or '.join(either)}{', may be a series' if is_series else ''}]" if unit else ""
        key, meaning = _SHOWN_AS.get(name, info.alias or name), (info.description or "").partition("\n")[0]
        yield f"{indent}{key}{bracket}: {meaning} ({needed}{default})"
        inner = _model_in(info.annotation)
        if inner is not None:
            yield from _parameters(inner, indent + "    ")


def _metadata(info: Any) -> list[Any]:
    """Metadata of a field, looking into optional types and choices."""
    return [*info.metadata, *_metadata_in(info.annotation)]


def _metadata_in(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    inner = [one for one in get_args(annotation) if not isinstance(one, str | Unit | Series)]
    # The two numbers of a pair have units of their own, which their sentence tells.
    is_pair = get_origin(annotation) in (tuple, dict) and Ellipsis not in inner
    is_list_of_pairs = get_origin(annotation) is tuple and get_origin(inner[0]) is tuple
    if not is_pair and not is_list_of_pairs:
        for one in inner:
            yield from _metadata_in(one)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the record a parameter holds, one or many by name or in a list."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, BaseModel) else None
    found = (_model_in(inner) for inner in get_args(annotation) if not isinstance(inner, str))
    return next((model for model in found if model is not None), None)


def _choices_in(annotation: Any) -> list[str]:
    """List the words a parameter may be, where it is one of a few."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return next((words for inner in get_args(annotation) if (words := _choices_in(inner))), [])


def _shown(default: Any) -> str:
    return "see below" if isinstance(default, Trait | BaseModel) else str(default)


def _meaning(section: Outlined) -> str:
    return section.told if section.model is None else _first_sentence(section.model)


def _first_sentence(thing: type) -> str:
    return inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _readable(text: str) -> str:
    """Take the marks of the documentation's markup out, which mean nothing on a terminal."""
    plain = re.sub(r":(?:math|class|mod|func|meth|attr):`~?([^`]*)`", r"\1", text)
    plain = re.sub(r"^\.\. math::\s*", "    ", plain, flags=re.MULTILINE)
    return re.sub(r"References\n-+\n", "References\n", plain).replace(".. [", "[").replace("]_", "]").replace("``", "'")
