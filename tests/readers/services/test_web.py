"""Asking over the network: what is tried again, gone on with, kept, and how it is told when it fails."""

import json
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from energysim.errors import DownloadError, OutputError
from energysim.readers.services.cache import Cache
from energysim.readers.services.web import Web
from tests.readers.services.conftest import QUICK, Question, Reply, Service

BODY = b"".join(b"2023-01-%02d;%d\n" % (day, day) for day in range(1, 29)) * 100
CUT = 3 * 4096
MARK = {"ETag": '"one"'}


def is_whole(file: Path) -> bool:
    return file.read_bytes().endswith(b"\n")


def fetch(web: Web, service: Service) -> bytes | None:
    answer = web.file(f"{service.address}/a.csv", "smhi/a.csv", is_whole)
    return None if answer is None else answer.file.read_bytes()


def test_a_service_out_of_order_is_asked_again(web: Web, service: Service) -> None:
    """Twice 503 and then an answer: three questions, one file."""
    service.tell(Reply(status=503), Reply(status=503), Reply(BODY))

    assert fetch(web, service) == BODY
    assert len(service.asked) == 3


def test_a_service_that_stays_out_of_order_is_told(web: Web, service: Service) -> None:
    """One question and three further tries; nothing stays in the cache."""
    service.tell(Reply(status=503))

    with pytest.raises(DownloadError) as caught:
        fetch(web, service)

    assert str(caught.value) == (
        f"{service.address[7:]} is out of order or overloaded (status 503), after all tries. Ask again later."
    )
    assert len(service.asked) == 1 + QUICK.attempts
    assert web.cache.find("smhi/a.csv", f"{service.address}/a.csv") is None


def test_how_long_to_wait_is_heard(web: Web, service: Service) -> None:
    """429 with Retry-After: the second question comes no sooner."""
    service.tell(Reply(status=429, headers={"Retry-After": "0"}), Reply(BODY))

    assert fetch(web, service) == BODY


def test_what_breaks_off_is_gone_on_with(web: Web, service: Service) -> None:
    """The second question asks for the bytes that are missing, if the file is still the same."""
    service.tell(
        Reply(BODY, headers=MARK, sent=CUT),
        Reply(BODY[CUT:], 206, {**MARK, "Content-Range": f"bytes {CUT}-{len(BODY) - 1}/{len(BODY)}"}),
    )

    assert fetch(web, service) == BODY
    assert service.asked[1].headers["Range"] == f"bytes={CUT}-"
    assert service.asked[1].headers["If-Range"] == '"one"'


def test_the_next_call_goes_on_too(web: Web, service: Service) -> None:
    """What has come before everything failed is not asked for again."""
    service.tell(Reply(BODY, headers=MARK, sent=CUT))
    with pytest.raises(DownloadError, match=r"broke off, 4 times\. 12,288 bytes are kept: the same command goes on"):
        fetch(web, service)
    service.tell(Reply(BODY[CUT:], 206, {**MARK, "Content-Range": f"bytes {CUT}-{len(BODY) - 1}/{len(BODY)}"}))

    assert fetch(web, service) == BODY


@pytest.mark.parametrize("reply", [
    Reply(BODY, headers={"ETag": '"two"'}),
    Reply(BODY[500:], 206, {"ETag": '"two"', "Content-Range": f"bytes 500-{len(BODY) - 1}/{len(BODY)}"}),
    Reply(status=416),
], ids=["changed", "wrong part", "no such part"])  # fmt: skip
def test_a_part_that_does_not_fit_is_thrown_away(web: Web, service: Service, reply: Reply) -> None:
    """Old and new bytes are never mixed: after a changed file the whole of it is what is kept."""
    service.tell(Reply(BODY, headers=MARK, sent=CUT), reply, Reply(BODY, headers={"ETag": '"two"'}))

    assert fetch(web, service) == BODY


def test_without_a_mark_nothing_is_gone_on_with(web: Web, service: Service) -> None:
    service.tell(Reply(BODY, sent=CUT), Reply(BODY))

    assert fetch(web, service) == BODY
    assert "Range" not in service.asked[1].headers


def test_an_unchanged_file_is_not_sent_again(web: Web, service: Service) -> None:
    service.tell(Reply(BODY, headers=MARK), Reply(status=304))

    assert fetch(web, service) == fetch(web, service) == BODY
    assert service.asked[1].headers["If-None-Match"] == '"one"'


