"""Progress as a user sees it: a bar on a terminal, plain lines in a pipe."""

import io

import pytest
from rich.console import Console

from energysim.cli import progress
from energysim.cli.progress import Pace, Progress


def test_a_terminal_shows_a_bar_with_the_time_left() -> None:
    """The bar names what is counted, how many of how many, and what is left; it is gone when another stage begins."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Progress(console) as shown:
        shown.tell("solve", "planned")
        shown.count("years", 250, 1000, ", 3 min left")
        assert shown.has_bar
        shown.tell("report", "drawing")
        assert not shown.has_bar
    drawn = console.file.getvalue()

    assert "250/1000" in drawn
    assert "3 min left" in drawn
    assert "━" in drawn


def test_brackets_in_a_title_are_no_markup() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Progress(console) as shown:
        shown.tell("load", "Norra [gruva] [/x]: 6 components")
        assert shown._live is not None
        console.print(shown._live.renderable)

    assert "Norra [gruva] [/x]: 6 components" in console.file.getvalue()


def test_a_pipe_gets_a_line_now_and_then() -> None:
    """No control characters, and not one line for each year: the last is always told."""
    console = Console(file=io.StringIO(), width=100)
    with Progress(console) as shown:
        for done in range(1, 201):
            shown.count("years", done, 200)
    lines = console.file.getvalue().splitlines()

    assert len(lines) < 5
    assert lines[-1].endswith("200 of 200 years")
    assert "\x1b" not in console.file.getvalue()


def test_the_pace_leaves_out_what_was_there_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """621 years are there; from the first to the eleventh of this start 20 s pass: 2 s a year, 368 years are left."""
    clock = iter([100.0, 120.0, 130.0])
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(clock))
    pace = Pace()

    assert pace.left(622, 1000) == ""
    assert pace.left(632, 1000) == ", 12 min left"
    assert pace.left(1000, 1000) == ""
