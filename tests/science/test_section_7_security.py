"""SCIENCE 7: adequacy when a supplier is lost, outage tables, the worth of backup."""

from pathlib import Path

import numpy as np
import pytest

from energysim.api import Asked, run
from energysim.errors import InfeasibleError
from energysim.simulation.adequacy import backup_to_build, outage_table, worth_of_backup

SYSTEM = """
scenario: One supplier is lost
time: {start: 2030-01-01, duration: 4 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}}
components:
  demand: {type: heat_demand, to: heat, load: [100 MW, 141 MW, 120 MW, 90 MW]}
  steel: {type: source, to: heat, capacity: 120 MW, price: 1 EUR/MWh}
  pump: {type: source, to: heat, capacity: 20 MW, price: 10 EUR/MWh}
  bio: {type: source, to: heat, capacity: 50 MW, price: 30 EUR/MWh}
  electric_boiler: {type: source, to: heat, capacity: 40 MW, price: 60 EUR/MWh}
  backup: {type: source, to: heat, capacity: {max: 100 MW, investment: 100 EUR/kW, lifetime: 20 a}, price: 90 EUR/MWh}
security: {networks: {heat: {outage: 24 h}}}
variants:
  tank:
    components.tank: {type: heat_store, network: heat, volume: 1000 MWh, power: 120 MW, start: 60 %, standing_loss: 0 %}
    security.networks.heat.reserve: {tank: 500 MWh}
  small_tank_power:
    components.tank: {type: heat_store, network: heat, volume: 1000 MWh, power: 8 MW, start: 60 %, standing_loss: 0 %}
    security.networks.heat.reserve: {tank: 500 MWh}
"""


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """The system of T-7.2 as a file."""
    path = tmp_path / "system.yaml"
    path.write_text(SYSTEM, encoding="utf8")
    return path


@pytest.mark.parametrize(
    ("variant", "backup"), [(None, 31.0), ("tank", 31.0 - 500.0 / 24.0), ("small_tank_power", 31.0 - 8.0)]
)
def test_backup_for_the_loss_of_the_largest(system: Path, variant: str | None, backup: float) -> None:
    """T-7.2: 141 MW without the 120 MW of steel leave 31 MW to build; 500 MWh over 24 h are worth 20.83 MW of it
    (10.17 left), and no more than the store's power of 8 MW. Without the condition nothing is built."""
    results = run(system, variant=variant)

    assert results.capacity.sel(size="backup.capacity").item() == pytest.approx(backup, abs=1e-6)
    if variant is not None:
        assert float(results.level.min()) >= 500.0 - 1e-6


def test_a_reserve_lasts_hours_whatever_the_step(system: Path) -> None:
    """T-7.2 in steps of 3 h: 500 MWh still give 20.83 MW over 24 h, so 10.17 MW are built; were the reserve shared out
    over 24 steps, 24.06 MW would be."""
    system.write_text(SYSTEM.replace("duration: 4 h}", "duration: 12 h, step: 3 h}"), encoding="utf8")

    built = run(system, variant="tank").capacity.sel(size="backup.capacity").item()
    assert built == pytest.approx(31.0 - 500.0 / 24.0, abs=1e-6)


@pytest.mark.parametrize("reserve", ["1500 MWh", "900 MWh"])
def test_a_reserve_that_cannot_be_kept_is_named(system: Path, reserve: str) -> None:
    """1 000 MWh hold no 1 500, and a store that begins with 600 has not 900 in its first hour: security is named."""
    text = SYSTEM.replace("reserve: {tank: 500 MWh}", f"reserve: {{tank: {reserve}}}")
    system.write_text(text.replace("power: 120 MW, start", "power: 20 MW, start"), encoding="utf8")

    with pytest.raises(InfeasibleError, match=r"Without what stands under  security  there is a plan; with it"):
        run(system, variant="tank")


