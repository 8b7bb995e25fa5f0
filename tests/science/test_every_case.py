"""Every numbered case of the science page that components must pass has a test that says its number."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECTIONS = {1: range(1, 12), 2: range(1, 12), 3: range(1, 5), 4: range(1, 8), 6: (1, 4, 5), 7: (2, 3, 4), 9: (1, 2, 3)}
CASES = [f"T-{section}.{number}" for section, numbers in SECTIONS.items() for number in numbers] + ["T-2.8b"]
TEXT = "\n".join(
    path.read_text(encoding="utf8")
    for folder in (HERE, HERE.parent / "components", HERE.parent / "traits")
    for path in folder.glob("test_*.py")
    if path != Path(__file__)
)


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_test(case: str) -> None:
    """A docstring or an id names the number, and no other that begins alike."""
    assert re.search(rf"{re.escape(case)}(?![0-9b])", TEXT)
