"""What a MWh of heat costs from each plant, with its parts."""

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.ledger import port_worth

PARTS = ("capital", "fixed", "running", "inputs", "by_products")
"""Annuities; other yearly costs; hourly costs; fuel, power and heat taken; power and other things given, negative."""

_BESIDE = ("process", "electrolyser", "data_centre")
"""Types whose business is another: divided by the heat left over from it, its cost says nothing of that heat."""


def heat_costs(results: xr.Dataset) -> pd.DataFrame:
    r"""Split the cost of each plant's heat into its parts.

    .. math:: LCOH = \frac{a I + K_{fixed} + K_{running} + \sum_{in} p f - \sum_{out} p f}{Q}

    What a plant takes from and gives to networks beside the heat counts at the marginal price of the hour [1]_.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.

    Returns
    -------
    table : DataFrame
        Rows are components that are there to give heat, and keep none: ``title, owner``, ``heat`` [MWh], the parts
        and ``lcoh`` [money/MWh].

    References
    ----------
    .. [1] International Energy Agency, Projected Costs of Generating Electricity, 2020, annex on levelised costs of
       combined heat and power.
    """
    scale = (results.hours * results.weight).values
    energy, worth = results.flow.values @ scale, port_worth(results)
    frame = pd.DataFrame(
        {
            "component": results.port_component.values,
            "title": results.title.values,
            "owner": results.owner.values,
            "is_heat": results.carrier.values == "heat",
            "gives": results.direction.values == "out",
            "energy": energy,
            "worth": worth,
        }
    )
    types = dict(zip(results.component.values.tolist(), results.component_type.values.tolist(), strict=True))
    storing = set(results.store_component.values.tolist())
    rows = []
    for component, ports in frame.groupby("component", sort=False):
        heat = float(ports.energy[ports.is_heat & ports.gives].sum())
        is_pipe = bool((ports.is_heat & ~ports.gives & (ports.energy > 0.0)).any()) and not _is_lifting(ports, heat)
        if heat <= 1e-6 or component in storing or is_pipe or types[str(component)] in _BESIDE:
            continue
        rows.append(_row(results, str(component), ports, heat))
    columns = ["component", "title", "owner", "heat", *PARTS, "lcoh"]
    return pd.DataFrame(rows, columns=columns).sort_values("lcoh", ignore_index=True)


def _is_lifting(ports: pd.DataFrame, heat: float) -> bool:
    """Whether a component adds to the heat it takes, as a heat pump does; a pipe only loses some."""
    taken = float(ports.energy[ports.is_heat & ~ports.gives].sum())
    return heat > taken * (1.0 + 1e-9)


def _row(results: xr.Dataset, component: str, ports: pd.DataFrame, heat: float) -> dict[str, object]:
    own = (results.booking_component.values == component) & np.isin(results.booking_effect.values, ("cost", "tax"))
    amounts, every = results.booking.values[own], results.booking_every.values[own]
    is_capital = results.booking_item.values[own] == "capital"
    parts = {
        "capital": float(amounts[is_capital].sum()),
        "fixed": float(amounts[(every == "year") & ~is_capital].sum()),
        "running": float(amounts[every != "year"].sum()),
        "inputs": float(ports.worth[~ports.gives].sum()),
        "by_products": -float(ports.worth[ports.gives & ~ports.is_heat].sum()),
    }
    first = ports.iloc[0]
    each = {name: amount / heat for name, amount in parts.items()}
    return {
        "component": component,
        "title": first.title,
        "owner": first.owner,
        "heat": heat,
        **each,
        "lcoh": sum(each.values()),
    }
