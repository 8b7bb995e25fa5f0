"""Closed flows: nothing passes whatever a flow is made of, and a plan that misses them is told so."""

from typing import Any

import numpy as np
import pytest

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.declare import Component, Direction, Port, Variable, effect, flow
from energysim.errors import DeclarationError, InfeasibleError
from energysim.model.close import close
from energysim.model.solve import optimise
from energysim.testing import model_of, scenario_of


class Made(Component):
    """A flow of parts: what is made, what may go either way, a loss of hours, and what a size brings."""

    heat = Port(Direction.OUT, "heat", "to", "What arrives.")
    made = Variable("MW", "Made.", upper=9.0)
    swung = Variable("MW", "Given or taken.", lower=-2.0, upper=2.0)
    size = Variable("MW", "Held ready.", per="horizon", upper=4.0)

    swings: bool = False
    ready: bool = False
    lost: float = 0.0
    only_first: bool = False

    @flow("heat")
    def arriving(self, v: Any, t: Any) -> Any:
        """What is made in the first hour or in all, and the rest."""
        share = v.numbers(np.array([0.5, 0.0, 0.0])) if self.only_first else v.numbers(0.5)
        total = share[t] * v.made[t] - self.lost
        total = total + v.swung[t] if self.swings else total
        return total + 0.25 * v.size if self.ready else total

    @effect("cost")
    def earns(self, v: Any, t: Any) -> Any:
        """Every part earns as it grows, so that only what is held stays."""
        return -1.0 * v.made[t] - 1.0 * v.swung[t]

    @effect("cost", every="year")
    def earns_by_size(self, v: Any) -> Any:
        """The size too."""
        return -1.0 * v.size


def closed(**made: Any) -> Any:
    """Heat that the part gives once its flow is closed, beside a plant and a sink that take and give anything."""
    parts = [
        Made(name="mill", to="heat", **made),
        Source(name="plant", to="heat", price=100.0),
        Sink(name="cooler", **{"from": "heat"}, price=0.0),
    ]
    model = model_of(scenario_of(parts, {"heat": "heat"}))
    return optimise(close(model, [("mill", "heat")]))


@pytest.mark.parametrize(
    "made", [{}, {"swings": True}, {"ready": True}, {"swings": True, "ready": True}, {"lost": 1.5}]
)
def test_nothing_passes(made: dict[str, Any]) -> None:
    """One variable, one that goes either way, a size, and a loss that is to be made up for: the flow is zero."""
    plan = closed(**made)

    assert np.abs(plan.flows["mill", "heat"]).max() < 1e-9


def test_a_loss_is_made_up_for() -> None:
    """Half of what is made arrives less 1.5: three are made for nothing to arrive, and not nothing."""
    assert closed(lost=1.5).hourly["mill", "made"] == pytest.approx([3.0] * 3)


def test_hours_that_are_no_part_of_a_flow_stay_free() -> None:
    """What is made in the second and third hour does not arrive, so it is none of the flow's business."""
    assert closed(only_first=True).hourly["mill", "made"] == pytest.approx([0.0, 9.0, 9.0])


def test_a_loss_that_cannot_be_made_up_for_is_refused() -> None:
    """Half of nine at most arrives: a loss of five is never made up for."""
    with pytest.raises(DeclarationError, match=r"'mill.heat' is given and cannot be zero"):
        closed(lost=5.0)


def test_a_plan_that_needs_a_closed_flow_is_explained_without_it() -> None:
    """Homes of 5 MW with one plant, whose flow is closed: open there would be a plan, and nothing to explain."""
    parts = [Source(name="plant", to="heat", price=1.0), Sink(name="homes", **{"from": "heat"}, fixed=np.full(3, 5.0))]
    model = model_of(scenario_of(parts, {"heat": "heat"}))

    with pytest.raises(InfeasibleError) as caught:
        optimise(close(model, [("plant", "given")]))

    assert "Kept at zero here: 'plant.given'." in str(caught.value)
    assert "At 'heat' heat is short in 3 hours" in str(caught.value)
    assert "by 5 MW" in str(caught.value)
