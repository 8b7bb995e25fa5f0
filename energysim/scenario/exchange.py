"""Exchange rates of a scenario."""

from collections.abc import Callable
from typing import Any

from energysim.errors import UnitError, brief
from energysim.scenario.read import shape
from energysim.scenario.sections import CURRENCY
from energysim.units import Converter

Adding = Callable[..., None]
"""Called with the path, what was found, what is needed and a way out."""


def read_exchange(rates: Any, currency: str, units: Converter, add: Adding) -> dict[str, float]:
    """Read what one unit of each currency is worth; what is wrong is told by ``add`` and counts as 1."""
    exchange: dict[str, float] = {}
    if not isinstance(rates, dict):
        needed = f"Write what one unit of each currency is worth, such as  {{DKK: 1.5 {currency}}}."
        add(("economy", "exchange"), f"'{brief(rates)}' is {shape(rates)}.", needed)
        return exchange
    for code, rate in rates.items():
        path, needed = ("economy", "exchange", code), f"Write what one {code} is worth, such as 11.2 {currency}."
        if not CURRENCY.fullmatch(code):
            add(path, f"'{code}' is no currency.", "", "Write its three letters, such as SEK or EUR.")
            continue
        if code == currency:
            add(path, f"{code} is the currency the scenario counts in.", "One of it is worth one.", "Remove it.")
            continue
        try:
            exchange[code] = units.read(rate, "money")
        except UnitError as error:
            add(path, error.found, needed)
        if exchange.get(code, 0.0) <= 0.0:
            if code in exchange:
                add(path, f"'{rate}' is out of range.", f"It must be more than 0 {currency}.")
            exchange[code] = 1.0  # so that prices in it are not called wrong as well
    return exchange
