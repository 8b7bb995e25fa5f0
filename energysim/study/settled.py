"""Contracts whose price compares with a plan without their flow, settled by solving that plan."""

from collections.abc import Callable

import xarray as xr

from energysim.api import Session, booked
from energysim.errors import EnergysimError, StoppedError
from energysim.kpi import summed_cost
from energysim.kpi.settlement import Saving
from energysim.model import Model, build
from energysim.model.close import close
from energysim.model.solve import optimise, options_of
from energysim.model.view import Key
from energysim.scenario import Scenario
from energysim.scenario.contracts import COUNTERFACTUAL
from energysim.system import Plan, assemble


def compared(scenario: Scenario) -> list[str]:
    """List the contracts whose price compares with a plan without their flow."""
    return [name for name, one in scenario.contracts.items() if one.price.way in COUNTERFACTUAL]


def flows_of(scenario: Scenario, contract: str) -> frozenset[Key]:
    """Flows of a contract: component and port of each."""
    one = scenario.contracts[contract]
    return frozenset((one.component, port) for port in one.ports(scenario.components))


def settled(
    results: xr.Dataset,
    scenario: Scenario,
    tell: Callable[[str, str], None] | None = None,
    session: Session | None = None,
) -> xr.Dataset:
    """Settle the contracts of a run that compare with a plan without their flow, each by solving that plan.

    Parameters
    ----------
    results : xarray.Dataset
        Of :func:`energysim.api.run`.
    scenario : Scenario
        That was run.
    tell : callable, optional
        Hears about each stage.
    session : Session, optional
        Keeps the solver loaded, see :func:`energysim.api.run`.

    Returns
    -------
    results : xarray.Dataset
        The same where no contract asks for it. Where nobody can be without a flow it stays settled at the marginal
        price, and says so.

    Raises
    ------
    StoppedError
        When a plan without a flow was stopped before the end.
    """
    wanted = compared(scenario)
    if not wanted:
        return results
    with_it = summed_cost(results, "owner").to_dict()
    model = build(assemble(scenario))
    savings = {}
    for name in wanted:
        if tell is not None:
            tell("contract", f"the plan without the flow of {name}")
        try:
            plan = optimise(close(model, sorted(flows_of(scenario, name))), options_of(scenario), session=session)
        except StoppedError:
            raise
        except EnergysimError:
            continue
        seller, without = scenario.contracts[name].seller, _costs(model, plan)
        savings[name] = Saving(
            sum(without.values()), sum(with_it.values()), without.get(seller, 0.0), with_it.get(seller, 0.0)
        )
    return booked(results, scenario, savings)


def _costs(model: Model, plan: Plan) -> dict[str, float]:
    """What the world outside costs each owner in a plan. [money]"""
    found: dict[str, float] = {}
    for booking in plan.bookings:
        if booking.effect == "cost":
            owner = model.system.components[booking.component].owner or ""
            found[owner] = found.get(owner, 0.0) + booking.amount
    return found