@pytest.mark.parametrize("unserved", [0, 1, 2])
def test_what_may_be_cut_is_of_the_network(system: Path, unserved: int) -> None:
    """Of 31 MW that are short 5 may be cut, whether nobody, one or two components tell what is not served."""
    short = "".join(f"  short{k}: {{type: unserved, to: heat, price: 3000 EUR/MWh}}\n" for k in range(unserved))
    text = SYSTEM.replace("outage: 24 h", "outage: 24 h, curtailable: 5 MW").replace("security:", f"{short}security:")
    system.write_text(text, encoding="utf8")

    assert run(system).capacity.sel(size="backup.capacity").item() == pytest.approx(26.0, abs=1e-6)


def test_without_the_condition_nothing_is_built(system: Path) -> None:
    """The same system without ``security`` builds no backup: the condition is what costs."""
    system.write_text(SYSTEM.replace("security: {networks: {heat: {outage: 24 h}}}\n", "").split("variants:")[0])

    assert run(system).capacity.sel(size="backup.capacity").item() == pytest.approx(0.0, abs=1e-9)


def test_outage_table() -> None:
    """T-7.3: units 60, 50 and 40 MW out 5, 3 and 2 % of the time against 100 MW: LOLP .05057, EUE .6378 MW."""
    lolp, eue = outage_table([(60.0, 0.05), (50.0, 0.03), (40.0, 0.02)]).loss_of_load(100.0)

    assert lolp == pytest.approx(0.05057, abs=5e-6)
    assert eue == pytest.approx(0.6378, abs=5e-5)


def test_the_reliability_test_system() -> None:
    """The 32 units of the IEEE RTS of 1979 at its peak of 2850 MW: 0.084578 and 14.7 MW, as published many times."""
    sizes = {12: (5, 0.02), 20: (4, 0.10), 50: (6, 0.01), 76: (4, 0.02), 100: (3, 0.04), 155: (4, 0.04), 197: (3, 0.05)}
    sizes |= {350: (1, 0.08), 400: (2, 0.12)}
    units = [(float(size), rate) for size, (count, rate) in sizes.items() for _ in range(count)]
    lolp, eue = outage_table(units).loss_of_load(2850.0)
    assert lolp == pytest.approx(0.084578, abs=1e-6)
    assert eue == pytest.approx(14.69, abs=0.01)


def test_worth_of_backup() -> None:
    """T-7.4: the first 40 MW are worth 45 500 EUR/MW a year, the next 40 MW 18 200; at 12 000 a year 80 MW are built,
    at 20 000 half of them, at 50 000 none."""
    short = [np.full(200, 80.0), np.full(100, 40.0)]
    edges, worth = worth_of_backup(short, [0.1, 0.3], saved=1000.0 - 90.0)

    assert edges.tolist() == [0.0, 40.0, 80.0]
    assert worth == pytest.approx([45_500.0, 18_200.0])
    assert [backup_to_build(edges, worth, cost) for cost in (12_000.0, 20_000.0, 50_000.0)] == [80.0, 40.0, 0.0]


THREE_UNITS = """
scenario: Three units that fail
time: {year: 2030}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}}
simulation: {compare: [], policy: greedy}
components:
  demand: {type: heat_demand, to: heat, load: 100 MW}
  a: {type: source, to: heat, capacity: 60 MW, price: 10 EUR/MWh, availability: {mtbf: 19 h, mttr: 1 h}}
  b: {type: source, to: heat, capacity: 50 MW, price: 20 EUR/MWh, availability: {mtbf: 32.33333 h, mttr: 1 h}}
  c: {type: source, to: heat, capacity: 40 MW, price: 30 EUR/MWh, availability: {mtbf: 49 h, mttr: 1 h}}
  short: {type: unserved, to: heat, price: 1000 EUR/MWh}
"""
"""With repairs of 1 h on average these times between failures leave plants out 5, 3 and 2 % of the hours."""


