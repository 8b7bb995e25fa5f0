"""A run folder under bad conditions: full, closed or shared disks, two runs at once, kills; no plan is lost to them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from energysim.errors import OutputError
from energysim.results import RunFolder

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "scenarios" / "01_three_hours.yaml"
ENERGYSIM = [sys.executable, "-c", "from energysim.cli import main; main()"]
LIMITED = """
import resource, signal
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from energysim.cli import main
main()
"""


def write_one(folder: RunFolder) -> None:
    (folder.path / "run.json").write_text("{}", encoding="utf8")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk without room for a run."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this machine lets us mount no small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=False)


def test_a_plan_is_not_lost_to_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    done = subprocess.run(
        [*ENERGYSIM, "run", str(FIRST), "--out", str(small_disk / "out")],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(spare)},
    )  # fmt: skip
    [kept] = spare.glob("energysim-*/out")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"The run folder '{small_disk / 'out'}' cannot be written: the disk is full. The run is kept in '{kept}' "
        "instead; move it to where there is room."
    )
    assert {"results.nc", "report.html", "run.json"} <= {path.name for path in kept.iterdir()}
    assert not list(small_disk.iterdir()), "nothing half-written stays"


def test_a_limit_on_the_size_of_files_is_said(tmp_path: Path) -> None:
    """The limit holds for the spare folder too."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "run", str(FIRST), "--out", "out"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "The run folder 'out' cannot be written: File too large. Choose another with  --out DIR."
    )
    assert not list(tmp_path.glob("*out*"))
    assert not list(tmp_path.glob("energysim-*"))


def test_words_that_nobody_can_hear_end_in_a_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*ENERGYSIM, "check", str(FIRST)], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path
        )

    assert (done.returncode, done.stderr) == (1, "The output cannot be written: the disk is full.\n")


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "out") as folder:
        write_one(folder)
        with pytest.raises(OutputError, match=r"^Another process is at work on '.*out'\. Wait for it, or choose"):
            RunFolder(tmp_path / "out").__enter__()

    assert (tmp_path / "out" / "run.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_came_into_being_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    def runs() -> None:
        with RunFolder(tmp_path / "out") as folder:
            write_one(folder)
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "thesis.txt").write_text("years of work", encoding="utf8")

    with pytest.raises(OutputError, match=r"it came into being meanwhile\. The run is kept in '.*out-2'\.$"):
        runs()

    assert (tmp_path / "out" / "thesis.txt").read_text(encoding="utf8") == "years of work"
    assert (tmp_path / "out-2" / "run.json").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2"]


def test_a_folder_that_cannot_be_put_in_place_stays_beside(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    if subprocess.run(["chattr", "+i", target], capture_output=True, check=False).returncode:
        pytest.skip("this disk knows no unchangeable folders")
    try:
        with (
            pytest.raises(OutputError, match=r"not permitted\. The run is kept in '.*out-2'\.$"),
            RunFolder(target) as folder,
        ):
            write_one(folder)
    finally:
        subprocess.run(["chattr", "-i", target], check=True)

    assert (tmp_path / "out-2" / "run.json").exists()


def test_an_error_of_the_disk_is_told_with_the_folder(tmp_path: Path) -> None:
    def runs() -> None:
        with RunFolder(tmp_path / "out"):
            raise OSError(30, "Read-only file system")

    with pytest.raises(OutputError, match=r"^The run folder '.*out' cannot be written: Read-only file system\. Choose"):
        runs()


def test_a_killed_run_leaves_the_way_free(tmp_path: Path) -> None:
    """The lock falls with the process; what it had begun is swept away by the next one."""
    script = "import os, signal, sys; from energysim.results import RunFolder\n"
    script += "with RunFolder(sys.argv[1]): os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "out")], check=False)
    left = {path.name.split("-")[0] for path in tmp_path.iterdir()}
    with RunFolder(tmp_path / "out") as folder:
        write_one(folder)

    assert done.returncode == -signal.SIGKILL
    assert left == {".out.lock", ".out.partial"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_others_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    """A star in a name is a letter like another."""
    (tmp_path / ".other.partial-1").mkdir()
    with RunFolder(tmp_path / "o*") as folder:
        write_one(folder)

    assert (tmp_path / ".other.partial-1").is_dir()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_command_that_is_asked_to_end_says_so(tmp_path: Path, name: str) -> None:
    """The signal comes while the scenario is read."""
    script = (
        "import signal, energysim.cli.given as given; from energysim.cli import main\n"
        f"given.load = lambda *_, **__: signal.raise_signal(signal.{name})\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "run", str(FIRST)], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (done.returncode, done.stderr) == (3, "Stopped. Nothing was written.\n")
    assert not list(tmp_path.iterdir())


def test_screening_replaces_its_own_folder_only(tmp_path: Path) -> None:
    town = ROOT / "scenarios" / "02_one_town.yaml"
    command = [*ENERGYSIM, "screen", str(town), "--out", "out"]
    codes = [
        subprocess.run(more, capture_output=True, check=False, cwd=tmp_path).returncode
        for more in (command, command, [*command, "--force"])
    ]

    assert codes == [0, 1, 0]


def test_a_lock_of_somebody_else_is_not_taken_away(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / ".out.lock")
    with lock, pytest.raises(OutputError, match="Another process"), RunFolder(tmp_path / "out"):
        pass

    assert Path(lock.lock_file).exists()
    assert not list(tmp_path.glob(".out.partial*"))


@pytest.mark.parametrize("target", [".", "/"])
def test_a_folder_that_others_stand_in_is_refused(target: str) -> None:
    """Where everything of a user lies, or of a machine, no run can be put in its place."""
    with pytest.raises(OutputError, match=r"cannot be a run folder.*--out "):
        RunFolder(target)
