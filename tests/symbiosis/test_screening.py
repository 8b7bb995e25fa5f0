"""``energysim screen``: the textbook targets, the mill and the town, from a scenario file to tables."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from energysim.cli import main
from energysim.scenario import load
from energysim.symbiosis.screening import RETURNS, SUPPLY, pair_table, screen
from tests.science.test_levels import PULP_MILL

HEAD = """\
scenario: Screened
time: {start: 2030-01-01, duration: 1 h}
economy: {currency: EUR, discount_rate: 5 %}
networks:
  site: {supply: 200 degC, return: 50 degC}
"""


def components(streams: Iterable[tuple[float, float, float, float]]) -> str:
    """Entries of streams by inlet, outlet, heat [MW] and approach."""
    lines = []
    for number, (inlet, outlet, heat, approach) in enumerate(streams):
        ends = f"from: {inlet!r} degC, to: {outlet!r} degC"
        if inlet > outlet:
            stream = f"{{{ends}, load: {heat!r} MW, approach: {approach!r} K}}"
            lines.append(f"  s{number}: {{type: residual_heat, to: site, streams: {{only: {stream}}}}}")
        else:
            demand = f"load: {heat!r} MW, temperatures: {{{ends}}}, approach: {approach!r} K"
            lines.append(f"  s{number}: {{type: heat_demand, to: site, {demand}}}")
    return "components:\n" + "\n".join(lines) + "\n"


def screened(folder: Path, text: str, *options: str) -> dict[str, list[dict[str, str]]]:
    """Run the command on a scenario; give its tables."""
    (folder / "scenario.yaml").write_text(text, encoding="utf8")
    with pytest.raises(SystemExit) as ended:
        main(["screen", str(folder / "scenario.yaml"), "--out", str(folder / "out"), *options])
    assert ended.value.code in (0, None)
    assert (folder / "out" / "report.html").stat().st_size > 10_000
    tables = {}
    for path in (folder / "out").glob("*.csv"):
        with path.open(encoding="utf8") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    return tables


KEMP = [(20, 135, 230, 5), (170, 60, 330, 5), (80, 140, 240, 5), (150, 30, 180, 5)]
SMITH = [(250, 40, 31.5, 5), (200, 80, 30.0, 5), (20, 180, 32.0, 5), (140, 230, 27.0, 5)]
THRESHOLD = [(250, 40, 31.5, 5), (200, 80, 30.0, 5), (20, 180, 16.0, 5), (140, 230, 9.0, 5)]
LINNHOFF = [(150, 60, 180, 10), (90, 60, 240, 10), (20, 125, 262.5, 10), (25, 100, 225, 10)]
FLOWER = [(160, 93.3, 586.293, 5), (248.9, 137.8, 1172.105, 5), (60, 160, 762, 5), (115.6, 260, 877.952, 5)]
ILLUSTRATIVE = [
    (20, 140, 2400, 5), (140, 180, 800, 5), (140, 230, 2700, 5), (196.666667, 40, 2350.000005, 5), (104, 80, 600, 5),
    (200, 104, 2400, 5), (250, 196.666667, 800, 5),
]  # fmt: skip
AHMAD = [
    (327, 40, 28700, 26.23), (220, 160, 9600, 1), (220, 60, 9600, 12), (160, 45, 46000, 4), (100, 300, 20000, 4),
    (35, 164, 9030, 26.23), (85, 138, 18550, 2), (60, 170, 6600, 12), (140, 300, 32000, 26.23),
]  # fmt: skip


@pytest.mark.parametrize(
    ("streams", "heating", "cooling", "pinch"),
    [
        pytest.param(KEMP, 20.0, 60.0, 85.0, id="T-1.1"),
        pytest.param(LINNHOFF, 107.5, 40.0, 80.0, id="T-1.2"),
        pytest.param(SMITH, 7.5, 10.0, 145.0, id="T-1.3"),
        pytest.param(FLOWER, 128.288, 246.734, 243.9, id="T-1.4"),
        pytest.param(THRESHOLD, 0.0, 36.5, None, id="T-1.5"),
        pytest.param(ILLUSTRATIVE, 750.0, 1000.0, 145.0, id="T-1.5 illustrative"),
        pytest.param(AHMAD, 23999.8, 31719.8, 166.23, id="T-1.5 Linnhoff and Ahmad"),
    ],
)
def test_targets_on_the_command_line(
    tmp_path: Path, streams: list, heating: float, cooling: float, pinch: float | None
) -> None:
    """The targets and the pinch of the textbook cases, as a user gets them."""
    region = screened(tmp_path, HEAD + components(streams))["sites"][-1]

    assert float(region["heating"]) == pytest.approx(heating, abs=0.06)
    assert float(region["cooling"]) == pytest.approx(cooling, abs=0.06)
    assert region["pinch"] == "" if pinch is None else float(region["pinch"]) == pytest.approx(pinch, abs=1e-6)


@pytest.mark.parametrize(
    ("returned", "supply", "heat"), [(50.0, 90.0, 43.30), (45.0, 85.0, 58.41), (40.0, 70.0, 58.41), (55.0, 100.0, 0.0)]
)
def test_t_1_8_what_the_mill_can_lead_out(tmp_path: Path, returned: float, supply: float, heat: float) -> None:
    """T-1.8: from the 64 streams of a mill, without optimising: 85 instead of 100 degC unlocks all 58.41 MW."""
    town = f"  town: {{supply: {supply} degC, return: {returned} degC, approach: 2.5 K}}\n"
    tables = screened(tmp_path, HEAD + town + components((a, b, q / 1000.0, 2.5) for a, b, q in PULP_MILL))
    led = {row["network"]: float(row["heat"]) for row in tables["led_out"]}

    assert float(tables["sites"][-1]["heating"]) == pytest.approx(155.5289, abs=1e-3)
    assert led["town"] == pytest.approx(heat, abs=0.01)


TOWN = """\
scenario: A town between two mills
time: {start: 2030-01-01, duration: 4 h}
economy: {currency: EUR, discount_rate: 5 %}
places:
  town: {location: [65.58, 22.15]}
  mill: {location: [65.83, 21.69]}
