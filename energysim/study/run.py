"""The story of a study: its runs chosen, done, kept, laid out and read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from energysim.errors import NoPlanError, Place, Problem, ScenarioError, suggestion
from energysim.study.case import COST_OF, Wanted, case_task
from energysim.study.crew import Crew
from energysim.study.engine import stream
from energysim.study.factor import Case
from energysim.study.methods import BASE, METHODS
from energysim.study.progress import Progress
from energysim.study.store import Store
from energysim.study.study import Study
from energysim.study.table import tabulate
from energysim.study.task import Task
from energysim.study.years import FIGURES, year_task

TaskOf = Callable[[Study, Case], Task]
"""Makes the task of a case."""
KeyOf = Callable[[Study, Case], str]
"""Names a case in the store; equal names mean equal results."""


@dataclass(frozen=True)
class Findings:
    """What a study has found."""

    study: Study
    table: pd.DataFrame
    """One row for each run, see :func:`energysim.study.table.tabulate`."""
    asked: tuple[str, ...]
    """Figures the study is about."""
    conclusions: dict[str, pd.DataFrame] = field(default_factory=dict)
    """What the method has read from the table: ``tornado``, ``indices``, ``effects``, ``distribution``, ``switching``,
    ``regret``, ``decisions`` and ``regret_by_actor``, ``outages``; each where the method gives it."""
    computed: int = 0
    """Runs done now; the others were there."""

    @property
    def failed(self) -> pd.DataFrame:
        """Runs without figures, with their reasons."""
        return self.table[self.table.status != "done"]


def task_of_case(study: Study, case: Case) -> Task:
    """Make the task of a case: a run of the changed scenario, or of one uncertain year of it."""
    if case.year is not None:
        return year_task(study.base, case.changes, study.seed, case.year)
    return case_task(study.base, case.changes, case.name, Wanted(study.series, study.engine, _settles(study)))


def key_of_case(study: Study, case: Case) -> str:
    """Name a case in the store, by the scenario it runs and what is kept of it."""
    year = () if case.year is None else ("year", str(case.year), str(study.seed))
    paid = ("settled",) if _settles(study) else ()
    return study.base.case_key(case.changes, (*study.series, study.engine, *year, *paid))


def _settles(study: Study) -> bool:
    """Whether a study asks what actors pay, which takes more plans where a contract compares with one."""
    return any(name.startswith(COST_OF) for name in (*study.asked, study.watch))


def run_study(
    study: Study,
    crew: Crew,
    store: Store,
    progress: Progress | None = None,
    task_of: TaskOf = task_of_case,
    key_of: KeyOf = key_of_case,
) -> Findings:
    """Do the runs of a study that the store does not have, and read them all.

    Parameters
    ----------
    study : Study
    crew : Crew
        Entered.
    store : Store
        Entered. Each run is kept as soon as it has ended.
    progress : Progress, optional
        Hears of each run.
    task_of : callable
        Makes the task of a case; by itself a run of the changed scenario. The task gives a
        :class:`energysim.study.case.Record`.
    key_of : callable
        Names a case in the store; by itself the hash of the changed scenario.

    Returns
    -------
    findings : Findings

    Raises
    ------
    StoppedError
        After Ctrl-C, when the scheduler is lost for good, or when the disk is full; finished runs are kept.
    ScenarioError
        When a figure is asked for that no run has.
    """
    return _Runner(study, crew, store, progress or Progress(0, crew.hands), (task_of, key_of)).run()


class _Runner:
    def __init__(
        self, study: Study, crew: Crew, store: Store, progress: Progress, makers: tuple[TaskOf, KeyOf]
    ) -> None:
        self.study, self.crew, self.store, self.progress = study, crew, store, progress
        self.task_of, self.key_of = makers
        self.method = METHODS[study.method]
        self.cases: list[Case] = []
        self.keys: list[str] = []
        self.computed = 0

    def run(self) -> Findings:
        """Go through the rounds of the method, the unchanged scenario first."""
        self._round([BASE])
        asked = self._asked()
        rounds = self.method.rounds(self.study)
        cases: Iterable[Case] | None = next(rounds, None)
        while cases is not None:
            self._round(cases)
            try:
                cases = rounds.send(self._table())
            except StopIteration:
                cases = None
        table = self._table()
        if not (table.status == "done").any():
            raise _nothing(table)
        asked = asked or self._asked()
        return Findings(self.study, table, asked, self.method.conclude(self.study, table, asked), self.computed)

    def _round(self, cases: Iterable[Case]) -> None:
        """Do the cases of a round that are not in the store."""
        sent: list[str] = []
        for outcome in stream(self._tasks(cases, sent), self.crew):
            self.store.put(sent[outcome.number], outcome)
            self.computed += 1
            self.progress.tell(outcome)

    def _tasks(self, cases: Iterable[Case], sent: list[str]) -> Iterator[Task]:
        on_the_way = set()
        for case in cases:
            key = self.key_of(self.study, case)
            self.cases.append(case)
            self.keys.append(key)
            if key in self.store or key in on_the_way:
                self.progress.skip()
            else:
                on_the_way.add(key)
                sent.append(key)
                yield self.task_of(self.study, case)

    def _table(self) -> pd.DataFrame:
        return tabulate(self.cases, self.keys, self.store)

    def _asked(self) -> tuple[str, ...]:
        """Find the figures asked for among those of the runs so far; none while no run has any."""
        table = self._table()
        known = list(table.attrs["units"])
        if not known:
            return ()
        # Simulated years have figures of their own, which the run of the scenario before them does not have.
        later = FIGURES if self.study.method == "years" else ()
        wrong = [name for name in self.study.asked if name not in known and name not in later]
        if wrong:
            where = Place(self.study.path) if self.study.path else None
            raise ScenarioError(
                Problem(where, "asked", f"No run has a figure '{name}'.", "", suggestion(name, known)) for name in wrong
            )
        if self.study.asked:
            return self.study.asked
        usual = [name for name in self.method.asks if name in known or name in later]
        if usual:
            return tuple(usual)
        return tuple(name for name in known if name == "Total cost" or name.startswith("Heat price")) or (known[0],)


def _nothing(table: pd.DataFrame) -> NoPlanError:
    reasons = table.reason.value_counts()
    return NoPlanError(
        f"None of the {len(table)} runs has a plan. {reasons.iloc[0]} of them ended with:\n  {reasons.index[0]}\n"
        "Run the scenario alone with  energysim run  to see more."
    )


def write_tables(findings: Findings, folder: Path) -> dict[str, Any]:
    """Write the tidy table and the conclusions: CSV and Parquet of the same content.

    Returns
    -------
    written : dict of str to int
        Rows by file.

    Raises
    ------
    OSError
        When the folder cannot be written; no file is left half.
    """
    written = {}
    columns = pd.DataFrame(
        {
            "column": list(findings.table.columns),
            "unit": [findings.table.attrs["units"].get(name, "") for name in findings.table.columns],
            "title": [findings.table.attrs["titles"].get(name, name) for name in findings.table.columns],
        }
    )
    for factor in findings.study.factors:
        columns.loc[columns.column == factor.name, ["unit", "title"]] = [factor.unit, factor.label]
    for name, table in {"runs": findings.table, "columns": columns, **findings.conclusions}.items():
        written[name] = len(table)
        plain = table.copy()
        plain.attrs = {}
        aside = folder / f".{name}"
        try:
            plain.to_csv(aside, index=False)
            aside.replace(folder / f"{name}.csv")
            if name in ("runs", "columns"):
                _with_one_kind(plain).to_parquet(aside, index=False)
                aside.replace(folder / f"{name}.parquet")
        finally:
            aside.unlink(missing_ok=True)
    return written


def _with_one_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Columns that hold numbers and words become text: Parquet has one kind for each column."""
    mixed = {name: table[name].astype("string") for name in table.columns if table[name].dtype == object}
    return table.assign(**mixed)
