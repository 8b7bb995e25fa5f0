"""Sections that are missing, misspelt or shaped wrongly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.scenario.time_section import TimeSection

Told = Callable[..., str]

TIME = "time: {start: 2030-01-01, duration: 3 h}"
ECONOMY = "economy: {currency: EUR, discount_rate: 5 %}"


def test_misspelt_section(told: Told) -> None:
    message = told(("fuels:", "fuel_list:"), ("  trade: {type: fuel_supply, to: wood_chips, price: 20 EUR/MWh}\n", ""))

    assert message.splitlines()[0] == (
        "scenario.yaml:8: fuel_list: 'fuel_list' is no section of a scenario. Did you mean 'fuels'?"
    )


def test_missing_section(told: Told) -> None:
    message = told((f"{TIME}\n", ""))

    assert message == (
        "scenario.yaml:1: The section 'time' is missing. It says which hours are modelled, such as  time: {year: 2030}."
    )


def test_empty_section(told: Told, right: str) -> None:
    message = told((right.split("components:\n")[1], ""))

    assert message == (
        "scenario.yaml:13: components: 'components' is empty. Write one entry per line below  components:  with "
        "its name."
    )


@pytest.mark.parametrize(
    ("written", "key", "needed"),
    [
        (f"{TIME}\n", "time", "It says which hours are modelled, such as  time: {year: 2030}."),
        ("scenario: A test\n", "scenario", "It is the title, such as  scenario: Our town in 2030."),
        (
            f"{ECONOMY}\n",
            "economy",
            "It says how money is counted, such as  economy: {currency: SEK, discount_rate: 5 %}.",
        ),
    ],
)
def test_empty_section_that_is_needed(told: Told, written: str, key: str, needed: str) -> None:
    """Without time, a year of ones would be run as if it were the scenario's."""
    line = {"scenario": 1, "time": 2, "economy": 3}[key]

    assert told((written, f"{key}:\n")) == f"scenario.yaml:{line}: {key}: '{key}' is empty. {needed}"


def test_no_component_at_all(told: Told, right: str) -> None:
    """An empty region would be run to a report about nothing."""
    message = told((right.split("components:\n")[1], ""), ("components:\n", "components: {}\n"))

    assert message == ("scenario.yaml:13: components: 'components' is empty. It names the plants, demands and stores.")


def test_economy_that_is_no_mapping(told: Told) -> None:
    message = "scenario.yaml:3: economy: 5 is a single value. Keys and values are needed here."
    assert told((ECONOMY, "economy: 5")) == message


def test_time_of_which_only_a_remark_is_left(told: Told) -> None:
    assert "scenario.yaml:2: time: Neither 'year' nor 'start' is given." in told((TIME, "time: {source: a guess}"))


def test_section_that_is_a_list(told: Told) -> None:
    message = told(("actors:\n  utility: {name: Utility}", "actors: [utility]"), (", owner: utility", ""))

    assert message == (
        "scenario.yaml:6: actors: 'actors' is not a mapping. Write one entry per line below  actors:  with its name."
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2030", ": 'time' is a single value. It needs keys and values below it."),
        (
            "{year: 2030, start: 2030-01-01}",
            ": 'year' already says all. Leave out 'start', 'end' and 'duration', or leave out 'year'.",
        ),
        (
            "{step: 1 h}",
            ": Neither 'year' nor 'start' is given. Write  year: 2030 , or  start: 2030-01-01  and  duration: 7 d.",
        ),
        ("{start: 2030-01-01}", ": 'start' needs either 'duration', such as 7 d, or 'end'."),
        (
            "{start: 2030-13-01, duration: 3 h}",
            ": '2030-13-01' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC.",
        ),
        ("{start: 2030-01-02, end: 2030-01-01}", ": The end is not after the start."),
        (
            "{start: 2030-01-01, duration: 3 h, step: 2 h}",
            ": 3 h is not a whole number of steps of 2 h. Change 'step' or the span.",
        ),
        ("{start: 2030-01-01, duration: 3 h, step: 0 h}", ".step: '0 h' is out of range. It must be more than 0 h."),
        ("{start: 2030-01-01, duration: 3}", ".duration: 3 has no unit. A quantity in h is needed here, such as 35 h."),
        ("{year: 2030, clock: Sweden}", ".clock: 'Sweden' is no time zone. Write one such as Europe/Stockholm or UTC."),
    ],
)
def test_wrong_time(told: Told, written: str, sentence: str) -> None:
    """The series of a scenario with wrong time is not judged as well."""
    assert told((TIME, f"time: {written}")) == f"scenario.yaml:2: time{sentence}"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            "{currency: EUR}",
            ".discount_rate: 'discount_rate' is missing. It is needed: yearly rate at which investments are paid back.",
        ),
        (
            "{currency: Euro, discount_rate: 5 %}",
            ".currency: 'Euro' is no currency. Write its three letters, such as SEK or EUR.",
        ),
        (
            "{discount_rate: 5 MW}",
            ".discount_rate: 5 MW is a power. A pure number is needed here, such as 0.9 or 90 %.",
        ),
        ("{discount_rate: 120 %}", ".discount_rate: '120 %' is out of range. It must be at most 1."),
        (
            "{discount_rate: 5 %, exchange: {SEK: 11.2}}",
            ".exchange.SEK: 11.2 has no unit. Write what one SEK is worth, such as 11.2 EUR.",
        ),
        (
            "{discount_rate: 5 %, exchange: {Swedish: 0.1 EUR}}",
            ".exchange.Swedish: 'Swedish' is no currency. Write its three letters, such as SEK or EUR.",
        ),
        (
            "{discount_rate: 5 %, exchange: {SEK: 0 EUR}}",
            ".exchange.SEK: '0 EUR' is out of range. It must be more than 0 EUR.",
        ),
        (
            "{discount_rate: 5 %, exchange: 11}",
            ".exchange: '11' is a single value. Write what one unit of each currency is worth, such as  {DKK: 1.5 "
            "EUR}.",
        ),
        ("{discount_rate: 5 %, price_year: soon}", ".price_year: 'soon' is not a whole number."),
    ],
)
def test_wrong_economy(told: Told, written: str, sentence: str) -> None:
    assert told((ECONOMY, f"economy: {written}")) == f"scenario.yaml:3: economy{sentence}"


