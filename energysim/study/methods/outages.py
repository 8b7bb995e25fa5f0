"""N-1 of heat: the plan's sizes stay, its suppliers stop one by one."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from energysim.declare import Component
from energysim.study.factor import Case
from energysim.study.methods.method import Finding, Rounds, cases_of
from energysim.words import Direction

if TYPE_CHECKING:
    from energysim.study.study import Study

ROOM = 1e-6
"""Share by which fixed sizes are larger than the plan's, so that rounding makes no shortage."""
NONE = "none"
"""In place of a supplier: all of them run."""
_COLUMNS = ["supplier", "unserved", "extra_unserved", "extra_cost", "status", "reason"]


class Outages:
    """Every supplier of heat stopped for the whole horizon, with the sizes the undisturbed plan has chosen.

    The unchanged scenario is planned first. Its sizes are then fixed, and for each supplier of the network a plan is
    made without it, which knows of the outage beforehand: what is short then is short for want of plants.
    """

    name: ClassVar[str] = "outages"
    needs: ClassVar[frozenset[str]] = frozenset()
    takes: ClassVar[frozenset[str]] = frozenset({"network"})
    asks: ClassVar[tuple[str, ...]] = ("Unserved energy", "Running costs")

    def findings(self, study: "Study") -> Iterator[Finding]:
        """The network must carry heat."""
        networks = _heat_networks(study)
        if not networks:
            yield ("scenario",), "The scenario has no heat network.", "Outages are those of heat suppliers.", ""
        elif study.network and study.network not in networks:
            known = ", ".join(networks)
            yield ("network",), f"There is no heat network '{study.network}'.", "", f"Known here: {known}."

    def count(self, study: "Study") -> int:
        """One for each supplier, and one with all of them."""
        return 1 + len(suppliers(study))

    def rounds(self, study: "Study") -> Rounds:
        """With the sizes of the base: nobody missing, then each supplier in turn."""
        # The base has run by now; its sizes are asked for by an empty round.
        table = yield []
        base = table[table.role == "base"]
        if base.empty or base.status.iloc[0] != "done":
            return
        fixed = sizes_of(base.iloc[0], table.attrs["units"])
        yield [_case(study, fixed, name) for name in ("", *suppliers(study))]

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give what is not served without each supplier, the worst first; also how much more than with all of them."""
        cases = cases_of(table)
        if cases.empty:
            return {"outages": pd.DataFrame(columns=_COLUMNS)}
        titles = {name: component.title for name, component in study.base.scenario().components.items()}
        whole = cases[cases.supplier_out == NONE]
        usual = float(whole["Running costs"].iloc[0]) if len(whole) and "Running costs" in whole else np.nan
        anyway = float(whole["Unserved energy"].iloc[0]) if len(whole) and "Unserved energy" in whole else np.nan
        out = cases[cases.supplier_out != NONE]
        unserved = out.get("Unserved energy", pd.Series(np.nan, out.index)).to_numpy(float)
        found = pd.DataFrame(
            {
                "supplier": [titles.get(name, name) for name in out.supplier_out],
                "unserved": unserved,
                # Where the run with all suppliers has failed nothing is known to be short anyway.
                "extra_unserved": unserved - (0.0 if np.isnan(anyway) else anyway),
                "extra_cost": out.get("Running costs", pd.Series(np.nan, out.index)).to_numpy(float) - usual,
                "status": out.status.to_numpy(),
                "reason": out.reason.to_numpy(),
            }
        )
        # No plan at all is worse than any shortage.
        order = found.unserved.where(found.status == "done", np.inf)
        return {"outages": found.assign(_order=-order).sort_values("_order", kind="stable").drop(columns="_order")}


def suppliers(study: "Study") -> list[str]:
    """Components that bring heat into a heat network from elsewhere; stores and shortage are left out."""
    networks = {study.network} if study.network else set(_heat_networks(study))
    found = []
    for name, component in study.base.scenario().components.items():
        given, taken = (_networks(component, direction) for direction in (Direction.OUT, Direction.IN))
        if (given - taken) & networks and component.type_name() != "unserved":
            found.append(name)
    return found


def _case(study: "Study", fixed: dict[str, Any], name: str) -> Case:
    """One supplier out; a size of the supplier itself goes with it where it is taken out altogether."""
    stopped = _stopped(study, name)
    kept = {key: value for key, value in fixed.items() if not any(key.startswith(f"{gone}.") for gone in stopped)}
    return Case(kept | stopped, {"supplier_out": name or NONE})


def sizes_of(base: pd.Series, units: Mapping[str, str]) -> dict[str, Any]:
    """Changes that fix every size as a run has it."""
    return {
        f"components.{name.removeprefix('size.')}": f"{float(base[name]) * (1.0 + ROOM)!r} {unit}"
        for name, unit in units.items()
        if name.startswith("size.") and pd.notna(base.get(name))
    }


def _stopped(study: "Study", name: str) -> dict[str, Any]:
    if not name:
        return {}
    component = study.base.scenario().components[name]
    if "availability" in type(component).model_fields:
        return {f"components.{name}.availability": "0 %"}
    return {f"components.{name}": None}


def _heat_networks(study: "Study") -> list[str]:
    return [name for name, network in study.base.scenario().networks.items() if network.carrier == "heat"]


def _networks(component: Component, direction: Direction) -> set[str]:
    ports = component.ports().items()
    return {
        component.connections[name]
        for name, port in ports
        if port.direction is direction and name in component.connections
    }
