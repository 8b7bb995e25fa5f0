"""What contracts add to the model where they change behaviour: take or pay, priority."""

from collections.abc import Mapping
from typing import Any

from energysim.components.take_or_pay import TakeOrPay
from energysim.declare import Component
from energysim.own_effects import OwnEffect
from energysim.scenario.groups import Group
from energysim.scenario.scenario import Scenario

PREFERENCE = "preference"
"""Effect that steers the plan beside its cost."""


def agreed(scenario: Scenario, year_share: float) -> tuple[Mapping[str, Component], Mapping[str, Any]]:
    """Add to components and groups what the contracts ask of the plan.

    Returns
    -------
    components, groups : mapping
        Those of the scenario where no contract changes behaviour.
    """
    components, groups = dict(scenario.components), dict(scenario.groups)
    for name, contract in scenario.contracts.items():
        ports = contract.ports(scenario.components)
        if contract.priority:
            component = components[contract.component]
            wish = OwnEffect(per=-contract.priority, flow=ports[0])
            components[component.name] = component.model_copy(
                update={"effects": {**component.effects, PREFERENCE: wish}}
            )
        if contract.take_or_pay is not None:
            missed = f"contract {name}"
            components[missed] = TakeOrPay(
                name=missed, label=f"Not taken: {name}", owner=contract.buyer, price=contract.take_or_pay.price
            )
            members = (*(f"{contract.component}.{port}" for port in ports), f"{missed}.missed")
            groups[missed] = Group(name=missed, members=members, at_least=contract.take_or_pay.energy * year_share)
    return components, groups
