"""What stands in the files: every YAML reads, and nothing belongs to one machine."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
YAML_FILES = sorted([*(ROOT / "scenarios").rglob("*.yaml"), *(ROOT / "energysim" / "catalogue").rglob("*.yaml")])
BINARY = {".png", ".nc", ".ico", ".woff2", ".gz"}
UNWANTED = {
    "a path of one machine": r"(?<![\w.])/(work|farm|home|root|Users)/[\w.]",
    "a registry's address": r"https?://\S*(/simple/|registry[.]|/packages/[0-9a-f]{2}/)",
    "a credential": r"AKIA[0-9A-Z]{16}|gh[opsu]_\w{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|xox[abp]-\w{8,}",
    "somebody else's package": r"pip3? install (-\S+ )*energysim(?![\w-])",
}


@cache
def _texts() -> dict[str, str]:
    """Files of the project, those not yet committed included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("the files of the project are listed by git, and this is no checkout")
    paths = [ROOT / name for name in listed]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file() and path.suffix not in BINARY
    }


@pytest.mark.parametrize("kind", UNWANTED)
def test_no_file_holds(kind: str) -> None:
    found = {name: match[0] for name, text in _texts().items() if (match := re.search(UNWANTED[kind], text))}

    assert not found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a path of one machine", "open('" + "/home" + "/anna/x.csv')"),
        ("a registry's address", "https:" + "//pypi.org/simple/numpy"),
        ("a credential", "ghp" + "_" + "a" * 36),
        ("somebody else's package", "pip install " + "energysim"),
    ],
)
def test_the_patterns_find_what_they_should(kind: str, text: str) -> None:
    assert re.search(UNWANTED[kind], text)


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_yaml_is_a_mapping(path: Path) -> None:
    assert isinstance(YAML(typ="safe").load(path), dict)


def test_there_are_scenarios_and_a_catalogue() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in YAML_FILES}

    assert folders == {"scenarios", "energysim"}


def test_pins_are_plain() -> None:
    """Names and versions only: the file works with any index, or with none."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.!+]+", line)]
