"""Tables, figures and one self-contained page; draws, computes nothing."""

from energysim.report.page import headline, write_report

__all__ = ["headline", "write_report"]
