"""Part load: an efficiency that changes with the load."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from energysim.declare import Component, Share, Trait, Variable, rule
from energysim.quantities import Unit
from energysim.traits.sizing import Sizing

Efficiency = Annotated[float, Unit("1"), Field(gt=0, le=20)]


class PartLoad(Trait):
    r"""Draw the input that the load needs, straight between points of known efficiency.

    With points :math:`(l_i, \eta_i)` and weights :math:`w_{i,t}` in MW,

    .. math:: x_t = \sum_i l_i w_{i,t},\quad f_t = \sum_i \frac{l_i}{\eta_i} w_{i,t},\quad \sum_i w_{i,t} = c_t

    with the size on :math:`c_t` [1]_. Where each further MW needs more input than the last, the weights find
    neighbouring points by themselves; else a binary for each stretch makes them [1]_. Without on and off a point at
    standstill is added.

    References
    ----------
    .. [1] H. P. Williams, Model Building in Mathematical Programming, 5th ed., Wiley, 2013, ch. 9.3.
    """

    points: Annotated[tuple[tuple[Share, Efficiency], ...], Field(min_length=2)]
    """Load as a share of the size, and output over input there; rising loads, the last at 100 %."""

    exact: bool = False
    """Whether the plan must stay on the curve even where wasting would pay, as when waste heat is worth something."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        loads = [load for load, _ in self.points]
        if any(first >= second for first, second in pairwise(loads)) or loads[0] <= 0.0 or loads[-1] != 1.0:
            raise ValueError(
                f"the loads {', '.join(f'{load:g}' for load in loads)} must rise from above 0 to exactly 1 (100 %)."
            )
        if any(first[0] >= second[0] or first[1] >= second[1] for first, second in pairwise(self.curve)):
            raise ValueError("a higher load must give more and take more. Correct the efficiencies.")
        return self

    def fits(self, component: Component, names: Mapping[str, str]) -> None:
        """Refuse binaries on a size without upper end."""
        size = getattr(component, names["capacity"])
        if not isinstance(size, Sizing):
            raise ValueError("part load needs a 'capacity'.")
        if self.needs_stretches and size.is_decision and size.max is None:
            raise ValueError(
                "the efficiency rises with the load, so whole numbers are needed, and these a 'max' on the capacity."
            )

    def variables(self) -> Mapping[str, Variable]:
        """One weight per point, and a binary per stretch where the curve is not convex."""
        weights = {f"weight{i}": Variable("MW", f"Weight of point {i}.") for i in range(len(self.curve))}
        if not self.needs_stretches:
            return weights
        stretches = range(len(self.curve) - 1)
        return weights | {
            f"stretch{i}": Variable("1", f"Whether the load lies above point {i}.", upper=1.0, is_integer=True)
            for i in stretches
        }

    @property
    def curve(self) -> tuple[tuple[float, float], ...]:
        """Output and input at each point, both as shares of the size; the size is that of the output."""
        return ((0.0, 0.0), *((load, load / efficiency) for load, efficiency in self.points))

    @property
    def is_convex(self) -> bool:
        """Whether each further MW needs at least as much input as the last."""
        slopes = [(f2 - f1) / (l2 - l1) for (l1, f1), (l2, f2) in pairwise(self.curve)]
        return all(second >= first - 1e-12 for first, second in pairwise(slopes))

    @property
    def needs_stretches(self) -> bool:
        """Whether whole numbers keep the plan on the curve."""
        return self.exact or not self.is_convex

    @rule
    def follows_output(self, v: Any, t: Any) -> Any:
        """The output is the weighted load."""
        return v.output[t] == sum(load * _weight(v, i)[t] for i, (load, _) in enumerate(self.curve))

    @rule
    def follows_input(self, v: Any, t: Any) -> Any:
        """The input is what the weighted points need."""
        return v.input[t] == sum(need * _weight(v, i)[t] for i, (_, need) in enumerate(self.curve))

    @rule
    def spends_size(self, v: Any, t: Any) -> Any:
        """The weights add up to what is on."""
        return sum(_weight(v, i)[t] for i in range(len(self.curve))) == v.size_on[t]

    @rule
    def lies_on_one_stretch(self, v: Any, t: Any) -> Any:
        """Only the two ends of one stretch have weight."""
        if not self.needs_stretches:
            return None
        size = v.sizing("capacity")
        most = size.most
        stretches = [getattr(v, f"stretch{i}")[t] for i in range(len(self.curve) - 1)]
        near = [stretches[0], *(a + b for a, b in pairwise(stretches)), stretches[-1]]
        held = [_weight(v, i)[t] <= most * near[i] for i in range(len(self.curve))]
        return [sum(stretches[1:], stretches[0]) <= 1.0, *held]


class InputPartLoad(PartLoad):
    """The same for a plant whose size is that of its input, such as an electrolyser: loads are shares of the input."""

    @property
    def curve(self) -> tuple[tuple[float, float], ...]:
        """Output and input at each point, both as shares of the size; the size is that of the input."""
        return ((0.0, 0.0), *((load * efficiency, load) for load, efficiency in self.points))


def _weight(v: Any, number: int) -> Any:
    return getattr(v, f"weight{number}")
