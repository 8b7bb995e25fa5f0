"""Flexible demand: users who can wait, or do without at a price."""

from typing import Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import (
    Component,
    Direction,
    Duration,
    Fee,
    Look,
    Port,
    Power,
    PowerSeries,
    Share,
    Surroundings,
    Variable,
    derived,
    effect,
    flow,
    measure,
    rule,
)


class FlexibleDemand(Component):
    r"""Draw a load part of which can move in time.

    Drawn is :math:`d_t = l_t + u_t - w_t - c_t` with use brought forward or caught up :math:`u_t`, use held back
    :math:`w_t \le \sigma l_t` and use given up :math:`c_t`. What is held back and not yet caught up,
    :math:`B_t = B_{t-1} + \Delta t\,(w_t - u_t)`, stays within what the share can hold back in the time allowed,
    :math:`|B_t| \le \sigma \bar l\, \tau / 2`, so no use moves further than about :math:`\tau` [1]_.

    References
    ----------
    .. [1] A. Zerrahn, W.-P. Schill, On the representation of demand-side management in power system models, Energy 84,
       2015.
    """

    look: ClassVar[Look] = Look("#577590", order=3)
    example: ClassVar[str] = (
        "works: {type: flexible_demand, from: grid, load: 40 MW, movable: 20 %, within: 6 h, giving_up: 400 EUR/MWh, "
        "most_given_up: 5 %}"
    )
    wanted: ClassVar[tuple[str, ...]] = ("load", "largest")

    drawn = Port(Direction.IN, None, "from", "What is drawn.", is_end_use=True)

    held_back = Variable("MW", "Use held back.")
    caught_up = Variable("MW", "Use caught up or brought forward.")
    given_up = Variable("MW", "Use given up.")
    owed = Variable("MWh", "Use held back and not yet caught up; negative where brought forward.", lower=-np.inf)

    load: PowerSeries
    """What would be drawn without flexibility."""
    movable: Share = 0.0
    """Share of the load that can wait."""
    within: Duration = 6.0
    """Time within which it is caught up."""
    largest: Power | None = None
    """Largest draw; the largest load and what is movable on top where absent."""
    moving: Fee = 0.0
    """Cost of each MWh that waits."""
    giving_up: Fee | None = None
    """What a MWh not used is worth to its user; none is given up where absent."""
    most_given_up: Share = 1.0
    """Largest share of the load of an hour that is given up."""

    @model_validator(mode="after")
    def _is_flexible(self) -> Self:
        if not self.movable and self.giving_up is None:
            raise ValueError("nothing of it is flexible. Give 'movable', 'giving_up', or use an ordinary demand.")
        return self

    @derived("MWh")
    def most_owed(self, given: Surroundings) -> float:
        """Most that can be owed or brought forward."""
        del given
        return 0.5 * self.movable * float(np.max(self.load)) * self.within

    @flow("drawn")
    def moved(self, v: Any, t: Any) -> Any:
        """Load, moved and given up."""
        return v.load[t] + v.caught_up[t] - v.held_back[t] - v.given_up[t]

    @rule
    def owes(self, v: Any, t: Any) -> Any:
        """What is owed is what was, plus what is held back, less what is caught up."""
        return v.owed[t] == v.owed[t - 1] + v.hours[t] * (v.held_back[t] - v.caught_up[t])

    @rule
    def owes_little(self, v: Any, t: Any) -> Any:
        """No more is owed or brought forward than the time allows."""
        return [v.owed[t] <= v.most_owed[t], v.owed[t] >= -1.0 * v.most_owed[t]]

    @rule
    def moves_its_share(self, v: Any, t: Any) -> Any:
        """Only the movable share waits, and is caught up no faster than the largest draw allows."""
        most = self.largest if self.largest is not None else float(np.max(self.load)) * (1.0 + self.movable)
        return [v.held_back[t] <= self.movable * v.load[t], v.load[t] + v.caught_up[t] <= most]

    @rule
    def gives_up_its_share(self, v: Any, t: Any) -> Any:
        """Use is given up within its share, and only where it has a price."""
        return v.given_up[t] <= (0.0 if self.giving_up is None else self.most_given_up * v.load[t])

    @rule
    def draws_no_less_than_nothing(self, v: Any, t: Any) -> Any:
        """What is held back and given up is part of the load."""
        return v.held_back[t] + v.given_up[t] <= v.load[t]

    @effect("cost")
    def waiting(self, v: Any, t: Any) -> Any:
        """Cost of waiting."""
        return self.moving * v.held_back[t] if self.moving else None

    @effect("cost")
    def lost_use(self, v: Any, t: Any) -> Any:
        """What use given up is worth."""
        return self.giving_up * v.given_up[t] if self.giving_up else None

    @measure("MWh")
    def moved_energy(self, v: Any, t: Any) -> Any:
        """Use that waited, over the horizon."""
        return float((v.scale[t] * v.held_back[t]).sum())
