"""Groups, effects of a component's own, and caps by hour and month."""

from collections.abc import Callable

import pytest

from energysim.api import run
from energysim.errors import ScenarioError
from energysim.scenario import Scenario
from energysim.testing import assert_same_optimum

Loader = Callable[..., Scenario]

TWO = """\
scenario: Two boilers
time: {start: 2030-01-31, duration: 48 h}
economy: {currency: EUR, discount_rate: 5 %, annual_costs: full}
fuels: {chips: {}, oil: {co2: 0.3 t/MWh}}
networks: {heat: {carrier: heat}}
components:
  demand: {type: heat_demand, to: heat, load: 10 MW}
  chip_trade: {type: fuel_supply, to: chips, price: 30 EUR/MWh}
  oil_trade: {type: fuel_supply, to: oil, price: 20 EUR/MWh}
  chip: {type: boiler, fuel: chips, to: heat, capacity: 20 MW, efficiency: 100 %}
  oil: {type: boiler, fuel: oil, to: heat, capacity: 20 MW, efficiency: 100 %}
"""


@pytest.fixture
def two(loaded: Loader) -> Callable[[str], Scenario]:
    def load_with(more: str, base: str = TWO) -> Scenario:
        return loaded({"scenario.yaml": base.replace(", annual_costs: full", "") + more})

    return load_with


def energy(scenario: Scenario, port: str) -> float:
    assert_same_optimum(scenario)
    return float(run(scenario).flow.sel(port=port).sum())


def test_a_fuel_there_is_so_much_of(two: Callable[..., Scenario]) -> None:
    """480 MWh are needed, 100 of the cheaper oil there are."""
    scenario = two("groups: {oil_of_the_year: {members: [oil.fuel], at_most: 100 MWh}}\n")

    assert energy(scenario, "oil.heat") == pytest.approx(100.0)


def test_a_share_of_others(two: Callable[..., Scenario]) -> None:
    """At least 40 % of all heat from chips: 192 of 480 MWh."""
    scenario = two("groups: {renewable: {members: [chip.heat], share_of: [chip.heat, oil.heat], least_share: 40 %}}\n")

    assert energy(scenario, "chip.heat") == pytest.approx(192.0)


def test_a_limit_in_every_hour(two: Callable[..., Scenario]) -> None:
    assert energy(two("groups: {few: {members: [oil.heat], hourly_at_most: 3 MW}}\n"), "oil.heat") == pytest.approx(
        144.0
    )


def test_only_one_runs_at_a_time(two: Callable[..., Scenario]) -> None:
    """Each may run; oil gives 8 of 10 MW at most, so both would be cheapest, but one alone has to do: chips."""
    base = TWO.replace("oil, to: heat, capacity: 20 MW", "oil, to: heat, capacity: 8 MW, switching: {}")
    base = base.replace("chips, to: heat, capacity: 20 MW", "chips, to: heat, capacity: 20 MW, switching: {}")
    scenario = two("groups: {site: {members: [chip, oil], running_together: 1}}\n", base)

    assert energy(scenario, "chip.heat") == pytest.approx(480.0)


@pytest.mark.parametrize(
    ("cap", "burnt"), [("cap: 30 t", 100.0), ("monthly_cap: 30 t", 200.0), ("hourly_cap: 0.6 t/h", 96.0)]
)
def test_caps_by_horizon_month_and_hour(two: Callable[..., Scenario], cap: str, burnt: float) -> None:
    """0.3 t/MWh: 30 t are 100 MWh, in each of two months twice that; 0.6 t/h are 2 MW."""
    assert energy(two(f"effects: {{co2: {{unit: t, {cap}}}}}\n"), "oil.heat") == pytest.approx(burnt)


def test_another_objective_than_cost(two: Callable[..., Scenario]) -> None:
    """Least carbon dioxide: chips alone, whatever they cost."""
    scenario = two("effects: {co2: {unit: t, objective: 1}}\n")

    assert energy(scenario, "oil.heat") == pytest.approx(0.0, abs=1e-6)
    assert float(run(scenario).attrs["objective"]) == pytest.approx(0.0, abs=1e-6)


def test_another_objective_leaves_no_prices(two: Callable[..., Scenario]) -> None:
    """A dual of 0.3 t/MWh is no price in money: prices are absent, and a warning says why."""
    by_cost, by_carbon = run(two("")), run(two("effects: {co2: {unit: t, objective: 1}}\n"))

    assert by_cost.price.sel(node="heat").notnull().all()
    assert by_carbon.price.isnull().all()
    assert "There are no marginal prices" in by_carbon.attrs["warnings"]


def test_effects_of_its_own(two: Callable[..., Scenario]) -> None:
    """0.4 kg of nitrogen oxides for each MWh of chips, at 30 EUR/kg: oil is cheaper still; 5 m2 for each MW stands."""
    base = TWO.replace(
        "capacity: 20 MW, efficiency: 100 %}\n  oil:",
        "capacity: 20 MW, efficiency: 100 %, effects: {nox: {flow: fuel, per: 400 g/MWh}, "
        "land: {size: capacity, per: 5 m2/MW/a}}}\n  oil:",
    )
    more = "effects: {nox: {unit: kg}, land: {unit: m2}}\ngroups: {few: {members: [oil.heat], at_most: 0 MWh}}\n"
    results = run(two(more, base))

    assert float(results.amount.sel(component="chip", effect="nox")) == pytest.approx(480 * 0.4)
    assert float(results.amount.sel(component="chip", effect="land")) == pytest.approx(100.0 * 48 / 8760)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("groups: {few: {members: [oil.heta], at_most: 1 MWh}}\n", "'oil' has no flow 'heta'. Did you mean 'heat'?"),
        ("groups: {few: {members: [oli.heat], at_most: 1 MWh}}\n", "There is no component 'oli'. Did you mean 'oil'?"),
        (
            "groups: {few: {members: [oil.heat]}}\n",
            "It limits nothing. Give it 'at_most', 'at_least', 'hourly_at_most'",
        ),
        ("groups: {few: {members: [oil], running_together: 1}}\n", "'oil' cannot be switched on and off"),
        (
            "groups: {few: {members: [oil.heat], running_together: 1}}\n",
            "'oil.heat' is a flow; components run. Write  oil .",
        ),
        (
            "groups: {few: {members: [oil, chip], at_most: 1 MWh, running_together: 1}}\n",
            "'running_together' counts components, the other limits add up flows. Write two groups, one for each.",
        ),
        ("groups: {few: {members: [oil, oil], running_together: 1}}\n", "'oil' stands here 2 times. Name it once"),
        (
            "groups: {few: {members: [oil.heat, oil.heat], at_most: 1 MWh}}\n",
            "'oil.heat' stands here 2 times. Name it once",
        ),
    ],
)
def test_groups_that_name_nothing(two: Callable[..., Scenario], more: str, text: str) -> None:
    with pytest.raises(ScenarioError, match=text.replace("?", r"\?").replace(".", r"\.")):
        two(more)


def test_an_effect_nobody_declared(two: Callable[..., Scenario]) -> None:
    base = TWO.replace(
        "capacity: 20 MW, efficiency", "effects: {nox: {flow: fuel, per: 1 t/MWh}}, capacity: 20 MW, efficiency"
    )
    with pytest.raises(ScenarioError, match="There is no effect 'nox' under 'effects'"):
        two("", base)
