"""The towns' heat against what is reported: the table of docs/region.md is computed here."""

import re
from pathlib import Path

import numpy as np
import pytest

from energysim.api import run
from energysim.scenario import load
from energysim.system import assemble

ROOT = Path(__file__).resolve().parents[2]
# Reported, from low to high: heat of a year [GWh] and peak at the plants on a cold day [MW].
TOWNS = {
    "Luleå": ("lulea", "dh_demand", (780.0, 900.0), (270.0, 330.0)),
    "Boden": ("boden", "boden_demand", (280.0, 310.0), (90.0, 110.0)),
    "Piteå": ("pitea", "pitea_demand", (270.0, 330.0), (100.0, 120.0)),
    "Kiruna": ("kiruna", "kiruna_demand", (200.0, 250.0), (70.0, 85.0)),
    "Gällivare": ("gallivare", "gallivare_demand", (150.0, 180.0), (55.0, 65.0)),
    "Skellefteå": ("skelleftea", "skelleftea_demand", (330.0, 420.0), (130.0, 160.0)),
    "Umeå": ("umea", "umea_demand", (900.0, 1000.0), (320.0, 380.0)),
}
MADE = {"Umeå"}
"""Towns whose reported heat is what the plants made, not what was delivered."""
RULE = (2700.0, 3000.0)
"""Full-load hours commonly given for Luleå, of heat delivered over the peak at the plants. [h]"""


def modelled(town: str) -> tuple[float, float]:
    """Heat of the year on the basis that is reported [GWh], and peak at the plants, with network losses. [MW]"""
    file, demand, _, _ = TOWNS[town]
    system = assemble(load(ROOT / "scenarios" / "base" / f"{file}.yaml"))
    load_of_users = np.asarray(system.derived[demand, "demand"])
    kept = 1.0 - system.networks[system.components[demand].connections["heat"]].loss_share
    heat = load_of_users.sum() / 1000.0
    return heat / kept if town in MADE else heat, float(load_of_users.max()) / kept


def in_table(town: str) -> list[float]:
    """Numbers of the model in the documentation: heat, peak, full-load hours."""
    rows = (ROOT / "docs" / "region.md").read_text(encoding="utf8").splitlines()
    cells = next(row for row in rows if row.startswith(f"| {town} |")).split("|")
    return [float(re.sub(r"[^\d.]", "", cells[place])) for place in (3, 5, 7)]


@pytest.mark.parametrize("town", TOWNS)
def test_heat_peak_and_full_load_hours_of_every_town(town: str) -> None:
    """Each lies in the range that is reported, and the documentation says what the model gives."""
    heat, peak = modelled(town)
    _, _, (least, most), (low, high) = TOWNS[town]
    hours = 1000.0 * heat / peak

    assert least <= heat <= most + 1e-6
    assert low <= round(peak) <= high  # ranges are given in whole MW
    assert 1000.0 * least / high <= hours <= 1000.0 * most / low
    assert in_table(town) == pytest.approx([heat, peak, hours], rel=0.006)


def test_the_rule_for_lulea() -> None:
    heat, peak = modelled("Luleå")

    assert RULE[0] <= 1000.0 * heat / peak <= RULE[1]
    assert 2.9 <= peak / (1000.0 * heat / 8760.0) <= 3.2


def test_lulekraft_is_the_same_in_the_base_and_in_the_study() -> None:
    """norrbotten.yaml and the variant 'today' of lulea.yaml write it down twice, with the same figures."""
    base = load(ROOT / "scenarios" / "base" / "norrbotten.yaml").components
    today = load(ROOT / "scenarios" / "lulea.yaml", variant="today").components

    for name in ("lulekraft", "gas_contract"):
        assert base[name] == today[name]


def test_people_of_the_county_are_all_there() -> None:
    """The municipalities of Norrbotten add up to the 248 927 that are published for the county."""
    people = load(ROOT / "scenarios" / "base" / "people.yaml").components
    northern = (
        "lulea", "boden", "pitea", "gallivare", "kiruna", "alvsbyn", "arjeplog", "arvidsjaur", "haparanda", "jokkmokk",
        "kalix", "pajala", "overtornea", "overkalix",
    )  # fmt: skip

    assert sum(people[f"{name}_people"].population for name in northern) == pytest.approx(248_927)  # type: ignore[attr-defined]
    assert sum(name.endswith("_people") for name in people) == 29


def test_demand_made_of_people_beside_what_is_reported() -> None:
    """docs/region.md: 1 310 GWh of heat in Umeå, 9.1 TWh of power in SE1, 848, 295 and 368 GWh of district heat."""
    region = assemble(load(ROOT / "scenarios" / "base" / "norrbotten.yaml"))
    towns = assemble(load(ROOT / "scenarios" / "newcomers.yaml"))
    drawn = [
        region.derived[name, "electricity" if name.endswith("_people") else "demand"]
        for name, component in region.components.items()
        if component.connections.get("power") == "se1_power"
        and component.type_name().endswith(("demand", "settlement"))
    ]
    power = sum(float(np.broadcast_to(values, 8760).sum()) for values in drawn) / 1e6
    district = [
        float(np.sum(towns.derived[f"{name}_residents", "district_heat"])) / 1000.0
        for name in ("lulea", "boden", "skelleftea")
    ]

    assert float(np.sum(region.derived["umea_people", "building_heat"])) / 1000.0 == pytest.approx(1310.0, rel=0.005)
    assert power / (1.0 - region.networks["se1_power"].loss_share) == pytest.approx(9.1, rel=0.01)
    assert district == pytest.approx([848.0, 295.0, 368.0], rel=0.005)


@pytest.mark.slow
def test_rivers_wind_and_price_of_a_full_year() -> None:
    """docs/region.md: 13.8, 4.0 and 7.5 TWh of the three rivers, 9.45 of wind, 38 EUR/MWh in SE1."""
    results = run(ROOT / "scenarios" / "base" / "power.yaml")
    ports = ("lule_river.power", "skellefte_river.power", "ume_river.power", "se1_wind.power")
    energies = [float(results.flow.sel(port=port).sum()) / 1e6 for port in ports]

    assert energies == pytest.approx([13.8, 3.99, 7.5, 9.45], rel=0.01)
    assert float(results.price.sel(node="se1_power").mean()) / 11.2 == pytest.approx(37.7, rel=0.02)


# Lists and pairs that a range of one figure cannot describe, road distances, and what the catalogue fills in.
WITHOUT_RANGE = re.compile(
    r"\.(months|outdoor|temperature|planned_stops)\.\d+$|\.(mtbf|mttr)$|^x-road-distances\.|^fuels\.|_connection\.tax$"
)


def test_every_uncertain_figure_of_the_base_states_a_range_around_it() -> None:
    """A strategist sees how far a figure may be off, and a tornado over stated ranges varies it."""
    found = load(ROOT / "scenarios" / "base" / "norrbotten.yaml").assumptions
    uncertain = [
        one for one in found if one.confidence in ("assumption", "expert") and re.match(r"[+-]?\.?\d", one.text)
    ]
    plain = [one for one in uncertain if not WITHOUT_RANGE.search(one.path)]

    assert len(plain) > 250
    assert not [one.path for one in plain if not (one.low and one.high)]
    assert not [one.path for one in plain if not number(one.low) <= number(one.text) <= number(one.high)]


def number(text: str) -> float:
    """Number of a quantity, which all three write in one unit."""
    match = re.match(r"[+-]?\d[\d ]*(?:\.\d+)?", text)
    assert match is not None
    return float(match[0].replace(" ", ""))
