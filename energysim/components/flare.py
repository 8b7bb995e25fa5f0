"""Flare: burns gas that finds no use."""

from typing import Annotated, Any, ClassVar

from energysim.declare import Component, Direction, Fee, Look, On, Port, effect, rule
from energysim.traits import Combustion, PowerSizing


class Flare(Component):
    r"""Burn surplus gas, giving nothing.

    Its emissions count as those of any burner, :math:`e\,f_t`; while gas is flared its marginal value is nothing but
    the cost of flaring [1]_.

    References
    ----------
    .. [1] R. Remus et al., Best Available Techniques Reference Document for Iron and Steel Production, European
       Commission JRC, 2013, ch. 2 (process gases).
    """

    look: ClassVar[Look] = Look("#ff7f50", order=96)
    example: ClassVar[str] = "torch: {type: flare, fuel: furnace_gas}"

    fuel = Port(Direction.IN, "fuel", "fuel", "Gas burnt, by lower heating value.")

    cost: Fee = 0.0
    """Cost of each MWh flared."""
    capacity: PowerSizing | None = None
    """Largest flow; unlimited where absent."""
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the gas."""

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The flare burns no more than it can."""
        return None if self.capacity is None else v.fuel[t] <= v.capacity

    @effect("cost")
    def flaring(self, v: Any, t: Any) -> Any:
        """Cost of flaring."""
        return self.cost * v.fuel[t] if self.cost else None
