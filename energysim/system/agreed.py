"""What contracts add to the model where they change behaviour: take or pay, priority."""

from collections.abc import Mapping
from typing import Any

from energysim.components.delivery import Delivery
from energysim.components.take_or_pay import TakeOrPay
from energysim.declare import Component
from energysim.own_effects import OwnEffect
from energysim.scenario.contracts import Contract
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
        if not contract.priority and contract.take_or_pay is None:
            continue
        flows = [(contract.component, port) for port in contract.ports(scenario.components)]
        if contract.to is not None:
            counted = _counted(name, contract)
            components[counted.name] = counted
            flows = [(counted.name, "moved")]
        if contract.priority:
            (preferred, port), *_ = flows
            component = components[preferred]
            effects = {**component.effects, PREFERENCE: OwnEffect(per=-contract.priority, flow=port)}
            components[preferred] = component.model_copy(update={"effects": effects})
        if contract.take_or_pay is not None:
            missed = f"contract {name}"
            components[missed] = TakeOrPay(
                name=missed, label=f"Not taken: {name}", owner=contract.buyer, price=contract.take_or_pay.price
            )
            members = (*(".".join(flow) for flow in flows), f"{missed}.missed")
            groups[missed] = Group(name=missed, members=members, at_least=contract.take_or_pay.energy * year_share)
    return components, groups


def _counted(name: str, contract: Contract) -> Delivery:
    """Count what of the seller's flow is the buyer's."""
    return Delivery(
        name=f"delivery {name}",
        label=f"Delivered: {name}",
        owner=contract.buyer,
        supplier=contract.flow,
        user=contract.to or "",
    )