def test_simulated_years_find_the_outage_table(tmp_path: Path) -> None:
    """T-7.3 by chance: over 40 simulated years of units out 5, 3 and 2 % of the time, 5.06 % of the hours are short
    and .638 MW is missing on average, to within three standard errors of the hours drawn."""
    path = tmp_path / "system.yaml"
    path.write_text(THREE_UNITS, encoding="utf8")
    results = run(path, engine=Asked(years=40, seed=4))
    hours = results.short_hours.sel(short="heat") / 8760.0
    missing = results.unserved.sel(short="heat") / 8760.0

    for found, expected in ((hours, 0.05057), (missing, 0.6378)):
        error = float(found.std(ddof=1)) / np.sqrt(40.0)
        assert float(found.mean()) == pytest.approx(expected, abs=3.0 * error)
        assert error < 0.02 * expected


@pytest.mark.parametrize(("cost", "built"), [(12, 80.0), (20, 40.0), (50, 0.0)])
def test_backup_is_built_for_what_it_is_worth(tmp_path: Path, cost: int, built: float) -> None:
    """T-7.4 by the optimiser: a year with the expected hours of shortage, 20 of 80 MW and 30 of 40 MW, builds backup
    of 80 MW at 12 000 EUR/MW a year, of 40 MW at 20 000, and none at 50 000."""
    load = np.zeros(8760)
    load[:20], load[20:50] = 80.0, 40.0
    rows = [f"{np.datetime64('2030-01-01T00') + k}:00Z,{value:g}" for k, value in enumerate(load)]
    (tmp_path / "load.csv").write_text("\n".join(["time,load", *rows]) + "\n", encoding="utf8")
    (tmp_path / "system.yaml").write_text(
        f"""
scenario: Backup for a year that may be short
time: {{year: 2030}}
economy: {{currency: EUR, discount_rate: 5 %}}
networks: {{heat: {{carrier: heat}}}}
components:
  demand: {{type: heat_demand, to: heat, load: {{csv: load.csv, column: load, unit: MW}}}}
  backup:
    type: source
    to: heat
    capacity: {{max: 200 MW, investment: 0 EUR/kW, fixed_om: {cost} EUR/kW/a, lifetime: 20 a}}
    price: 90 EUR/MWh
  short: {{type: unserved, to: heat, price: 1000 EUR/MWh}}
""",
        encoding="utf8",
    )
    results = run(tmp_path / "system.yaml")

    assert results.capacity.sel(size="backup.capacity").item() == pytest.approx(built, abs=1e-6)
    worth = sum(step * max(0.0, value - 1000.0 * cost) for step, value in ((40.0, 45_500.0), (40.0, 18_200.0)))
    assert results.attrs["objective"] == pytest.approx(1000.0 * (20 * 80.0 + 30 * 40.0) - worth)


def test_a_town_that_cannot_be_secured_is_refused(system: Path) -> None:
    """With at most 10 MW of backup the loss of steel leaves 21 MW short; the message says where, when and how much."""
    system.write_text(SYSTEM.replace("max: 100 MW", "max: 10 MW"), encoding="utf8")
    with pytest.raises(InfeasibleError, match=r"Without 'steel' the network 'heat' is 21\.0 MW short at 2030-01-01 01"):
        run(system)


def test_suppliers_lost_together(system: Path) -> None:
    """Steel and pump of one plant are lost at one blow: 51 MW of backup instead of 31."""
    text = SYSTEM.replace("{outage: 24 h}", "{outage: 24 h, together: [[steel, pump]]}")
    system.write_text(text, encoding="utf8")

    assert run(system).capacity.sel(size="backup.capacity").item() == pytest.approx(51.0, abs=1e-6)


def test_a_stop_is_served_by_the_secured_plan(system: Path) -> None:
    """Steel stops for the hours of the largest demand: 31 MW are short without security, none with it."""
    text = SYSTEM.replace("security:", "simulation: {events: {steel: {stop: steel, lasting: 2 h}}}\nsecurity:")
    text = text.replace("  backup:", "  short: {type: unserved, to: heat, price: 3000 EUR/MWh}\n  backup:")
    system.write_text(text, encoding="utf8")
    results = run(system, engine="simulate")

    assert results.event_worst.sel(event="steel").values.tolist() == pytest.approx([31.0, 0.0], abs=1e-6)
    assert results.event_component.item() == "steel"
