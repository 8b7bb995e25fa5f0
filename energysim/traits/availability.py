"""Availability: the share of a plant that can run, hour by hour."""

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo, model_validator

from energysim.declare import ShareSeries, Trait
from energysim.errors import UnitError
from energysim.moments import moment
from energysim.quantities import as_pydantic, read_quantity

_WORDS = {"share", "planned_stops", "mtbf", "mttr", "seed"}


class Availability(Trait):
    r"""Share of the size that can run in each hour.

    A share or series; in a scenario also ``planned_stops`` as ISO intervals in UTC whose end is not included
    (``2030-07-01/2030-07-22`` stops for three weeks), and random outages as a two-state Markov process with mean
    time between failures :math:`1/\lambda`, ``mtbf``, and mean time to repair :math:`1/\mu`, ``mttr``. From one step
    to the next the plant fails with probability :math:`\lambda s` and is repaired with :math:`\mu s`, where
    :math:`s = (1 - e^{-(\lambda + \mu) \Delta t}) / (\lambda + \mu)`, as the process does that is looked at every
    :math:`\Delta t`; so it runs the share :math:`\mu / (\lambda + \mu)` of the time, whatever the step [1]_. The
    same seed gives the same outages.

    References
    ----------
    .. [1] R. Billinton, R. N. Allan, Reliability Evaluation of Power Systems, 2nd ed., Plenum, 1996, ch. 2.
    """

    share: ShareSeries = 1.0
    """Share of the size that can run."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any, info: ValidationInfo) -> Any:
        if data is None or isinstance(data, Availability):
            return data
        if not isinstance(data, Mapping):
            return {"share": data}
        if data and not _WORDS & set(data):
            return {"share": data}
        fields = dict(data)
        stops, mtbf, mttr = (fields.pop(key, None) for key in ("planned_stops", "mtbf", "mttr"))
        seed = fields.pop("seed", None)
        if stops is None and mtbf is None and mttr is None:
            return fields
        if info.context is None:
            raise ValueError("planned stops and outages need the hours of a scenario. Give 'share' as an array here.")
        running = _running(stops, info) * _outages(mtbf, mttr, seed, info)
        base = cls.model_validate({"share": fields.pop("share", 1.0), **fields}, context=info.context)
        return {"share": running * base.share}

    def refuse_without(self, *sizes: Any) -> None:
        """Refuse a share below 1 of sizes that are all absent: it would limit nothing, and nobody would notice."""
        if all(size is None for size in sizes) and np.any(np.asarray(self.share) < 1.0):
            raise ValueError("'availability' is a share of the capacity. Give a 'capacity'.")

    def value(self, v: Any) -> Any:
        """Share that can run, hour by hour."""
        return v.share


def _running(stops: Any, info: ValidationInfo) -> NDArray[np.float64]:
    """Zero in planned stops; a step partly inside counts by its part. (step,)"""
    horizon = _context(info).horizon
    running = np.ones(horizon.count)
    if not isinstance(stops, str | list | None):
        raise ValueError(f"'{stops}' is no interval. Write planned stops as [2030-07-01/2030-07-22].")
    intervals = [_interval(str(text)) for text in ([stops] if isinstance(stops, str) else stops or [])]
    _refuse_other_years(intervals, horizon)
    step = np.timedelta64(round(horizon.step * 60.0), "m")
    starts = horizon.stamps()
    for begin, end in _merged(intervals):
        inside = (np.minimum(starts + step, end) - np.maximum(starts, begin)) / step
        running -= np.clip(inside, 0.0, 1.0)
    # Parts of one step that together fill it may pass it by a rounding.
    return np.maximum(running, 0.0)


def _merged(intervals: Sequence[tuple[np.datetime64, np.datetime64]]) -> list[tuple[np.datetime64, np.datetime64]]:
    """Make intervals that overlap one, so that no hour counts twice."""
    found: list[tuple[np.datetime64, np.datetime64]] = []
    for begin, end in sorted(intervals):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _refuse_other_years(intervals: Sequence[tuple[np.datetime64, np.datetime64]], horizon: Any) -> None:
    """Refuse stops that all lie in other years than the horizon: they would do nothing, and nobody would notice."""
    first, last = (int(str(stamp)[:4]) for stamp in (horizon.start, horizon.end - np.timedelta64(1, "m")))
    years = [(int(str(begin)[:4]), int(str(end - np.timedelta64(1, "m"))[:4])) for begin, end in intervals]
    if years and all(end < first or begin > last for begin, end in years):
        theirs, ours = years[0][0], first if first == last else f"{first} to {last}"
        raise ValueError(f"all planned stops lie in other years, such as {theirs}; the horizon is in {ours}.")


def _context(info: ValidationInfo) -> Any:
    return info.context


def _interval(text: str) -> tuple[np.datetime64, np.datetime64]:
    try:
        begin, end = (moment(part) for part in text.split("/"))
    except ValueError:
        raise ValueError(f"'{text}' is no interval. Write it as 2030-07-01/2030-07-22, the end not included.") from None
    if end <= begin:
        raise ValueError(f"the stop '{text}' ends before it begins. Its end is not included, so it must come later.")
    return begin, end


def _outages(mtbf: Any, mttr: Any, seed: Any, info: ValidationInfo) -> NDArray[np.float64]:
    """One where the plant runs, zero in random outages, drawn as alternating sojourns. (step,)"""
    context = _context(info)
    if mtbf is None and mttr is None:
        return np.ones(context.horizon.count)
    if mtbf is None or mttr is None:
        raise ValueError("outages need both 'mtbf', such as 700 h, and 'mttr', such as 24 h.")
    between, repair = (read_quantity(value, "h", info) for value in (mtbf, mttr))
    if between <= 0.0 or repair <= 0.0:
        raise as_pydantic(UnitError(f"mtbf {mtbf} and mttr {mttr} are not both more than zero."))
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        raise ValueError(f"seed '{seed}' is not a whole number from 0.")
    generator = np.random.default_rng([context.seed if seed is None else seed, zlib.crc32(context.name.encode())])
    step, count = context.horizon.step, context.horizon.count
    rate = 1.0 / between + 1.0 / repair
    fails, mends = (max(-math.expm1(-step * rate) / rate / hours, 1e-12) for hours in (between, repair))
    # A sojourn lasts one step at least, and need not be followed beyond the horizon.
    pairs = int(min(count * step / (between + repair) * 2, count)) + 20
    while True:
        lasting = [generator.geometric(share, pairs) for share in (fails, mends)]
        sojourns = np.stack(lasting, axis=1).ravel().clip(max=count)
        if sojourns.sum() >= count:
            break
        pairs *= 2
    state = np.repeat(np.tile([1.0, 0.0], pairs), sojourns)
    return state[:count]
