"""Tables on a terminal and in a pipe."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 160
"""Columns of a line where no terminal sets them."""


def console() -> Console:
    """Open a console on standard output, wide in a pipe so that nothing is cut."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, highlight=False, soft_wrap=False)


def show(out: Console, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below column names, without lines; the last column wraps."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        is_last = number == len(columns) - 1
        table.add_column(column, overflow="fold", no_wrap=not is_last and number == 0)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
