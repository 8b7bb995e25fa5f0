"""What every page is drawn with: charts as JSON, the layout they share, the templates."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from energysim.report.look import NOTHING, kept, number, percent, price, quantity, size

FONT = {"family": "system-ui, sans-serif", "size": 13, "color": "#222"}


@dataclass(frozen=True)
class Chart:
    """A figure of the page."""

    name: str
    title: str
    text: str
    json: Markup


def chart(name: str, title: str, text: str, drawn: go.Figure) -> Chart:
    """Embed a figure; the text of a scenario must never end the script it stands in."""
    safe = drawn.to_json().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Chart(name, title, text, Markup(safe))


def environment() -> Environment:
    """Templates with the filters all pages use."""
    found = Environment(
        loader=PackageLoader("energysim.report"), autoescape=select_autoescape(default=True), trim_blocks=True
    )
    found.filters["number"] = number
    found.filters["percent"] = percent
    found.filters["price"] = price
    found.filters["quantity"] = quantity
    found.filters["size"] = size
    found.filters["kept"] = kept
    found.filters["blank"] = lambda value: value or NOTHING
    found.globals["plotly"] = Markup(get_plotlyjs())
    return found


def layout(unit: str) -> dict[str, Any]:
    """Axes, legend and size of a figure with ``unit`` on its upright axis."""
    return {
        "font": FONT,
        "height": 430,
        "margin": {"l": 60, "r": 16, "t": 34, "b": 40},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hovermode": "x unified" if unit == "MW" else "closest",
        "legend": {"orientation": "h", "y": -0.22, "x": 0.0, "yanchor": "top"},
        "xaxis": {"gridcolor": "#eee", "zeroline": False},
        "yaxis": {"title": unit, "gridcolor": "#eee", "zerolinecolor": "#999"},
    }
