"""Cooled: a stream that leaves a process warm and gives its heat as it is cooled."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import Difference, Span, Temperature


def as_it_cools(hot: float, cold: float, approach: float) -> Span:
    """Temperatures to which a stream between ``hot`` and ``cold`` can heat water through an exchanger. [degC], [K]."""
    return Span(hot - approach, cold - approach)


class CooledStream(BaseModel):
    """A flow that has to be, or may be, cooled; how much heat it holds is said by who has it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, serialize_by_alias=True
    )

    inlet: Temperature = Field(alias="from")
    """Temperature at which it leaves the process."""
    outlet: Temperature = Field(alias="to")
    """Temperature to which it can be cooled; equal to the inlet for condensing vapour."""
    approach: Difference | None = None
    """Temperature difference its heat exchanger needs; the network's where absent."""

    @model_validator(mode="after")
    def _cools(self) -> Self:
        if self.outlet > self.inlet:
            raise ValueError(
                f"a stream from {self.inlet:g} to {self.outlet:g} degC takes heat. Residual heat is cooled: "
                "'from' must be hotter than 'to'."
            )
        return self

    def span(self, approach: float) -> Span:
        """Temperatures to which it can heat the network's water, whose own approach counts where it has none."""
        return as_it_cools(self.inlet, self.outlet, approach if self.approach is None else self.approach)
