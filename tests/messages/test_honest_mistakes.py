"""Files as people and programs get them wrong: one message with file and line each, exit code 1, nothing written."""

from pathlib import Path

import pytest

from energysim.cli import main
from energysim.scenario.read import LARGEST_TREE

LOAD = "load: [8 MW, 14 MW, 18 MW]"
SERIES = "load: {csv: l.csv, unit: MW, clock: UTC}"
VOLUME, PRICE, CAPACITY = "volume: 3 MWh", "price: 20 EUR/MWh", "capacity: {max: 20 MW, "
HOURS = [f"2030-01-01 0{hour}:00" for hour in range(3)]
TABLE = "time,load\n" + "".join(f"{hour},8\n" for hour in HOURS)

Case = tuple[str, tuple[str, str], str]

QUANTITIES: list[Case] = [
    ("division by nothing", (VOLUME, "volume: 3 MWh/0"), ":22: components.tank.volume: The unit in '3 MWh/0' is not"),
    ("open brackets", (VOLUME, "volume: 3 (((MWh"), ":22: components.tank.volume: The unit in '3 (((MWh' is not known"),
    ("a calculation", (VOLUME, "volume: 3 MWh**(9**9**9)"), ":22: components.tank.volume: The unit in '3 MWh**(9**9"),
    ("a call", (VOLUME, "volume: 3 __import__('os')"), ":22: components.tank.volume: The unit '__import__' is not"),
    ("a stray comma", (VOLUME, "volume: '3 MWh,'"), ":22: components.tank.volume: The unit in '3 MWh,' is not known"),
    ("a stray sign", (VOLUME, "volume: 3 MWh;"), ":22: components.tank.volume: The unit in '3 MWh;' is not known"),
    ("endless digits", (VOLUME, f"volume: {'9' * 400} MWh"), f":22: components.tank.volume: {'9' * 60}... is not a"),
    ("more digits still", ("90 %", "9" * 5000), f":21: components.boiler.efficiency: {'9' * 60}... is not a finite"),
    ("a time of day", ("duration: 3 h", "duration: 3:00"), ":2: time.duration: The unit in '3:00' is not known."),
    ("no end", ("{start: 2030-01-01, duration: 3 h}", "{year: .inf}"), ":2: time.year: inf is not a finite number."),
    ("a price in quotes", (PRICE, "price: '20'"), ":15: components.trade.price: 20 has no unit. A quantity in EUR/MWh"),
    ("not a number", (PRICE, "price: .nan"), ":15: components.trade.price: nan is not a finite number."),
]
SHAPES: list[Case] = [
    ("time as a list", ("time: {start: 2030-01-01, duration: 3 h}", "time: [2030]"), ":2: time: 'time' is a list. It"),
    ("a number as name", ("{name: Town}", "{name: 5}"), ":5: places.town.name: 5 is not text."),
    ("a type without value", ("type: heat_store", "type: "), ":22: components.tank.type: 'type' has no value. Write"),
    ("a size without size", (CAPACITY + "investment: 400 EUR/kW, lifetime: 25 a}", "capacity: {}"), ":20: components"),
    ("a size from elsewhere", (CAPACITY, CAPACITY.replace("max", "from: web, max")), ":20: components.boiler.capacity"),
    ("a carrier without name", ("carrier: electricity", "carrier: ''"), ":12: networks.grid.carrier: '' is empty."),
    ("its own currency", ("EUR, ", "EUR, exchange: {EUR: 2 EUR}, "), ":3: economy.exchange.EUR: EUR is the currency"),
    ("a range upside down", (VOLUME, "volume: {value: 3 MWh, low: 5 MWh, high: 1 MWh}"), ":22: components.tank.volume"),
    ("a range in words", (VOLUME, "volume: {value: 3 MWh, low: little}"), ":22: components.tank.volume.low: 'low' is"),
    ("a unit of effects", ("places:", "effects: {co2: {unit: parsec}}\nplaces:"), ":4: effects.co2: The unit 'parsec'"),
    ("units of effects", ("places:", "effects: {co2: {unit: t/0}}\nplaces:"), ":4: effects.co2: The unit in '1 t/0'"),
    ("extending a folder", ("places:", "extends: .\nplaces:"), ":4: extends: '.' is a folder. A scenario extends a"),
    ("extending itself", ("places:", "extends: scenario.yaml\nplaces:"), ":4: extends: The files extend each other"),
    ("extending nothing", ("places:", "extends: none.yaml\nplaces:"), ":4: extends: There is no file 'none.yaml' to"),
    ("a name too long", ("places:", f"extends: {'a' * 999}\nplaces:"), f":4: extends: '{'a' * 60}...' cannot be read"),
    (
        "an endless seed",
        ("places:", f"seed: {'9' * 50}\nplaces:"),
        f":4: seed: '{'9' * 50}' is not a whole number from",
    ),
    ("a space of no width", ("heat, load", "heat\u200b, load"), ":14: The line holds the invisible character 0x200b."),
    ("a soft hyphen", ("  boiler:", "  boi\u00adler:"), ":16: The line holds the invisible character 0x00ad."),
    ("a key of two lines", ("  tank:", '  "ta\\nnk":'), ":22: components: The key 'ta\\nnk' holds the invisible"),
    (
        "a hard space",
        ("efficiency:", "efficiency\u00a0:"),
        ":21: components.boiler: The key 'efficiency\\xa0' holds",
    ),
    ("an alias in itself", ("places:", "x-a: &a [*a]\nplaces:"), ":4: An alias refers to the very thing it stands in."),
]


