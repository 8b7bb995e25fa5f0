"""Units written beside a parameter's type: they read ``20 MW`` and refuse ``20 MWh``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from energysim.errors import SeriesError, UnitError
from energysim.units import Converter, counted


class Reading(Protocol):
    """What a scenario knows when it reads one parameter; passed as pydantic's validation context."""

    units: Converter
    horizon: Any
    """Steps of the scenario; see :class:`energysim.scenario.horizon.Horizon`."""
    seed: int
    """The scenario's seed."""
    name: str
    """Component being read, so that the chances of two components differ."""
    amount: str
    """What the flow being spoken of is counted in, ``MWh`` or ``t``."""

    def series(self, value: Any, unit: str) -> Any:
        """Read a list or mapping that describes a series; one number per step in ``unit``."""


@dataclass(frozen=True)
class Unit:
    """The fixed unit of a parameter; a scenario must write it, Python code may leave it out."""

    symbol: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        numeric = handler(schema)
        text = {"type": "string", "examples": [f"35 {counted(self.symbol, 'MWh')}" if self.symbol != "1" else "90 %"]}
        return {"anyOf": [numeric, text]} if self.symbol == "1" else text

    def _read(self, value: Any, info: ValidationInfo) -> Any:
        if info.context is None and isinstance(value, int | float) and not isinstance(value, bool):
            return value
        if value is None:
            return value
        return read_quantity(value, self.symbol, info)


@dataclass(frozen=True)
class Bounds:
    """Range every value of a series must keep."""

    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True)
class MayBeSubsidy:
    """A running cost that may be below zero, where running is subsidised; a reader is told."""


@dataclass(frozen=True)
class Series:
    """A parameter that may change from hour to hour: a quantity, a list, or a mapping that names a source."""

    symbol: str
    bounds: Bounds = Bounds()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        scalars = [{"type": "number"}, {"type": "string"}] if self.symbol == "1" else [{"type": "string"}]
        return {"anyOf": [*scalars, {"type": "array"}, {"type": "object"}]}

    def _read(self, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, np.ndarray):
            return self._within(value.astype(float))
        if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
            if info.context is None:
                return self._within(np.asarray(value, float))
            try:
                return self._within(np.asarray(info.context.series(value, _symbol(self.symbol, info)), float))
            except (SeriesError, UnitError) as error:
                raise as_pydantic(error) from None
        if info.context is None and isinstance(value, int | float):
            return float(self._within(np.asarray(value, float)))
        return float(self._within(np.asarray(read_quantity(value, self.symbol, info))))

    def _within(self, values: np.ndarray) -> np.ndarray:
        wrong = ~((values >= self.bounds.lower) & (values <= self.bounds.upper)) | ~np.isfinite(values)
        if not wrong.any():
            return values
        step = int(np.argmax(wrong))
        where = f" at step {step + 1} of {values.size}" if values.ndim else ""
        found = f"{values.flat[step]:g}{where} is out of range."
        low, high = self.bounds.lower, self.bounds.upper
        span = (
            f"from {low:g} to {high:g}" if np.isfinite(high) else f"at least {low:g}" if np.isfinite(low) else "finite"
        )
        needed = f"Values must be {span}{'' if self.symbol == '1' else ' ' + self.symbol}."
        meant = percent_meant(float(values.flat[step]), high) if self.symbol == "1" else ""
        raise as_pydantic(UnitError(found, f"{needed}{meant}"))


def percent_meant(given: Any, largest: float) -> str:
    """Ask whether a share that is too large was meant as a percentage.

    Examples
    --------
    >>> percent_meant(12, 1.0), percent_meant("-20 MW", 0.0)
    (' Did you mean 12 %?', '')
    """
    is_share = largest == 1.0 and isinstance(given, int | float) and 2.0 <= given <= 100.0
    return f" Did you mean {given:g} %?" if is_share else ""


def read_quantity(value: Any, symbol: str, info: ValidationInfo) -> float:
    """Read one quantity with the scenario's converter, or the default one outside a scenario."""
    converter = _PLAIN if info.context is None else info.context.units
    try:
        return converter.read(value, _symbol(symbol, info))
    except UnitError as error:
        raise as_pydantic(error) from None


def _symbol(symbol: str, info: ValidationInfo) -> str:
    """Unit in which the flow at hand is read."""
    return counted(symbol, "MWh" if info.context is None else info.context.amount)


def as_pydantic(error: UnitError | SeriesError) -> PydanticCustomError:
    """Carry one of our errors through pydantic, sentences kept apart for the scenario's report."""
    context = {"found": error.found, "needed": error.needed, "way_out": error.way_out}
    if isinstance(error, SeriesError):
        context["where"] = error.where  # type: ignore[assignment]
    text = " ".join(s for s in (error.found, error.needed, error.way_out) if s)
    return PydanticCustomError("energysim", "{text}", {**context, "text": text})


_PLAIN = Converter()
