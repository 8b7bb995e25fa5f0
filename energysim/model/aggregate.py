"""Which days, and which stretches of hours, stand for the year: what tsam is asked, and with which series."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import tsam
from numpy.typing import NDArray

from energysim.errors import OutputError
from energysim.model.build import Model
from solvers.periods import Periods
from solvers.program import HourlyProgram

Floats = NDArray[np.float64]

HOURS_OF_A_DAY = 24.0


def typical_days(model: Model, count: int) -> Periods:
    """Choose days that stand for all, by hierarchical clustering with real days as centres [1]_.

    Every series of the program takes part: loads, prices, availabilities, efficiencies that change. The days with the
    highest load of heat and of power stay, each for itself, as they decide how large the plants must be.

    Parameters
    ----------
    model : Model
        Whole days long.
    count : int
        Days to choose, beside the extreme ones.

    Returns
    -------
    periods : Periods

    References
    ----------
    .. [1] M. Hoffmann, L. Kotzur, D. Stolten, The Pareto-optimal temporal aggregation of energy system models, Applied
       Energy 315, 2022.
    """
    length = _steps_of_a_day(model)
    days = model.program.steps // length
    if count >= days:
        return Periods(length, np.arange(days), np.arange(days))
    series, loads = _series(model.program), _loads(model)
    found = tsam.aggregate(
        _frame(model, {**series, **loads}),
        count,
        cluster=tsam.ClusterConfig(method="hierarchical", representation="medoid"),
        extremes=tsam.ExtremeConfig(method="append", max_value=list(loads)) if loads else None,
        preserve_column_means=False,
    )
    centres = found.clustering.cluster_centers
    return Periods(length, np.asarray(found.cluster_assignments, np.int64), np.asarray(centres, np.int64))


def segments(model: Model, count: int) -> NDArray[np.int64]:
    """Join hours that are alike and follow each other until some steps are left; give the first hour of each.

    Parameters
    ----------
    model : Model
        Any.
    count : int
        Steps left.
    """
    steps = model.program.steps
    if count >= steps:
        return np.arange(steps)
    found = tsam.aggregate(
        _frame(model, {**_series(model.program), **_loads(model)}),
        1,
        period_duration=float(model.system.time.hours.sum()),
        segments=tsam.SegmentConfig(n_segments=count),
        preserve_column_means=False,
    )
    if found.segment_durations is None:
        return np.arange(steps)
    return np.concatenate([[0], np.cumsum(found.segment_durations[0])[:-1]]).astype(np.int64)


def _steps_of_a_day(model: Model) -> int:
    """Count the steps of a day; refuses a horizon that is not whole days."""
    step = float(model.system.time.hours[0])
    length = round(HOURS_OF_A_DAY / step)
    if abs(length * step - HOURS_OF_A_DAY) > 1e-9 or model.program.steps % length:
        raise OutputError(
            f"Typical days need a horizon of whole days; this one has {model.program.steps} steps of {step:g} h. "
            "Change duration, or leave typical_days out."
        )
    return length


def _frame(model: Model, series: dict[str, Floats]) -> pd.DataFrame:
    """Give the series a clock that pandas takes."""
    hours = float(model.system.time.hours[0])
    index = pd.date_range("2001-01-01", periods=model.program.steps, freq=pd.Timedelta(hours=hours))
    if not series:
        series = {"nothing changes": np.zeros(len(index))}
    return pd.DataFrame(series, index=index)


def _series(program: HourlyProgram) -> dict[str, Floats]:
    """Gather every series of a program that changes by the hour, each shape once."""
    found: dict[bytes, Floats] = {}
    for values in _arrays(program):
        if len(values) == program.steps and np.all(np.isfinite(values)) and np.ptp(values) > 0.0:
            even = (values - values.min()) / np.ptp(values)
            found.setdefault(np.round(even, 9).tobytes(), even)
            found.pop(np.round(1.0 - even, 9).tobytes(), None)
    return {f"series {number}": values for number, values in enumerate(found.values())}


def _arrays(program: HourlyProgram) -> Iterator[Floats]:
    for column in program.columns:
        yield from (value for value in (column.lower, column.upper, column.cost) if isinstance(value, np.ndarray))
    for rows in program.rows:
        yield from (value for value in (rows.lower, rows.upper) if isinstance(value, np.ndarray))
        coefficients = [entry.coefficient for entry in rows.entries]
        coefficients += [entry.coefficient for entry in rows.global_entries]
        yield from (value for value in coefficients if isinstance(value, np.ndarray))


def _loads(model: Model) -> dict[str, Floats]:
    """Sum what all nodes of a carrier must be given, by carrier."""
    found: dict[str, Floats] = {}
    for name, rows in zip(model.program.names.rows, model.program.rows, strict=True):
        origin = model.origins[name]
        if origin.kind == "balance" and isinstance(rows.lower, np.ndarray):
            carrier = model.system.nodes[origin.owner].carrier
            found[f"load of {carrier}"] = found.get(f"load of {carrier}", 0.0) + rows.lower
    return {name: load for name, load in found.items() if np.ptp(load) > 0.0}
