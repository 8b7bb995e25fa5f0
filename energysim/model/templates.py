"""Rules called once with a symbolic hour: Pyomo templates, and their evaluation for all hours by NumPy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.expr import numeric_expr, relational_expr, template_expr

from energysim.errors import DeclarationError
from energysim.model.view import Constant, Key

Floats = NDArray[np.float64]
Coefficient = float | Floats
Term = tuple[Any, ...]
"""What a coefficient stands before.

``("hour", block, lag)``; ``("once", column)``; ``("group", first column, "day" or "month")``, the column of the hour's
own day or month; ``("sum", block)``, a coefficient per step, summed over the horizon; ``("span", block, first,
count)``, the same over ``count`` steps from the first; ``("last", block)``, the column of the last step.
"""


@dataclass
class Affine:
    """``constant + sum of coefficient * term``; coefficients are numbers or arrays over steps."""

    constant: Coefficient = 0.0
    terms: dict[Term, Coefficient] = field(default_factory=dict)
    reach: int = 0
    """Steps that the formula looks back, at variables or at numbers."""

    def plus(self, other: "Affine", factor: Coefficient = 1.0) -> "Affine":
        """Add another formula times a factor."""
        total = Affine(self.constant, dict(self.terms), self.reach)
        total.add(other, factor)
        return total

    def add(self, other: "Affine", factor: Coefficient = 1.0) -> None:
        """Add another formula times a factor to this one; series are never written into."""
        terms, is_plain = self.terms, isinstance(factor, float) and factor == 1.0
        for term, coefficient in other.terms.items():
            scaled = coefficient if is_plain else coefficient * factor
            terms[term] = terms[term] + scaled if term in terms else scaled
        self.constant = self.constant + (other.constant if is_plain else other.constant * factor)
        self.reach = max(self.reach, other.reach)

    def times(self, factor: Coefficient, reach: int = 0) -> "Affine":
        """Multiply with numbers, which may be of some steps before."""
        terms = {term: value * factor for term, value in self.terms.items()}
        return Affine(self.constant * factor, terms, max(self.reach, reach))


class _Indexed:
    """A Pyomo variable or parameter to be indexed by the symbolic hour.

    Makes the very expression Pyomo's own indexing makes, without its search for what the index might be: that
    search is half the time of a build.
    """

    __slots__ = ("component", "expression")

    def __init__(self, component: Any, expression: type) -> None:
        self.component, self.expression = component, expression

    def __getitem__(self, t: Any) -> Any:
        return self.expression((self.component, t))


class Templates:
    """The symbolic backend: variables cost nothing until they are assembled as arrays.

    Parameters
    ----------
    previous : ndarray (step,)
        Step before each step.
    hourly : mapping of key to int
        Block of each hourly variable.
    once : mapping of key to int
        Global column of each other variable.
    grouped : mapping of key to int
        First global column of each variable of a day or month.
    starts : mapping of key to int
        Global column with the value before the first hour, for variables that do not close a ring.
    """

    def __init__(
        self,
        previous: NDArray[np.int64],
        hourly: Mapping[Key, int],
        once: Mapping[Key, int],
        grouped: Mapping[Key, int],
        starts: Mapping[Key, int],
    ) -> None:
        steps = len(previous)
        # Variables stay outside a Pyomo model: their expressions need a name only, and a model wants to own data.
        self._hours = pyo.RangeSet(0, steps - 1)
        self.t = template_expr.IndexTemplate(self._hours)
        self._steps = steps
        self._previous = previous
        self._hourly, self._once, self._grouped, self._starts = hourly, once, grouped, starts
        self._variables: dict[Key, Any] = {}
        self._meaning: dict[int, Term] = {}
        self._arrays: dict[int, Floats] = {}
        self._series: dict[int, Any] = {}
        self._totals: dict[int, Affine] = {}
        self._kept: list[Any] = []

    def hourly(self, key: Key) -> Any:
        """An indexed Pyomo variable without data."""
        if key not in self._variables:
            variable = pyo.Var(self._hours, dense=False, name=_label(key))
            self._variables[key] = _Indexed(variable, template_expr.Numeric_GetItemExpression)
            self._meaning[id(variable)] = ("hour", self._hourly[key])
        return self._variables[key]

    def once(self, key: Key) -> Any:
        """A scalar Pyomo variable."""
        return self._scalar(key, _label(key), ("once", self._once[key]))

    def grouped(self, key: Key, per: str) -> Any:
        """An indexed Pyomo variable that is the same in all hours of a day or month."""
        if key not in self._variables:
            variable = pyo.Var(self._hours, dense=False, name=_label(key))
            self._variables[key] = _Indexed(variable, template_expr.Numeric_GetItemExpression)
            self._meaning[id(variable)] = ("group", self._grouped[key], per)
        return self._variables[key]

    def series(self, values: float | Floats) -> Any:
        """A constant, or a Pyomo parameter without data whose numbers stay in an array."""
        if not isinstance(values, np.ndarray):
            return Constant(float(values))
        if values.shape != (self._steps,):
            raise DeclarationError(f"A series has {values.size} values where the horizon has {self._steps} steps.")
        if id(values) not in self._series:
            parameter = pyo.Param(self._hours, mutable=True, within=pyo.Any, name=f"series_{len(self._series)}")
            self._series[id(values)] = _Indexed(parameter, template_expr.NPV_Numeric_GetItemExpression)
            self._arrays[id(parameter)] = values
            self._kept.append(values)
        return self._series[id(values)]

    def total(self, formula: Callable[[Any], Any]) -> Any:
        """A Pyomo variable that stands for the sum; what it stands for is kept aside.

        Pyomo's own sum over a template walks all hours to answer small questions about itself.
        """
        stand_in = pyo.Var(name=f"total_{len(self._totals)}")
        self._totals[id(stand_in)] = self._summed(self.affine(formula(self.t)))
        # Looked up by its id, which another object may have once this one is gone.
        self._kept.append(stand_in)
        return stand_in

    def start(self, key: Key) -> Any:
        """The start column, or on a ring the last hour."""
        if key not in self._starts:
            return self.end(key)
        return self._scalar((key[0], key[1] + ".start"), _label(key) + ".start", ("once", self._starts[key]))

    def end(self, key: Key) -> Any:
        """The last hour's variable."""
        return self._scalar((key[0], key[1] + ".end"), _label(key) + ".end", ("last", self._hourly[key]))

    def _scalar(self, key: Key, label: str, meaning: Term) -> Any:
        if key not in self._variables:
            variable = pyo.Var(name=label)
            self._variables[key] = variable
            self._meaning[id(variable)] = meaning
        return self._variables[key]

    def affine(self, expression: Any) -> Affine:
        """Evaluate an expression for all hours at once.

        Raises
        ------
        DeclarationError
            When the expression is not linear in the variables.
        """
        if isinstance(expression, int | float | np.number):
            return Affine(float(expression))
        handler = _HANDLERS.get(type(expression))
        if handler is not None:
            return handler(self, expression)
        if id(expression) in self._meaning:
            return Affine(0.0, {self._meaning[id(expression)]: 1.0})
        if id(expression) in self._totals:
            return self._totals[id(expression)]
        raise DeclarationError(f"'{expression}' is not a formula a rule may use: only sums and products with numbers.")

    def difference(self, relation: Any) -> tuple[Affine, float, float]:
        """Write a comparison as ``lower <= formula <= upper`` with bounds 0 or infinite."""
        if isinstance(relation, relational_expr.EqualityExpression):
            left, right = relation.args
            return self.affine(left).plus(self.affine(right), -1.0), 0.0, 0.0
        if isinstance(relation, relational_expr.InequalityExpression):
            left, right = relation.args
            return self.affine(left).plus(self.affine(right), -1.0), -np.inf, 0.0
        raise DeclarationError(f"A rule returns one comparison with ==, <= or >=, not '{relation}'.")

    def _sum(self, expression: Any) -> Affine:
        total = Affine()
        for argument in expression.args:
            total.add(self.affine(argument))
        return total

    def _product(self, expression: Any) -> Affine:
        left, right = (self.affine(argument) for argument in expression.args)
        if not left.terms:
            return right.times(left.constant, left.reach)
        if not right.terms:
            return left.times(right.constant, right.reach)
        raise DeclarationError(f"'{expression}' multiplies two variables; rules must stay linear.")

    def _division(self, expression: Any) -> Affine:
        above, below = (self.affine(argument) for argument in expression.args)
        if below.terms:
            raise DeclarationError(f"'{expression}' divides by a variable; rules must stay linear.")
        return above.times(1.0 / below.constant, below.reach)

    def _negation(self, expression: Any) -> Affine:
        return self.affine(expression.args[0]).times(-1.0)

    def _power(self, expression: Any) -> Affine:
        base, exponent = (self.affine(argument) for argument in expression.args)
        if base.terms or exponent.terms:
            raise DeclarationError(f"'{expression}' takes a power of a variable; rules must stay linear.")
        return Affine(base.constant**exponent.constant, reach=max(base.reach, exponent.reach))

    def _linear(self, expression: Any) -> Affine:
        total = Affine(float(expression.constant))
        for coefficient, variable in zip(expression.linear_coefs, expression.linear_vars, strict=True):
            total.add(self.affine(variable), self.affine(coefficient).constant)
        return total

    def _item(self, expression: Any) -> Affine:
        base, index = expression.args
        lag = self._lag(index)
        if id(base) in self._arrays:
            values = self._arrays[id(base)]
            for _ in range(lag):
                values = values[self._previous]
            return Affine(values, reach=lag)
        meaning = self._meaning[id(base)]
        if meaning[0] == "group":
            if lag:
                raise DeclarationError(f"'{expression}' looks back; a value of a day or month is written [t].")
            return Affine(0.0, {meaning: 1.0})
        return Affine(0.0, {(*meaning, lag): 1.0}, lag)

    def _lag(self, index: Any) -> int:
        """Read ``t - 1`` off the index expression."""
        if index is self.t:
            return 0
        shift, hours = 0, 0
        if isinstance(index, numeric_expr.SumExpression | numeric_expr.NPV_SumExpression):
            for argument in index.args:
                if isinstance(argument, int | float) and float(argument).is_integer():
                    shift += int(argument)
                elif argument is self.t:
                    hours += 1
                else:
                    raise DeclarationError(f"An hour is written t or t - 1, not '{index}'.")
            if shift <= 0 and hours == 1:
                return -shift
        raise DeclarationError(f"An hour is written t or t - 1, not '{index}'.")

    def _summed(self, inner: Affine) -> Affine:
        """Sum hourly terms over the horizon: one coefficient per step and block."""
        summed = Affine(float(np.sum(np.broadcast_to(inner.constant, self._steps))))
        for term, coefficient in inner.terms.items():
            if term[0] == "once":
                whole = float(np.sum(np.broadcast_to(coefficient, self._steps)))
                summed.add(Affine(0.0, {term: whole}))
            elif term[0] == "hour" and term[2] == 0:
                summed.add(Affine(0.0, {("sum", term[1]): coefficient}))
            else:
                raise DeclarationError("v.total sums formulas of the hour t only.")
        return summed


def _label(key: Key) -> str:
    return f"{key[0]}.{key[1]}"


_HANDLERS: dict[type, Callable[[Templates, Any], Affine]] = {
    numeric_expr.SumExpression: Templates._sum,
    numeric_expr.NPV_SumExpression: Templates._sum,
    numeric_expr.LinearExpression: Templates._linear,
    numeric_expr.ProductExpression: Templates._product,
    numeric_expr.NPV_ProductExpression: Templates._product,
    numeric_expr.MonomialTermExpression: Templates._product,
    numeric_expr.DivisionExpression: Templates._division,
    numeric_expr.NPV_DivisionExpression: Templates._division,
    numeric_expr.NegationExpression: Templates._negation,
    numeric_expr.NPV_NegationExpression: Templates._negation,
    numeric_expr.PowExpression: Templates._power,
    numeric_expr.NPV_PowExpression: Templates._power,
    template_expr.Numeric_GetItemExpression: Templates._item,
    template_expr.NPV_Numeric_GetItemExpression: Templates._item,
}
