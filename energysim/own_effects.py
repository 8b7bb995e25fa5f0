"""Effects of a component's own beside cost and fuel emissions: nitrogen oxides, land, materials."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, WithJsonSchema, model_validator

from energysim.errors import UnitError
from energysim.quantities import read_quantity
from energysim.words import Effect


class OwnEffect(BaseModel):
    """An amount for each MWh of a flow, each start, or each unit of a size."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    per: Annotated[float, WithJsonSchema({"type": ["number", "string"]})]
    """Amount for each MWh or tonne of a flow, each start, or each unit of a size, such as  0.3 kg/MWh . [unit of the
    effect]"""
    flow: str | None = None
    """Port whose flow counts."""
    size: str | None = None
    """Size that counts, for each year it stands."""
    built: str | None = None
    """Size whose building counts, spread over its lifetime."""
    starts: bool = False
    """Whether each start counts, for a component that switches on and off."""

    @model_validator(mode="after")
    def _counts_one_thing(self) -> Self:
        if (self.flow is not None) + (self.size is not None) + (self.built is not None) + self.starts != 1:
            raise ValueError("say what counts: one of 'flow', 'size', 'built' and 'starts'.")
        return self


def read_own(name: str, given: Any, sizes: Mapping[str, str], info: ValidationInfo) -> Any:
    """Read the amount of an effect in the effect's own unit; what else is wrong pydantic tells.

    Parameters
    ----------
    name : str
        Of the effect.
    given : Any
        What the scenario writes.
    sizes : mapping of str to str
        Unit of each size of the component.
    info : ValidationInfo
        Knows the units of effects.
    """
    if not isinstance(given, Mapping) or info.context is None or "per" not in given:
        return given
    per, unit = given["per"], info.context.effect_units.get(name, "t")
    if "flow" in given:
        return {**given, "per": _of_a_flow(per, unit, info)}
    size = given.get("size") or given.get("built")
    if size is None:
        return {**given, "per": read_quantity(per, unit, info)}
    if str(size) not in sizes:
        return {**given, "per": 0.0}  # that there is no such size is told; in what it is counted nobody knows
    below = {"1": "", "t/h": "/(t/h)"}.get(sizes[str(size)], f"/{sizes[str(size)]}")
    return {**given, "per": read_quantity(per, f"{unit}{below}{'/a' if 'size' in given else ''}", info)}


def _of_a_flow(per: Any, unit: str, info: ValidationInfo) -> float:
    """Read an amount for each tonne or each MWh; which of them the flow is counted in, its network says later."""
    assert info.context is not None
    try:
        return float(info.context.units.read(per, f"{unit}/t"))
    except UnitError:
        return read_quantity(per, f"{unit}/MWh", info)


def own_effects(effects: Mapping[str, OwnEffect]) -> Iterator[tuple[str, Effect]]:
    """Make an effect of each, for the model and the books alike."""
    for name, own in effects.items():
        every = "year" if own.size is not None or own.built is not None else "hour"
        yield f"own_{name}", Effect(f"own_{name}", f"Own {name}.", _formula(own), name, every)


def _formula(own: OwnEffect) -> Any:
    if own.flow is not None:
        return lambda part, v, t: own.per * getattr(v, own.flow or "")[t]
    if own.starts:
        return lambda part, v, t: own.per * v.starting[t] / v.hours[t]
    if own.size is not None:
        return lambda part, v: own.per * getattr(v, own.size or "")
    return lambda part, v: _spread(part, v, own)


def _spread(part: Any, v: Any, own: OwnEffect) -> Any:
    sizing = getattr(part, own.built or "")
    if not sizing.is_decision:
        return None
    return own.per / (sizing.lifetime or 1.0) * (getattr(v, own.built or "") - sizing.existing)
