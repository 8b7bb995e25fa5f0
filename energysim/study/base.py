"""The scenario a study starts from, as one thing that can be sent anywhere and unpacked there."""

import copy
import dataclasses
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from energysim.api import Session, session_around
from energysim.errors import EnergysimError, NoPlanError, SolverError, StoppedError
from energysim.scenario import Scenario, load
from energysim.scenario.merge import apply_overrides, merged, select_variant

Changes = Mapping[str, Any]
"""Dotted keys and what they become; None takes a key out."""
VARIANT = "variant"
"""The key that names a variant of the scenario instead of a value in it."""


@dataclass(frozen=True)
class Base:
    """A scenario file with all it reads, packed; equal wherever it is unpacked."""

    packed: bytes = field(repr=False)
    """The files, compressed."""
    main: str
    """Which of them is the scenario."""
    variant: str | None = None
    overrides: tuple[str, ...] = ()
    allow_extensions: bool = False
    root: str = field(default="", compare=False)
    """Where the files came from; says nothing of what they are."""

    @classmethod
    def of(
        cls, scenario: str | Path | Scenario, path: str | Path = "", *, overrides: Iterable[str] = (), **reading: Any
    ) -> Self:
        """Read and check a scenario and pack it.

        Parameters
        ----------
        scenario : path or Scenario
            Scenario file, or what was read from it; then its path, overrides and the rest must be those it was read
            with.
        path : path, optional
            File of a scenario already read.
        overrides : iterable of str
            Changes that hold for every case, see :func:`energysim.scenario.load`.
        **reading
            ``variant``, for every case that names none; ``allow_extensions``; ``allow_outside``.

        Raises
        ------
        ScenarioError
            When the scenario is wrong.
        """
        overrides = tuple(overrides)
        if not isinstance(scenario, Scenario):
            path, scenario = scenario, load(scenario, overrides=overrides, **reading)
        allowed = bool(reading.get("allow_extensions"))
        empty = cls(b"", "", scenario.variant, overrides, allowed)
        return empty._packing(files_of(scenario, Path(path)), Path(path).resolve())

    def with_files(self, more: Mapping[Path, bytes]) -> Self:
        """Pack further files, by absolute path, that some cases read."""
        here = {Path(self.root) / name: content for name, content in _contents(self.packed).items()}
        return self._packing({**here, **more}, Path(self.root) / self.main)

    def _packing(self, files: Mapping[Path, bytes], main: Path) -> Self:
        root = Path(os.path.commonpath([file.parent for file in files]))
        named = {file.relative_to(root).as_posix(): content.hex() for file, content in sorted(files.items())}
        packed = zlib.compress(json.dumps(named).encode())
        return dataclasses.replace(self, packed=packed, main=main.relative_to(root).as_posix(), root=str(root))

    @property
    def key(self) -> str:
        """Hash of everything in it."""
        rest = (self.main, self.variant, self.overrides, self.allow_extensions)
        return hashlib.sha256(self.packed + repr(rest).encode()).hexdigest()

    @property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file in it, by name."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in _contents(self.packed).items()}

    def variant_titles(self) -> dict[str, str]:
        """Titles that variants give the scenario, by the variant's key; those that give none are left out."""
        variants = _tree(self).data.get("variants")
        given = variants.items() if isinstance(variants, dict) else ()
        return {name: str(one["scenario"]) for name, one in given if isinstance(one, dict) and "scenario" in one}

    def scenario(self, changes: Changes | None = None) -> Scenario:
        """Read the scenario of one case.

        Raises
        ------
        ScenarioError
            When the changed scenario is wrong.
        """
        variant, overrides = split(changes or {}, self.variant)
        return load(
            unpacked(self) / self.main,
            variant=variant,
            overrides=(*self.overrides, *overrides),
            allow_extensions=self.allow_extensions,
            allow_outside=True,
        )

    def case_key(self, changes: Changes, more: Iterable[str] = ()) -> str:
        """Hash of the scenario of one case: files it reads, every value after all changes, and more that counts."""
        tree = copy.deepcopy(_tree(self))
        variant, overrides = split(changes, self.variant)
        select_variant(tree, variant)
        apply_overrides(tree, (*self.overrides, *overrides))
        everything = [tree.data, _series_hash(self), self.allow_extensions, *more]
        text = json.dumps(everything, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def split(changes: Changes, variant: str | None = None) -> tuple[str | None, list[str]]:
    """Turn the changes of a case into the variant and the overrides that the scenario reader takes.

    Examples
    --------
    >>> split({"variant": "cold", "components.tank.volume": "2 GWh"})
    ('cold', ['components.tank.volume="2 GWh"'])
    """
    # JSON is YAML too, and writes every value on one line.
    overrides = [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in changes.items() if key != VARIANT]
    return changes.get(VARIANT, variant), overrides


def unpacked(base: Base) -> Path:
    """Give the folder with the files of a base, written when first asked for in a process."""
    return Path(_unpack(base.packed).name)


@contextmanager
def of_base(base: Base) -> Iterator[None]:
    """Take the folder where files were unpacked out of why a run failed: it tells a reader nothing."""
    try:
        yield
    except StoppedError:
        raise
    except EnergysimError as error:
        kind = NoPlanError if isinstance(error, NoPlanError) else SolverError
        raise kind(str(error).replace(f"{unpacked(base)}/", "")) from None


def session(base: Base) -> Session:
    """Give this process's loaded solver for cases of a base."""
    return _session(base)


@lru_cache(maxsize=4)
def _unpack(packed: bytes) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="energysim-", ignore_cleanup_errors=True)
    for name, content in _contents(packed).items():
        path = Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@lru_cache(maxsize=1)  # a loaded model is large
def _session(base: Base) -> Session:
    return session_around(one_thread(base.scenario()))


def one_thread(scenario: Scenario) -> Scenario:
    """Let the solver of one case use one core, unless the scenario says otherwise: the other cores have other cases."""
    if scenario.solver.threads:
        return scenario
    return dataclasses.replace(scenario, solver=scenario.solver.model_copy(update={"threads": 1}))


@lru_cache(maxsize=4)
def _tree(base: Base) -> Any:
    return merged(unpacked(base) / base.main, base.main, {}, may_leave=True)


@lru_cache(maxsize=4)
def _series_hash(base: Base) -> str:
    """Hash of the files that are not part of the merged tree."""
    others = {name: content for name, content in _contents(base.packed).items() if not name.endswith(_YAML)}
    return hashlib.sha256(repr(sorted(others.items())).encode()).hexdigest()


def _contents(packed: bytes) -> dict[str, bytes]:
    return {name: bytes.fromhex(content) for name, content in json.loads(zlib.decompress(packed)).items()}


_YAML = (".yaml", ".yml")


def files_of(scenario: Scenario, path: Path) -> dict[Path, bytes]:
    """Find every file that made a scenario, by absolute path."""
    folder = path.parent
    found = {}
    for name, digest in scenario.inputs.items():
        # YAML files are noted as the user would type them, series as the scenario names them.
        for file in (Path(name).resolve(), (folder / name).resolve()):
            if file.is_file() and hashlib.sha256(content := file.read_bytes()).hexdigest() == digest:
                found[file] = content
                break
    extensions = scenario.resolved.get("extensions") or []
    for name in [extensions] if isinstance(extensions, str) else extensions:
        file = (folder / str(name)).resolve()
        found[file] = file.read_bytes()
    return found
