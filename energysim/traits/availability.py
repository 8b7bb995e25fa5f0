"""Availability: the share of a plant that can run, hour by hour."""

from typing import Any

from energysim.declare import ShareSeries, Trait


class Availability(Trait):
    """Share of the size that can run in each hour."""

    share: ShareSeries = 1.0
    """Share of the size that can run."""

    def value(self, v: Any) -> Any:
        """Share that can run, hour by hour."""
        return v.share
