"""Units: one fixed unit per quantity inside, any sensible unit at the border.

Inside, power is MW, energy MWh, mass t, length km, time h, money the scenario's currency, a temperature
degC and a temperature difference K. Nothing but this module converts.
"""

import math
import re
import tokenize
from collections.abc import Mapping
from functools import lru_cache

import pint

from energysim.errors import UnitError, brief, suggestion

MONEY = "money"
"""Stands for the scenario's currency in declared units, as in ``money/MWh``."""

AMOUNT, RATE = "amount", "rate"
"""Stand for what a flow is counted in, MWh or t, and for that in an hour, as in ``money/amount``."""

CURRENCIES = ("SEK", "EUR", "NOK", "DKK", "USD", "GBP")

_DEFINITIONS = """
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
watt = [power] = W
hour = [time] = h
minute = hour / 60 = min
second = hour / 3600 = s
day = 24 * hour = d
week = 7 * day
year = 8760 * hour = a = yr
month = year / 12
watthour = watt * hour = Wh
joule = watt * second = J
gram = [mass] = g
tonne = 1e6 * gram = t
metre = [length] = m
cubic_metre = metre ** 3 = m3 = Nm3
square_metre = metre ** 2 = m2
litre = 1e-3 * metre ** 3 = l
millimetre = 1e-3 * metre = mm
square_millimetre = 1e-6 * metre ** 2 = mm2
square_kilometre = 1e6 * metre ** 2 = km2
milligram = 1e-3 * gram = mg
millilitre = 1e-3 * litre = ml
kelvin = [temperature]; offset: 0 = K
degree_Celsius = kelvin; offset: 273.15 = degC = celsius
percent = 0.01 = pct
permille = 0.001
pascal = [pressure] = Pa
bar = 1e5 * pascal
millibar = 1e-3 * bar = mbar
person = [person]
money = [money]
""".strip().splitlines()

# There is no prefix milli: 30 mW and 20 mSEK are slips of a capital letter, or millions. The few units with it that are
# in use stand above by name.

_NUMBER = re.compile(
    r"""^\s*(?P<number>[+-]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d_]*)?(?:\.\d+)?(?:[eE][+-]?\d+)?)
        [ \u00a0\u202f]*(?P<unit>.*?)\s*$""",
    re.VERBOSE,
)
_PRICE_YEAR = re.compile(r"\b(?P<prefix>[kMGT]?)(?P<currency>[A-Z]{3})_(?P<year>\d{4})\b")
_DEGREES = re.compile("[°º] ?C|℃")
"""The sign of degrees Celsius in its spellings, which the unit library cannot read."""
_SIGNS = re.compile("[%‰]")
_UNIT = re.compile(
    r"""(?: [^\W\d]\w*                                               # a word, such as m3 or EUR_2015
          | 1(?=\s*(?:/|$))                                          # as in 1/a
          | (?:\*\*|\^) \s* -?[1-9] (?![\w.]) (?!\s*(?:\*\*|\^))   # a small power
          | \*(?!\*) | [\s/()%‰°º℃·.²³⁻¹-] )*""",
    re.VERBOSE,
)
"""What a unit may be written with: the unit library skips other signs, and works out any calculation."""
_UNREADABLE = (
    pint.UndefinedUnitError, pint.DefinitionSyntaxError, AttributeError, TypeError, ValueError, ArithmeticError,
    AssertionError, SyntaxError, tokenize.TokenError,
)  # fmt: skip
"""What the unit library ends with where it finds no unit."""
_SAID_OTHERWISE = {
    "c": "degC",
    "grader": "degC",
    "kr": "SEK  (or NOK, DKK)",
    "kkr": "kSEK",
    "tkr": "kSEK",
    "mkr": "MSEK",
    "mnkr": "MSEK",
    "euro": "EUR",
    "år": "a",
    "timmar": "h",
    "tim": "h",
    "dygn": "d",
    "ton": "t",
}
"""Units as they are written elsewhere, and in Swedish."""
_EXAMPLES = {"MW": "20 MW", "MWh": "850 GWh", "degC": "80 degC", "K": "5 K", "1": "0.9 or 90 %"}

LARGEST = 1e15
"""Size of any number in the units used inside; what is more is a slip, and no solver could tell it from others."""


