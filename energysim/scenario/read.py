"""YAML to a plain tree whose every value knows its file and line."""

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from energysim.errors import Place, Problem, ScenarioError
from energysim.scenario.outline import NEEDED

Path_ = tuple[str, ...]
"""Keys from the top down to a value."""

LARGEST_TREE = 500_000
"""Values a file may hold when all aliases are written out."""

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Origin:
    """Where a value was written."""

    file: str
    line: int | None
    via: str = "file"
    """``file``, ``extends``, ``variant NAME``, ``--set`` or ``catalogue``."""

    @property
    def place(self) -> Place:
        """File and line for an error."""
        return Place(self.file, self.line)


@dataclass
class Tree:
    """Plain dicts, lists and scalars, and beside them where each was written."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path_, Origin] = field(default_factory=dict)

    def origin(self, path: Path_) -> Origin | None:
        """Find where a value, or the nearest thing around it, was written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return None

    def place(self, path: Path_) -> Place | None:
        """File and line of a value."""
        origin = self.origin(path)
        return None if origin is None else origin.place

    def get(self, path: Path_, otherwise: Any = None) -> Any:
        """Look up a value by its keys."""
        value: Any = self.data
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return otherwise
            value = value[key]
        return value


def read_tree(path: Path, shown: str, inputs: dict[str, str] | None = None) -> Tree:
    """Read one YAML file.

    Parameters
    ----------
    path : Path
        File to read.
    shown : str
        How messages name it.
    inputs : dict, optional
        Collects the SHA-256 of every file read, by shown name.

    Returns
    -------
    tree : Tree

    Raises
    ------
    ScenarioError
        For anything that is not readable, safe YAML with a mapping at its top.
    """
    raw = _bytes(path, shown)
    if inputs is not None:
        inputs[shown] = hashlib.sha256(raw).hexdigest()
    return parse_tree(_decoded(raw, shown), shown)


def parse_tree(text: str, shown: str) -> Tree:
    """Read YAML text; see :func:`read_tree`."""
    node = _composed(text, shown)
    if node is None:
        *first, last = (f"'{name}'" for name in NEEDED)
        needed = f"A scenario needs at least {', '.join(first)} and {last}."
        raise _error(shown, None, "The file is empty.", needed, "Start one with  energysim new DIR.")
    if not isinstance(node, MappingNode):
        raise _error(shown, 1, "The file does not hold a mapping.", "Its top level must be keys such as 'scenario:'.")
    builder = _Builder(shown)
    data = builder.build(node, ())
    if builder.problems:
        raise ScenarioError(builder.problems)
    return Tree(data, builder.origins)


def one_value(text: str, shown: str) -> Any:
    """Read one YAML value, such as that of ``--set key=value``."""
    if not text.strip():
        raise _error(shown, None, "There is no value.", "", "Write  null  to take a key out.")
    try:
        data = parse_tree(f"value: {text}", shown).data
    except ScenarioError as error:
        raise ScenarioError([replace(problem, where=Place(shown)) for problem in error.problems]) from None
    if set(data) != {"value"}:
        way_out = "Write lists and mappings in brackets, on one line."
        raise _error(shown, None, "This is more than one value.", "", way_out)
    return data["value"]