@pytest.mark.parametrize("date", ["today", "NaT", "0001-01-01", "'2030-01-01T00:00+01:00'", "1 January 2030"])
def test_only_plain_dates_mean_the_same_tomorrow(told: Told, date: str) -> None:
    message = told((TIME, f"time: {{start: {date}, duration: 3 h}}"))

    shown = date.strip("'")
    assert message == (
        f"scenario.yaml:2: time: '{shown}' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC."
    )


@pytest.mark.parametrize("year", [1900, 2199, 2200])
def test_the_first_and_the_last_years_have_their_hours(year: int) -> None:
    """The end of 2200 lies in a year that no moment may be in; its hours are there all the same. 1900 had 365 days."""
    horizon = TimeSection(year=year).horizon()

    assert (horizon.count, horizon.years()) == (8760, (year,))


def test_title_that_is_a_list(told: Told) -> None:
    message = told(("scenario: A test", "scenario: [A test]"))

    assert message == (
        "scenario.yaml:1: scenario: 'scenario' is a list. Text is needed here. Put it in quotes if that is meant."
    )


@pytest.mark.parametrize(
    ("key", "right", "line"), [("scenario", "scenario: A test", 1), ("description", "description: A town", 2)]
)
def test_text_that_is_a_mapping(told: Told, key: str, right: str, line: int) -> None:
    message = told(("scenario: A test\n", "scenario: A test\ndescription: A town\n"), (right, f"{key}: {{a: b}}"))

    assert message == (
        f"scenario.yaml:{line}: {key}: '{key}' is a mapping. Text is needed here. Put it in quotes if that is meant."
    )


def test_place_off_the_globe(told: Told) -> None:
    message = told(("town: {name: Town}", "town: {name: Town, location: [165.58, 22.15]}"))

    assert message == "scenario.yaml:5: places.town.location.0: 165.58 is out of range. It must be at most 90."


def test_temperature_of_a_place_under_a_wrong_key(told: Told) -> None:
    message = told(("town: {name: Town}", "town: {name: Town, outdoor: 5 degC}"))

    assert message == ("scenario.yaml:5: places.town.outdoor: 'outdoor' is not understood here. Write  climate:  .")


@pytest.mark.parametrize(
    ("climate", "sentence"),
    [
        ("{climate: [boden]}", "There is no climate '['boden']'."),
        ("{climate: boden, shift: .nan}", "shift 'nan' is not a temperature difference. Write it as  shift: -2 K."),
        ("{climate: boden, shift: inf K}", "shift 'inf K' is not a temperature difference. Write it as  shift: -2 K."),
        (
            "{csv: empty.csv, unit: degC, clock: Europe/Stockholm}",
            "empty.csv: 'outdoor' has no values. There is nothing below the first line.",
        ),
        ("{csv: empty.csv, unit: degC, separator: 5}", "separator '5' is not understood."),
    ],
)
def test_wrong_climate(told: Told, folder: Path, climate: str, sentence: str) -> None:
    (folder / "empty.csv").write_text("time,outdoor\n")

    message = told(("town: {name: Town}", f"town: {{name: Town, climate: {climate}}}"))

    assert message.startswith(f"scenario.yaml:5: places.town.climate: {sentence}")


