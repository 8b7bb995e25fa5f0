"""Colours and numbers as readers see them."""

import colorsys
import math
import re
from collections.abc import Sequence

import xarray as xr

from energysim.units import CURRENCIES

NOTHING = "–"


def colours(results: xr.Dataset) -> dict[str, str]:
    """Give every component its type's colour, several of one type in distinguishable shades."""
    found: dict[str, str] = {}
    seen: dict[str, int] = {}
    names = (results.component.values, results.component_type.values, results.component_colour.values)
    for component, kind, colour in zip(*names, strict=True):
        number = seen.get(str(kind), 0)
        seen[str(kind)] = number + 1
        found[str(component)] = _shade(str(colour), number)
    return found


def order(results: xr.Dataset) -> dict[str, int]:
    """Place of every component in a stack, the lowest number at the bottom."""
    return dict(zip(results.component.values.tolist(), results.component_order.values.tolist(), strict=True))


def number(value: float, digits: int | None = None) -> str:
    """Write a number with thin spaces between thousands and three to four figures.

    Examples
    --------
    >>> number(1234567.0).replace(chr(0x202f), " ")
    '1 234 567'
    >>> number(12.345), number(0.01234), number(float("nan"))
    ('12.3', '0.0123', '–')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    text = f"{value:,.{digits}f}".replace(",", "\u202f")
    if digits > 2:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "\u2212")


LEAST_SIZE = 1e-3
"""Size below which something is rounding of the plan. [MW, MWh, t ...]"""


def size(value: float) -> str:
    """Write a size; less than a thousandth of a MW, MWh or tonne is rounding of the plan.

    Examples
    --------
    >>> size(0.0001), size(35.0)
    ('0', '35.0')
    """
    return number(0.0 if abs(value) < LEAST_SIZE else value)


def per_horizon(results: xr.Dataset) -> str:
    """Say of an amount over what it is: a year, or a horizon of another length."""
    return "a year" if is_year(float(results.attrs.get("year_share", 1.0))) else "over the horizon"


def is_year(share: float) -> bool:
    """Whether a share of a year is a year for readers: 8 760 of the 8 784 hours of a leap year are one."""
    return abs(share - 1.0) < 0.01


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> listed(["weather", "prices", "outages"]), listed(["weather"])
    ('weather, prices and outages', 'weather')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def price(value: float) -> str:
    """Write a price for each MWh; less than a hundredth is rounding.

    Examples
    --------
    >>> price(-0.0001), price(376.4), price(0.0304)
    ('0', '376', '0.03')
    """
    if abs(value) < 0.01:
        return number(0.0)
    return number(value, 2 if abs(value) < 1.0 else None)


def kept(text: str) -> str:
    """Keep a number and its unit on one line.

    Examples
    --------
    >>> kept("give 28 % of 850 GWh").replace(chr(0xa0), "_")
    'give 28_% of 850_GWh'
    """
    return re.sub(r"(?<=\d) (?=[%°A-Za-z])", "\u00a0", text)


def percent(value: float) -> str:
    """Write a share in percent without more digits than a reader wants.

    Examples
    --------
    >>> percent(39.52), percent(9.44), percent(0.04), percent(float("nan"))
    ('40 %', '9.4 %', '0 %', '– %')
    """
    return f"{number(value, 0 if abs(value) >= 10.0 or abs(value) < 0.05 else 1)} %"


def money(value: float, currency: str) -> str:
    """Write an amount of money in millions or thousands.

    Examples
    --------
    >>> [money(value, "SEK").replace(chr(0x202f), " ") for value in (1375.0, 330859145.0, 1.02e9, 2.4e10)]
    ['1 375 SEK', '330.9 MSEK', '1 020 MSEK', '24.00 GSEK']
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    factor, unit = money_unit(value, currency)
    if factor == 1.0:
        return f"{number(value)} {unit}"
    return f"{number(value / factor, 2 if factor >= 1e9 else 0 if abs(value) >= 1e9 else 1)} {unit}"


def money_unit(largest: float, currency: str) -> tuple[float, str]:
    """Say in what amounts of this size are written: how much it is, and its name.

    Examples
    --------
    >>> money_unit(330859145.0, "SEK"), money_unit(520.0, "EUR")
    ((1000000.0, 'MSEK'), (1.0, 'EUR'))
    """
    for limit, factor, prefix in ((1e10, 1e9, "G"), (1e6, 1e6, "M"), (1e5, 1e3, "k")):
        if abs(largest) >= limit:
            return factor, f"{prefix}{currency}"
    return 1.0, currency


def fitting(unit: str, largest: float) -> tuple[float, str]:
    """Say how amounts of this size are written in a chart or a column: how much one is, and the unit that makes.

    Examples
    --------
    >>> fitting("SEK", 2.9e9), fitting("MWh", 120_886.0), fitting("MWh", 207.0), fitting("MW", 55.0)
    ((1000000.0, 'MSEK'), (1000.0, 'GWh'), (1.0, 'MWh'), (1.0, 'MW'))
    """
    if is_money(unit):
        return money_unit(min(abs(largest), 1e8), unit)
    return (1e3, "GWh") if unit == "MWh" and abs(largest) >= 1e4 else (1.0, unit)


def quantity(value: float, unit: str) -> str:
    """Write an amount with the unit in which amounts of its size are read.

    Examples
    --------
    >>> quantity(120_886.0, "MWh"), quantity(207.0, "MWh"), quantity(35.5, "t")
    ('121 GWh', '207 MWh', '35.5 t')
    """
    factor, unit = fitting(unit, value)
    return f"{number(value / factor)} {unit}"


def is_money(unit: str) -> bool:
    """Whether a unit is a currency."""
    return unit in CURRENCIES


def figure(value: float, unit: str, currency: str) -> str:
    """Write a figure with its unit."""
    if unit == currency:
        return money(value, currency)
    if unit == "1":
        return number(value)
    return quantity(value, unit)


def _shade(colour: str, number: int) -> str:
    """Turn a colour lighter and darker in turn, for the second, third ... of a type."""
    if number == 0:
        return colour
    red, green, blue = (int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    step = 0.16 * ((number + 1) // 2) * (1 if number % 2 else -1)
    light = min(0.85, max(0.18, light + step))
    return "#" + "".join(
        f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb((hue + 0.02 * number) % 1.0, light, full)
    )
