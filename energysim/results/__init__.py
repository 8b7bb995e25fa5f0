"""The labelled result of a run, and the folder it is kept in."""

from energysim.results.dataset import dataset
from energysim.results.folder import RunFolder, load_results, save_results

__all__ = ["RunFolder", "dataset", "load_results", "save_results"]
