"""Power line."""

import numpy as np
import pytest

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.power_line import PowerLine
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"coast": "electricity", "inland": "electricity"}


def system(line: PowerLine) -> list:
    return [
        line,
        Source(name="hydro", to="inland", price=np.array([10.0, 90.0, 10.0]), capacity=100.0),
        Source(name="port", to="coast", price=np.array([40.0, 40.0, 40.0])),
        ElectricityDemand(name="city", to="coast", load=49.0),
        ElectricityDemand(name="village", to="inland", load=5.0),
    ]


def test_power_flows_to_the_dear_side_and_back() -> None:
    """49 MW on the coast need 50 MW from inland at 2 %; in the second hour 5 MW inland need 5.102 from the coast."""
    results = solve(
        system(PowerLine(name="line", **{"from": "inland"}, to="coast", capacity=80.0, loss=0.02)), NETWORKS
    )

    assert results.flow.sel(port="line.sent").values == pytest.approx([50.0, 0.0, 50.0])
    assert results.flow.sel(port="line.sent_back").values == pytest.approx([0.0, 5 / 0.98, 0.0])
    assert_balanced(results)


def test_t_2_11_a_loss_raises_the_price_at_the_far_end() -> None:
    """T-2.11: 10 at the source and 5 % loss give 10.526 at the sink."""
    results = solve(
        system(PowerLine(name="line", **{"from": "inland"}, to="coast", capacity=80.0, loss=0.05)), NETWORKS
    )

    assert float(results.price.sel(node="coast")[0]) == pytest.approx(10.526, abs=5e-4)


def test_the_same_optimum_by_plain_pyomo() -> None:
    line = PowerLine(name="line", **{"from": "inland"}, to="coast", capacity=30.0, loss=0.02, availability=0.9)

    assert_same_optimum(scenario_of(system(line), NETWORKS))
