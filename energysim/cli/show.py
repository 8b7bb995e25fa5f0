"""Problems and resolved scenarios on a terminal."""

import json
from typing import Any

import typer

from energysim.errors import ScenarioError
from energysim.scenario import Scenario
from energysim.scenario.read import one_value


def show_problems(file: str, error: ScenarioError) -> None:
    """Print all problems of a file with their lines, on standard error."""
    count = len(error.problems)
    head = f"{file}: " if file else ""
    typer.echo(f"{head}{count} problem{'s' if count > 1 else ''}, nothing was solved.", err=True)
    for problem in error.problems:
        typer.echo(f"  {problem}", err=True)


def show_resolved(scenario: Scenario) -> None:
    """Print the merged scenario; every value says where it was written."""
    for line in _lines(scenario, dict(scenario.resolved), (), 0):
        typer.echo(line)


def _lines(scenario: Scenario, value: Any, path: tuple[str, ...], depth: int) -> list[str]:
    indent = "  " * depth
    if not isinstance(value, dict):
        return [f"{indent}{plain(value)}"]
    lines = []
    for key, inner in value.items():
        below = (*path, key)
        if isinstance(inner, dict):
            lines.append(f"{indent}{key}:")
            lines.extend(_lines(scenario, inner, below, depth + 1))
        else:
            lines.append(f"{indent}{key}: {plain(inner)}{_origin(scenario, below)}")
    return lines


def _origin(scenario: Scenario, path: tuple[str, ...]) -> str:
    origin = scenario.origins.get(".".join(path))
    if origin is None:
        return ""
    where = origin.file if origin.line is None else f"{origin.file}:{origin.line}"
    return f"  # {where}" + ("" if origin.via in ("file", where) else f", {origin.via}")


def plain(value: Any) -> str:
    """Write a value as YAML reads it back, in quotes where it needs them."""
    if isinstance(value, list):
        return "[" + ", ".join(plain(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(inner)}" for key, inner in value.items()) + "}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    is_plain = not isinstance(value, str) or _reads_back(text)
    if is_plain:
        return text
    # Only double quotes can hold a line break.
    return json.dumps(text, ensure_ascii=False) if "\n" in text else "'" + text.replace("'", "''") + "'"


def _reads_back(text: str) -> bool:
    """Whether a text without quotes is read as that same text, alone and in a list."""
    if not text or any(mark in text for mark in ",[]{}\n"):
        return False
    try:
        return one_value(text, "text") == text
    except ScenarioError:
        return False
