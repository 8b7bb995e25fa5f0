"""What cannot be: temperatures, recipes, plants and pipes against nature, each told with file, line and reason."""

from pathlib import Path

import pytest

from energysim.errors import ScenarioError
from energysim.scenario import load
from energysim.system import System, assemble

BASE = """\
scenario: physics
time: {start: 2030-01-01, duration: 6 h}
economy: {discount_rate: 5 %}
places: {here: {climate: lulea}}
fuels: {chips: {}}
networks:
  town: {at: here, supply: 85 degC, return: 45 degC, approach: 5 K}
  far: {at: here, supply: 85 degC, return: 45 degC, approach: 5 K}
  grid: {carrier: electricity}
  steel: {carrier: steel, unit: t}
components:
  trade: {type: fuel_supply, to: chips, price: 20 EUR/MWh}
  users: {type: heat_demand, to: town, load: 20 MW}
  boiler: {type: boiler, fuel: chips, to: town, capacity: 30 MW}
"""


def system(tmp_path: Path, entry: str, *changes: tuple[str, str]) -> System:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "physics.yaml"
    path.write_text(text + (f"  {entry}\n" if entry else ""), encoding="utf8")
    return assemble(load(path))


@pytest.mark.parametrize(
    ("entry", "line", "reason"),
    [
        pytest.param(
            "mill: {type: residual_heat, to: town, streams: {gas: {from: 60 degC, to: 90 degC, load: 5 MW}}}",
            15, "a stream from 60 to 90 degC takes heat", id="crossing temperatures",
        ),
        pytest.param(
            "mill: {type: residual_heat, to: town, streams: {gas: {from: 90 degC, to: 60 degC, load: 5 MW, "
            "approach: -3 K}}}",
            15, "-3", id="negative approach",
        ),
        pytest.param(
            "plant: {type: chp_region, fuel: chips, to: town, power: grid, modes: {all: []}}",
            15, "has no points", id="a region without vertices",
        ),
        pytest.param(
            "plant: {type: chp_region, fuel: chips, to: town, power: grid, modes: {all: [{power: 60 MW, heat: 70 MW, "
            "fuel: 100 MW}]}}",
            15, "gives more than 1.2 of its fuel", id="a region that creates energy",
        ),
        pytest.param(
            "old: {type: boiler, fuel: chips, to: town, capacity: 3 MW, efficiency: 140 %}",
            15, "efficiency 1.4 is not physical", id="boiler efficiency",
        ),
        pytest.param(
            "stack: {type: electrolyser, power: grid, to: grid, capacity: 3 MW, efficiency: 95 %}",
            15, "more hydrogen than the power can split", id="electrolyser efficiency",
        ),
        pytest.param(
            "works: {type: process, capacity: 9 t/h, heat: town, inputs: {power: {from: grid, energy: 0.1 MWh/t}}, "
            "residuals: {gas: {from: 90 degC, to: 60 degC, heat: 0.3 MWh/t}}}",
            15, "it creates energy", id="recipe that creates energy",
        ),
        pytest.param(
            "works: {type: process, capacity: 9 t/h, outputs: {goods: {to: grid, mass: 1}}}",
            15, "counted in energy, this flow in tonnes", id="tonnes into a grid",
        ),
        pytest.param(
            "pipe: {type: heat_pipe, from: town, to: town, capacity: 9 MW}", 15, "joins 'town' with itself",
            id="a pipe to itself",
        ),
        pytest.param(
            "old: {type: boiler, fuel: chips, to: town, capacity: 3 MW, switching: {minimum_load: 130 %}}",
            15, "130 %", id="minimum load above capacity",
        ),
        pytest.param(
            "old: {type: boiler, fuel: chips, to: town, capacity: 3 MW, switching: {min_up: 30 h}}",
            15, "min_up 30 h is as long as the horizon of 6 h", id="minimum up time beyond the horizon",
        ),
        pytest.param(
            "tank: {type: stratified_tank, network: town, diameter: 9 m, height: 9 m, hot: 40 degC, cold: 50 degC, "
            "power: 3 MW}",
            15, "hot water floats on cold", id="cold over hot",
        ),
        pytest.param(
            "pump: {type: heat_pump, power: grid, from: town, to: town, capacity: 3 MW}",
            15, "lifts heat within one network", id="a pump that knows no temperatures",
        ),
        pytest.param(
            "weak: {type: source, to: town, price: 3 EUR/MWh, temperature: 30 degC}",
            15, "where nothing takes heat that cold", id="a plant colder than the return",
        ),
    ],
)  # fmt: skip
def test_against_nature(tmp_path: Path, entry: str, line: int, reason: str) -> None:
    with pytest.raises(ScenarioError) as error:
        system(tmp_path, entry)

    message = str(error.value)
    assert f"physics.yaml:{line}:" in message
    assert reason.lower() in message.lower()


def test_supply_below_return(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"physics\.yaml:7: .*the supply temperature 40 degC is not above"):
        system(tmp_path, "", ("  town: {at: here, supply: 85 degC", "  town: {at: here, supply: 40 degC"))


def test_a_source_below_the_return_without_a_heat_pump_is_warned_of(tmp_path: Path) -> None:
    """It is no mistake, but nothing of it can be used; with a pump that draws below the return it can."""
    stream = "mill: {type: residual_heat, to: town, streams: {water: {from: 40 degC, to: 25 degC, load: 5 MW}}}"
    pump = (
        "\n  pump: {type: heat_pump, power: grid, from: town, to: town, capacity: 3 MW, source_in: 30 degC, "
        "source_out: 20 degC}"
    )

    assert system(tmp_path, stream).warnings == (
        "mill: 'water' is colder than all that 'town' takes, so none of it is used. "
        "A heat pump with  from: town  could lift it.",
    )
    assert not system(tmp_path, stream + pump).warnings


def test_a_cop_beyond_its_method_is_warned_of(tmp_path: Path) -> None:
    pump = (
        "pump: {type: heat_pump, power: grid, from: town, to: town, capacity: 3 MW, source_in: 2 degC, "
        "source_out: -2 degC, method: jesper}"
    )

    (warning,) = system(tmp_path, pump).warnings
    assert warning.startswith("pump: its temperatures lie outside the range of the method 'jesper' in 6 h")


def test_a_region_that_is_not_convex_is_warned_of(tmp_path: Path) -> None:
    """(20, 20) lies inside the triangle of the others, which would be run as a whole."""
    points = ", ".join(
        f"{{power: {power} MW, heat: {heat} MW, fuel: 200 MW}}" for power, heat in ((0, 0), (60, 0), (20, 20), (0, 60))
    )
    plant = f"plant: {{type: chp_region, fuel: chips, to: town, power: grid, modes: {{all: [{points}]}}}}"

    (warning,) = system(tmp_path, plant).warnings
    assert warning.startswith("plant: mode 'all': 20 MW power and 20 MW heat lie inside the region")
