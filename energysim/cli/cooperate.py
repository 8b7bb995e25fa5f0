"""``energysim cooperate``: every coalition of a scenario's actors, fair shares and price ranges."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import typer
from rich.console import Console

from energysim.cli.progress import Progress
from energysim.report.cooperation import sentences, write_cooperation
from energysim.results import RunFolder
from energysim.symbiosis.cooperation import Effort, cooperate


def cooperate_scenario(
    file: str,
    variant: str | None,
    changes: Iterable[str],
    output: tuple[str | None, bool, Effort],
    permissions: Mapping[str, bool],
) -> int:
    """Work out the cooperation of one scenario and write its folder; gives the exit code.

    Parameters
    ----------
    file : str
        Scenario file.
    variant : str or None
        Named variant.
    changes : iterable of str
        ``--set`` changes.
    output : tuple
        Folder or None, whether it may be replaced, workers and orders.
    permissions : mapping
        ``allow_extensions`` and ``allow_outside``.
    """
    out, force, effort = output
    target = (
        Path(out) if out else Path("runs") / (Path(file).stem + (f"-{variant}" if variant else "") + "-cooperation")
    )
    with RunFolder(target, replaces=force) as folder, Progress(Console(stderr=True)) as progress:
        found = cooperate(
            file, variant=variant, overrides=changes, effort=effort, tell=progress.tell, **dict(permissions)
        )
        progress.tell("report", "drawing")
        write_cooperation(found, folder.path)
    console = Console()
    for question, answers in sentences(found):
        console.print(question, style="bold", markup=False, highlight=False)
        for text in answers:
            console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)
    typer.echo(f"Page and tables: {target / 'report.html'}")
    return 0
