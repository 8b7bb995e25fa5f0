"""Every numbered case of the science page that components must pass has a test that says its number, and runs it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECTIONS = {1: range(1, 12), 2: range(1, 12), 3: range(1, 5), 4: range(1, 8), 6: (1, 4, 5), 7: (2, 3, 4), 9: (1, 2, 3)}
CASES = [f"T-{section}.{number}" for section, numbers in SECTIONS.items() for number in numbers] + ["T-2.8b"]
RUN = [case for case in CASES if case[2] in "12346" and case != "T-6.1"]
"""Cases of components: each is solved by a run of a scenario, whatever else is asked of the functions behind it."""
DOORS = {"solve", "run", "load"}
FILES = [
    path
    for folder in (HERE, HERE.parent / "components", HERE.parent / "traits")
    for path in folder.glob("test_*.py")
    if path != Path(__file__)
]
TEXT = "\n".join(path.read_text(encoding="utf8") for path in FILES)


def _tests_that_run() -> Iterator[str]:
    """Walk the text of every test that solves a scenario, itself or by a helper of its file."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        names = {name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} for name, node in functions.items()}
        for name, node in functions.items():
            reached = {name}
            while new := {other for one in reached for other in names[one] & set(functions)} - reached:
                reached |= new
            if name.startswith("test_") and any(names[one] & DOORS for one in reached):
                yield ast.unparse(node)


BY_A_RUN = "\n".join(_tests_that_run())


def _named(case: str, text: str) -> bool:
    """Whether a text names the number, and no other that begins alike."""
    return re.search(rf"{re.escape(case)}(?![0-9b])", text) is not None


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_test(case: str) -> None:
    """A docstring or an id names the number."""
    assert _named(case, TEXT)


@pytest.mark.parametrize("case", RUN)
def test_a_case_is_run(case: str) -> None:
    """A test that names the number solves a scenario through the front door."""
    assert _named(case, BY_A_RUN)
