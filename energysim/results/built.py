"""What is built and what it costs at once: read off the yearly payments, so that it cannot differ from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from energysim.declare import Component
from energysim.system import Booking
from energysim.traits.sizing import Sizing, annuity

CAPITAL = "capital"
"""Item under which a size books its annuity."""
_SMALL = 1e-6


@dataclass(frozen=True)
class Built:
    """Something an actor builds."""

    owner: str
    component: str
    price: float
    """[money]"""
    lifetime: float
    """[a]"""
    field: str = ""
    """The size that is built, such as ``capacity``."""


def built_by(
    bookings: Iterable[Booking], components: Mapping[str, Component], rate: float, year_share: float
) -> tuple[Built, ...]:
    """Read off the books what is built: an annuity over its factor is the price.

    Parameters
    ----------
    bookings : iterable of Booking
        Of a plan.
    components : mapping of str to Component
        Of the scenario.
    rate : float
        Discount rate of the scenario. [1/a]
    year_share : float
        Share of yearly amounts the plan carries.
    """
    found = []
    seen: dict[str, int] = {}
    for booking in bookings:
        if booking.item != CAPITAL or booking.effect != "cost":
            continue
        component = components[booking.component]
        number = seen.get(component.name, 0)
        seen[component.name] = number + 1
        field, sizing = decisions(component)[number]
        lifetime = sizing.lifetime or 1.0
        own_rate = rate if sizing.discount_rate is None else sizing.discount_rate
        price = booking.amount / year_share / annuity(own_rate, lifetime)
        if abs(price) > _SMALL:
            found.append(Built(component.owner or "", component.name, price, lifetime, field))
    return tuple(found)


def decisions(component: Component) -> list[tuple[str, Sizing]]:
    """Sizes of a component that are to be decided, by field."""
    return [(field, trait) for field, trait, _ in component.traits() if isinstance(trait, Sizing) and trait.is_decision]
