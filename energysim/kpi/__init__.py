"""Figures measured on results: indicators, and energy and cost by carrier, place and owner."""

from energysim.kpi.indicators import Indicator, indicators
from energysim.kpi.tables import (
    annual_flows,
    bookings,
    by_component,
    node_balance,
    production_mix,
    sizes,
    summed_cost,
)

__all__ = [
    "Indicator",
    "annual_flows",
    "bookings",
    "by_component",
    "indicators",
    "node_balance",
    "production_mix",
    "sizes",
    "summed_cost",
]
