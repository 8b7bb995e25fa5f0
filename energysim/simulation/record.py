"""What is kept of a simulated year: figures of fixed number, written as they come, so years may be any number."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.model.prove import views_of
from energysim.model.values import values_of
from energysim.simulation.operate import Operated
from energysim.system import System

Floats = NDArray[np.float64]

_DUST = 1e-6
"""Shortage that is rounding. [MW]"""


@dataclass(frozen=True)
class Shortage:
    """How short a network was in one year."""

    energy: float
    """Not served. [MWh]"""
    hours: float
    """With any shortage. [h]"""
    worst: float
    """Largest shortage. [MW]"""
    longest: float
    """Longest time until supply was whole again. [h]"""
    by_day: Floats
    """Not served on each day of the horizon. [MWh] (day,)"""


@dataclass(frozen=True)
class YearRecord:
    """One simulated year."""

    number: int
    cost: float
    """Everything, what stores hold more or less at the end valued. [money]"""
    outdoor: float
    """Mean outdoor temperature of the first place that has one. [degC]"""
    price: float
    """Mean price of the first electricity market, without its fees. [money/MWh]"""
    shortages: tuple[Shortage, ...]
    """By network that may be short, in the order of the system."""
    energy: Floats
    """Through each port. [MWh] (port,)"""
    short_hours: float
    """With any shortage in any network. [h]"""


def short_networks(system: System) -> list[str]:
    """List the networks that have an unserved component, which alone may be short."""
    names = [a.network for a in system.attachments if _is_unserved(system, a.component) and a.network]
    return list(dict.fromkeys(names))


def _is_unserved(system: System, component: str) -> bool:
    return type(system.components[component]).type_name() == "unserved"


def record_of(model: Model, operated: Operated, number: int, weather: tuple[float, float]) -> YearRecord:
    """Measure a year.

    Parameters
    ----------
    model : Model
        Of that year.
    operated : Operated
    number : int
    weather : tuple of float
        Mean outdoor temperature and mean price of power.
    """
    system, values = model.system, values_of(model, operated.columns)
    views, scale = views_of(model, values), model.system.time.scale
    flows = {
        (a.component, a.port_name): np.broadcast_to(
            np.asarray(getattr(views[a.component], a.port_name)[values.t], float), system.time.count
        )
        for a in system.attachments
    }
    energy = np.array([float(flow @ scale) for flow in flows.values()])
    shortages, is_short = [], np.zeros(system.time.count, bool)
    for network in short_networks(system):
        keys = [(a.component, a.port_name) for a in system.in_network(network) if _is_unserved(system, a.component)]
        short = np.sum([flows[key] for key in keys], axis=0)
        shortages.append(_shortage(short, system))
        is_short |= short > _DUST
    hours = float(is_short @ system.time.hours)
    return YearRecord(number, operated.cost - operated.carried, *weather, tuple(shortages), energy, hours)


def _shortage(short: Floats, system: System) -> Shortage:
    hours, days = system.time.hours, system.time.groups["day"]
    is_short = short > _DUST
    return Shortage(
        energy=float((short * is_short) @ system.time.scale),
        hours=float(is_short @ hours),
        worst=float(short.max(initial=0.0)),
        longest=float(longest_run(is_short) * hours[0]),
        by_day=np.asarray(np.bincount(days, short * is_short * hours), float),
    )


def longest_run(flags: NDArray[np.bool_]) -> int:
    """Length of the longest run of true values.

    Examples
    --------
    >>> longest_run(np.array([True, False, True, True]))
    2
    """
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(int)))
    return int(np.max(edges[1::2] - edges[::2], initial=0))


class YearFile:
    """Records on disk, appended as years end; a run that was interrupted goes on from what is there.

    Parameters
    ----------
    path : Path
        File; made where absent.
    key : str
        Tells runs apart: records of another key are thrown away.
    shape : tuple of int
        Networks that may be short, ports and days of a record.
    """

    def __init__(self, path: Path, key: str, shape: tuple[int, int, int]) -> None:
        self.path, (self._networks, self._ports, self._days) = path, shape
        self._width = 5 + self._networks * (4 + self._days) + self._ports
        header = (json.dumps({"key": key, "width": self._width}) + "\n").encode()
        self._offset = len(header)
        if not path.exists() or path.read_bytes()[: len(header)] != header:
            path.write_bytes(header)
        whole = (path.stat().st_size - self._offset) // (8 * self._width)
        with path.open("r+b") as stream:
            stream.truncate(self._offset + whole * 8 * self._width)

    def append(self, record: YearRecord) -> None:
        """Write one year down."""
        row = [float(record.number), record.cost, record.outdoor, record.price, record.short_hours]
        for one in record.shortages:
            row += [one.energy, one.hours, one.worst, one.longest, *one.by_day]
        with self.path.open("ab") as stream:
            stream.write(np.array([*row, *record.energy], "<f8").tobytes())

    def numbers(self) -> set[int]:
        """Years that are there."""
        return {int(number) for number in self._table()[:, 0]}

    def records(self) -> Iterator[YearRecord]:
        """Walk the years in their order."""
        table = self._table()
        for row in table[np.argsort(table[:, 0], kind="stable")]:
            shortages, at = [], 5
            for _ in range(self._networks):
                energy, hours, worst, longest = row[at : at + 4]
                shortages.append(Shortage(energy, hours, worst, longest, np.array(row[at + 4 : at + 4 + self._days])))
                at += 4 + self._days
            cost, outdoor, price, hours = (float(value) for value in row[1:5])
            yield YearRecord(int(row[0]), cost, outdoor, price, tuple(shortages), np.array(row[at:]), hours)

    def remove(self) -> None:
        """Take the file away when its years are kept elsewhere."""
        self.path.unlink(missing_ok=True)

    def _table(self) -> Floats:
        count = (self.path.stat().st_size - self._offset) // (8 * self._width)
        return np.fromfile(self.path, "<f8", count * self._width, offset=self._offset).reshape(count, self._width)


def key_of(facts: dict[str, Any]) -> str:
    """Short name of everything that decides a result."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]