class Money:
    """What one unit of each currency, at the prices of each year, is worth in the scenario.

    Parameters
    ----------
    currency : str
        The scenario's currency; every cost inside is counted in it.
    price_year : int
        Year of whose prices the scenario speaks.
    exchange : mapping of str to float
        Worth of one unit of another currency, in the scenario's currency.
    inflation : float
        Yearly rise of prices, used for amounts such as ``300 EUR_2015``. [1/a]
    """

    def __init__(
        self,
        currency: str = "EUR",
        price_year: int = 2025,
        exchange: Mapping[str, float] | None = None,
        inflation: float = 0.0,
    ) -> None:
        self.currency = currency
        self.price_year = price_year
        self.exchange = {**(exchange or {}), currency: 1.0}
        self.inflation = inflation

    def worth(self, currency: str, year: int | None = None) -> float:
        """Value one unit of a currency at some year's prices. [money]"""
        if currency not in self.exchange:
            raise UnitError(
                f"The currency {currency} has no exchange rate.",
                f"The scenario counts in {self.currency}.",
                f"Add what one {currency} is worth under economy, as  "
                f"exchange: {{{currency}: <number> {self.currency}}}.",
            )
        years = 0 if year is None else self.price_year - year
        return float(self.exchange[currency] * (1.0 + self.inflation) ** years)