class _Builder:
    """Turns YAML nodes into plain values, noting lines and problems."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.origins: dict[Path_, Origin] = {}
        self.problems: list[Problem] = []
        self._count = 0
        self._open: set[int] = set()

    def build(self, node: Node, path: Path_) -> Any:
        self._count += 1
        line = node.start_mark.line + 1
        if self._count > LARGEST_TREE:
            raise _error(
                self.shown,
                line,
                f"The file unfolds to more than {LARGEST_TREE:,} values.",
                "Aliases (*name) multiply what they refer to.",
                "Write the values out once, or use 'extends'.",
            )
        if id(node) in self._open:
            raise _error(self.shown, line, "An alias refers to the very thing it stands in.", "", "Take the alias out.")
        self.origins.setdefault(path, Origin(self.shown, line))
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if node.tag not in {f"{_TAG}map", f"{_TAG}seq"}:
            self._refuse_tag(node, path)
        self._open.add(id(node))
        if isinstance(node, MappingNode):
            value: Any = self._mapping(node, path)
        else:
            assert isinstance(node, SequenceNode)
            value = self._sequence(node, path)
        self._open.discard(id(node))
        return value

    def _mapping(self, node: MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._problem(line, path, "A key is itself a list or mapping.", "Keys are words.")
                continue
            key = str(key_node.value)
            unseen = next((letter for letter in key if not letter.isprintable()), None)
            if unseen is not None:
                found_there = f"The key {key!a} holds the invisible character {ord(unseen):#06x}."
                self._problem(line, path, found_there, "Keys are words.", "Remove it.")
                continue
            if key == "<<" and key_node.style is None:
                self._problem(
                    line,
                    path,
                    "'<<' is not understood.",
                    "Mappings are merged by 'extends' and 'variants'.",
                    "Write the values out, or put them into a file that this one extends.",
                )
                continue
            if key in found:
                twice = f"'{key}' stands here twice; the first is on line {first_lines[key]}."
                self._problem(line, (*path, key), twice, "Each name can be used once.", "Rename or remove one of them.")
                continue
            if node.flow_style and key[:1].isdigit() and isinstance(value_node, ScalarNode) and not value_node.value:
                found_here = f"The comma before '{key}' ends what stands before it."
                needed = "Decimals are written with a point, thousands with a space or nothing."
                self._problem(line, path, found_here, needed, "Put text that holds a comma in quotes.")
                continue
            first_lines[key] = line
            self.origins[(*path, key)] = Origin(self.shown, line)
            found[key] = self.build(value_node, (*path, key))
        return found

    def _sequence(self, node: SequenceNode, path: Path_) -> list[Any]:
        return [self.build(item, (*path, str(number))) for number, item in enumerate(node.value)]

    def _scalar(self, node: ScalarNode, path: Path_) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), node.value
        if kind in {"str", "timestamp", "value", "merge"}:
            strange = _STRANGE.search(text)
            if strange:
                found = f"The text holds the invisible character {ord(strange[0]):#06x}."
                self._problem(node.start_mark.line + 1, path, found, "A scenario is plain text.", "Remove it.")
            return text
        try:
            if kind == "int":
                plain = text.replace("_", "").lower()
                return int(plain, 0 if plain.lstrip("+-").startswith(("0x", "0o")) else 10)
            if kind == "float":
                return _number(text)
        except ValueError:
            return text
        if kind == "bool":
            if text.lower() not in {"true", "false"}:  # YAML 1.1 has other words for it
                found = f"'{text}' is read as true or false here."
                self._problem(node.start_mark.line + 1, path, found, "", "Write true or false, or put it in quotes.")
            return text.lower() == "true"
        if kind == "null":
            return None
        self._refuse_tag(node, path)
        return None

    def _refuse_tag(self, node: Node, path: Path_) -> None:
        found = f"The tag '{node.tag}' is not allowed."
        needed = "A scenario holds plain values; nothing in it is executed."
        self._problem(node.start_mark.line + 1, path, found, needed, "Remove the tag.")

    def _problem(self, line: int, path: Path_, *sentences: str) -> None:
        self.problems.append(Problem(Place(self.shown, line), ".".join(path), *sentences))


def shape(value: Any) -> str:
    """Say what a value is, for messages.

    Examples
    --------
    >>> shape([2030]), shape({"year": 2030}), shape(2030)
    ('a list', 'a mapping', 'a single value')
    """
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "a single value"


def leaves(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Walk the scalars of a tree."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*path, str(number)))
    else:
        yield path, data


def _number(text: str) -> float:
    plain = text.replace("_", "").lower()
    if plain.endswith(".nan"):
        return math.nan
    if plain.endswith(".inf"):
        return -math.inf if plain.startswith("-") else math.inf
    return float(plain)


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if path.is_dir():
            raise _error(shown, None, "This is a folder.", "A scenario is a YAML file.", _neighbours(path))
        return path.read_bytes()
    except FileNotFoundError:
        raise _error(shown, None, "There is no such file.", "", _neighbours(path.parent)) from None
    except PermissionError:
        raise _error(shown, None, "The file may not be read.", "", "Change its permissions, or copy it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(shown, None, f"The file cannot be read: {reason}.") from None


def _decoded(raw: bytes, shown: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _error(
            shown,
            line,
            f"The file is not UTF-8: byte {raw[error.start]:#04x} cannot be read.",
            "",
            "Save it with the encoding UTF-8.",
        ) from None
    strange = _STRANGE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise _error(
            shown,
            line,
            f"The line holds the invisible character {ord(strange[0]):#06x}.",
            "A scenario is plain text.",
            "Remove it.",
        )
    return text


_STRANGE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\uffff]")
"""Control characters, and what text copied from pages and papers carries unseen: soft hyphens, spaces of no width."""


def _composed(text: str, shown: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _error(shown, *_explained(error, text)) from None
    except YAMLError as error:
        raise _error(shown, None, f"This is not valid YAML: {str(error).splitlines()[0]}.") from None
    except RecursionError:
        raise _error(shown, None, "The file is nested too deeply.", "", "Write it in fewer levels.") from None


def _explained(error: MarkedYAMLError, text: str) -> tuple[int | None, str, str, str]:
    """Say what a YAML parser meant: line, what was found, what is needed, way out."""
    problem, mark = str(error.problem or ""), error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    source = "" if line is None else "".join(text.splitlines()[line - 1 : line])
    if "\t" in source[: len(source) - len(source.lstrip())]:
        return line, "The line is indented with a tab.", "YAML indents with spaces.", "Replace the tab by spaces."
    if "'\\t'" in problem:
        return line, "A tab stands between words.", "YAML separates them with spaces.", "Replace the tab by a space."
    if "end of stream" in problem or "<stream end>" in problem:
        opened = error.context_mark or mark
        what = "quote" if "quoted" in str(error.context) else "bracket"
        first = None if opened is None else opened.line + 1
        return first, f"A {what} is opened here and never closed.", "", f"Close the {what}."
    if (forgotten := _without_colon(error, text)) is not None:
        return forgotten, "A key stands here without a colon.", "", "Write  key: value , with a space after the colon."
    for words, (found, way_out) in _PLAIN_WORDS.items():
        if words in problem:
            return line, found, "", way_out
    what = " ".join(part for part in (error.context, error.problem) if part)
    return line, f"This is not valid YAML: {what}.", "", _LOOK


def _without_colon(error: MarkedYAMLError, text: str) -> int | None:
    """Find the line of a key whose colon was forgotten; parsers complain of that line or of the next."""
    problem, mark = str(error.problem or ""), error.problem_mark
    if "could not find expected ':'" in problem and error.context_mark is not None:
        return int(error.context_mark.line) + 1
    if mark is None or "mapping values are not allowed" not in problem:
        return None
    lines = text.splitlines()[: mark.line + 1]
    if re.match(r"\s*[\w-]+\s+[{\[]", lines[-1]):
        return len(lines)
    before = lines[-2].partition("#")[0] if len(lines) > 1 else ":"
    return len(lines) - 1 if before.strip() and ":" not in before else None


_LOOK = "Look at indentation, colons, quotes and brackets on this line and the one before."
_PLAIN_WORDS = {
    "mapping values are not allowed": (
        "A colon stands where no key can be.",
        "Text that holds a colon needs quotes; or look at the indentation of this line and the one before.",
    ),
    "cannot start any token": ("Text begins with a character that means something else in YAML.", "Put it in quotes."),
    "but found another document": ("A second document begins here.", "A scenario is one; remove the line '---'."),
    "found undefined alias": ("An alias (*name) refers to nothing.", "Put text that begins with * in quotes."),
}
"""The commonest complaints of YAML parsers, in plain words."""


def _neighbours(folder: Path) -> str:
    names = sorted(other.name for other in folder.glob("*.yaml")) if folder.is_dir() else []
    more = ", ..." if len(names) > 8 else ""
    return f"In that folder there are: {', '.join(names[:8])}{more}." if names else ""


def _error(shown: str, line: int | None, *sentences: str) -> ScenarioError:
    return ScenarioError([Problem(Place(shown, line), "", *sentences)])
