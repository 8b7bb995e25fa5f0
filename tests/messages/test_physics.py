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


def doubts(tmp_path: Path, entry: str) -> list[str]:
    """What is said of a component; that the base has networks to spare is told by a test of its own."""
    return [text for text in system(tmp_path, entry).warnings if "nothing is connected" not in text]


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
            "pump: {type: heat_pump, power: grid, to: town, capacity: 3 MW, source_in: 5 degC, source_out: 15 degC}",
            15, "source_in 5 degC and source_out 15 degC cross: the source is cooled", id="a source that is heated",
        ),
        pytest.param(
            "pump: {type: heat_pump, power: grid, to: town, capacity: 3 MW, source_in: 5 degC, sink_in: 90 degC, "
            "sink_out: 50 degC}",
            15, "sink_in 90 degC and sink_out 50 degC cross: the sink is heated", id="a sink that is cooled",
        ),
        pytest.param(
            "plant: {type: chp_region, fuel: chips, to: town, power: grid, modes: {all: [{power: 3 MW, heat: 3 MW}]}}",
            15, "a fuel is connected, but no point burns any", id="a region that burns nothing",
        ),
        pytest.param(
            "plant: {type: chp_region, fuel: chips, to: town, power: grid, modes: {a.b: [{heat: 3 MW, fuel: 9 MW}]}}",
            15, "a mode cannot be called 'a.b'", id="a mode with a dot",
        ),
        pytest.param(
            "mill: {type: residual_heat, to: town, streams: {a@b: {from: 90 degC, to: 60 degC, load: 5 MW}}}",
            15, "a flow cannot be called 'a@b'", id="a stream with an at sign",
        ),
        pytest.param(
            "mill: {type: residual_heat, to: town, streams: {gas: {from: .nan, to: 60 degC, load: 5 MW}}}",
            15, "nan is not a finite number", id="no temperature",
        ),
        pytest.param(
            "old: {type: boiler, fuel: chips, to: town, capacity: 3 MW, part_load: {points: [[50 %, 150 %], "
            "[100 %, 180 %]]}}",
            15, "efficiency 1.8 is not physical", id="boiler efficiency at part load",
        ),
        pytest.param(
            "stack: {type: electrolyser, power: grid, to: far, capacity: 3 MW}",
            15, "'far' carries heat. Not so here: Hydrogen given", id="hydrogen into a heat network",
        ),
        pytest.param(
            "tank: {type: heat_store, network: town, volume: 3 MWh, hot: 44 degC}",
            15, "which is not above the return of 'town', 45 degC", id="a store colder than the return",
        ),
        pytest.param(
            "pipe: {type: heat_pipe, from: far, to: town, length: 3 km, capacity: {lifetime: 9 a}, diameters: 300}",
            15, "is no list of whole numbers in mm", id="a diameter that is no list",
        ),
        pytest.param(
            "pipe: {type: heat_pipe, from: far, to: town, length: 3 km, capacity: {lifetime: 9 a}, diameters: [300], "
            "design_return: 95 degC}",
            15, "design_supply 90 degC is not above design_return 95 degC", id="a pipe designed backwards",
        ),
        pytest.param(
            "pipe: {type: heat_pipe, from: far, to: town, length: -3 km, capacity: 9 MW}",
            15, "'-3 km' is out of range", id="a pipe of negative length",
        ),
        pytest.param(
            "line: {type: gas_pipeline, from: steel, to: far, capacity: 9 MW, both_ways: true}",
            15, "a gas pipeline runs one way", id="a gas pipeline both ways",
        ),
        pytest.param(
            "works: {type: process, capacity: 9 t/h, heat: town, residuals: 3}",
            15, "3 is a single value. Keys and values", id="residuals that are a number",
        ),
        pytest.param(
            "more: {type: heat_demand, to: town, load: 1e300 MW}",
            15, "1e300 MW is more than can be meant", id="a load beyond all measure",
        ),
        pytest.param(
            "more: {type: district, from: town, pipes: {main: {from: a, to: b, length: 9 m, inner: 1e-300 mm, "
            "insulation: 40 mm}}, users: {all: {at: b, load: 1 MW}}}",
            15, "its water cannot be followed", id="a pipe without width",
        ),
        pytest.param(
            "more: {type: district, from: town, pipes: {main: {from: a, to: a, length: 9 m, nominal: 100}}, "
            "users: {all: {at: a, load: 1 MW}}}",
            15, "the pipe joins 'a' with itself", id="a district's pipe to itself",
        ),
        pytest.param(
            "works: {type: process, capacity: 9 t/h, inputs: grid}",
            15, "'grid' is a single value. Keys and values", id="inputs that are a word",
        ),
        pytest.param(
            "works: {type: converter, capacity: 9 MW, inputs: [grid]}",
            15, "is a list. Keys and values", id="inputs that are a list",
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


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        ("supply: 85 degC", "it has a 'supply' temperature and no 'return'"),
        ("return: 45 degC, carrier: heat", "it has a 'return' temperature and no 'supply'"),
        ("supply: 85 degC, return: 45 degC, carrier: hydrogen", "it carries hydrogen, which has no 'supply' and"),
        ("carrier: heat, losses: {length: 30 km}", "a loss by 'length' follows the temperatures"),
        ("supply: 85 degC, return: 45 degC, losses: {length: 30 km, ground: 120 degC}", "would heat the water"),
        ("supply: 85 degC, return: 45 degC, approach: -5 K", "'-5 K' is out of range"),
        (
            "supply: {outdoor: [-25 degC, 5 degC], temperature: [100 degC, 40 degC]}, return: 45 degC",
            "supply falls to 40 degC, the return is 45 degC",
        ),
        (
            "supply: {outdoor: [-25 degC, 5 degC], temperature: [100 degC, 70 degC]}, "
            "return: {outdoor: [-25 degC, 0 degC], temperature: [40 degC, 90 degC]}",
            "supply falls to 70 degC, the return is 90 degC",
        ),
        (
            "supply: {outdoor: [-25 degC, 0 degC, 5 degC], temperature: [100 degC, 70 degC]}, return: 45 degC",
            "outdoor names 3 points and temperature 2",
        ),
    ],
)
def test_networks_against_nature(tmp_path: Path, network: str, reason: str) -> None:
    with pytest.raises(ScenarioError) as error:
        system(tmp_path, "", ("supply: 85 degC, return: 45 degC, approach: 5 K}\n  far", f"{network}}}\n  far"))

    assert "physics.yaml:7:" in str(error.value)
    assert reason.lower() in str(error.value).lower()


