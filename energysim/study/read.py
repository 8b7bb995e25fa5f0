"""A study file to a checked study: every problem with its line, found before anything runs."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from energysim.errors import Place, Problem, ScenarioError, suggestion
from energysim.scenario import Scenario, load
from energysim.scenario.merge import is_inside
from energysim.scenario.read import Path_, read_tree
from energysim.scenario.reading import Reading
from energysim.scenario.translate import keys_of, problems_of
from energysim.study.base import Base, Changes, files_of, split
from energysim.study.factor import Case, Factor, Vary, factor_of, quantity
from energysim.study.methods import METHODS
from energysim.study.study import Future, FutureEntry, Study, StudyFile
from energysim.study.table import read_cases
from energysim.units import Converter

MOST_PROBES = 300
"""Changed scenarios that are read, at most, to check a study before it runs."""
_BY_METHOD = ("vary", "stated_ranges", "samples", "table", "decisions", "futures", "network", "watch", "tolerance")
"""Keys that only some methods understand."""


def read_study(path: str | Path, **permissions: bool) -> Study:
    """Read and check a study file.

    The scenario is read with every value of a list, both ends of every range and every branch of a tree, so that a key
    that does not exist or a value of a wrong unit is told now, with the line of the study, and not after a night.

    Parameters
    ----------
    path : path
        YAML file.
    **permissions
        ``allow_extensions`` and ``allow_outside``, see :func:`energysim.scenario.load`.

    Returns
    -------
    study : Study

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    return _Reader(Path(path), str(path), permissions).read()