def test_a_kept_file_that_was_changed_by_hand_is_not_used(web: Web, service: Service) -> None:
    """Its hash no longer fits, so it is asked for without saying that it is known."""
    service.tell(Reply(BODY, headers=MARK))
    fetch(web, service)
    (web.cache.folder / "smhi" / "a.csv").write_bytes(b"mended by hand\n")

    assert fetch(web, service) == BODY
    assert "If-None-Match" not in service.asked[1].headers


def test_offline_takes_what_is_kept_and_asks_nobody(web: Web, service: Service) -> None:
    service.tell(Reply(BODY, headers=MARK))
    web.manner = replace(QUICK, is_offline=True)
    with pytest.raises(DownloadError, match=r"The cache has no answer of .* Leave out  --offline"):
        fetch(web, service)
    web.manner = QUICK
    fetch(web, service)
    web.manner = replace(QUICK, is_offline=True)

    assert fetch(web, service) == BODY
    assert len(service.asked) == 1


def test_the_note_tells_address_time_and_hash(web: Web, service: Service) -> None:
    service.tell(Reply(BODY, headers=MARK))
    fetch(web, service)
    note = json.loads((web.cache.folder / "smhi" / "a.csv.origin.json").read_text(encoding="utf8"))

    assert note["address"] == f"{service.address}/a.csv"
    assert note["asked"].endswith("Z")
    assert len(note["sha256"]) == 64


def kept(web: Web) -> list[str]:
    """Files in the cache, the locks of one process at a time apart."""
    return [path.name for path in (web.cache.folder / "smhi").iterdir() if path.suffix != ".lock"]


def test_no_such_thing_is_no_error_here(web: Web, service: Service) -> None:
    assert fetch(web, service) is None
    assert kept(web) == []


def test_something_else_than_was_asked_for(web: Web, service: Service) -> None:
    """A network that wants a login answers everything with its page."""
    service.tell(Reply(b"<html>Log in</html>"))

    with pytest.raises(DownloadError, match="is not what was asked for, or not all of it"):
        fetch(web, service)
    assert kept(web) == []


def test_nobody_there(tmp_path: Path, service: Service) -> None:
    """The port of a service that has gone."""
    with Web(Cache(tmp_path), replace(QUICK, attempts=1)) as web, pytest.raises(DownloadError) as caught:
        web.file("http://127.0.0.1:9/a.csv", "a.csv", is_whole)

    assert str(caught.value) == (
        "127.0.0.1:9 cannot be reached: there is no network, or no such address. "
        "Check the network. What was fetched before is used with  --offline."
    )


def test_an_address_that_is_none(web: Web) -> None:
    with pytest.raises(DownloadError, match=r"'smhi' cannot be asked\. An address begins with https://\."):
        web.file("smhi", "a.csv", is_whole)


def test_silence_ends(tmp_path: Path, service: Service) -> None:
    """A service that says nothing is given up after the patience, not waited for without end."""

    def silent(question: Question) -> Reply:
        time.sleep(1.0)
        return Reply(BODY)

    service.answer = silent
    with Web(Cache(tmp_path), replace(QUICK, attempts=0, patience=0.2)) as web, pytest.raises(DownloadError) as caught:
        fetch(web, service)

    assert "said nothing for 0.2 s" in str(caught.value)


def test_a_cache_that_is_no_folder(tmp_path: Path, service: Service) -> None:
    (tmp_path / "cache").write_text("a file")
    service.tell(Reply(BODY))

    with Web(Cache(tmp_path / "cache"), QUICK) as web, pytest.raises(OutputError) as caught:
        fetch(web, service)

    assert str(caught.value) == (
        f"The cache folder '{tmp_path}/cache' cannot be written: Not a directory. "
        "Choose another with  --cache FOLDER , or in the environment variable ENERGYSIM_CACHE."
    )


@pytest.fixture
def _a_small_disk() -> Iterator[None]:
    """No file may grow beyond ten thousand bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("_a_small_disk")
def test_a_disk_without_room(web: Web, service: Service) -> None:
    """The folder is named, and what does not fit is not taken for the file."""
    service.tell(Reply(BODY, headers=MARK))

    with pytest.raises(OutputError, match="cannot be written: File too large"):
        fetch(web, service)
    assert web.cache.find("smhi/a.csv", f"{service.address}/a.csv") is None


def test_the_folder_is_said_or_in_the_environment_or_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "users"))
    monkeypatch.delenv("ENERGYSIM_CACHE", raising=False)
    assert "energysim" in Cache().folder.name
    monkeypatch.setenv("ENERGYSIM_CACHE", str(tmp_path / "named"))

    assert Cache().folder == tmp_path / "named"
    assert Cache(tmp_path / "said").folder == tmp_path / "said"