actors:
  a: {name: Mill A}
networks:
  town_heat: {at: town, supply: 85 degC, return: 45 degC, approach: 5 K}
  gas: {carrier: hydrogen, at: town}
components:
  hot: {type: residual_heat, to: town_heat, at: mill, owner: a, streams: {only: {from: 150 degC, to: 50 degC, load: 10 MW}}}
  warm: {type: residual_heat, to: town_heat, streams: {only: {from: 70 degC, to: 50 degC, load: 30 MW}}}
  cold: {type: residual_heat, to: town_heat, streams: {only: {from: 40 degC, to: 30 degC, load: 20 MW}}}
  users: {type: heat_demand, to: town_heat, load: [40 MW, 40 MW, 10 MW, 5 MW]}
  stack: {type: electrolyser, power: grid, to: gas, capacity: 10 MW, efficiency: 60 %}
  hydrogen_user: {type: sink, from: gas, fixed: 4 MW}
"""  # noqa: E501


def town(folder: Path) -> Path:
    text = TOWN.replace("networks:\n", "networks:\n  grid: {carrier: electricity}\n")
    path = folder / "town.yaml"
    path.write_text(text, encoding="utf8")
    return path


def test_pairs_by_hand(tmp_path: Path) -> None:
    """Hot serves alone, 10 + 10 + 10 + 5 MWh. Warm reaches 65 of 45 to 85 degC: half of the demand.

    20 + 20 + 5 + 2.5 MWh; all of the demand would be the mistake of a model blind to temperature. Cold only by pump.
    """
    found = screen(load(town(tmp_path)))
    rows = {row.source: row for row in found.pairs.itertuples()}

    assert (rows["hot"].direct, rows["hot"].preheat) == pytest.approx((35.0, 0.0))
    assert (rows["warm"].direct, rows["warm"].preheat) == pytest.approx((0.0, 47.5))
    assert (rows["cold"].direct, rows["cold"].preheat) == (0.0, 0.0)
    assert rows["cold"].lift == pytest.approx(20.0 + 20.0 + 10.0 + 5.0)
    assert rows["hot"].margin == pytest.approx(60.0)
    assert rows["hot"].distance == pytest.approx(1.3 * 34.8, rel=0.02)
    assert rows["warm"].distance == 0.0


def test_break_even_by_hand(tmp_path: Path) -> None:
    """10 MW need DN200 at 1 836 EUR/m; 35 MWh at 1 000 EUR over 1.836 MEUR/km times the annuity of 5 % and 40 years.

    The 35 MWh are those of four hours, so a year has 2 190 times as many.
    """
    found = screen(load(town(tmp_path)), worth=1000.0)
    row = next(row for row in found.pairs.itertuples() if row.source == "hot")

    assert row.diameter == 200.0
    assert row.pipe == pytest.approx(1.836e6 * row.distance)
    assert row.break_even == pytest.approx(2190.0 * 35.0 * 1000.0 / (1.836e6 * 0.0582781612), rel=1e-6)


def test_what_lower_temperatures_unlock(tmp_path: Path) -> None:
    """Warm (65 degC at the exchanger) counts from a supply of 65 down: 20/20 of it above a return of 45 degC."""
    found = screen(load(town(tmp_path)))
    warm = [source.title for source in found.sources].index("warm")
    at_45 = found.unlocked[warm, :, list(RETURNS).index(45.0)].sum(axis=-1)
    heat = dict(zip(SUPPLY.tolist(), at_45.tolist(), strict=True))

    assert (heat[70.0], heat[65.0], heat[60.0]) == pytest.approx((0.0, 120.0, 120.0))
    at_55 = found.unlocked[warm, list(SUPPLY).index(65.0), list(RETURNS).index(55.0)].sum()
    assert at_55 == pytest.approx(60.0)


def test_by_products_find_their_takers(tmp_path: Path) -> None:
    """Six of ten MW leave as hydrogen, four are taken: 24 and 16 MWh in four hours, on one network."""
    row = next(row for row in screen(load(town(tmp_path))).materials.itertuples() if row.carrier == "hydrogen")

    assert (row.source, row.sink, bool(row.connected)) == ("stack", "hydrogen_user", True)
    assert (row.given, row.taken) == pytest.approx((24.0, 16.0))


def test_without_streams_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.yaml").write_text(
        HEAD + "components:\n  c: {type: source, to: site, price: 5 EUR/MWh}\n", encoding="utf8"
    )
    with pytest.raises(SystemExit) as ended:
        main(["screen", str(tmp_path / "s.yaml"), "--out", str(tmp_path / "out")])

    assert ended.value.code == 1
    assert "no component has heat left over" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("worth", ["300", "300 MW", "-5 EUR/MWh"])
def test_a_wrong_worth_is_refused(tmp_path: Path, worth: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["screen", str(town(tmp_path)), "--out", str(tmp_path / "out"), f"--worth={worth}"])

    assert ended.value.code == 1
    assert "--worth" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_pairs_of_nothing_are_an_empty_table(tmp_path: Path) -> None:
    scenario = load(town(tmp_path))

    assert pair_table([], scenario, None, None).empty  # type: ignore[arg-type]
