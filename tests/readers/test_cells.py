"""Numbers as people write them."""

import numpy as np
import pytest

from energysim.errors import SeriesError
from energysim.readers.cells import Cell, decimal_mark, numbers
from energysim.readers.stamps import moments


def cells(*texts: str) -> list[Cell]:
    return [Cell(text, line) for line, text in enumerate(texts, 2)]


def read(*texts: str) -> list[float]:
    column = cells(*texts)
    return numbers(column, decimal_mark(column, "a.csv"), "a.csv", "load").tolist()


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("1234,5", "0,25"), [1234.5, 0.25]),
        (("1 234,5", "12\u00a0345,25", "1\u202f234"), [1234.5, 12345.25, 1234.0]),
        (("1.234,5", "2.345"), [1234.5, 2345.0]),
        (("1,234.5", "2,345"), [1234.5, 2345.0]),
        (("1'234.5", "−3.25"), [1234.5, -3.25]),
        (("1.234.567", "1.234"), [1234567.0, 1234.0]),
        (("0.123", "1.234"), [0.123, 1.234]),
        (("-7", "1e3"), [-7.0, 1000.0]),
    ],
)
def test_one_other_cell_tells_how_the_file_is_written(texts: tuple[str, ...], values: list[float]) -> None:
    """A mark read wrongly would give a number a thousand times too large or too small."""
    assert read(*texts) == values


@pytest.mark.parametrize("nothing", ["", "n/e", "N/A", "-", "–", "NaN", ".."])
def test_marks_of_nothing_are_missing_and_not_zero(nothing: str) -> None:
    assert np.isnan(read("1.5", nothing)[1])


@pytest.mark.parametrize("text", ["1,234", "-12.345"])
def test_one_or_a_thousand_is_asked_for(text: str) -> None:
    with pytest.raises(SeriesError) as caught:
        read("7", text)

    assert str(caught.value) == (
        f"a.csv:3: '{text}' could be about one or a thousand times as much, and no other cell tells. "
        "Say what parts the decimals with  --decimal .  or  --decimal ,"
    )


def test_two_ways_in_one_file_are_refused() -> None:
    with pytest.raises(SeriesError) as caught:
        read("1,5", "2.5")

    assert str(caught.value) == (
        "a.csv:3: '2.5' (line 3) and '1,5' (line 2) part their decimals differently. One file is written one way. "
        "Say which is right with  --decimal .  or  --decimal ,  and mend the other cells."
    )


@pytest.mark.parametrize("text", ["12 MW", "1.2.3,4.5", "inf", "1_000", "12,34,5"])
def test_what_is_no_number_is_told_with_its_line(text: str) -> None:
    with pytest.raises(SeriesError, match=r"^a\.csv:2: '.*' in the column 'load' is not a number\."):
        numbers(cells(text), ".", "a.csv", "load")


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "31.12.9999 23:00"])
def test_a_stamp_in_a_strange_year_is_told_with_its_line(text: str) -> None:
    with pytest.raises(SeriesError) as caught:
        moments(cells("2030-01-01 00:00", text), "a.csv", None, "UTC")

    assert str(caught.value) == (
        f"a.csv:3: '{text}' lies in no year of a scenario. Time stamps lie in the years 1900 to 2200."
    )
