"""Shared by all tests: where things are. Tolerances and systems stand beside the tests that use them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real hourly series, which are too large to be part of the project."""
    folder = Path(os.environ.get("ENERGYSIM_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no folder with real series; name one in ENERGYSIM_DATA")
    return folder
