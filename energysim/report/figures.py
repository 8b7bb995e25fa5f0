"""The same pictures as files: SVG for papers, PNG for slides."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from energysim.kpi import sizes
from energysim.report.series import averaged, bands, duration, level_prices, networks, split, stores

_STYLE: Any = {
    "text.parse_math": False,  # a name may have a $ in it
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "energysim",
    "svg.fonttype": "none",
    "axes.grid": True,
    "grid.color": "#eeeeee",
    "axes.axisbelow": True,
}


def write_figures(results: xr.Dataset, folder: Path) -> list[Path]:
    """Write every figure as SVG and PNG; gives the PNG files.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    folder : Path
        Must exist.
    """
    written = []
    with mpl.rc_context(_STYLE):
        for carrier in ("heat", "electricity"):
            for network in networks(results, carrier):
                written.append(_save(_dispatch(results, network), folder / f"dispatch_{network}"))
                written.append(_save(_durations(results, network), folder / f"duration_{network}"))
                if level_prices(results, network):
                    written.append(_save(_heat_prices(results, network), folder / f"heat_prices_{network}"))
        if results.sizes["store"]:
            written.append(_save(_levels(results), folder / "storage_level"))
        figure = _capacities(results)
        if figure is not None:
            written.append(_save(figure, folder / "capacity"))
    return written


def _dispatch(results: xr.Dataset, network: str) -> Figure:
    figure, axes = _blank(results, network, "MW")
    feeding, _ = split(bands(results, network))
    rule = "D" if results.sizes["time"] > 24 * 21 else None
    curves = [(band, averaged(band, rule) if rule else band.values) for band in feeding]
    if curves:
        index = curves[0][1].index
        stacked = [values.clip(lower=0.0).to_numpy() for _, values in curves]
        shades = [band.colour for band, _ in curves]
        step = None if rule else "post"
        axes.stackplot(index, stacked, colors=shades, labels=[band.title for band, _ in curves], step=step)
        axes.set_ylabel("MW, daily mean" if rule else "MW")
        _legend(axes)
        figure.autofmt_xdate(rotation=0, ha="center")
    return figure


def _durations(results: xr.Dataset, network: str) -> Figure:
    figure, axes = _blank(results, network, "MW")
    hours = (results.hours * results.weight).values
    for band in split(bands(results, network))[0]:
        axes.plot(*duration(band.values.clip(lower=0.0), hours), color=band.colour, label=band.title)
    axes.set_xlabel("hours with at least this output")
    axes.set_ylim(bottom=0.0)
    _legend(axes)
    return figure


def _heat_prices(results: xr.Dataset, network: str) -> Figure:
    figure, axes = _blank(results, network, f"{results.attrs['currency']}/MWh")
    hours = (results.hours * results.weight).values
    for title, colour, price in level_prices(results, network):
        axes.plot(*duration(price, hours), color=colour, label=title, drawstyle="steps-pre")
    axes.set_xlabel("hours with at least this price")
    _legend(axes)
    return figure


def _levels(results: xr.Dataset) -> Figure:
    figure, axes = _blank(results, "", "MWh")
    for band in stores(results):
        axes.plot(band.values.index, band.values.to_numpy(), color=band.colour, label=band.title)
    axes.set_ylim(bottom=0.0)
    _legend(axes)
    figure.autofmt_xdate(rotation=0, ha="center")
    return figure


def _capacities(results: xr.Dataset) -> Figure | None:
    table = sizes(results)
    table = table[(table.unit == "MW") & (table.parameter == "capacity") & (table.total > 1e-6)].sort_values("total")
    if table.empty:
        return None
    figure = Figure(figsize=(7.0, 1.0 + 0.32 * len(table)), layout="constrained")
    axes = figure.subplots()
    axes.barh(table.title, table.existing, color="#9aa5b1", label="existing")
    axes.barh(table.title, table.built, left=table.existing, color="#2a9d8f", label="built")
    axes.set_xlabel("MW")
    axes.grid(axis="y", visible=False)
    axes.legend(frameon=False)
    return figure


def _blank(results: xr.Dataset, network: str, unit: str) -> tuple[Figure, mpl.axes.Axes]:
    figure = Figure(figsize=(9.0, 4.2), layout="constrained")
    axes = figure.subplots()
    if network:
        axes.set_title(str(results.node_title.sel(node=network).item()), loc="left")
    axes.set_ylabel(unit)
    axes.margins(x=0.0)
    return figure, axes


def _legend(axes: mpl.axes.Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, reverse=True)


def _save(figure: Figure, path: Path) -> Path:
    FigureCanvasAgg(figure)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(path.with_suffix(".png"), dpi=150, metadata={"Software": None})
    return path.with_suffix(".png")
