"""Tables, figures and one self-contained page; draws, computes nothing."""

from energysim.report.page import headline, warnings, write_report

__all__ = ["headline", "warnings", "write_report"]