class Converter:
    """Read quantities such as ``850 GWh`` into the unit used inside.

    Parameters
    ----------
    money : Money
        Exchange rates and price year.
    """

    def __init__(self, money: Money | None = None) -> None:
        self.money = money or Money()
        # A registry of our own few units: a misspelt unit stays unknown, and start-up is fast.
        self._registry: pint.UnitRegistry[float] = pint.UnitRegistry(None, autoconvert_offset_to_baseunit=True)
        self._registry.load_definitions(list(_DEFINITIONS))
        for code in (*CURRENCIES, *self.money.exchange):
            if code in self.money.exchange and code not in self._registry:
                self._registry.define(f"{code} = {self.money.worth(code)!r} * money")
        if "SEK" in self.money.exchange:
            self._registry.define("öre = 0.01 * SEK = ore")
        self._scale = lru_cache(maxsize=None)(self._find_scale)

    def read(self, value: object, unit: str) -> float:
        """Turn a quantity as written into a number in the unit used inside.

        Parameters
        ----------
        value : str, int or float
            A number with unit; without unit only where none is needed.
        unit : str
            Unit used inside, ``1`` for shares and other pure numbers.

        Returns
        -------
        number : float
            Finite value. [``unit``]

        Raises
        ------
        UnitError
            When the number, its unit or its dimension is wrong.

        Examples
        --------
        >>> Converter().read("850 GWh", "MWh")
        850000.0
        >>> Converter().read("9 %", "1")
        0.09
        """
        number, written = self._split(value, unit)
        if not written and unit != "1":
            raise UnitError(f"{brief(value)} has no unit.", self._wanted(unit))
        factor, offset = self.scale(written or "1", unit, shown=brief(value))
        found = number * factor + offset
        if abs(found) > LARGEST:
            raise UnitError(
                f"{brief(value)} is more than can be meant.", f"Numbers up to {LARGEST:g} are counted here."
            )
        return found

    def scale(self, written: str, unit: str, shown: str | None = None) -> tuple[float, float]:
        """Give factor and offset that bring a written unit to the one used inside.

        Parameters
        ----------
        written : str
            Unit as written by the user.
        unit : str
            Unit used inside.
        shown : str, optional
            What to quote in an error; the written unit when absent.

        Returns
        -------
        factor, offset : float
            ``inside = written * factor + offset``.

        Raises
        ------
        UnitError
            For an unknown unit or one of another dimension.
        """
        try:
            return self._scale(written, unit)
        except pint.DimensionalityError:
            found = f"{shown or written} is {self._kind(written)}."
        except _UNREADABLE:
            self._explain_unknown(written)
            found = f"The unit in '{shown or written}' is not known."
        raise UnitError(found, self._wanted(unit))

    def _find_scale(self, written: str, unit: str) -> tuple[float, float]:
        if not _UNIT.fullmatch(written):
            raise ValueError
        if unit == "degC" and self._prepare(written) in {"K", "kelvin"}:
            raise UnitError(f"A temperature in {written} is easily mistaken for a difference.", self._wanted("degC"))
        if unit == "K" and self._prepare(written) in {"degC", "celsius", "degree_Celsius"}:
            raise UnitError(f"{written} is a temperature, not a difference.", self._wanted("K"))
        source = self._registry.parse_units(self._prepare(written))
        target = self._registry.parse_units("" if unit == "1" else unit)
        at_zero, at_one = (self._registry.Quantity(x, source).to(target).magnitude for x in (0.0, 1.0))
        return float(at_one - at_zero), float(at_zero)

    def _prepare(self, written: str) -> str:
        if len(_SIGNS.findall(written)) > 1:
            raise UnitError(f"'{written}' has more than one sign for a share.", "", "Write  %  or  ‰  once.")
        text = _DEGREES.sub("degC", written).replace("%", " percent ").replace("‰", " permille ").strip()
        for match in _PRICE_YEAR.finditer(text):
            name = f"{match['currency']}_{match['year']}"
            if name not in self._registry:
                worth = self.money.worth(match["currency"], int(match["year"]))
                self._registry.define(f"{name} = {worth!r} * money")
        return "" if text == "1" else text

    def _explain_unknown(self, written: str) -> None:
        """Name the one word of a unit that is not understood."""
        for word in re.findall(r"[^\W\d]+", written.replace("%", "")):
            self._refuse_small_m(word)
            bare = word[1:] if word[:1] in "kMGT" and word[1:] in CURRENCIES else word
            if bare in CURRENCIES:
                self.money.worth(bare)
            elif not self._knows(word):
                if word.lower() in _SAID_OTHERWISE:
                    raise UnitError(f"The unit '{word}' is not known.", "", f"Write  {_SAID_OTHERWISE[word.lower()]}.")
                common = ["MW", "kW", "GW", "MWh", "kWh", "GWh", "TWh", "GJ", "degC", "K", "km", "m3", "SEK", "EUR"]
                raise UnitError(f"The unit '{word}' is not known.", "", suggestion(word, common))

    def _knows(self, word: str) -> bool:
        try:
            return word in self._registry
        except _UNREADABLE:
            return False

    def _refuse_small_m(self, word: str) -> None:
        """Say that a capital letter is missing, for a unit as for money."""
        bare = word.removeprefix("m").rstrip("_")
        if word[:1] == "m" and not self._knows(word) and bare in {"W", "Wh", "J", "t", "Pa", *CURRENCIES}:
            needed = "A small m would be a thousandth, which is not used here."
            raise UnitError(
                f"The unit '{word.rstrip('_')}' is not known.", needed, f"If millions are meant, write  M{bare}."
            )

    def _kind(self, written: str) -> str:
        names = {"MW": "a power", "MWh": "an energy", "money": "an amount of money", "degC": "a temperature"}
        names |= {"h": "a time", "km": "a length", "t": "a mass", "money/MWh": "a price of energy", "1": "a number"}
        names |= {"money/t": "a price by the tonne"}
        source = self._registry.parse_units(self._prepare(written)).dimensionality
        for unit, name in names.items():
            if source == self._registry.parse_units("" if unit == "1" else unit).dimensionality:
                return name
        return f"in {written}"

    def _wanted(self, unit: str) -> str:
        shown = display(unit, self.money.currency)
        example = _EXAMPLES.get(unit, f"35 {shown}")
        if unit == "1":
            return f"A pure number is needed here, such as {example}."
        return f"A quantity in {shown} is needed here, such as {example}."

    def _split(self, value: object, unit: str) -> tuple[float, str]:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise UnitError(f"{brief(repr(value))} is not a quantity.", self._wanted(unit))
        if isinstance(value, int | float):
            number, written = _as_float(value), ""
        else:
            match = _NUMBER.match(value)
            if match is None or not any(c.isdigit() for c in match["number"]):
                raise UnitError(f"'{brief(value)}' is not a number with a unit.", self._wanted(unit))
            if match["unit"].startswith(","):
                hint = "Write decimals with a point, thousands with a space or nothing."
                raise UnitError(f"'{brief(value)}' has a comma in its number.", "", hint)
            number, written = float(re.sub(r"[ \u00a0\u202f_]", "", match["number"])), match["unit"]
        if not math.isfinite(number):
            raise UnitError(f"{brief(value)} is not a finite number.", self._wanted(unit))
        return number, written


def _as_float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def display(unit: str, currency: str) -> str:
    """Write a unit used inside as a reader should see it, with the real currency."""
    return counted(unit, "MWh").replace(MONEY, currency)


def counted(unit: str, amount: str) -> str:
    """Write a declared unit for a flow that is counted in ``MWh`` or ``t``.

    Examples
    --------
    >>> counted("money/rate/a", "MWh"), counted("money/rate/a", "t"), counted("money/amount", "t")
    ('money/MW/a', 'money/(t/h)/a', 'money/t')
    """
    rate = "MW" if amount == "MWh" else "t/h" if unit == RATE else "(t/h)"
    return unit.replace(AMOUNT, amount).replace(RATE, rate)