class _Reader:
    def __init__(self, path: Path, shown: str, permissions: Mapping[str, Any]) -> None:
        self.path, self.shown, self.permissions = path, shown, dict(permissions)
        self.inputs: dict[str, str] = {}
        self.tree = read_tree(path, shown, self.inputs)
        self.problems: list[Problem] = []

    def read(self) -> Study:
        """Read the file, then the scenario, then the scenario with its changes."""
        entries = self._entries()
        factors = self._factors(entries)
        tabled, rows = self._table(entries)
        futures = tuple(self._futures(entries.futures, ("futures",)))
        self._stop_at_problems()
        base, scenario = self._base(entries)
        if entries.stated_ranges:
            factors += tuple(stated(scenario, {factor.name for factor in factors}))
        study = Study(
            title=entries.study,
            base=base,
            method=entries.method,
            description=entries.description,
            engine=entries.engine,
            seed=entries.seed,
            samples=entries.samples or 0,
            factors=factors or tabled,
            rows=rows,
            decisions={name: dict(changes or {}) for name, changes in entries.decisions.items()},
            futures=futures,
            network=entries.network or "",
            watch=entries.watch or "",
            tolerance=self._tolerance(entries, factors),
            asked=tuple(entries.asked),
            series=tuple(entries.series),
            path=self.shown,
            text=self.path.read_text(encoding="utf-8-sig"),
            inputs=self.inputs,
        )
        for at, *sentences in METHODS[study.method].findings(study):
            self._add(at, *sentences)
        self._check_series(study)
        self._stop_at_problems()
        return replace(study, base=self._probed(study, entries, scenario))

    def _entries(self) -> StudyFile:
        """Check the keys of the file; a list in ``vary`` is short for its values."""
        varied = self.tree.data.get("vary")
        if isinstance(varied, dict):
            for name, entry in varied.items():
                if isinstance(entry, list):
                    varied[name] = {"values": entry}
        data = {key: value for key, value in self.tree.data.items() if not key.startswith("x-")}
        try:
            entries = StudyFile.model_validate(data, context=Reading(Converter(), None, 0))  # type: ignore[arg-type]
        except ValidationError as error:
            raise ScenarioError(problems_of(error, self.tree, (), StudyFile, keys_of(StudyFile))) from None
        method = METHODS[entries.method]
        for key in sorted(method.needs):
            if not self.tree.data.get(key) and not (key == "vary" and entries.stated_ranges):
                meaning = StudyFile.model_fields[key].description or ""
                self._add((), f"'{key}' is missing.", f"The method {method.name} needs it: {meaning}")
        for key in _BY_METHOD:
            # Stated ranges are things that vary.
            word = "vary" if key == "stated_ranges" else key
            if key in self.tree.data and word not in method.needs | method.takes:
                users = [other.name for other in METHODS.values() if word in other.needs | other.takes]
                way_out = f"Remove it, or use one of these methods: {', '.join(users)}."
                self._add((key,), f"The method {method.name} does not use '{key}'.", "", way_out)
        return entries

    def _factors(self, entries: StudyFile) -> tuple[Factor, ...]:
        factors = []
        for name, vary in entries.vary.items():
            try:
                factors.append(factor_of(name, vary))
            except ValueError as error:
                self._add(("vary", name), str(error))
        return tuple(factors)

    def _table(self, entries: StudyFile) -> tuple[tuple[Factor, ...], tuple[Case, ...]]:
        entry = entries.table
        if entry is None:
            return (), ()
        name = entry.csv or entry.excel
        if name is None or (entry.csv and entry.excel):
            self._add(("table",), "One file is needed.", "", "Write  table: {csv: cases.csv}  or  {excel: cases.xlsx}.")
            return (), ()
        target = self.path.parent / name
        if not self.permissions.get("allow_outside") and not is_inside(target, self.path.parent):
            way_out = "Copy the file there, or allow it with  --allow-outside."
            self._add(("table",), f"'{name}' leaves the study's folder.", "", way_out)
            return (), ()
        try:
            found = read_cases(target, str(Path(self.shown).parent / name), entry.sheet)
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return (), ()
        self.inputs[name] = hashlib.sha256(target.read_bytes()).hexdigest()
        return found

    def _futures(
        self, branches: Mapping[str, FutureEntry], at: Path_, before: Future | None = None
    ) -> Iterator[Future]:
        """Walk the leaves of the tree; the chances of siblings make one."""
        total = sum(branch.probability for branch in branches.values())
        if branches and abs(total - 1.0) > 1e-9:
            listed = " + ".join(f"{100.0 * branch.probability:g} %" for branch in branches.values())
            way_out = "Change them so that they do; what may not happen can be left out."
            self._add(at, f"The probabilities are {listed} = {100.0 * total:g} %.", "They must make 100 %.", way_out)
        for name, branch in branches.items():
            whole = Future(
                name=f"{before.name} / {name}" if before else name,
                probability=branch.probability * (before.probability if before else 1.0),
                changes={**(before.changes if before else {}), **branch.changes},
            )
            if branch.then:
                yield from self._futures(branch.then, (*at, name, "then"), whole)
            else:
                yield whole

    def _tolerance(self, entries: StudyFile, factors: tuple[Factor, ...]) -> float:
        if entries.tolerance is None or not factors:
            return 0.0
        part, unit = quantity(entries.tolerance), factors[0].unit
        if part is None or part[1] != unit or part[0] <= 0.0:
            self._add(("tolerance",), f"'{entries.tolerance}' is no tolerance.", f"Write it in {unit or 'a number'}.")
            return 0.0
        return part[0]

    def _base(self, entries: StudyFile) -> tuple[Base, Scenario]:
        """Read the scenario as it is in every run; its own problems are told as those of any scenario."""
        target = self.path.parent / entries.scenario
        if not target.is_file():
            near = [other.name for other in target.parent.glob("*.yaml")] if target.parent.is_dir() else []
            found = f"There is no scenario '{entries.scenario}'."
            looked = f"It was looked for as {target}."
            self._add(("scenario",), found, looked, suggestion(target.name, near) if near else "")
            self._stop_at_problems()
        _, overrides = split(entries.changes)
        try:
            scenario = load(target, variant=entries.variant, overrides=overrides, **self.permissions)
        except ScenarioError as error:
            raise ScenarioError(self._translated(error, {"changes": entries.changes}) or error.problems) from None
        base = Base.of(scenario, target, overrides=overrides, **self.permissions)
        return base, scenario

    def _probed(self, study: Study, entries: StudyFile, scenario: Scenario) -> Base:
        """Read the scenario with its changes; gives the base with every file that any of them reads."""
        files = {}
        written: dict[str, Mapping[str, Any]] = {"changes": entries.changes}
        for place, changes in _probes(study):
            variant, overrides = split({**entries.changes, **changes}, entries.variant)
            try:
                probe = load(
                    self.path.parent / entries.scenario, variant=variant, overrides=overrides, **self.permissions
                )
                files.update(files_of(probe, self.path.parent / entries.scenario))
            except ScenarioError as error:
                for problem in self._translated(error, {**written, place: changes}):
                    if problem not in self.problems:
                        self.problems.append(problem)
        self._stop_at_problems()
        return study.base.with_files(files)

    def _translated(self, error: ScenarioError, written: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Tell problems that come from changes with the line of the study where the change stands."""
        told = []
        for problem in error.problems:
            subject = problem.subject.partition("=")[0]
            at = next((at for place, keys in written.items() if (at := self._line_of(subject, place, keys))), None)
            told.append(problem if at is None else replace(problem, where=self.tree.place(at) or Place(self.shown)))
        return told

    def _line_of(self, subject: str, place: str, keys: Mapping[str, Any]) -> Path_ | None:
        """Find the entry of the study that a problem's subject was changed by."""
        for key in keys:
            if subject == key or subject.startswith(f"{key}.") or key.startswith(f"{subject}."):
                return next((path for path in self.tree.origins if path[:1] == (place,) and path[-1] == key), (place,))
        return None

    def _check_series(self, study: Study) -> None:
        for number, name in enumerate(study.series):
            if name not in SERIES:
                self._add(("series", str(number)), f"There are no series '{name}'.", "", suggestion(name, SERIES))

    def _add(self, at: Path_, found: str, needed: str = "", way_out: str = "") -> None:
        where = self.tree.place(at) if at else Place(self.shown)
        sentence = found[:1].upper() + found[1:]
        self.problems.append(Problem(where, ".".join(at), sentence, needed, way_out))

    def _stop_at_problems(self) -> None:
        if self.problems:
            raise ScenarioError(self.problems)


def stated(scenario: Scenario, taken: Collection[str] = ()) -> Iterator[Factor]:
    """Make a factor of every figure that states a low and a high in its own unit, with its source and confidence."""
    for one in scenario.assumptions:
        parts = [quantity(one.low), quantity(one.high)]
        if one.path in taken or None in parts or parts[0] == parts[1]:
            continue
        vary = Vary.model_validate({"from": one.low, "to": one.high, "label": _labelled(one.path, scenario)})
        try:
            factor = factor_of(one.path, vary)
        except ValueError:
            continue
        yield replace(factor, source=one.source, confidence=one.confidence)


def _labelled(path: str, scenario: Scenario) -> str:
    """Name a figure of the scenario for readers: whose it is, and what."""
    section, *rest = path.split(".")
    named: Any = {**scenario.networks, **scenario.components, **scenario.fuels}.get(rest[0]) if len(rest) > 1 else None
    whose = getattr(named, "title", "") or getattr(named, "label", "") or (rest[0] if len(rest) > 1 else section)
    what = ", ".join(rest[1:] if len(rest) > 1 else rest)
    return f"{whose}: {what}".replace("_", " ")


SERIES = ("flow", "level", "price", "loss", "level_flow")
"""Arrays of the results that can be kept of every run."""


def _probes(study: Study) -> Iterator[tuple[str, Changes]]:
    """Choose changed scenarios in which every value that is written down occurs, as few as that needs."""
    lists = [factor.ends() if factor.is_range else factor.grid() for factor in study.factors]
    if not study.rows:
        # The first values of all factors together, then the second ones ...
        for choices in list(zip_longest(*lists))[:MOST_PROBES]:
            joined: dict[str, Any] = {}
            for choice in choices:
                joined.update(choice.changes if choice is not None else {})
            yield "vary", joined
    for row in study.rows[:MOST_PROBES]:
        yield "table", row.changes
    for changes in study.decisions.values():
        yield "decisions", changes
    for future in study.futures[:MOST_PROBES]:
        yield "futures", future.changes
