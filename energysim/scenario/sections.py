"""The sections of a scenario beside networks and components, each a small checked record."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from energysim.declare import Array, Duration, Emission, Factor, Share
from energysim.quantities import Unit, read_quantity

CURRENCY = re.compile("[A-Z]{3}")
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Section(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, use_attribute_docstrings=True)


def labelled(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of an entry under its key: what it writes as ``name`` is what readers see, its label."""
    return {**given, "label": given.get("name", given.get("label", "")), "name": name}


class Economy(Section):
    """Money: the currency of all costs, the year of its prices, and how to compare years."""

    currency: str = "EUR"
    """Currency every cost is counted in."""
    price_year: Annotated[int, Field(ge=1990, le=2100)] = 2025
    """Year of whose prices the scenario speaks."""
    discount_rate: Share
    """Yearly rate at which investments are paid back."""
    exchange: Mapping[str, float] = Field(default_factory=dict)
    """Worth of one unit of other currencies."""
    perspective: Literal["actors", "society"] = "actors"
    """Whose cost is minimised: that of the actors, or that of society, for which taxes only change hands."""
    inflation: Factor = 0.0
    """Yearly rise of prices, for amounts such as 300 EUR_2015."""

    @field_validator("currency")
    @classmethod
    def _is_code(cls, currency: str) -> str:
        if not CURRENCY.fullmatch(currency):
            raise ValueError(f"'{currency}' is no currency. Write its three letters, such as SEK or EUR.")
        return currency


class Actor(Section):
    """A company or body that owns components."""

    name: str
    """Key under ``actors``."""
    label: str = ""
    """Name shown to readers."""


class Place(Section):
    """A town or site."""

    written_as: ClassVar[Mapping[str, str]] = {"outdoor": "climate", "usual": "normal"}
    """Key of the scenario behind a field that is made of it."""

    name: str
    """Key under ``places``."""
    label: str = ""
    """Name shown to readers."""
    location: tuple[Latitude, Longitude] | None = None
    """Latitude and longitude."""
    outdoor: Annotated[Array | None, WithJsonSchema({"type": "null"})] = None
    """Outdoor temperature, hour by hour over whole calendar years. [degC] (hour,)"""
    usual: Annotated[Array | None, WithJsonSchema({"type": "null"})] = None
    """The same of the normal year that yearly heat demands are told for, where it is not that year. [degC] (hour,)"""

    def in_weather(self, outdoor: Array) -> Self:
        """The same place in other weather; yearly heat stays that of the year it was told for."""
        return self.model_copy(update={"outdoor": outdoor, "usual": self.outdoor if self.usual is None else self.usual})


class Fuel(Section):
    """A fuel: a node of its own that suppliers feed and plants draw from."""

    name: str
    """Key under ``fuels``."""
    label: str = ""
    """Name shown to readers."""
    co2: Emission = 0.0
    """Stack emission when burnt, per lower heating value; biogenic carbon counts zero."""
    primary_energy: Factor = 1.0
    """Primary energy per energy content."""


MONEY = ("cost", "tax", "preference")
"""Effects counted in the scenario's currency."""
BOOKED = ("co2", "co2_consequence", "co2_electricity", "co2_residual_mix", "primary_energy")
"""Other effects that types book by themselves; every further one is declared by a scenario and counted as it says."""


def usual_unit(effect: str, currency: str) -> str:
    """Unit in which an effect is counted where nothing else is said, and in which types book it."""
    if effect in MONEY:
        return currency
    return "MWh" if effect.endswith("energy") else "t"


def effect_units(given: Any, currency: str) -> dict[str, str]:
    """Unit of each effect of a scenario as it is written, which the components' own amounts are read in."""
    entries = given.items() if isinstance(given, Mapping) else ()
    said = {str(name): one.get("unit") for name, one in entries if isinstance(one, Mapping)}
    return {name: str(unit or usual_unit(name, currency)) for name, unit in said.items()}


