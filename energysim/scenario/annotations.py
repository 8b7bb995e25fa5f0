"""Source and confidence beside the figures: collected, then taken out before the figures are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from energysim.errors import Problem, brief, suggestion
from energysim.scenario.outline import NAMED
from energysim.scenario.read import Path_, Tree

KEYS = ("source", "confidence", "note", "low", "high")
"""Words that describe a figure instead of being one; allowed in every mapping."""
CONFIDENCES = ("known", "expert", "assumption")


@dataclass(frozen=True)
class Assumption:
    """A figure with its source and how sure it is."""

    path: str
    """Dotted keys, such as ``components.tank.volume``."""
    text: str
    """The value as written."""
    source: str = ""
    confidence: str = ""
    """``known``, ``expert`` or ``assumption``; empty when nothing is said."""
    low: str = ""
    high: str = ""
    note: str = ""


def take_out(tree: Tree, problems: list[Problem]) -> tuple[dict[str, Any], list[Assumption]]:
    """Separate figures from what is said about them.

    Parameters
    ----------
    tree : Tree
        Merged scenario; left as it is.
    problems : list of Problem
        Gets unknown confidences.

    Returns
    -------
    plain : dict
        The tree without annotations; ``{value: x, source: ...}`` has become ``x``.
    assumptions : list of Assumption
        One for each scalar that something is said about.
    """
    found: list[Assumption] = []
    plain = _Separator(tree, problems, found).separate(tree.data, (), Assumption("", ""))
    return plain, found


def is_annotation(key: str, value: Any) -> bool:
    """Whether a key of a mapping is an annotation: a known word with a plain value."""
    return key in KEYS and not isinstance(value, dict | list)


class _Separator:
    def __init__(self, tree: Tree, problems: list[Problem], found: list[Assumption]) -> None:
        self.tree, self.problems, self.found = tree, problems, found

    def separate(self, value: Any, path: Path_, said: Assumption) -> Any:
        if isinstance(value, Mapping):
            return self._mapping(value, path, said)
        if isinstance(value, list):
            return [self.separate(item, (*path, str(number)), said) for number, item in enumerate(value)]
        is_name = path[-1:] in _NAMES and not str(value)[:1].isdigit()  # streams have a temperature under 'to'
        if any((said.source, said.confidence, said.low, said.high)) and not isinstance(value, bool) and not is_name:
            range_ = {} if _is_figure(value) else {"low": "", "high": ""}
            self.found.append(replace(said, path=".".join(path), text=str(value), **range_))
        return value

    def _mapping(self, value: Mapping[str, Any], path: Path_, said: Assumption) -> Any:
        own = {key: str(inner) for key, inner in value.items() if is_annotation(key, inner)}
        confidence = own.get("confidence")
        if confidence is not None and confidence not in CONFIDENCES:
            where = self.tree.place((*path, "confidence"))
            subject = ".".join((*path, "confidence"))
            found = f"'{confidence}' is no confidence."
            self.problems.append(Problem(where, subject, found, "", suggestion(confidence, CONFIDENCES)))
        if "low" in own or "high" in own:
            self._check_range(value, path)
        if own:
            said = replace(Assumption("", ""), **{**_inherited(said), **own})
        rest = {key: inner for key, inner in value.items() if key not in own}
        if "value" in rest and not isinstance(rest["value"], dict | list) and not _is_record(path):
            for key in rest:
                if key != "value":
                    where, found = self.tree.place((*path, key)), f"'{key}' is not understood here."
                    way_out = suggestion(key, ("value", *KEYS))
                    self.problems.append(Problem(where, ".".join((*path, key)), found, "", way_out))
            return self.separate(rest["value"], path, said)
        return {key: self.separate(inner, (*path, key), said) for key, inner in rest.items()}

    def _check_range(self, value: Mapping[str, Any], path: Path_) -> None:
        """A range belongs to one figure: of several it could not be told which is meant."""
        self._check_ends({word: value[word] for word in ("low", "high") if word in value}, path)
        rest = {key: inner for key, inner in value.items() if key not in KEYS}
        names = [key for key, inner in rest.items() if _is_figure(inner)]
        is_alone = len(names) == 1 and not any(isinstance(inner, dict | list) for inner in rest.values())
        if is_alone or ("value" in rest and not _is_record(path)):
            return
        word = "low" if "low" in value else "high"
        found = f"'{word}' stands beside {len(names)} figures." if names else f"'{word}' stands beside no figure."
        example = names[0] if names else next(iter(rest), "load")
        way_out = f"Give the figure that is meant its own, as  {example}: {{value: ..., low: ..., high: ...}} ."
        self.problems.append(
            Problem(self.tree.place((*path, word)), ".".join((*path, word)), found, "A range belongs to one.", way_out)
        )

    def _check_ends(self, ends: Mapping[str, Any], path: Path_) -> None:
        """The ends of a range are figures, the lower first; their units are for those to judge who vary the figure."""
        for word, end in ends.items():
            if not _is_figure(end):
                found, needed = f"'{word}' is '{brief(end)}'.", "The end of a range is a figure with its unit."
                full = (*path, word)
                self.problems.append(Problem(self.tree.place(full), ".".join(full), found, needed))
        first, last = (_PARTS.fullmatch(str(ends.get(word, ""))) for word in ("low", "high"))
        if first and last and first[2] == last[2] and float(first[1]) > float(last[1]):
            found, full = f"'low' {ends['low']} is above 'high' {ends['high']}.", (*path, "low")
            self.problems.append(Problem(self.tree.place(full), ".".join(full), found, "", "Swap them."))


_PARTS = re.compile(r"([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(.*)")
"""Number and unit of a figure that has no spaces in its number."""


def _is_figure(value: Any) -> bool:
    """Whether a value is a number, with or without unit."""
    return not isinstance(value, bool) and re.match(r"[+-]?\.?\d", str(value)) is not None


def _is_record(path: Path_) -> bool:
    """Whether a mapping is a section or an entry in one, whose own parameter may be called ``value``."""
    return path[:1] not in _SCALARS and (len(path) < 2 or (len(path) == 2 and path[0] in NAMED))


_SCALARS = {("scenario",), ("description",), ("seed",)}
_NAMES = {("type",), ("name",), ("label",), ("owner",), ("to",), ("at",), ("fuel",), ("power",), ("network",)}
"""Last keys whose values are names, not figures."""


def _inherited(said: Assumption) -> dict[str, str]:
    """What a mapping says holds for all below it, but a range belongs to one figure only."""
    return {"source": said.source, "confidence": said.confidence}
