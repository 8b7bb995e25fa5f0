"""Adequacy by counting: which outages leave too little, and what backup is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OutageTable:
    """Capacity left by outages and how likely each amount is."""

    capacity: Floats
    """Capacity left, ascending. [MW] (state,)"""
    chance: Floats
    """(state,)"""

    def loss_of_load(self, load: float) -> tuple[float, float]:
        """Give the chance that a load is not met, and the mean of what is missing.

        Parameters
        ----------
        load : float
            [MW]

        Returns
        -------
        lolp : float
            Loss of load probability. [1]
        eue : float
            Expected unserved power. [MW]
        """
        missing = np.maximum(load - self.capacity, 0.0)
        return float(self.chance[missing > 1e-9].sum()), float(self.chance @ missing)


def outage_table(units: Sequence[tuple[float, float]]) -> OutageTable:
    """Combine units that fail independently [1]_.

    Parameters
    ----------
    units : sequence of (capacity, forced outage rate)
        [MW], [1]

    Returns
    -------
    table : OutageTable

    References
    ----------
    .. [1] R. Billinton, R. N. Allan, Reliability Evaluation of Power Systems, 2nd ed., Plenum, 1996, ch. 2.

    Examples
    --------
    Two units of 10 MW that fail one hour in ten: 1 % of the time nothing is left.

    >>> table = outage_table([(10.0, 0.1), (10.0, 0.1)])
    >>> table.capacity.tolist(), table.chance.round(4).tolist()
    ([0.0, 10.0, 20.0], [0.01, 0.18, 0.81])
    """
    capacity, chance = np.zeros(1), np.ones(1)
    for size, rate in units:
        if not 0.0 <= rate <= 1.0 or size < 0.0:
            raise ValueError(f"a unit of {size:g} MW with an outage rate of {rate:g}: sizes are from 0, rates 0 to 1.")
        capacity = np.concatenate([capacity, capacity + size])
        chance = np.concatenate([chance * rate, chance * (1.0 - rate)])
        capacity, place = np.unique(np.round(capacity, 9), return_inverse=True)
        chance = np.asarray(np.bincount(place, chance), float)
    return OutageTable(capacity, chance)


def worth_of_backup(short: Sequence[Floats], chances: Sequence[float], saved: float) -> tuple[Floats, Floats]:
    r"""Say what each further MW of backup saves in a year.

    A MW between :math:`k` and :math:`k + 1` runs in every hour in which more than :math:`k` is short, so it saves
    :math:`\sum_s \pi_s H_s(k)\,(V - c)` with the hours :math:`H_s(k)` of year :math:`s`, the price of shortage
    :math:`V` and the fuel :math:`c` [1]_.

    Parameters
    ----------
    short : sequence of ndarray (hour,)
        Hourly shortage of each kind of year. [MW]
    chances : sequence of float
        Chance of each; what is left to one is a year without shortage.
    saved : float
        Price of shortage less the cost of the backup's fuel. [money/MWh]

    Returns
    -------
    edges : ndarray (piece + 1,)
        Backup at which the worth changes, from zero. [MW]
    worth : ndarray (piece,)
        Of a MW between two edges. [money/MW/a]

    References
    ----------
    .. [1] M. Munasinghe, The Economics of Power System Reliability and Planning, Johns Hopkins, 1979, ch. 4.
    """
    edges = np.unique(np.concatenate([[0.0], *(np.asarray(one, float) for one in short)]))
    hours = np.array([[np.count_nonzero(one > edge) for edge in edges[:-1]] for one in short], float)
    return edges, saved * (np.asarray(chances, float) @ hours)


def backup_to_build(edges: Floats, worth: Floats, cost: float) -> float:
    """Give the backup that is worth a yearly cost of ``cost`` for each MW; worth falls with size. [MW]"""
    pays = worth > cost
    return float(edges[1:][pays][-1]) if pays.any() else 0.0
