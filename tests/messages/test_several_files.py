"""``extends``, ``extensions`` and paths that leave the folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.components import component_types
from energysim.scenario import load

Told = Callable[..., str]

TOP = "extends: base/region.yaml\nscenario: Above it\n"


def test_missing_base(told_of: Told, right: str) -> None:
    message = told_of({"scenario.yaml": TOP, "base/regions.yaml": right})

    assert message == (
        "scenario.yaml:1: extends: There is no file 'base/region.yaml' to extend. "
        "It was looked for as base/region.yaml. Did you mean 'regions.yaml'?"
    )


def test_circle(told_of: Told) -> None:
    message = told_of({"scenario.yaml": TOP, "base/region.yaml": "extends: ../scenario.yaml\n"})

    assert message == (
        "base/region.yaml:1: extends: The files extend each other in a circle: "
        "scenario.yaml -> base/region.yaml -> scenario.yaml. Break the circle."
    )


def test_file_that_extends_itself(told_of: Told) -> None:
    message = told_of({"scenario.yaml": "extends: ./scenario.yaml\n"})

    assert message == (
        "scenario.yaml:1: extends: The files extend each other in a circle: "
        "scenario.yaml -> scenario.yaml. Break the circle."
    )


def test_base_that_is_no_name(told_of: Told) -> None:
    message = told_of({"scenario.yaml": "extends: {file: base.yaml}\n"})

    assert message == ("scenario.yaml:1: extends: 'extends' is not a file name. It names one file or a list of files.")


@pytest.mark.parametrize("path", ["../region.yaml", "base/../../region.yaml", "{outside}/region.yaml", "link.yaml"])
def test_base_outside_the_folder(
    told_of: Told, folder: Path, tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere")
    (folder / "link.yaml").symlink_to(outside / "region.yaml")
    named = path.format(outside=outside)

    message = told_of({"scenario.yaml": f"extends: {named}\n"})

    assert message == (
        f"scenario.yaml:1: extends: '{named}' leaves the scenario's folder. "
        "A scenario reads files in its own folder and below. Copy the file there, or allow it with  --allow-outside."
    )


def test_base_outside_the_folder_when_allowed(folder: Path, right: str) -> None:
    (folder / "region.yaml").write_text(right)
    (folder / "town").mkdir()
    (folder / "town" / "scenario.yaml").write_text("extends: ../region.yaml\nscenario: Above it\n")

    assert load("town/scenario.yaml", allow_outside=True).title == "Above it"


def test_mistakes_of_two_files(told_of: Told, right: str) -> None:
    top = f"{TOP}components:\n  tank: {{wear: 5 EUR}}\n"

    message = told_of({"scenario.yaml": top, "base/region.yaml": right.replace("3 MWh", "3 MW")})

    assert message == (
        "base/region.yaml:22: components.tank.volume: 3 MW is a power. "
        "A quantity in MWh is needed here, such as 850 GWh.\n"
        "scenario.yaml:4: components.tank.wear: 5 EUR is an amount of money. "
        "A quantity in EUR/MWh is needed here, such as 35 EUR/MWh."
    )


def test_extension_without_leave(told: Told) -> None:
    message = told(("components:\n", "extensions: [mine.py]\ncomponents:\n"))

    assert message == (
        "scenario.yaml:13: extensions.0: The scenario wants to run the Python file 'mine.py'. That needs your leave. "
        "If you trust it, add  --allow-extensions."
    )


def test_extensions_that_are_no_list(told: Told) -> None:
    message = told(("components:\n", "extensions: 5\ncomponents:\n"), allow_extensions=True)

    assert message == (
        "scenario.yaml:13: extensions: 'extensions' is not a list. It names Python files, such as  [my_types.py]."
    )


def test_missing_extension(told: Told) -> None:
    message = told(("components:\n", "extensions: [mine.py]\ncomponents:\n"), allow_extensions=True)

    assert message == ("scenario.yaml:13: extensions.0: There is no file 'mine.py'. It was looked for as mine.py.")


def test_extension_outside_the_folder(told: Told) -> None:
    message = told(("components:\n", "extensions: [../mine.py]\ncomponents:\n"), allow_extensions=True)

    assert message == (
        "scenario.yaml:13: extensions.0: '../mine.py' leaves the scenario's folder. "
        "Copy it there, or add  --allow-outside."
    )


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("1 / 0", "'mine.py' cannot be run: ZeroDivisionError: division by zero"),
        ("exit()", "'mine.py' cannot be run: SystemExit: None"),
        ("x = 1", "'mine.py' declares no component type; a type is a subclass of energysim.declare.Component."),
        (
            "from energysim.declare import Component\nclass Boiler(Component): ...",
            "'mine.py' declares 'boiler', which exists already. Give it another name.",
        ),
    ],
)
def test_extension_that_is_no_use(told: Told, folder: Path, program: str, sentence: str) -> None:
    (folder / "mine.py").write_text(program)
    before = set(component_types())

    message = told(("components:\n", "extensions: [mine.py]\ncomponents:\n"), allow_extensions=True)

    assert message == f"scenario.yaml:13: extensions.0: {sentence}"
    assert set(component_types()) == before
