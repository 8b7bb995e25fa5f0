"""What YAML words mean: version 1.2, nothing guessed."""

import pytest

from energysim.scenario.read import parse_tree


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2030-07-01", "2030-07-01"),
        ("2030-07-01/2030-07-21", "2030-07-01/2030-07-21"),
        ("2030-01-01T06:00", "2030-01-01T06:00"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("12:30", "12:30"),
        ("3", 3),
        ("-3", -3),
        ("010", 10),
        ("0x10", 16),
        ("0o10", 8),
        ("3.0", 3.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1_000", 1000),
        ("20 MW", "20 MW"),
        ("'3'", "3"),
        ("[a, 1]", ["a", 1]),
        ("{a: 1}", {"a": 1}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalar(written: str, value: object) -> None:
    found = parse_tree(f"key: {written}", "x.yaml").data["key"]

    assert found == value
    assert type(found) is type(value)


def test_keys_are_words_even_when_they_look_like_numbers() -> None:
    assert parse_tree("2030: a\ntrue: b\nno: c\n", "x.yaml").data == {"2030": "a", "true": "b", "no": "c"}


def test_an_alias_repeats_a_value_where_it_stands() -> None:
    tree = parse_tree("a: &x {b: 1}\nc: *x\n", "x.yaml")

    assert tree.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert tree.data["a"] is not tree.data["c"]


def test_lines_of_keys_and_of_values_in_lists() -> None:
    tree = parse_tree("a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n", "x.yaml")

    lines = {".".join(path): origin.line for path, origin in tree.origins.items() if path}
    assert lines == {"a": 1, "a.b": 2, "a.c": 3, "a.c.0": 4, "a.c.1": 5, "a.c.1.d": 5}