class EffectPolicy(Section):
    """Price and cap of an effect beside cost, such as CO2."""

    unit: str = "t"
    """Unit the effect is counted in."""
    price: float = 0.0
    """Price of one unit. [money/unit]"""
    cap: Annotated[float, Field(ge=0)] | None = None
    """Most over the horizon. [unit]"""
    monthly_cap: Annotated[float, Field(ge=0)] | None = None
    """Most in any calendar month. [unit]"""
    hourly_cap: Annotated[float, Field(ge=0)] | None = None
    """Most in any hour. [unit/h]"""
    objective: Annotated[float, Field(gt=0)] | None = None
    """Weight in the objective; where any effect has one, only these are minimised and cost is what follows."""

    @model_validator(mode="before")
    @classmethod
    def _read_in_own_unit(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context is None or not isinstance(data, Mapping):
            return data
        unit, fields = data.get("unit", "t"), dict(data)
        if not isinstance(unit, str):
            return data
        read_quantity(f"1 {unit}", unit, info)  # a unit that is none is told before what is counted in it
        usual = usual_unit(info.context.name, info.context.units.money.currency)
        if info.context.name in (*MONEY, *BOOKED) and unit != usual:
            raise ValueError(
                f"'{info.context.name}' is counted in {usual}, not in {unit}: plants book it so. Write  unit: {usual}  "
                "or leave it out; its price and caps may stand in any unit that fits."
            )
        symbols = {"price": f"money/{unit}", "cap": unit, "monthly_cap": unit, "hourly_cap": f"{unit}/h"}
        for key, symbol in symbols.items():
            if fields.get(key) is not None:
                fields[key] = read_quantity(fields[key], symbol, info)
        return fields


def _read_end_value(value: Any, info: ValidationInfo) -> tuple[float, ...] | None:
    """Read one price of energy, or twelve."""
    if value is None:
        return None
    given = list(value) if isinstance(value, list | tuple) else [value]
    if len(given) not in (1, 12):
        raise ValueError(f"'end_value' has {len(given)} entries. Write one price, or twelve, from January to December.")
    read = [
        float(one) if info.context is None and isinstance(one, int | float) else read_quantity(one, "money/MWh", info)
        for one in given
    ]
    if min(read) < 0.0:
        raise ValueError(f"'end_value' is {min(read):g}: what is in store is worth no less than nothing. Write 0.")
    return tuple(read)


EndValue = Annotated[
    tuple[float, ...] | None,
    BeforeValidator(_read_end_value),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 12, "maxItems": 12}]}
    ),
]


class SolverOptions(Section):
    """How to solve, for those who want to say."""

    method: Literal["auto", "interior", "simplex", "ipx", "hipo", "pdlp"] = "auto"
    """``interior``, made for whole years, or one of HiGHS's; by size and structure where not said."""
    crossover: bool | None = None
    """Whether the answer of an interior point method is moved to a corner, which may take longer than finding it."""
    time_limit: Duration | None = None
    """Longest time to search."""
    gap: Annotated[float, Unit("1"), Field(gt=0, lt=1)] | None = None
    """Relative gap at which a search may end: 1e-4 over integers, 1e-6 of the method ``interior``, where absent."""
    typical_days: Annotated[int, Field(ge=1)] | None = None
    """Days that stand for the year while sizes are found; the sizes are then run through the full year."""
    segments: Annotated[int, Field(ge=2)] | None = None
    """The same with stretches of hours that are alike joined into this many."""
    refine: Annotated[float, Unit("1"), Field(gt=0, lt=1)] | None = None
    """Gap to a proven bound at which the search for better sizes than these ends; until the time limit."""
    look_ahead: Duration = 168.0
    """Hours that each solve of  --engine rolling  sees."""
    advance: Duration = 24.0
    """Hours kept of each of these solves."""
    end_value: EndValue = None
    """Worth of a MWh in store at the end of each, one or twelve by calendar month; by an estimate of the whole horizon
    where absent."""
    end_value_by_level: tuple[Factor, ...] = (1.0,)
    """Factors on it for equal slices of every store, from empty to full, such as [1.2, 1, 0.5]; none above the one
    before."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads to use; 0 lets the solver choose."""

    @model_validator(mode="after")
    def _is_worth_less_when_full(self) -> Self:
        factors = self.end_value_by_level
        if factors != (1.0,) and self.end_value is None:
            raise ValueError(
                "'end_value_by_level' are factors on 'end_value', which is missing. Write both or neither."
            )
        if not factors or any(later > earlier for earlier, later in pairwise(factors)):
            raise ValueError(
                f"'end_value_by_level' is {list(factors)}: a fuller store must not be worth more for each MWh. Write "
                "factors that fall from empty to full, such as [1.2, 1, 0.5]."
            )
        return self

    @model_validator(mode="after")
    def _shortens_once(self) -> Self:
        if self.typical_days is not None and self.segments is not None:
            raise ValueError("'typical_days' and 'segments' both shorten the year. Keep one of them.")
        if self.refine is not None and self.typical_days is None and self.segments is None:
            raise ValueError("'refine' goes with 'typical_days' or 'segments': it improves the sizes they find.")
        return self
