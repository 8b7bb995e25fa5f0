"""``energysim describe --mathematics``: all equations as one page in Markdown, from the declarations alone."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import FunctionType

from energysim import hydraulics, kpi, traits
from energysim.cli.declarations import connections, sections
from energysim.components import component_types
from energysim.declare import Component, Trait

_HEAD = """\
# The mathematics

Written by `energysim describe --mathematics` from the declarations of the types, which also build, check and book every
model; a test compares this page with them. *t* counts steps, *h* their lengths. All symbols of a type are explained
beside its equations, with the source to cite.
"""
_CALLING = re.compile(
    r"^(?:Parameters|Attributes|Returns|Raises|Examples|See Also)\n-+\n.*?(?=^(?:[A-Z]\w+)\n-+\n|\Z)", re.M | re.S
)
"""Sections of a docstring that say how to call something."""


def page() -> str:
    """Write the page."""
    types = sorted(component_types().items())
    shared = sorted(_shared(), key=lambda kind: kind.__name__)
    lines = [_HEAD]
    lines.append("Types: " + ", ".join(f"[{name}](#{name})" for name, _ in types) + ".\n")
    lines.append("Shared: " + ", ".join(f"[{kind.__name__}](#{kind.__name__.lower()})" for kind in shared) + ".\n")
    for name, kind in types:
        lines += [f"## {name}\n", _markdown(kind), *_declared(kind)]
    lines.append("# What types share\n")
    for thing in shared:
        lines += [f"## {thing.__name__}\n", _markdown(thing), *_declared(thing)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _shared() -> Iterator[type | FunctionType]:
    """List the traits, the bases of types, and the functions that have mathematics of their own."""
    for package in (traits, hydraulics, kpi):
        for info in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for thing in vars(import_module(info.name)).values():
                is_own = isinstance(thing, type | FunctionType) and thing.__module__ == info.name
                if is_own and not thing.__name__.startswith("_") and re.search(r":math:|math::", _doc(thing)):
                    yield thing


def _declared(kind: type | FunctionType) -> Iterator[str]:
    """List flows, rules and effects by their sentences."""
    if not isinstance(kind, type) or not issubclass(kind, Component | Trait):
        return
    yield from (f"- `{port.name}`: {port.meaning}" for port in connections(kind))
    yield ""
    for title, told in sections(kind):
        yield f"{title}:\n"
        yield from (f"- `{one.name}`: {one.meaning}" for one in told)
        yield ""


def _doc(thing: type | FunctionType) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


def _markdown(thing: type | FunctionType) -> str:
    """Turn a docstring's markup into that of Markdown, equations included; how to call a function is left out."""
    text = re.sub(_CALLING, "", _doc(thing))
    text = re.sub(r":math:`([^`]*)`", lambda found: f"${_on_one_line(found[1])}$", text)
    text = re.sub(r"^\.\. math::[ \n]+((?:.+\n?)+)", _equation, text, flags=re.MULTILINE)
    text = re.sub(r":(?:class|mod|func|meth|attr|data):`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text)
    text = re.sub(r"(?:References|Notes)\n-+\n", lambda found: f"*{found[0].split()[0]}*\n\n", text)
    text = re.sub(r"^\.\. \[(\d+)\]", r"\1.", text, flags=re.MULTILINE)
    return text.replace("]_", "]").replace("``", "`") + "\n"


def _equation(found: re.Match[str]) -> str:
    return f"$$\n{_on_one_line(found[1])}\n$$\n"


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
