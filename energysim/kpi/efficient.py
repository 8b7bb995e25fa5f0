"""Whether district heating is efficient in the sense of the European Union, by which rules, and for how long."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

_SAME = 1e-6
"""What is missing to a share that is rounding of the plan. [1]"""


@dataclass(frozen=True)
class Rules:
    """What makes a system efficient from a year on; one of the ways is enough.

    Each letter of the article is one of these [1]_. Its text is quoted here from memory and should be held against
    the Official Journal before anybody relies on a share close to a limit.

    Notes
    -----
    All cogenerated heat counts as that of high-efficiency cogeneration, which from 2028 on it must be (annex III of
    the directive: a tenth of primary energy saved): the reference efficiencies this is measured with are not in a
    scenario. Heat of burnt waste counts as cogenerated where the plant makes power, and never as renewable, though a
    part of waste grew. Power of heat pumps and electric boilers counts as nothing, however it was made. Member states
    may use limits of greenhouse gas for each kWh instead (paragraph 2 of the article), which are not tested.

    References
    ----------
    .. [1] Directive (EU) 2023/1791 on energy efficiency, article 26, paragraph 1, letters a to f.
    """

    since: int
    """First year."""
    clean: float
    """Renewable and residual heat together, or either alone. [1]"""
    cogenerated: float = math.inf
    """Cogenerated heat alone. [1]"""
    combined: float = math.inf
    """Heat that is renewable, residual or cogenerated ... [1]"""
    with_clean: float = 0.0
    """... where so much is renewable or residual ... [1]"""
    with_renewable: float = 0.0
    """... and so much renewable. [1]"""

    def ways(self, origins: Mapping[str, float]) -> dict[str, bool]:
        """Tell the ways in words, each with whether it is met.

        Parameters
        ----------
        origins : mapping
            Shares ``renewable``, ``residual``, ``cogenerated`` and ``combined`` of a network's heat, see
            :func:`energysim.kpi.origins.heat_origins`. [1]
        """
        clean = origins["renewable"] + origins["residual"]
        words = f"{_percent(self.clean)} renewable or residual heat" if self.clean < 1.0 else _NOTHING_ELSE
        found = {words: _reaches(clean, self.clean)}
        if math.isfinite(self.cogenerated):
            found[f"{_percent(self.cogenerated)} cogenerated heat"] = _reaches(origins["cogenerated"], self.cogenerated)
        if math.isfinite(self.combined):
            words = f"{_percent(self.combined)} renewable, residual or cogenerated heat"
            words += f" (at least {_percent(self.with_renewable)} renewable)" if self.with_renewable else ""
            words += f" (at least {_percent(self.with_clean)} renewable or residual)" if self.with_clean else ""
            found[words] = (
                _reaches(origins["combined"], self.combined)
                and _reaches(clean, self.with_clean)
                and _reaches(origins["renewable"], self.with_renewable)
            )
        return found


_NOTHING_ELSE = "nothing but renewable and residual heat"
RULES = (
    Rules(0, 0.50, cogenerated=0.75, combined=0.50),
    Rules(2028, 0.50, cogenerated=0.80, combined=0.50, with_renewable=0.05),
    Rules(2035, 0.50, combined=0.80, with_clean=0.35),
    Rules(2040, 0.75, combined=0.95, with_clean=0.35),
    Rules(2045, 0.75),
    Rules(2050, 1.00),
)
"""Letters a to f."""


def efficiency(origins: Mapping[str, float], year: int) -> str:
    """Say whether a network is efficient in a year, which way it is, and what comes next.

    Parameters
    ----------
    origins : mapping
        See :meth:`Rules.ways`. [1]
    year : int
        Whose rules apply.

    Examples
    --------
    >>> efficiency({"renewable": 0.6, "residual": 0.0, "cogenerated": 0.2, "combined": 0.7}, 2046).partition(", ")[0]
    'not efficient in the sense of the EU in 2046'
    """
    now = max(number for number, rules in enumerate(RULES) if rules.since <= year)
    way, later = _met(RULES[now], origins), RULES[now + 1 :]
    if way:
        end = next((rules for rules in later if not _met(rules, origins)), None)
        then = "so it stays by the rules to come" if end is None else f"no longer from {end.since}, with {_asked(end)}"
        return f"efficient in the sense of the EU in {year}, by {way}; {then}"
    then = f"; from {later[0].since} it takes {_asked(later[0])}" if later else ""
    # The rules of 2028 want some renewable heat with cogenerated heat, those after them do not.
    for rules in later:
        if _met(rules, origins):
            then = f"; from {rules.since} it is, by {_met(rules, origins)}"
            break
    return f"not efficient in the sense of the EU in {year}, which takes {_asked(RULES[now])}{then}"


def year_of(results: xr.Dataset) -> int:
    """Year in the middle of the horizon, for its first hours may belong to the year before."""
    middle = results.time.values[results.sizes["time"] // 2]
    return int(str(middle.astype("datetime64[Y]")))


def _met(rules: Rules, origins: Mapping[str, float]) -> str:
    """Tell the first way that is met; nothing where none is."""
    return next((words for words, is_met in rules.ways(origins).items() if is_met), "")


def _asked(rules: Rules) -> str:
    """Tell the ways of some rules: 'this, that, or a third'."""
    words = list(rules.ways(dict.fromkeys(("renewable", "residual", "cogenerated", "combined"), 0.0)))
    return ", or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _reaches(share: float, least: float) -> bool:
    return share >= least - _SAME


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"
