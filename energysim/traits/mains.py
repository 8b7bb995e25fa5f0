"""Pipes, and users of a district, as a scenario writes them."""

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import Power, Temperature
from energysim.hydraulics.heat_loss import Buried, insulated_coefficient, pair_loss
from energysim.hydraulics.pipes import Row, row_of
from energysim.quantities import Unit

Metres = Annotated[float, Unit("m"), Field(gt=0)]
Millimetres = Annotated[float, Unit("mm"), Field(gt=0)]
Conductivity = Annotated[float, Unit("W/m/K"), Field(gt=0)]


class OwnPipe(BaseModel):
    """A diameter of a table of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    inner: Millimetres
    """Inner diameter."""
    cost: Annotated[float, Unit("money/m"), Field(ge=0)]
    """Cost of a metre of the pair, laid."""
    outer: Millimetres | None = None
    """Outer diameter of the steel."""
    casing: Millimetres | None = None
    """Outer diameter of the insulation."""

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        if (self.outer is None) != (self.casing is None):
            raise ValueError("its loss follows from 'outer' and 'casing' together. Give both or none.")
        if self.outer is not None and self.casing is not None and not self.inner < self.outer < self.casing:
            raise ValueError("steel lies round the water and insulation round the steel: inner < outer < casing.")
        return self

    @property
    def row(self) -> Row:
        """As a row of the table of diameters."""
        nothing = float("nan")
        return self.inner, self.inner, self.outer or nothing, self.casing or nothing, self.cost


class DistrictPipe(BaseModel):
    """A pipe of the supply with its like in the return."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    start: str = Field(alias="from")
    """Junction where it begins."""
    end: str = Field(alias="to")
    """Junction where it ends."""
    length: Metres
    """Length."""
    nominal: int | None = None
    """Nominal diameter in mm, which brings the others."""
    inner: Millimetres | None = None
    """Inner diameter, where it has no nominal one."""
    outer: Millimetres | None = None
    """Outer diameter of the steel of a buried pipe."""
    casing: Millimetres | None = None
    """Outer diameter of its insulation."""
    spacing: Metres | None = None
    """Between the middles of supply and return; 0.15 m between the casings where absent."""
    insulation: Millimetres | None = None
    """Thickness of the insulation, for a pipe whose ground is not counted."""
    loss_coefficient: Annotated[float, Unit("W/m/K"), Field(ge=0)] | None = None
    """Heat a metre loses for each kelvin above the ground, where it is known."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.start == self.end:
            raise ValueError(f"the pipe joins '{self.start}' with itself. Name two junctions in 'from' and 'to'.")
        if (self.nominal is None) == (self.inner is None):
            raise ValueError("give one of 'nominal', such as 100, and 'inner', such as 107.1 mm.")
        ways = [self.loss_coefficient, self.insulation, self.casing if self.outer else None]
        count = sum(way is not None for way in ways)
        if count > 1 or (count == 0 and self.nominal is None):
            raise ValueError(
                "its loss follows from one of 'loss_coefficient', 'insulation', and 'outer' with 'casing'. Give one."
            )
        _, inner, outer, casing = self.sizes
        if outer and not inner < outer < casing:
            raise ValueError("steel lies round the water and insulation round the steel: inner < outer < casing.")
        if outer and self.spacing is not None and self.spacing * 1e3 < casing:
            raise ValueError(f"a spacing of {self.spacing:g} m lays casings of {casing:g} mm into one another.")
        return self

    @property
    def sizes(self) -> tuple[float, float, float, float]:
        """Nominal, inner and outer diameter and casing; 0 for what plays no part. [mm]"""
        if self.nominal is not None:
            nominal, inner, outer, casing, _ = row_of(self.nominal)
            if self.loss_coefficient is not None or self.insulation is not None:
                return nominal, inner, 0.0, 0.0
            return nominal, inner, self.outer or outer, self.casing or casing
        return 0.0, self.inner or 0.0, self.outer or 0.0, self.casing or 0.0

    def losses(self, around: Buried) -> tuple[float, float]:
        """Loss of a pipe to the ground and from the one beside it. [W/(m K)]"""
        _, inner, outer, casing = self.sizes
        if self.loss_coefficient is not None:
            return max(self.loss_coefficient, 1e-12), 0.0
        if self.insulation is not None:
            return insulated_coefficient(inner, self.insulation, around.insulation), 0.0
        spacing = self.spacing or casing * 1e-3 + 0.15
        pair = pair_loss(outer * 1e-3, casing * 1e-3, spacing, around)
        return pair.own, pair.mutual


class DistrictUser(BaseModel):
    """Who takes heat at a junction."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    wanted: ClassVar[tuple[str, ...]] = ("load",)

    at: str
    """Junction."""
    load: Power
    """Heat taken when the district's ``profile`` is 1."""
    cooling: Annotated[float, Unit("K"), Field(gt=0)] = 40.0
    """Kelvin by which it cools the water."""
    bypass: Temperature | None = None
    """Temperature kept there: where water would come colder, as under small loads, just so much runs past."""
