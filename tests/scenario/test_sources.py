"""Source and confidence of figures: collected, inherited, never in the way of the figure."""

from collections.abc import Callable

import pytest

from energysim.components import component_types
from energysim.errors import ScenarioError
from energysim.scenario import Scenario
from energysim.scenario.annotations import KEYS, Assumption

Loader = Callable[..., Scenario]


def test_a_figure_with_source_and_range(loaded: Loader, small: str) -> None:
    noted = "{value: 3 MWh, source: nameplate, confidence: known, low: 2 MWh, high: 4 MWh, note: seen in May}"

    scenario = loaded({"scenario.yaml": small.replace("3 MWh", noted)})

    assert scenario.components["tank"].volume.existing == 3.0
    assert scenario.assumptions == (
        Assumption("components.tank.volume", "3 MWh", "nameplate", "known", "2 MWh", "4 MWh", "seen in May"),
    )


def test_a_source_of_a_mapping_holds_for_figures_without_their_own(loaded: Loader, small: str) -> None:
    boiler = "capacity: {max: 9 MW, investment: {value: 5 EUR/kW, source: offer}, lifetime: 25 a, source: handbook}"

    scenario = loaded({"scenario.yaml": small.replace("capacity: 20 MW", boiler)})

    assert {a.path.removeprefix("components.boiler.capacity."): (a.text, a.source) for a in scenario.assumptions} == {
        "max": ("9 MW", "handbook"),
        "investment": ("5 EUR/kW", "offer"),
        "lifetime": ("25 a", "handbook"),
    }


def test_a_range_holds_for_its_own_figure_only(loaded: Loader, small: str) -> None:
    losses = "heat: {carrier: heat, at: town, losses: {share: 9 %, low: 8 %, high: 12 %, source: statistics}}"

    scenario = loaded({"scenario.yaml": small.replace("heat: {carrier: heat, at: town}", losses)})

    assert scenario.networks["heat"].losses is not None
    assert scenario.networks["heat"].losses.share == 0.09


def test_names_are_no_assumptions(loaded: Loader, small: str) -> None:
    """A source beside a whole component speaks of its figures, not of what it connects to."""
    text = small.replace("efficiency: 90 %}", "efficiency: 90 %, source: nameplate, confidence: known}")

    scenario = loaded({"scenario.yaml": text})

    assert [a.path for a in scenario.assumptions] == ["components.boiler.capacity", "components.boiler.efficiency"]


def test_annotations_stand_everywhere(loaded: Loader, small: str) -> None:
    text = small.replace("scenario: A small town", "scenario: {value: A small town, note: made up}\nnote: a draft")
    text = text.replace("discount_rate: 5 %", "discount_rate: {value: 5 %, confidence: assumption}")

    scenario = loaded({"scenario.yaml": text})

    assert scenario.title == "A small town"
    assert [(a.path, a.confidence) for a in scenario.assumptions] == [("economy.discount_rate", "assumption")]


@pytest.mark.parametrize("name", sorted(component_types()))
def test_no_parameter_or_port_is_called_like_an_annotation(name: str) -> None:
    """It would be taken for a remark and never reach the component."""
    kind = component_types()[name]
    keys = {info.alias or field for field, info in kind.model_fields.items()} | set(kind.port_keys())

    assert not keys & {*KEYS, "value"}


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        ("{from: 70 degC, to: 40 degC, load: 3 MW, low: 2 MW, high: 4 MW}", "'low' stands beside 3 figures."),
        ("{from: 70 degC, to: 40 degC, load: {value: 3 MW}, high: 4 MW}", "'high' stands beside 2 figures."),
    ],
)
def test_a_range_of_a_whole_stream_is_refused(loaded: Loader, small: str, stream: str, found: str) -> None:
    """Of several figures it cannot be told which is meant; before, each of them was given the range."""
    entry = f"components:\n  dairy: {{type: residual_heat, to: heat, streams: {{whey: {stream}}}}}"
    with pytest.raises(ScenarioError) as raised:
        loaded({"scenario.yaml": small.replace("components:", entry, 1)})

    (problem,) = raised.value.problems
    assert (problem.found, problem.needed) == (found, "A range belongs to one.")
    assert problem.where is not None
    assert problem.where.line is not None
    assert "{value: ..., low: ..., high: ...}" in problem.way_out


def test_a_range_is_that_of_the_number_beside_it(loaded: Loader, small: str) -> None:
    """The words of a generated series do not take part in its range."""
    price = "{profile: electricity_price, mean: 30 EUR/MWh, low: 20 EUR/MWh, high: 40 EUR/MWh, source: ours}"

    market = f"  spot: {{type: electricity_market, to: grid, price: {price}}}\n"
    text = small.replace("networks: {", "networks: {grid: {carrier: electricity}, ") + market
    scenario = loaded({"scenario.yaml": text})

    assert {a.path.rpartition(".")[2]: (a.low, a.high) for a in scenario.assumptions} == {
        "profile": ("", ""),
        "mean": ("20 EUR/MWh", "40 EUR/MWh"),
    }


def test_a_range_without_a_source_is_kept(loaded: Loader, small: str) -> None:
    """A study of stated ranges varies it; without a source it stands for no confidence."""
    scenario = loaded({"scenario.yaml": small.replace("3 MWh", "{value: 3 MWh, low: 2 MWh, high: 4 MWh}")})

    assert scenario.assumptions == (Assumption("components.tank.volume", "3 MWh", "", "", "2 MWh", "4 MWh"),)
