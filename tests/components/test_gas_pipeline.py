"""Gas pipeline."""

import numpy as np
import pytest

from energysim.components.gas_pipeline import GasPipeline
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"here": "hydrogen", "there": "hydrogen", "grid": "electricity"}


def line(**fields: object) -> list:
    return [
        Source(name="plant", to="here", price=np.array([10.0, 90.0, 90.0])),
        Source(name="market", to="grid", price=0.0),
        GasPipeline(name="pipe", **{"from": "here"}, to="there", power="grid", capacity=50.0, **fields),
        Sink(name="user", **{"from": "there"}, fixed=20.0),
    ]


def test_line_pack_carries_cheap_gas_over() -> None:
    """30 MWh of line pack, 50 MW sent at 10: 20 arrive at once, 30 later; the last 10 are bought at 90."""
    results = solve(line(linepack=30.0, compression_share=0.0), WHERE)

    assert float(results.attrs["objective"]) == pytest.approx(50 * 10.0 + 10 * 90.0)
    assert_same_optimum(scenario_of(line(linepack=30.0), WHERE))


def test_without_line_pack_what_is_sent_arrives_less_the_loss() -> None:
    results = solve(line(loss=0.2, compression_share=0.02), WHERE)

    assert results.flow.sel(port="pipe.sent").values == pytest.approx([25.0] * 3)
    assert results.flow.sel(port="pipe.compression").values == pytest.approx([0.5] * 3)
    assert_balanced(results)
