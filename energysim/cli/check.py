"""``energysim check``: is the scenario right, what does it hold, what is assumed?"""

from typing import Annotated

import typer

from energysim.cli.choice import Choice, takes_choice
from energysim.cli.resolved import resolved_text
from energysim.errors import EnergysimError, ScenarioError
from energysim.scenario import Scenario
from energysim.scenario.annotations import CONFIDENCES
from energysim.system import assemble


@takes_choice
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)],
    choice: Choice,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the merged scenario, each value with where it comes from.")
    ] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List figures with source and confidence, the least sure first.")
    ] = False,
) -> None:
    """Check scenario files: keys, units, names, series. Nothing is solved."""
    wrong = 0
    for file in files:
        try:
            scenario = choice.load(file)
            assemble(scenario)
        except EnergysimError as error:
            typer.echo(_told(file, error))
            wrong += 1
            continue
        if resolved:
            typer.echo(resolved_text(scenario), nl=False)
        elif assumptions:
            _show_assumptions(scenario)
        else:
            typer.echo(f"{file}: ok. {_summary(scenario)}")
    if wrong:
        raise typer.Exit(1)


def _told(file: str, error: EnergysimError) -> str:
    if not isinstance(error, ScenarioError):
        return f"{file}: {error}"
    count = len(error.problems)
    return f"{error}\n{file}: {count} problem{'' if count == 1 else 's'}."


def _summary(scenario: Scenario) -> str:
    horizon = scenario.horizon
    counts = [_counted(len(scenario.components), "component"), _counted(len(scenario.networks), "network")]
    start = str(horizon.start).replace("T00:00", "").replace("T", " ")
    steps = f"{_counted(horizon.count, 'step')} of {horizon.step:g} h from {start} UTC"
    unsure = sum(assumption.confidence == CONFIDENCES[-1] for assumption in scenario.assumptions)
    return f"{', '.join([*counts, steps, _counted(unsure, 'assumption')])}."


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _show_assumptions(scenario: Scenario) -> None:
    # rich takes a tenth of a second to load, which a plain check should not pay.
    from energysim.cli.tables import console, show  # noqa: PLC0415

    order = {word: number for number, word in enumerate(reversed(CONFIDENCES))}
    listed = sorted(scenario.assumptions, key=lambda a: order.get(a.confidence, len(order)))
    rows = [
        (a.path, a.text, f"{a.low} to {a.high}" if a.low or a.high else "", a.confidence, ". ".join(filter(None, (a.source, a.note))))
        for a in listed
    ]
    show(console(), ("figure", "value", "range", "confidence", "source"), rows)
