"""What the catalogue holds for a type or section, each figure with its source and confidence."""

from collections.abc import Iterator, Mapping
from typing import Any

from energysim.scenario.catalogue import KEYS, YEAR, table, years_of


def catalogue_of(kind: str) -> Iterator[str]:
    """Walk the lines on all rows of the catalogue that a component type can take figures from."""
    technologies = {name: row for name, row in table("technologies").data.items() if kind in _words(row["type"])}
    if technologies:
        yield "Catalogue, with  from: catalogue  in a size that has a max"
        for name, row in technologies.items():
            fuel = f", for {row['fuel']}" if "fuel" in row else ""
            yield f"  {name}: {row.get('field', 'capacity')} of {YEAR}{fuel}"
            yield from _figures(row["figures"])
            for year in years_of(row):
                if year != YEAR:
                    yield f"    with  year: {year}"
                    yield from _figures(row["other_years"][year])
    for key, (source, kinds) in KEYS.items():
        if kind in kinds:
            yield f"Catalogue, with  {key}: <name>"
            for name, row in table(source).data.items():
                note = f" ({row['set_of_figures']})" if "set_of_figures" in row else ""
                yield f"  {name}: {row['label']}{note}"
                yield from _figures(row.get("figures", row))


def catalogue_of_fuels() -> Iterator[str]:
    """Walk the lines on the fuels of the catalogue."""
    yield "Catalogue, with  from: catalogue"
    for name, row in table("fuels").data.items():
        yield f"  {name}: {row['label']}"
        yield from _figures(row)


def _figures(figures: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Walk the figures of a row, nested ones by their path."""
    for key, figure in figures.items():
        path = f"{within}{key}"
        if isinstance(figure, Mapping) and "value" in figure:
            ends = f", {figure['low']} to {figure['high']}" if "low" in figure and "high" in figure else ""
            yield f"      {path}: {figure['value']}{ends} ({figure['confidence']}: {figure['source']})"
        elif isinstance(figure, Mapping):
            yield from _figures(figure, f"{path}.")
        elif within:
            yield f"      {path}: {figure}"


def _words(value: Any) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else [str(value)]
