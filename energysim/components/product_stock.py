"""Product stock: tonnes kept for later."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Component, Direction, Look, Port, Share, Variable, effect, rule
from energysim.quantities import Unit
from energysim.traits import MassSizing


class ProductStock(Component):
    r"""Keep a product, such as iron pellets or sponge iron, between making and using it.

    .. math:: S_t = S_{t-1} + \Delta t\,(i_t - o_t),\quad 0 \le S_t \le K

    in tonnes; without ``start`` the horizon is a ring [1]_.

    References
    ----------
    .. [1] E. A. Silver, D. F. Pyke, D. J. Thomas, Inventory and Production Management in Supply Chains, 4th ed., 2017,
       ch. 4.
    """

    look: ClassVar[Look] = Look("#a98467", order=74)
    example: ClassVar[str] = "pellet_yard: {type: product_stock, network: pellets, capacity: 20 kt}"

    stored = Port(Direction.IN, None, "network", "Product put in.", unit="t")
    taken = Port(Direction.OUT, None, "network", "Product taken out.", unit="t")

    stock = Variable("t", "Product held at the end of the step.", initial="start")

    capacity: MassSizing
    """Most that can be held."""
    start: Share | None = None
    """Share of the capacity held before the first hour, and at least again at the end; a ring where absent."""
    handling: Annotated[float, Unit("money/t"), Field(ge=0)] = 0.0
    """Cost of each tonne taken out."""

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """The stock is what was there, plus what was put in, less what was taken out."""
        return v.stock[t] == v.stock[t - 1] + v.hours[t] * (v.stored[t] - v.taken[t])

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The stock stays within what can be held."""
        return v.stock[t] <= v.capacity

    @rule(every="horizon")
    def starts_as_given(self, v: Any) -> Any:
        """It starts with the given share, and ends with no less."""
        if self.start is None:
            return None
        return [v.start("stock") == self.start * v.capacity, v.end("stock") >= v.start("stock")]

    @effect("cost")
    def handled(self, v: Any, t: Any) -> Any:
        """Cost of handling."""
        return self.handling * v.taken[t] if self.handling else None
