"""The methods of a study by name: each chooses runs and reads them, none runs anything."""

from energysim.study.methods.draws import LatinHypercube, SobolSequence
from energysim.study.methods.grids import Sweep, Table, Tornado
from energysim.study.methods.indices import Morris, Sobol
from energysim.study.methods.method import BASE, Method
from energysim.study.methods.outages import Outages
from energysim.study.methods.regret import Regret
from energysim.study.methods.switching import Switching
from energysim.study.methods.years import Years

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Sweep(),
        Tornado(),
        LatinHypercube(),
        SobolSequence(),
        Sobol(),
        Morris(),
        Table(),
        Regret(),
        Outages(),
        Switching(),
        Years(),
    )
}
"""A new method is a class in a file of this folder and a line here."""

__all__ = ["BASE", "METHODS", "Method"]
