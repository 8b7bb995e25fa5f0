"""Biogas digester: a stirred tank in which bacteria turn wet residues into gas, given heat."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    NO_GAS,
    Component,
    Direction,
    Look,
    Port,
    Price,
    Share,
    Span,
    Surroundings,
    Temperature,
    Variable,
    derived,
    effect,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import PowerSizing

WATER = 4.19 / 3600.0
"""Heat capacity of the thin slurry, that of water. [MWh/(t K)]"""


class BiogasDigester(Component):
    r"""Feed a stirred tank of constant volume; what can be digested becomes gas by a first-order reaction.

    The digestible content :math:`S`, as the energy of the gas it can still give, follows

    .. math:: \frac{dS}{dt} = F - k S - \frac{S}{\theta},\qquad G = k S

    with feed :math:`F`, rate constant :math:`k` and retention time :math:`\theta`; in a steady state
    :math:`G = F\,k\theta/(1 + k\theta)` [1]_. With a constant feed over a step of length :math:`h` and
    :math:`\lambda = k + 1/\theta` that is exactly

    .. math:: S_t = e^{-\lambda h} S_{t-1} + F_t\,\frac{1 - e^{-\lambda h}}{\lambda},\qquad
              h\,G_t = \frac{k}{\lambda}\,(h F_t - S_t + S_{t-1}).

    The slurry is heated to the temperature of the tank, less what it gets back from the digestate, and the shell loses
    heat to the air [2]_: :math:`Q_t = \dot m_t c (T_D - T_F)(1 - r) + U\!A\,(T_D - T_{0,t})`, with
    :math:`\dot m_t = F_t / b` for a wet mass of gas potential :math:`b`. The horizon is a ring.

    References
    ----------
    .. [1] B. Linke, Kinetic study of thermophilic anaerobic digestion of solid wastes from potato processing, Biomass
       and Bioenergy 30, 2006, 892-896.
    .. [2] D. Deublein, A. Steinhauser, Biogas from Waste and Renewable Resources, Wiley-VCH, 2008 (heat balance of the
       fermenter).
    """

    look: ClassVar[Look] = Look("#6a994e", order=30)
    example: ClassVar[str] = (
        "digester: {type: biogas_digester, heat: town_heat, to: hydrogen, capacity: 4 MW, substrate_cost: -120 EUR/t, "
        "potential: 0.7 MWh/t}"
    )

    warmth = Port(Direction.IN, "heat", "heat", "Heat that keeps the tank warm.")
    gas = Port(Direction.OUT, None, "to", "Biogas given, by lower heating value.", refuses=NO_GAS)

    feed = Variable("MW", "Gas potential of the slurry fed.")
    content = Variable("MWh", "Gas potential left in the tank at the end of the step.")

    capacity: PowerSizing
    """Largest feed, as the gas potential of the slurry."""
    potential: Annotated[float, Unit("MWh/t"), Field(gt=0, le=6.0)] = 0.7
    """Gas a tonne of wet slurry gives when digested without end; pure fat gives about 6."""
    substrate_cost: Annotated[float, Unit("money/t")] = 0.0
    """What a tonne of slurry costs; below zero where its owner pays to be rid of it."""
    rate: Annotated[float, Unit("1/h"), Field(gt=0)] = 0.15 / 24.0
    """Rate constant of the reaction."""
    retention: Annotated[float, Unit("h"), Field(gt=0)] = 25.0 * 24.0
    """Mean time the slurry stays."""
    temperature: Temperature = 38.0
    """Temperature of the tank."""
    approach: Annotated[float, Unit("K"), Field(ge=0)] = 12.0
    """How much hotter the heating water enters."""
    feed_temperature: Temperature = 8.0
    """Temperature of the slurry before it is heated."""
    regained: Share = 0.4
    """Share of the slurry's heat that the digestate gives back."""
    shell: Annotated[float, Unit("MW/K"), Field(ge=0)] = 0.0005
    """Heat the shell loses for each kelvin between tank and air."""
    upkeep: Price = 3.0
    """Upkeep for each MWh of gas."""

    @model_validator(mode="after")
    def _is_heated(self) -> Self:
        if self.feed_temperature >= self.temperature:
            raise ValueError(
                f"feed_temperature {self.feed_temperature:g} degC is not below the tank's {self.temperature:g} degC: "
                "slurry that hot would have to be cooled. Correct one of them."
            )
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Heating water enters above the tank's temperature and leaves at it."""
        del given
        return Span(self.temperature + self.approach, self.temperature) if port == "warmth" else None

    @property
    def decay(self) -> float:
        """Share of the content that leaves in an hour, by reaction and with the digestate. [1/h]"""
        return self.rate + 1.0 / self.retention

    @derived("1")
    def kept(self, given: Surroundings) -> Any:
        """Share of the content still there at the end of a step without feed."""
        return np.exp(-self.decay * given.hours)

    @derived("h")
    def caught(self, given: Surroundings) -> Any:
        """Content at the end of a step for each MW fed during it."""
        return (1.0 - np.exp(-self.decay * given.hours)) / self.decay

    @derived("MW")
    def shell_loss(self, given: Surroundings) -> Any:
        """Heat the shell loses."""
        return self.shell * np.maximum(0.0, self.temperature - given.outdoor)

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """No more is fed than the pumps move."""
        return v.feed[t] <= v.capacity

    @rule
    def digests(self, v: Any, t: Any) -> Any:
        """The content is what is left of the last step's, and what the feed adds."""
        return v.content[t] == v.kept[t] * v.content[t - 1] + v.caught[t] * v.feed[t]

    @rule
    def gives_gas(self, v: Any, t: Any) -> Any:
        """What left the content, less the part that the digestate carried away, is gas."""
        gone = v.hours[t] * v.feed[t] - v.content[t] + v.content[t - 1]
        return v.hours[t] * v.gas[t] == self.rate / self.decay * gone

    @rule
    def keeps_warm(self, v: Any, t: Any) -> Any:
        """Heat warms the slurry, less what comes back, and makes up for the shell."""
        lift = WATER * (self.temperature - self.feed_temperature) * (1.0 - self.regained) / self.potential
        return v.warmth[t] == lift * v.feed[t] + v.shell_loss[t]

    @effect("cost")
    def substrate(self, v: Any, t: Any) -> Any:
        """What the slurry costs, or earns."""
        return self.substrate_cost / self.potential * v.feed[t] if self.substrate_cost else None

    @effect("cost")
    def kept_up(self, v: Any, t: Any) -> Any:
        """Upkeep of the plant."""
        return self.upkeep * v.gas[t] if self.upkeep else None

    @measure("1")
    def digested(self, v: Any, t: Any) -> Any:
        """Share of the potential fed that became gas."""
        fed = float((v.scale[t] * v.feed[t]).sum())
        return float((v.scale[t] * v.gas[t]).sum()) / fed if fed > 0 else None