def test_effect_that_nothing_has(told: Told) -> None:
    """A price on a misspelt effect would silently price nothing."""
    message = told(("components:\n", "effects: {c02: {price: 75 EUR/t}}\ncomponents:\n"))

    assert message == "scenario.yaml:13: effects.c02: No component has the effect 'c02'. Did you mean 'co2'?"


def test_network_without_carrier(told: Told) -> None:
    message = told(("grid: {carrier: electricity}", "grid: {}"))

    assert message == (
        "scenario.yaml:12: networks.grid: 'grid' has no carrier. Every network carries something; only one with "
        "'supply' "
        "is understood to carry heat. Write  carrier: electricity , say."
    )


def test_supply_below_return(told: Told) -> None:
    supply = "{at: town, supply: {outdoor: [-25 degC, 5 degC], temperature: [100 degC, 40 degC]}, return: 45 degC}"

    message = told(("{carrier: heat, at: town}", supply))

    assert message == (
        "scenario.yaml:11: networks.heat: Supply falls to 40 degC, the return is 45 degC. Heat is delivered from "
        "hot to "
        "cold: supply must stay above return. Raise the curve or lower the return."
    )


def test_wrong_solver_options(told: Told) -> None:
    message = told(("components:\n", "solver: {method: guess, time_limit: 5}\ncomponents:\n"))

    assert message == (
        "scenario.yaml:13: solver.method: 'guess' is not known here. "
        "It must be one of 'auto', 'interior', 'simplex', 'ipx', 'hipo', 'pdlp'.\n"
        "scenario.yaml:13: solver.time_limit: 5 has no unit. A quantity in h is needed here, such as 35 h."
    )


def test_seed_that_is_no_number(told: Told) -> None:
    message = told(("components:\n", "seed: many\ncomponents:\n"))

    assert message == "scenario.yaml:13: seed: 'many' is not a whole number from 0."


def test_effect_price_without_unit(told: Told) -> None:
    message = told(("components:\n", "effects: {co2: {price: 75}}\ncomponents:\n"))

    assert message == (
        "scenario.yaml:13: effects.co2: 75 has no unit. A quantity in EUR/t is needed here, such as 35 EUR/t."
    )


@pytest.mark.parametrize(
    ("begins", "sentence"),
    [
        ("whenever", "'whenever' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC. Or write  worst."),
        ("2030-02-30", "'2030-02-30' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC. Or write  worst."),
        (
            "2029-01-01",
            "2029-01-01 lies outside the horizon, from 2030-01-01T00:00 to 2030-01-01T02:00. "
            "Write a moment within, or  worst.",
        ),
    ],
)
def test_a_stop_that_begins_at_no_moment(told: Told, begins: str, sentence: str) -> None:
    """Found when the file is checked, not after the plan has been made."""
    event = f"simulation:\n  events:\n    mill: {{stop: boiler, lasting: 1 h,\n      begins: {begins}}}\n"
    message = told((f"{TIME}\n", f"{TIME}\n{event}"))

    assert message == f"scenario.yaml:6: simulation.events.mill.begins: {sentence}"


@pytest.mark.parametrize(
    ("effect", "unit", "usual"), [("co2", "kg", "t"), ("primary_energy", "GWh", "MWh"), ("cost", "kEUR", "EUR")]
)
def test_what_types_book_is_counted_in_their_unit(told: Told, effect: str, unit: str, usual: str) -> None:
    """Relabelled, 10 680 kg would be told as 10.68 kg, and a cap of 1 000 kg would hold back nothing."""
    message = told(("components:\n", f"effects:\n  {effect}: {{unit: {unit}}}\ncomponents:\n"))

    assert message == (
        f"scenario.yaml:14: effects.{effect}: '{effect}' is counted in {usual}, not in {unit}: plants book it so. "
        f"Write  unit: {usual}  or leave it out; its price and caps may stand in any unit that fits."
    )


def test_a_number_between_number_and_unit_is_no_unit(told: Told) -> None:
    """2 1 EUR/MWh, for 21 or 2.1, was read as 2."""
    assert "2 1 EUR/MWh" in told(("price: 20 EUR/MWh", "price: 2 1 EUR/MWh"))


def test_a_climate_misspelt(told: Told) -> None:
    """Its key is made into temperatures under another name, which a user never writes."""
    assert told(("{name: Town}", "{name: Town, climat: boden}")) == (
        "scenario.yaml:5: places.town.climat: 'climat' is not understood here. Did you mean 'climate'?"
    )


def test_a_share_of_more_than_one_is_not_guessed_to_be_a_hundredth(told: Told) -> None:
    """120 % is read as 1.2, and 1.2 % is not what was meant."""
    message = told(("efficiency: 90 %", "efficiency: 90 %\n    availability: 120 %"))

    assert "1.2 is out of range" in message
    assert "1.2 %" not in message
