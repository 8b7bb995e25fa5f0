"""What of a supplier's flow counts as delivered to a user, hour by hour, in a solved plan."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from energysim.kpi.matches import flows_by_level
from energysim.scenario.route import Route

Floats = NDArray[np.float64]


def deliveries(results: xr.Dataset, routes: Mapping[str, Route]) -> dict[str, Floats]:
    r"""Count what each route delivers: the smaller of what is given and taken, as far as temperatures let it pass.

    In a heat network with levels heat of a route goes to the user's hottest level first and falls on with what falls
    in all; on a chain of levels this is the largest flow there can be [1]_. Routes that share a supplier, a user or
    falling heat are served in their order.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    routes : mapping of name to Route

    Returns
    -------
    delivered : dict of str to array (step,)
        By the meter of the supplier and no more than the user's shows. [MW]

    References
    ----------
    .. [1] A. J. Hoffman, On simple linear programming problems, in: Convexity, AMS, 1963 (greedy transport where the
       costs have no crossing).
    """
    chains: dict[str, _Chain] = {}
    found = {}
    for name, route in routes.items():
        chain = chains.setdefault(route.network, _Chain.of(results, route.network))
        found[name] = chain.claim(".".join(route.supplier), ".".join(route.user))
    return found


@dataclass(frozen=True)
class _Chain:
    """The levels of a network, the hottest first, and what nobody has claimed yet."""

    flows: list[dict[str, Floats]]
    """Of each port, by level. [MW]"""
    falling: list[Floats]
    """To the next level. [MW]"""
    count: int
    """Steps."""

    @classmethod
    def of(cls, results: xr.Dataset, network: str) -> "_Chain":
        flows, falling = flows_by_level(results, network)
        mine = [{port: flow.copy() for port, flow in ports.items()} for ports in flows]
        return cls(mine, [down.copy() for down in falling[:-1]], results.sizes["time"])

    def claim(self, supplier: str, user: str) -> Floats:
        """Take as much of a supplier's flow for a user as there is left. [MW] (step,)"""
        nothing = np.zeros(self.count)
        taken, carried = [], nothing
        for number, ports in enumerate(self.flows):
            within_reach = carried + ports.get(supplier, nothing)
            taken.append(np.minimum(within_reach, ports.get(user, nothing)))
            if number < len(self.falling):
                carried = np.minimum(within_reach - taken[-1], self.falling[number])
        needed = nothing
        for number in reversed(range(len(self.flows))):
            ports = self.flows[number]
            needed = needed + taken[number]
            given = np.minimum(ports.get(supplier, nothing), needed)
            needed = needed - given
            for port, amount in ((supplier, given), (user, taken[number])):
                if port in ports:
                    ports[port] = np.maximum(ports[port] - amount, 0.0)
            if number:
                self.falling[number - 1] = np.maximum(self.falling[number - 1] - needed, 0.0)
        return np.sum(taken, axis=0)
