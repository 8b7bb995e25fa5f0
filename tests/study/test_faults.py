"""What happens when processes, networks, disks and people interfere: nothing finished is lost or done again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from energysim.study.engine import Ending, Task, run_tasks
from tests.study.conftest import Cluster, begin, energysim, kept, wait_for

Weeks = Callable[[int], Path]
STEPS = 24
"""Runs of the sweeps here, beside the base."""


def resumed(study: Path, before: dict[str, int]) -> None:
    """Go on, and hold the result against what was there: complete, and nothing of it written again."""
    out = study.parent / "out"
    done = energysim("study", study, "--out", out, "--workers", "2", "--resume", cwd=study.parent)
    assert done.returncode == 0, done.stderr
    after, table = kept(out), pd.read_parquet(out / "runs.parquet")

    assert {key: after[key] for key in before} == before, "finished runs are left as they are"
    assert len(table) == STEPS + 1
    assert (table.status == "done").all()
    assert table["Total cost"].notna().all()
    assert f"{STEPS + 1 - len(before)} of them computed now" in done.stdout


@pytest.mark.slow
def test_ctrl_c_lets_running_runs_end_and_the_study_goes_on(week: Weeks) -> None:
    study = week(STEPS)
    out = study.parent / "out"
    process = begin("study", study, "--out", out, "--workers", "2", cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=120)[0]
    before = kept(out)

    assert process.returncode == 3, said
    assert "--resume" in said
    assert f"{len(before)} of {STEPS + 1} runs are kept" in said
    assert 3 <= len(before) < STEPS + 1
    resumed(study, before)


@pytest.mark.slow
def test_ctrl_c_twice_leaves_at_once_and_loses_nothing_finished(week: Weeks) -> None:
    study = week(STEPS)
    out = study.parent / "out"
    process = begin("study", study, "--out", out, "--workers", "2", cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[0]

    assert process.returncode == 3, said
    assert "Traceback" not in said
    resumed(study, kept(out))


@pytest.mark.slow
def test_a_killed_study_leaves_no_half_run(week: Weeks) -> None:
    study = week(STEPS)
    out = study.parent / "out"
    process = begin("study", study, "--out", out, "--workers", "2", cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    resumed(study, kept(out))


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_its_run_done_again(week: Weeks, cluster: Cluster) -> None:
    study = week(STEPS)
    out = study.parent / "out"
    cluster.start_scheduler()
    victim, _ = cluster.start_worker(), cluster.start_worker()
    process = begin("study", study, "--out", out, "--scheduler", cluster.address, cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    before = kept(out)
    victim.kill()
    said = process.communicate(timeout=300)[0]
    after = kept(out)

    assert process.returncode == 0, said
    assert len(after) == STEPS + 1
    assert {key: after[key] for key in before} == before
    assert (pd.read_csv(out / "runs.csv").status == "done").all()


@pytest.mark.slow
def test_a_restarted_scheduler_is_found_again(week: Weeks, cluster: Cluster) -> None:
    """The workers go with it and are started anew, as a cluster's manager does."""
    study = week(STEPS)
    out = study.parent / "out"
    processes = [cluster.start_scheduler(), cluster.start_worker(), cluster.start_worker()]
    process = begin("study", study, "--out", out, "--scheduler", cluster.address, cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    for one in processes:
        one.kill()
        one.wait()
    before = kept(out)
    cluster.start_scheduler()
    cluster.start_worker()
    said = process.communicate(timeout=300)[0]
    after = kept(out)

    assert process.returncode == 0, said
    assert len(after) == STEPS + 1
    assert {key: after[key] for key in before} == before


@pytest.mark.slow
def test_a_scheduler_lost_for_good_stops_the_study_in_order(week: Weeks, cluster: Cluster) -> None:
    study = week(STEPS)
    out = study.parent / "out"
    processes = [cluster.start_scheduler(), cluster.start_worker()]
    process = begin("study", study, "--out", out, "--scheduler", cluster.address, cwd=study.parent)
    wait_for(lambda: len(kept(out)) >= 3, process)
    for one in processes:
        one.kill()
        one.wait()
    said = process.communicate(timeout=300)[0]

    assert process.returncode == 3, said
    assert "The scheduler was lost" in said
    assert "--resume" in said
    resumed(study, kept(out))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a few runs."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this machine lets us mount no small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=False)


@pytest.mark.slow
def test_a_full_disk_stops_the_study_and_the_rest_is_done_when_there_is_room(week: Weeks, small_disk: Path) -> None:
    study = week(STEPS)
    out = small_disk / "out"
    (study.parent / "out").symlink_to(out)
    done = energysim("study", study, "--out", out, "--workers", "2", cwd=study.parent)
    before = kept(out)

    assert done.returncode == 3, done.stdout + done.stderr
    assert "is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert 1 <= len(before) < STEPS + 1
    subprocess.run(["mount", "-o", "remount,size=40m", small_disk], check=True)
    resumed(study, before)


@pytest.mark.slow
def test_a_run_that_kills_its_workers_is_a_failed_run_and_tried_again_later() -> None:
    """A process that ends without a word, three times over, does not take the others with it."""
    outcomes = run_tasks([Task(abs, (-1,)), Task(os._exit, (1,)), Task(abs, (-3,))], workers=2)

    assert [outcome.ending for outcome in outcomes] == [Ending.DONE, Ending.LOST, Ending.DONE]
    assert [outcome.value for outcome in outcomes] == [1, None, 3]
    assert "workers died" in outcomes[1].reason
