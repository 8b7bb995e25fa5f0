"""``energysim cooperate``: every coalition of a scenario's actors, fair shares and price ranges."""

import typer
from rich.console import Console

from energysim.api import versions
from energysim.cli.given import Given
from energysim.cli.progress import Progress
from energysim.report.cooperation import sentences, write_cooperation
from energysim.results import RunFolder
from energysim.symbiosis.cooperation import Cooperation, Effort, cooperate


def cooperate_scenario(given: Given, effort: Effort) -> int:
    """Work out the cooperation of one scenario and write its folder; gives the exit code.

    Parameters
    ----------
    given : Given
    effort : Effort
        Workers, and orders of arrival.
    """
    target = given.folder("-cooperation")
    with RunFolder(target, replaces=given.force) as folder, Progress(Console(stderr=True)) as progress:
        found = cooperate(given.file, effort=effort, tell=progress.tell, **given.reading)
        progress.tell("report", "drawing")
        folder.fill(lambda where: _write(found, given, where))
    console = Console()
    for question, answers in sentences(found):
        console.print(question, style="bold", markup=False, highlight=False)
        for text in answers:
            console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)
    typer.echo(f"Page and tables: {target / 'report.html'}")
    return 0


def _write(found: Cooperation, given: Given, folder: RunFolder) -> None:
    write_cooperation(found, folder.path)
    folder.write_json("run.json", given.facts("cooperate") | {"versions": versions()})
