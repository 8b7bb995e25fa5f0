"""Delivery: what of one component's flow counts as another's, through the network both meet in."""

from typing import ClassVar

from energysim.declare import Component, Direction, Look, Port


class Delivery(Component):
    r"""Follow what one component gives another through a network in which others meet too.

    In a network flows mix, and only what is agreed says whose they are: each hour a delivery :math:`m_t` is at most
    what its supplier gives and what its user takes, :math:`m_t \le g_t`, :math:`m_t \le d_t`; deliveries of one
    supplier share what it gives, and those to one user what it takes. In a heat network with temperature levels
    :math:`k` it is the heat of an expanded transshipment [1]_: with :math:`G` what counts of the supplier's heat,
    :math:`U` of the user's and :math:`R` of the heat that falls,

    .. math:: R_{k-1} + G_k = U_k + R_k, \quad G_k \le g_k, \quad U_k \le d_k, \quad m = \textstyle\sum_k U_k

    and no more falls than falls in all. It moves nothing by itself: it counts what may be called delivered, for a limit
    over a group (a share of the wind power an electrolyser takes in the same hour [2]_), for an effect, or for a
    contract that asks the plan for it.

    References
    ----------
    .. [1] S. A. Papoulias, I. E. Grossmann, A structural optimization approach in process synthesis II: heat recovery
       networks, Computers & Chemical Engineering 7, 1983.
    .. [2] Commission Delegated Regulation (EU) 2023/1184, art. 6 (hour of production and of use the same).
    """

    look: ClassVar[Look] = Look("#6d8a96", order=98)
    example: ClassVar[str] = (
        "wind_park: {type: source, to: shared_grid, price: 20 EUR/MWh, capacity: 8 MW}\n"
        "matched_works: {type: sink, from: shared_grid, fixed: 5 MW}\n"
        "matched: {type: delivery, supplier: wind_park, user: matched_works}"
    )

    moved = Port(Direction.IN, None, "to", "What is delivered.", is_optional=True)

    supplier: str
    """Component that gives, or one of its flows as  component.flow ."""
    user: str
    """Component that takes, or one of its flows as  component.flow ."""
