"""One word for one thing: the glossary of ``energysim.declare`` has no synonyms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for package in ("energysim", "solvers", "benchmarks") for path in (ROOT / package).rglob("*.py"))
OURS = {"bus": "node", "soc": "level", "snapshot": "step", "commodity": "carrier", "tech": "component", "eta": "a word"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_use_the_words_of_the_glossary(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not [f"line {line}: {name}; say {OURS[word]}" for line, name, word in _synonyms(tree)]


def test_synonyms_are_found_inside_names() -> None:
    tree = ast.parse("bus_count = 1\ndef dispatch(tankSoc): pass\nclass TechData: pass\ntechnical = business = 2")

    assert {word for _, _, word in _synonyms(tree)} == {"bus", "soc", "tech"}


def _synonyms(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        for name in _names(node):
            for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name):
                known = [synonym for synonym in OURS if word.lower() in (synonym, synonym + "s")]
                yield from ((getattr(node, "lineno", 0), name, synonym) for synonym in known)


def _names(node: ast.AST) -> Iterator[str]:
    """Names that the code gives, not those it uses of others."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
