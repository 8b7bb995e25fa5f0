"""Wind power."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.wind import Wind
from energysim.errors import ScenarioError
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}
PROFILE = np.array([0.0, 0.4, 0.8])


def system(**fields: object) -> list:
    return [
        Wind(name="park", to="grid", profile=PROFILE, **fields),
        Source(name="market", to="grid", price=50.0),
        ElectricityDemand(name="homes", to="grid", load=6.0),
    ]


def test_output_follows_the_profile_and_the_surplus_is_curtailed() -> None:
    """10 MW give 0, 4 and 8; only 6 of the 8 are wanted."""
    results = solve(system(capacity=10.0), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 4.0, 6.0])
    assert_balanced(results)


def test_availability_comes_on_top_of_the_profile() -> None:
    results = solve(system(capacity=10.0, availability=0.5), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 2.0, 4.0])


def test_a_decided_size_grows_until_the_next_mw_no_longer_pays() -> None:
    """Up to 7.5 MW a MW saves 1.2 MWh of 50; beyond, the third hour is full and it saves 0.4: 20 against 30."""
    size = {"max": 99.0, "investment": 30.0 / 0.0709524573, "lifetime": 25.0}
    results = solve(system(capacity=size), GRID)

    assert float(results.built.sel(size="park.capacity")) == pytest.approx(7.5)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"existing": 1.0, "max": 99.0, "investment": 300.0, "lifetime": 25.0}

    assert_same_optimum(scenario_of(system(capacity=size, variable_om=1.0), GRID))


def test_a_profile_above_one_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"1\.2 at step 2 of 2 is out of range"):
        Wind(name="park", to="grid", capacity=1.0, profile=np.array([0.5, 1.2]))


CURVE = ((3.0, 0.0), (13.0, 1.0), (25.0, 1.0))


def yielded(**fields: object) -> list[float]:
    ridge = Wind(name="ridge", to="grid", capacity=100.0, **fields)
    sales = Sink(name="sales", **{"from": "grid"}, price=10.0)
    return solve([ridge, sales], {"grid": "electricity"}).flow.sel(port="ridge.power").values.tolist()


def test_the_wind_rises_with_height_and_the_curve_gives_the_power() -> None:
    """At 0.1 m roughness 100 m have 1.5 times the wind of 10 m: 2, 6 and 20 m/s become 3, 9 and 30; losses of 10 %."""
    speed = np.array([2.0, 6.0, 20.0])
    losses = {"wake": 0.1, "icing": 0.0, "electrical": 0.0}

    assert yielded(wind_speed=speed, hub_height=100.0, power_curve=CURVE, **losses) == pytest.approx([0.0, 54.0, 0.0])


def test_a_turbine_of_the_library() -> None:
    """The E-126/4200 reaches its 4.2 MW at 14 m/s: all of the capacity, less the losses."""
    found = yielded(wind_speed=14.0, measured_at=100.0, hub_height=100.0, turbine="E-126/4200", icing=0.0)

    assert found == pytest.approx([100.0 * 0.92 * 0.98] * 3, rel=0.01)


def test_cold_air_pushes_harder() -> None:
    """At -20 degC the air is 1.394 kg/m3: the wind counts 4.4 % more."""
    ridge = Wind(name="ridge", to="grid", at="here", capacity=100.0, wind_speed=8.0, measured_at=100.0,
                 hub_height=100.0, power_curve=CURVE, wake=0.0, icing=0.0, electrical=0.0)  # fmt: skip
    sales = Sink(name="sales", **{"from": "grid"}, price=10.0)
    results = solve([ridge, sales], {"grid": "electricity"}, outdoor=np.full(8760, -20.0))

    assert float(results.flow.sel(port="ridge.power")[0]) == pytest.approx(53.53, rel=1e-3)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "either a 'profile'"),
        ({"profile": 0.5, "wind_speed": 5.0}, "either a 'profile'"),
        ({"wind_speed": 5.0}, "either a 'turbine' or a 'power_curve'"),
        ({"wind_speed": 5.0, "power_curve": ((5.0, 0.1), (4.0, 0.2))}, "must rise"),
    ],
)
def test_one_way_to_know_the_wind(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        Wind(name="ridge", to="grid", capacity=1.0, **fields)


def test_an_unknown_turbine_is_told() -> None:
    with pytest.raises(ScenarioError, match="windpowerlib knows no turbine 'windmill'"):
        yielded(wind_speed=14.0, turbine="windmill")