@pytest.mark.parametrize(
    ("entry", "warning"),
    [
        (
            "pump: {type: heat_pump, power: grid, to: town, capacity: 3 MW, cop: 60, source_in: 5 degC}",
            "pump: its cop 60 is above 4.48, that of an ideal machine between 5 and 85 degC, in 6 h.",
        ),
        (
            "lift: {type: converter, capacity: 9 MW, inputs: {power: {from: grid, ratio: 1}}, "
            "outputs: {warm: {to: town, ratio: 3}}}",
            "lift: it gives 3 MWh for 1 MWh taken.",
        ),
        (
            "tank: {type: heat_store, network: town, volume: 3 MWh, hot: 120 degC}",
            "tank: 'charge' asks for heat of 120 degC, and the hottest that others give to 'town' has 85 degC.",
        ),
    ],
)
def test_what_may_be_but_should_be_known(tmp_path: Path, entry: str, warning: str) -> None:
    """A COP beyond Carnot, more energy out than in, a store hotter than all that could fill it."""
    (told,) = doubts(tmp_path, entry)

    assert told.startswith(warning)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("duration: 6 h", "duration: 1e300 h", 2),
        ("approach: 5 K}\n  far", "approach: 5 K, losses: {length: 1e300 km}}\n  far", 7),
    ],
)
def test_numbers_beyond_all_measure(tmp_path: Path, old: str, new: str, line: int) -> None:
    """They ended in a traceback of the clock or of the solver."""
    with pytest.raises(ScenarioError, match=rf"physics\.yaml:{line}: .*is more than can be meant"):
        system(tmp_path, "", (old, new))


def test_supply_below_return(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"physics\.yaml:7: .*the supply temperature 40 degC is not above"):
        system(tmp_path, "", ("  town: {at: here, supply: 85 degC", "  town: {at: here, supply: 40 degC"))


def test_a_network_that_nothing_meets_is_told(tmp_path: Path) -> None:
    assert system(tmp_path, "").warnings == tuple(
        f"network {name}: nothing is connected to it." for name in ("far", "grid", "steel")
    )


def test_water_of_900_degrees_is_doubted(tmp_path: Path) -> None:
    """Above its critical point, 374 degC, there is no water to pump."""
    hot = ("  town: {at: here, supply: 85 degC", "  town: {at: here, supply: 900 degC")
    told = [text for text in system(tmp_path, "", hot).warnings if "no liquid" in text]

    assert len(told) == 1
    assert told[0].startswith("network town: its supply reaches 900 degC; water is no liquid above 374 degC")


def test_a_source_below_the_return_without_a_heat_pump_is_warned_of(tmp_path: Path) -> None:
    """It is no mistake, but nothing of it can be used; with a pump that draws below the return it can."""
    stream = "mill: {type: residual_heat, to: town, streams: {water: {from: 40 degC, to: 25 degC, load: 5 MW}}}"
    pump = (
        "\n  pump: {type: heat_pump, power: grid, from: town, to: town, capacity: 3 MW, source_in: 30 degC, "
        "source_out: 20 degC}"
    )

    assert doubts(tmp_path, stream) == [
        "mill: 'water' is colder than all that 'town' takes, so none of it is used. "
        "A heat pump with  from: town  could lift it."
    ]
    assert not doubts(tmp_path, stream + pump)


def test_a_cop_beyond_its_method_is_warned_of(tmp_path: Path) -> None:
    pump = (
        "pump: {type: heat_pump, power: grid, from: town, to: town, capacity: 3 MW, source_in: 2 degC, "
        "source_out: -2 degC, method: jesper}"
    )

    (warning,) = doubts(tmp_path, pump)
    assert warning.startswith("pump: its temperatures lie outside the range of the method 'jesper' in 6 h")


def test_a_region_that_is_not_convex_is_warned_of(tmp_path: Path) -> None:
    """(20, 20) lies inside the triangle of the others, which would be run as a whole."""
    points = ", ".join(
        f"{{power: {power} MW, heat: {heat} MW, fuel: 200 MW}}" for power, heat in ((0, 0), (60, 0), (20, 20), (0, 60))
    )
    plant = f"plant: {{type: chp_region, fuel: chips, to: town, power: grid, modes: {{all: [{points}]}}}}"

    (warning,) = doubts(tmp_path, plant)
    assert warning.startswith("plant: mode 'all': 20 MW power and 20 MW heat lie inside the region")
