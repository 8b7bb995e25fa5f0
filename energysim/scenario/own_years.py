"""Price and weather years of the user's own, of which every simulated year takes one."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from energysim.declare import PriceSeries
from energysim.errors import SeriesError, UnitError, suggestion
from energysim.quantities import Series, as_pydantic
from energysim.scenario.sections import Section


def _temperatures(value: Any, info: ValidationInfo) -> Any:
    """Read temperatures of whole years, hour by hour, as a place's climate is read. (hour,) [degC]"""
    if isinstance(value, np.ndarray) or info.context is None:
        return np.asarray(value, float)
    try:
        return info.context.outdoor(value)
    except (SeriesError, UnitError) as error:
        raise as_pydantic(error) from None


Climate = Annotated[
    NDArray[np.float64],
    BeforeValidator(_temperatures),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}]}),
]


class OwnYears(Section):
    """Years of the user's own series; entry 1 of every list is of the first year, entry 2 of the second, and so on."""

    take: Literal["drawn", "in_turn"] = "drawn"
    """``drawn`` with the seed, all as likely; or ``in_turn``, year 1 the first, and after the last the first again."""
    prices: Mapping[str, Annotated[tuple[PriceSeries, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """By component, its price in each of the years, such as  spot: [{csv: 2019.csv, unit: EUR/MWh}, ...]."""
    weather: Mapping[str, Annotated[tuple[Climate, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """By place, the outdoor temperature in each of the years; the weather is drawn as ever where absent."""

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        counts = {name: len(years) for name, years in (*self.prices.items(), *self.weather.items())}
        if not counts:
            raise ValueError("there are no own years. Give 'prices' or 'weather', a list for each component or place.")
        if len(set(counts.values())) > 1:
            said = ", ".join(f"'{name}' {count}" for name, count in counts.items())
            raise ValueError(
                f"the lists are not equally long: {said}. The same entry of every list is of the same year, so that "
                "prices and weather stay together."
            )
        return self

    @property
    def count(self) -> int:
        """Number of own years."""
        return len(next(iter((*self.prices.values(), *self.weather.values()))))

    def wrong(
        self, components: Mapping[str, Any], places: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """Walk what does not fit the rest of the scenario: keys below the section, what was found, a way out."""
        for name in self.prices:
            if name not in components:
                yield ("prices", name), f"There is no component '{name}'.", suggestion(name, components)
            elif components[name] is not None and not _has_price(components[name]):
                found = f"'{name}' has no price that may change from hour to hour."
                yield ("prices", name), found, "Name a component such as an electricity_market."
        for name in self.weather:
            if name not in places:
                yield ("weather", name), f"There is no place '{name}'.", suggestion(name, places)


def _has_price(component: Any) -> bool:
    field = type(component).model_fields.get("price")
    return field is not None and any(isinstance(word, Series) for word in field.metadata)
