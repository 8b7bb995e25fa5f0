"""Combustion: the carbon dioxide of a fuel, booked where it is burnt."""

from collections.abc import Iterator, Mapping
from typing import Any

from energysim.declare import Share, Surroundings, Trait, derived, effect


class Combustion(Trait):
    """Book the emissions of the fuel taken at the port ``flow``.

    The factor is the fuel's own, per lower heating value; biogenic carbon counts as zero there [1]_.

    References
    ----------
    .. [1] IPCC, 2006 Guidelines for National Greenhouse Gas Inventories, vol. 2, ch. 2.
    """

    captured: Share = 0.0
    """Share of the carbon dioxide that is captured and stored."""

    @derived("t/MWh")
    def co2_factor(self, given: Surroundings) -> Any:
        """Carbon dioxide that leaves the stack for each MWh of fuel."""
        return given.network("flow").co2 * (1.0 - self.captured) if given.is_connected("flow") else 0.0

    @derived("1")
    def primary_factor(self, given: Surroundings) -> Any:
        """Primary energy for each MWh of fuel."""
        return given.network("flow").primary_energy if given.is_connected("flow") else 0.0

    @effect("primary_energy")
    def primary(self, v: Any, t: Any) -> Any:
        """Primary energy of the fuel burnt."""
        return v.primary_factor[t] * v.flow[t]

    @effect("co2")
    def stack(self, v: Any, t: Any) -> Any:
        """Carbon dioxide from the fuel burnt."""
        return v.co2_factor[t] * v.flow[t]


def burning(inputs: Mapping[str, float]) -> Iterator[tuple[str, Trait, Mapping[str, str]]]:
    """Attach to each input the emissions of the fuel it takes: name and share burnt. A network's own are none."""
    for name, burnt in inputs.items():
        yield f"fuel_{name}", Combustion(captured=1.0 - burnt), {"flow": name}