@pytest.mark.parametrize(("change", "told"), [pytest.param(c, t, id=i) for i, c, t in (*QUANTITIES, *SHAPES)])
def test_a_slip_in_the_scenario(
    folder: Path, right: str, capsys: pytest.CaptureFixture[str], change: tuple[str, str], told: str
) -> None:
    assert change[0] in right
    assert _told_of(folder, capsys, right.replace(*change)).startswith(f"scenario.yaml{told}")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        pytest.param("time,load\n", "scenario.yaml:14: components.demand.load: l.csv: 'load' has no", id="header only"),
        pytest.param(TABLE.partition("\n")[2], "l.csv:1: components.demand.load: The first line, '2030-01", id="rows"),
        pytest.param(TABLE.replace(",8", ",8,5"), "l.csv:2: components.demand.load: The row has 3 cells, the header 2. "
                     "If commas part the decimals, part the columns by semicolons.", id="decimal commas"),
        pytest.param(TABLE.replace(",8", ",8_000"), "l.csv:2: components.demand.load: '8_000' in the column", id="_"),
        pytest.param(TABLE.replace(",8", ",1e999"), "l.csv:2: components.demand.load: '1e999' in the", id="no end"),
        pytest.param(TABLE.replace(" 00:00", ""), "scenario.yaml:14: components.demand.load: -1", id="negative"),
    ],
)  # fmt: skip
def test_a_slip_in_a_table(folder: Path, right: str, capsys: pytest.CaptureFixture[str], table: str, told: str) -> None:
    if told.endswith("-1"):
        table = TABLE.replace(",8", ",-1", 1)
    (folder / "l.csv").write_text(table, encoding="utf8")

    assert _told_of(folder, capsys, right.replace(LOAD, SERIES)).startswith(told)


def test_a_table_with_two_columns_of_one_name(folder: Path, right: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "l.csv").write_text("time,load,load\n" + "".join(f"{hour},8,9\n" for hour in HOURS), encoding="utf8")
    series = SERIES.replace("unit", "column: load, unit")

    assert _told_of(folder, capsys, right.replace(LOAD, series)) == (
        "l.csv:1: components.demand.load: 2 columns are called 'load'. It is not known which is meant. Rename all but "
        "one."
    )


def test_a_folder_as_a_table(folder: Path, right: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "l.csv").mkdir()

    assert _told_of(folder, capsys, right.replace(LOAD, SERIES)) == (
        "scenario.yaml:14: components.demand.load: 'l.csv' is a folder. A series is read from a file."
    )


def test_a_trailing_separator_is_no_column(folder: Path, right: str) -> None:
    """As spreadsheets write it; every row has an empty cell more."""
    table = TABLE.replace("\n", ",\n")
    (folder / "l.csv").write_text(table, encoding="utf8")
    series = SERIES.replace("unit", "column: load, unit")
    (folder / "scenario.yaml").write_text(right.replace(LOAD, series), encoding="utf8")

    with pytest.raises(SystemExit) as ending:
        main(["check", "scenario.yaml"])
    assert ending.value.code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("", "scenario.yaml: The file is empty.", id="empty"),
        pytest.param("- a\n- b\n", "scenario.yaml:1: The file does not hold a mapping.", id="a list"),
        pytest.param("scenario: A\n".encode("utf-16"), "scenario.yaml:1: The file is not UTF-8", id="utf-16"),
        pytest.param("scenario: Luleå\n".encode("latin-1"), "scenario.yaml:1: The file is not UTF-8", id="latin-1"),
        pytest.param("scenario: A\n\ttime: 1\n", "scenario.yaml:2: The line is indented with a tab.", id="a tab"),
        pytest.param("a: &a [1,2,3,4,5,6,7,8,9]\n" + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
        ), f"scenario.yaml:1: The file unfolds to more than {LARGEST_TREE:,} values.", id="aliases of aliases"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scenario(
    folder: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, told: str
) -> None:
    assert _told_of(folder, capsys, content).startswith(told)


@pytest.mark.parametrize("name", ["class", "lambda", "värmeverk_åäö", "yes", "1", "my tank", "🔥", "__init__", "None"])
def test_names_that_mean_something_elsewhere(folder: Path, right: str, name: str) -> None:
    """Words of Python, of YAML, letters of other alphabets: a name is a name."""
    (folder / "scenario.yaml").write_text(right.replace("  tank:", f"  {name}:"), encoding="utf8")

    with pytest.raises(SystemExit) as ending:
        main(["check", "scenario.yaml"])
    assert ending.value.code == 0


@pytest.mark.parametrize("marks", ["crlf", "cr", "byte order mark"])
def test_line_ends_and_marks_of_other_systems(folder: Path, right: str, marks: str) -> None:
    text = "\ufeff" + right if marks.startswith("byte") else right.replace("\n", {"crlf": "\r\n", "cr": "\r"}[marks])
    (folder / "scenario.yaml").write_bytes(text.encode())

    with pytest.raises(SystemExit) as ending:
        main(["check", "scenario.yaml"])
    assert ending.value.code == 0


def _told_of(folder: Path, capsys: pytest.CaptureFixture[str], content: str | bytes) -> str:
    """Check a file by the command; give the one message, seen to that nothing else came of it."""
    (folder / "scenario.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(SystemExit) as ending:
        main(["check", "scenario.yaml"])
    told = capsys.readouterr()

    assert ending.value.code == 1
    assert "Traceback" not in told.out + told.err
    assert {path.name for path in folder.iterdir()} == before
    heading, *messages = told.err.splitlines()
    assert heading == "scenario.yaml: 1 problem, nothing was solved."
    return " ".join(line.strip() for line in messages)
