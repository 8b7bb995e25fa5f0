"""``energysim study``: from a study file to a study folder, with progress and a way to go on."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console

from energysim.cli.progress import Progress as Bar
from energysim.cli.progress import span
from energysim.errors import OutputError, StoppedError, disk_words
from energysim.report.study_page import sentences, write_study_report
from energysim.study.crew import Crew
from energysim.study.methods import METHODS
from energysim.study.progress import Progress, State
from energysim.study.read import read_study
from energysim.study.run import Findings, run_study, write_tables
from energysim.study.store import FACTS, Store, write_whole
from energysim.study.version import own_version

MANY = 5_000
"""Runs from which the user is asked first."""


@dataclass(frozen=True)
class Asked:
    """What the command line says of how to do it."""

    workers: int | None = None
    scheduler: str | None = None
    out: str | None = None
    resumes: bool = False
    replaces: bool = False
    is_sure: bool = False


def do_study(file: str, asked: Asked, permissions: Mapping[str, bool]) -> int:
    """Do a study and write its folder; gives the exit code.

    Parameters
    ----------
    file : str
        Study file.
    asked : Asked
        Options of the command.
    permissions : mapping
        ``allow_extensions`` and ``allow_outside``.
    """
    _refuse_contradictions(asked)
    study = read_study(file, **permissions)
    folder = Path(asked.out) if asked.out else Path("runs") / Path(file).stem
    mode = "resume" if asked.resumes else "replace" if asked.replaces else "new"
    store = Store(folder, own_version(), mode)
    store.judge()
    total = METHODS[study.method].count(study) + 1
    _refuse_unsure(total, asked)
    console = Console(stderr=True)
    began = time.monotonic()
    try:
        with Crew(asked.workers, asked.scheduler) as crew, store, Bar(console) as teller:
            teller.say(f"{study.title}: {total:,} runs, {crew.hands} at a time")
            findings = run_study(study, crew, store, Progress(total, crew.hands, _counted(teller)))
            hands = crew.hands
        _write(findings, folder, {"workers": hands, "seconds": time.monotonic() - began})
    except (StoppedError, KeyboardInterrupt) as stop:
        return _stopped(stop, store, total)
    _show(findings, folder)
    return 0


def _refuse_contradictions(asked: Asked) -> None:
    if asked.workers is not None and asked.scheduler is not None:
        raise OutputError("--workers  starts processes here,  --scheduler  uses those of a cluster. Give one of them.")
    if asked.resumes and asked.replaces:
        raise OutputError("--resume  keeps what is there,  --force  replaces it. Give one of them.")


def _refuse_unsure(total: int, asked: Asked) -> None:
    """Ask before a very large study; where nobody can answer, refuse it."""
    if total <= MANY or asked.is_sure:
        return
    if sys.stdin.isatty() and typer.confirm(f"The study asks for {total:,} runs. Begin?"):
        return
    raise OutputError(
        f"The study asks for {total:,} runs. If that is meant, add  --yes ; else vary fewer things, in fewer steps, or "
        "draw samples by  method: latin_hypercube."
    )


def _write(findings: Findings, folder: Path, facts: dict[str, float]) -> None:
    """Write what a study has found; a disk that is full now loses no run either."""
    try:
        _write_files(findings, folder, facts)
    except OSError as error:
        raise StoppedError(f"Tables and report cannot be written to '{folder}': {disk_words(error)}.") from None


def _write_files(findings: Findings, folder: Path, facts: dict[str, float]) -> None:
    study = findings.study
    rows = write_tables(findings, folder)
    (folder / "study.yaml").write_text(study.text, encoding="utf8")
    (folder / "scenario.yaml").write_text(study.base.scenario().to_yaml(), encoding="utf8")
    write_study_report(findings, folder)
    told = {
        "study": study.title,
        "file": study.path,
        "method": study.method,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "runs": len(findings.table),
        "failed": len(findings.failed),
        "computed_now": findings.computed,
        "asked": findings.asked,
        "tables": rows,
        "seed": study.seed,
        "version": asdict(own_version()),
        "inputs": {**study.inputs, **study.base.inputs},
        **facts,
    }
    write_whole(folder / FACTS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def _stopped(stop: BaseException, store: Store, total: int) -> int:
    kept = len(list(store.runs())) if store.path.exists() else 0
    why = str(stop) if isinstance(stop, StoppedError) else "Left at once; runs that had begun are lost."
    typer.echo(f"{why}\n{kept:,} of {total:,} runs are kept in '{store.folder}'. Go on with  --resume.", err=True)
    return 3


def _show(findings: Findings, folder: Path) -> None:
    console = Console()
    failed = findings.failed
    text = f"{len(findings.table):,} runs, {findings.computed:,} of them computed now"
    console.print(f"{text}, {len(failed):,} without a plan." if len(failed) else f"{text}.", highlight=False)
    for sentence in sentences(findings):
        console.print(sentence, soft_wrap=True, highlight=False, markup=False)
    for reason, count in failed.reason.value_counts().head(3).items():
        first = str(reason).splitlines()[0]
        console.print(f"Note: {count} runs without a plan: {first}", soft_wrap=True, highlight=False, markup=False)
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True, highlight=False, markup=False)


def _counted(teller: Bar) -> Callable[[State], None]:
    """Show where the study stands after each run."""

    def hear(state: State) -> None:
        failed = f", {state.failed:,} without a plan" if state.failed else ""
        left = "" if state.left is None else f", {span(state.left)} left"
        teller.count("runs", state.done, state.total, f"{failed}{left}")

    return hear
