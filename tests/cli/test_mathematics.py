"""The page of equations in the documents is what the declarations say today."""

import re

from energysim.cli.mathematics import page
from energysim.components import component_types
from tests.conftest import ROOT


def test_the_page_in_the_documents_is_up_to_date() -> None:
    """Written anew by  energysim describe --mathematics > docs/mathematics.md  after a type changes."""
    assert (ROOT / "docs" / "mathematics.md").read_text(encoding="utf8") == page()


def test_every_type_has_its_equations_source_and_no_mark_of_another_markup() -> None:
    text = page()

    for name in component_types():
        part = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert "*References*" in part, name
        assert re.search(r"^- `\w+`: .+\.", part, flags=re.MULTILINE), name
    assert not re.search(r":(?:math|class|func|mod|data|meth):|\.\. (?:math|\[)|\]_", text)
    assert text.count("$$") % 2 == 0
