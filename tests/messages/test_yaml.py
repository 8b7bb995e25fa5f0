"""Files that cannot be read, or are not the YAML they should be."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from energysim.errors import ScenarioError
from energysim.scenario import load

Told = Callable[..., str]

LOOK = "Look at indentation, colons, quotes and brackets on this line and the one before."
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("3 MWh}", "3 MWh", "scenario.yaml:22: A bracket is opened here and never closed. Close the bracket."),
        ("scenario: A", "scenario: 'A", "scenario.yaml:1: A quote is opened here and never closed. Close the quote."),
        (
            "scenario: A",
            "scenario: A: ",
            "scenario.yaml:1: A colon stands where no key can be. Text that holds a colon needs quotes; "
            "or look at the indentation of this line and the one before.",
        ),
        (
            "  tank: {",
            "  tank {",
            "scenario.yaml:22: A key stands here without a colon. Write  key: value , with a space after the colon.",
        ),
        (
            "    fuel: wood",
            "    fuel:wood",
            "scenario.yaml:18: A key stands here without a colon. Write  key: value , with a space after the colon.",
        ),
        (
            "    type: boiler",
            "    type boiler",
            "scenario.yaml:17: A key stands here without a colon. Write  key: value , with a space after the colon.",
        ),
        (
            "scenario: A",
            "scenario: @A",
            "scenario.yaml:1: Text begins with a character that means something else in YAML. Put it in quotes.",
        ),
        (
            "scenario: A",
            "scenario: *A",
            "scenario.yaml:1: An alias (*name) refers to nothing. Put text that begins with * in quotes.",
        ),
        (
            "    fuel: wood_chips",
            "   fuel: wood_chips",
            "scenario.yaml:18: This is not valid YAML: while parsing a block mapping expected <block end>, "
            f"but found '<block mapping start>'. {LOOK}",
        ),
        (
            "    fuel: wood_chips",
            "\tfuel: wood_chips",
            "scenario.yaml:18: The line is indented with a tab. YAML indents with spaces. Replace the tab by spaces.",
        ),
        (
            "    fuel: wood_chips",
            "    fuel:\twood_chips",
            "scenario.yaml:18: A tab stands between words. YAML separates them with spaces. Replace the tab by a "
            "space.",
        ),
        (
            "components:",
            "---\ncomponents:",
            "scenario.yaml:13: A second document begins here. A scenario is one; remove the line '---'.",
        ),
        (
            "scenario: A test",
            "scenario: !!python/object/apply:os.system [ls]",
            "scenario.yaml:1: scenario: The tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed. "
            "A scenario holds plain values; nothing in it is executed. Remove the tag.",
        ),
        (
            "  tank: {type",
            "  tank: {<<: {}, type",
            "scenario.yaml:22: components.tank: '<<' is not understood. Mappings are merged by 'extends' and "
            "'variants'. "
            "Write the values out, or put them into a file that this one extends.",
        ),
        (
            "scenario: A test",
            "? [a, b]\n: c",
            "scenario.yaml:1: A key is itself a list or mapping. Keys are words.",
        ),
        (
            "scenario: A test",
            'scenario: "half a letter: \\ud800"',
            "scenario.yaml:1: scenario: The text holds the invisible character 0xd800. A scenario is plain text. "
            "Remove it.",
        ),
        (
            "scenario: A",
            "scenario: \x07A",
            "scenario.yaml:1: The line holds the invisible character 0x0007. A scenario is plain text. Remove it.",
        ),
    ],
)
def test_not_the_yaml_it_should_be(told: Told, right: str, wrong: str, message: str) -> None:
    assert told((right, wrong)) == message


@pytest.mark.parametrize("word", ["yes", "on", "no"])
def test_other_words_for_true_and_false(told: Told, word: str) -> None:
    """Older YAML has them; 'yes' must not become false."""
    assert told(("A test", f"!!bool {word}")) == (
        f"scenario.yaml:1: scenario: '{word}' is read as true or false here. Write true or false, or put it in quotes."
    )
    assert f"seed: '{word}' is read as true or false here." in told(
        ("scenario: A test", f"%YAML 1.1\n---\nscenario: A test\nseed: {word}")
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "",
            "scenario.yaml: The file is empty. "
            "A scenario needs at least 'scenario', 'time', 'economy', 'networks' and 'components'. "
            "Start one with  energysim new DIR.",
        ),
        (
            "- a\n- b\n",
            "scenario.yaml:1: The file does not hold a mapping. Its top level must be keys such as 'scenario:'.",
        ),
        (
            "# Luleå\nscenario: Luleå\n".encode("latin-1"),
            "scenario.yaml:1: The file is not UTF-8: byte 0xe5 cannot be read. Save it with the encoding UTF-8.",
        ),
        (
            "scenario: Luleå\n".encode("utf-16"),
            "scenario.yaml:1: The file is not UTF-8: byte 0xff cannot be read. Save it with the encoding UTF-8.",
        ),
        (
            BOMB,
            "scenario.yaml:1: The file unfolds to more than 500,000 values. Aliases (*name) multiply what they "
            "refer to. "
            "Write the values out once, or use 'extends'.",
        ),
        (
            "scenario: &a [*a]\n",
            "scenario.yaml:1: An alias refers to the very thing it stands in. Take the alias out.",
        ),
        (
            "scenario: " + "[" * 5000,
            "scenario.yaml: The file is nested too deeply. Write it in fewer levels.",
        ),
    ],
    ids=["empty", "list", "latin-1", "utf-16", "alias bomb", "alias of itself", "too deep"],
)
def test_unreadable_content(told_of: Told, content: str | bytes, message: str) -> None:
    assert told_of({"scenario.yaml": content}) == message


def test_a_byte_order_mark_is_no_mistake(folder: Path, right: str) -> None:
    (folder / "scenario.yaml").write_bytes(b"\xef\xbb\xbf" + right.encode())

    assert load("scenario.yaml").title == "A test"


def test_missing_file(folder: Path) -> None:
    (folder / "lulea.yaml").write_text("")

    assert _message("lule.yaml") == "lule.yaml: There is no such file. In that folder there are: lulea.yaml."


def test_folder(folder: Path) -> None:
    (folder / "region").mkdir()
    (folder / "region" / "lulea.yaml").write_text("")

    message = _message("region")

    assert message == "region: This is a folder. A scenario is a YAML file. In that folder there are: lulea.yaml."


def test_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "scenario.yaml").write_text("")
    (folder / "scenario.yaml").chmod(0)

    with _an_ordinary_user():
        message = _message("scenario.yaml")

    assert message == "scenario.yaml: The file may not be read. Change its permissions, or copy it."


@contextmanager
def _an_ordinary_user() -> Iterator[None]:
    """The administrator may read everything, so the test steps down for a moment."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def _message(file: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return str(caught.value)
