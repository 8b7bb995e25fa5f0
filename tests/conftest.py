"""Shared by all tests: where things are. Tolerances and systems stand beside the tests that use them."""

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # Started in the background Ctrl-C is ignored, by the programs that tests start and stop too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
