"""Free allowances: what an owner is given of an emission right, a lump sum."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Component, Look, Port, effect
from energysim.quantities import Unit


class FreeAllowance(Component):
    r"""Give an owner emission rights for nothing.

    Income :math:`p\,A` a year, whatever is emitted: the price of every tonne stays in the dispatch, and the gift only
    moves money between owners. In the EU heat was given 47.3 rights for each TJ of the benchmark in 2021 to 2025,
    district heat a share of it that falls to 30 % [1]_.

    References
    ----------
    .. [1] Commission Implementing Regulation (EU) 2021/447 on benchmark values for free allocation 2021-2025.
    """

    look: ClassVar[Look] = Look("#cad2c5", order=98)
    example: ClassVar[str] = "rights: {type: free_allowance, amount: 2000 t/a, price: 75 EUR/t}"

    amount: Annotated[float, Unit("t/a"), Field(ge=0)]
    """Rights given in a year."""
    price: Annotated[float, Unit("money/t"), Field(ge=0)]
    """Worth of one right; the price of the emission under ``effects``."""

    def ports(self) -> dict[str, Port]:
        """It meets no network."""
        return {}

    @effect("cost", every="year", paid_as="tax")
    def gift(self, v: Any) -> Any:
        """Worth of the rights, as a negative cost."""
        del v
        return -self.price * self.amount
