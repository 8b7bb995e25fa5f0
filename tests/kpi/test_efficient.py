"""Efficient district heating by the rules of each year, at each limit, and from a scenario worked out by hand."""

from pathlib import Path

import pytest

from energysim.api import run
from energysim.kpi import indicators
from energysim.kpi.efficient import efficiency
from energysim.kpi.origins import heat_origins


def told(year: int, renewable: float = 0.0, residual: float = 0.0, cogenerated: float = 0.0) -> str:
    """Say how a network fares whose cogenerated heat is all of fossil fuel. Shares in percent."""
    shares = {"renewable": renewable, "residual": residual, "cogenerated": cogenerated}
    shares["combined"] = sum(shares.values())
    return efficiency({name: share / 100.0 for name, share in shares.items()}, year)


@pytest.mark.parametrize(
    ("year", "least", "short"),
    [
        pytest.param(2027, {"renewable": 50}, {"renewable": 49.9}, id="a: renewable"),
        pytest.param(2027, {"residual": 50}, {"residual": 49.9}, id="a: residual"),
        pytest.param(2027, {"cogenerated": 75}, {"residual": 49.9}, id="a: cogenerated"),
        pytest.param(
            2027, {"renewable": 1, "cogenerated": 49}, {"renewable": 1, "cogenerated": 48.9}, id="a: combined"
        ),
        pytest.param(
            2028, {"renewable": 20, "residual": 30}, {"renewable": 20, "residual": 29.9}, id="b: both together"
        ),
        pytest.param(2028, {"cogenerated": 80}, {"cogenerated": 79.9}, id="b: cogenerated"),
        pytest.param(
            2034, {"renewable": 5, "cogenerated": 45}, {"renewable": 4.9, "cogenerated": 75}, id="b: 5 % renewable"
        ),
        pytest.param(
            2034, {"renewable": 5, "cogenerated": 45}, {"renewable": 5, "cogenerated": 44.9}, id="b: 50 % combined"
        ),
        pytest.param(2035, {"residual": 50}, {"cogenerated": 100}, id="c: not by cogenerated heat alone"),
        pytest.param(
            2035, {"residual": 35, "cogenerated": 45}, {"residual": 34.9, "cogenerated": 65.1}, id="c: 35 % clean"
        ),
        pytest.param(
            2039, {"residual": 35, "cogenerated": 45}, {"residual": 35, "cogenerated": 44.9}, id="c: 80 % combined"
        ),
        pytest.param(2040, {"renewable": 75}, {"renewable": 74.9}, id="d: renewable"),
        pytest.param(
            2044, {"renewable": 35, "cogenerated": 60}, {"renewable": 35, "cogenerated": 59.9}, id="d: 95 % combined"
        ),
        pytest.param(2045, {"residual": 75}, {"residual": 74.9, "cogenerated": 25.1}, id="e"),
        pytest.param(2050, {"renewable": 60, "residual": 40}, {"renewable": 99.9, "cogenerated": 0.1}, id="f"),
    ],
)
def test_each_limit(year: int, least: dict[str, float], short: dict[str, float]) -> None:
    """Directive (EU) 2023/1791, article 26(1), letters a to f: what just is enough, and what just is not."""
    assert told(year, **least).startswith(f"efficient in the sense of the EU in {year}")
    assert told(year, **short).startswith(f"not efficient in the sense of the EU in {year}")


def test_what_comes_next_is_told() -> None:
    assert told(2027, cogenerated=76) == (
        "efficient in the sense of the EU in 2027, by 75 % cogenerated heat; no longer from 2028, with 50 % renewable "
        "or residual heat, 80 % cogenerated heat, or 50 % renewable, residual or cogenerated heat (at least 5 % "
        "renewable)"
    )
    assert told(2046, renewable=10).endswith("; from 2050 it takes nothing but renewable and residual heat")
    assert told(2060, renewable=10).endswith("in 2060, which takes nothing but renewable and residual heat")
    assert told(2030, residual=100).endswith("so it stays by the rules to come")


def test_a_network_may_become_efficient_by_waiting() -> None:
    """Residual heat of 40 % and 45 % of a gas plant lack renewable heat until 2034, and do not from 2035 to 2039."""
    assert told(2030, residual=40, cogenerated=45).endswith(
        "; from 2035 it is, by 80 % renewable, residual or cogenerated heat (at least 35 % renewable or residual)"
    )
    assert told(2036, residual=40, cogenerated=45).startswith("efficient")


TOWN = """\
scenario: A town on everything
time: {start: 2030-06-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
fuels: {chips: {co2: 0 t/MWh}, gas: {co2: 0.2 t/MWh}}
networks: {heat: {carrier: heat}, grid: {carrier: electricity}}
components:
  homes: {type: heat_demand, to: heat, load: 100 MW}
  mill: {type: residual_heat, to: heat, capacity: 10 MW}
  chip_boiler: {type: boiler, fuel: chips, to: heat, capacity: 10 MW, efficiency: 90 %}
  air_pump: {type: heat_pump, power: grid, to: heat, capacity: 20 MW, cop: 4}
  gas_plant:
    {type: chp_backpressure, fuel: gas, to: heat, power: grid, capacity: 30 MW, electric_efficiency: 40 %,
     heat_efficiency: 40 %}
  gas_boiler: {type: boiler, fuel: gas, to: heat, capacity: 100 MW, efficiency: 50 %}
  city: {type: sink, from: grid, fixed: 25 MW}
  chip_trade: {type: fuel_supply, to: chips, price: 1 EUR/MWh}
  gas_trade: {type: fuel_supply, to: gas, price: 50 EUR/MWh}
"""


@pytest.mark.parametrize(
    ("year", "note"),
    [
        (2027, "efficient in the sense of the EU in 2027, by 50 % renewable, residual or cogenerated heat; "),
        (2034, "efficient in the sense of the EU in 2034, by 50 % renewable, residual or cogenerated heat (at "),
        (2035, "not efficient in the sense of the EU in 2035, which takes 50 % renewable or residual heat, or 80 % "),
    ],
)
def test_a_town_by_hand(tmp_path: Path, year: int, note: str) -> None:
    """100 MW: 10 of the mill, 10 of wood, 20 of a pump of which 15 come from the air, 30 with the 30 MW of power that
    city and pump take, 30 of a gas boiler: 35 % renewable or residual, 65 % with cogenerated heat."""
    (tmp_path / "town.yaml").write_text(TOWN.replace("2030-06", f"{year}-06"), encoding="utf8")
    results = run(tmp_path / "town.yaml")
    found = {one.name: one for one in indicators(results)}

    assert heat_origins(results).loc["heat"].tolist() == pytest.approx([0.10, 0.25, 0.30, 0.65])
    assert found["Renewable and residual, heat"].value == pytest.approx(35.0)
    assert found["Cogenerated, heat"].value == pytest.approx(30.0)
    assert found["Renewable, residual or cogenerated, heat"].value == pytest.approx(65.0)
    assert found["Renewable and residual, heat"].note.startswith(note)


def test_the_year_is_that_of_most_of_the_horizon(tmp_path: Path) -> None:
    text = TOWN.replace("{start: 2030-06-01, duration: 2 h}", "{start: 2027-12-31, duration: 72 h}")
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")
    found = {one.name: one for one in indicators(run(tmp_path / "town.yaml"))}

    assert "in 2028, by" in found["Renewable and residual, heat"].note
