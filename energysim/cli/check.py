"""``energysim check``: scenario and study files read to the end, with every variant, and nothing solved."""

from dataclasses import dataclass, replace
from pathlib import Path

import typer

from energysim.cli.assumptions import influence_of, show_assumptions
from energysim.cli.given import Given
from energysim.cli.show import show_problems, show_resolved
from energysim.errors import Place, Problem, ScenarioError
from energysim.scenario import Scenario, variant_names
from energysim.scenario.read import read_tree
from energysim.system import assemble


@dataclass(frozen=True)
class Show:
    """What to print of a scenario that is sound, in place of one line."""

    resolved: bool = False
    assumptions: bool = False
    influence: str | None = None
    """Folder of a tornado, by which figures are ranked."""

    @property
    def is_one(self) -> bool:
        """Whether anything of one scenario is wanted, as which it has to be read."""
        return self.resolved or self.assumptions or self.influence is not None


def is_sound(given: Given, show: Show) -> bool:
    """Check one file; print that it is sound, or all that is wrong.

    Raises
    ------
    ScenarioError
        For a folder that holds no tornado.
    """
    influence = {} if show.influence is None else influence_of(show.influence)
    if _is_study(given.file):
        return _is_sound_study(given, show)
    try:
        scenario, notes = _checked(given)
    except ScenarioError as error:
        show_problems(given.file, error)
        return False
    if show.resolved:
        show_resolved(scenario)
    elif show.is_one:
        show_assumptions(scenario, influence)
    else:
        size = f"{len(scenario.components)} components, {scenario.horizon.count:,} steps"
        return _are_variants_sound(given, size, notes)
    return True


def _checked(given: Given) -> tuple[Scenario, tuple[str, ...]]:
    """Read a scenario, and lay out its system, which finds what only shows in context; gives what is doubtful too."""
    scenario = given.scenario()
    return scenario, assemble(scenario).warnings


def _are_variants_sound(given: Given, size: str, notes: tuple[str, ...]) -> bool:
    """Check the variants of a scenario that is sound itself, unless it was asked for as one of them."""
    names = [] if given.variant else variant_names(given.file, given.allow_outside)
    is_sound, doubts = True, dict.fromkeys(notes)
    for name in names:
        try:
            _, more = _checked(replace(given, variant=name))
        except ScenarioError as error:
            show_problems(f"{given.file}, variant {name}", error)
            is_sound = False
        else:
            doubts |= {f"variant {name}: {note}": None for note in more if note not in notes}
    if is_sound:
        own = f"; variant{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else ""
        typer.echo(f"{given.file}: ok ({size}{own})")
    for note in doubts:
        typer.echo(f"  Note: {note}")
    return is_sound


def _is_study(file: str) -> bool:
    try:
        return "study" in read_tree(Path(file), file).data
    except ScenarioError:
        return False  # the reader of scenarios says what is wrong


def _refuse_for_study(given: Given, show: Show) -> None:
    """A study names its own variant and changes, and is no list of figures: what is ignored would seem checked."""
    options = {"--variant": given.variant, "--set": given.changes, "--resolved": show.resolved}
    options |= {"--assumptions": show.assumptions, "--influence": show.influence}
    said = [option for option, value in options.items() if value]
    if said:
        found = f"{', '.join(said)} {'means' if len(said) == 1 else 'mean'} nothing to a study file."
        way_out = "Write variant and changes in the study, or check its scenario with these options."
        raise ScenarioError([Problem(Place(given.file), "", found, "", way_out)])


def _is_sound_study(given: Given, show: Show) -> bool:
    """Read a study with every value it writes down; says how many runs it asks for."""
    from energysim.study.methods import METHODS  # noqa: PLC0415 - scenarios need no methods
    from energysim.study.read import read_study  # noqa: PLC0415

    try:
        _refuse_for_study(given, show)
        study = read_study(given.file, allow_extensions=given.allow_extensions, allow_outside=given.allow_outside)
    except ScenarioError as error:
        show_problems(given.file, error)
        return False
    typer.echo(f"{given.file}: ok (study, {METHODS[study.method].count(study) + 1:,} runs)")
    return True
