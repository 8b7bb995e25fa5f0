"""Asking a service: retried with growing pauses, gone on with where it broke off, kept, and told in plain words."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from filelock import FileLock, Timeout
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, ReadTimeoutError
from urllib3.util import Retry

from energysim.errors import DownloadError
from energysim.readers.services.cache import Answer, Cache

_PASSING = (429, 500, 502, 503, 504)
_CHUNK = 1 << 12
"""At most so much of what has come is lost when an answer breaks off. [byte]"""
_LONGEST_WAIT = 120
"""However long a service asks us to wait. [s]"""
_BROKEN = (
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ConnectionError,
    requests.exceptions.ContentDecodingError,
)


@dataclass(frozen=True)
class Manner:
    """How a service is asked."""

    attempts: int = 5
    """Further tries after the first."""
    pause: float = 1.0
    """The pause doubles from this with every try. [s]"""
    patience: float = 60.0
    """How long an answer may be silent. [s]"""
    is_offline: bool = False
    """Whether only what is kept is used."""
    is_fresh: bool = False
    """Whether what is kept is asked for again."""


@dataclass
class Web:
    """A service's answers, on disk."""

    cache: Cache
    manner: Manner = field(default_factory=Manner)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        adapter = HTTPAdapter(max_retries=self.retry())
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ending: object) -> None:
        self.session.close()

    def retry(self) -> Retry:
        """Tries and pauses; a service that says how long to wait is heard."""
        return Retry(
            total=self.manner.attempts,
            backoff_factor=self.manner.pause,
            status_forcelist=_PASSING,
            raise_on_status=False,
            retry_after_max=_LONGEST_WAIT,
        )

    def tree(self, address: str) -> Any:
        """Ask for a small JSON answer, which is not kept; None where there is none (404)."""
        with self._opened(address, {}) as response:
            if response.status_code == requests.codes.not_found:
                return None
            refuse_status(response.status_code, address)
            try:
                return response.json()
            except requests.RequestException as error:
                raise told(error, address, self.manner.patience) from None

    def text(self, address: str, params: Mapping[str, str], is_whole: Callable[[str], bool]) -> tuple[int, str]:
        """Ask for a text; gives status and text, asked for again where the text is not whole.

        Parameters
        ----------
        address : str
            Whom to ask.
        params : mapping
            What to ask; it may hold a key, and is told to nobody else.
        is_whole : callable
            Whether a text has come to its end.

        Raises
        ------
        DownloadError
            When the service cannot be reached, or never sends all of it.
        """
        retry, patience = self.retry(), self.manner.patience
        while True:
            try:
                response = self.session.get(address, params=params, timeout=(patience / 4.0, patience))
                response.encoding = "utf-8"
                if response.status_code != requests.codes.ok or is_whole(response.text):
                    return response.status_code, response.text
            except requests.exceptions.ChunkedEncodingError:
                pass
            except requests.RequestException as error:
                raise told(error, address, patience) from None
            retry = self._once_more(retry, address, "Ask again.")

    def file(self, address: str, name: str, is_whole: Callable[[Path], bool]) -> Answer | None:
        """Fetch a file, or take the one that is kept if it has not changed.

        What breaks off is gone on with from where it was, in this call or in the next.

        Parameters
        ----------
        address : str
            Where it is; without a key.
        name : str
            What it is kept as.
        is_whole : callable
            Whether a file that came is one of the kind that was asked for.

        Returns
        -------
        answer : Answer or None
            None where the service has no such thing (404).

        Raises
        ------
        DownloadError
            When the service cannot be reached, refuses, or gives something else.
        OutputError
            When the cache folder cannot be written.
        """
        kept = None if self.manner.is_fresh else self.cache.find(name, address)
        if self.manner.is_offline:
            if kept is None:
                raise DownloadError(f"The cache has no answer of {host(address)} to this.", "", "Leave out  --offline.")
            return kept
        part = self.cache.path(name + ".part")
        with self._alone(part):
            said = self._filled(address, part, kept)
            if isinstance(said, dict) and not is_whole(part):
                _drop(part)
                raise DownloadError(
                    f"What {host(address)} sent is not what was asked for, or not all of it.",
                    "",
                    "Ask again later; a page of a network that wants a login looks the same.",
                )
        if isinstance(said, dict):
            return self.cache.keep(part, name, said)
        _drop(part)
        return said

    @contextmanager
    def _alone(self, part: Path) -> Iterator[None]:
        """Keep other downloads away from a part, which is there, if only empty."""
        lock = FileLock(part.with_name(part.name + ".lock"))
        with self.cache.writing():
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise DownloadError(
                    f"'{part}' is being written by another download.", "", "Wait until it is done."
                ) from None
        try:
            with self.cache.writing():
                part.touch()
            yield
        finally:
            lock.release()

    def _filled(self, address: str, part: Path, kept: Answer | None) -> dict[str, str] | Answer | None:
        """Fill the part until it is whole.

        Gives what the service says about it; what is kept where nothing has changed; None where there is no such thing.
        """
        retry = self.retry()
        beside = part.with_name(part.name + ".json")
        while True:
            try:
                with self._opened(address, _conditions(part, beside, kept)) as response:
                    if response.status_code == requests.codes.not_modified and kept is not None:
                        return kept
                    if response.status_code == requests.codes.not_found:
                        return None
                    if not _is_other_part(response, part):
                        refuse_status(response.status_code, address)
                        return self._written(response, address, part, beside)
                with self.cache.writing():
                    part.write_bytes(b"")
            except _BROKEN:
                kept_so_far = f"{part.stat().st_size:,} bytes are kept: the same command goes on from there."
                retry = self._once_more(retry, address, kept_so_far)

    def _once_more(self, retry: Retry, address: str, way_out: str) -> Retry:
        """Wait before the next try, if there is one."""
        try:
            retry = retry.increment("GET", host(address))
        except MaxRetryError:
            found = f"The answer of {host(address)} broke off, {self.manner.attempts + 1} times."
            raise DownloadError(found, "", way_out) from None
        retry.sleep()
        return retry

    def _opened(self, address: str, headers: dict[str, str]) -> requests.Response:
        try:
            return self.session.get(
                address,
                headers={"Accept-Encoding": "identity", **headers},
                stream=True,
                timeout=(self.manner.patience / 4.0, self.manner.patience),
            )
        except requests.RequestException as error:
            raise told(error, address, self.manner.patience) from None

    def _written(self, response: requests.Response, address: str, part: Path, beside: Path) -> dict[str, str]:
        said = {
            "address": address,
            "tag": response.headers.get("ETag", ""),
            "changed": response.headers.get("Last-Modified", ""),
        }
        goes_on = response.status_code == requests.codes.partial_content
        with self.cache.writing():
            beside.write_text(json.dumps(said), encoding="utf8")
        with self.cache.writing(), part.open("ab" if goes_on else "wb") as stream:
            for chunk in response.iter_content(_CHUNK):
                stream.write(chunk)
        beside.unlink()
        return said


def refuse_status(status: int, address: str) -> None:
    """Tell what a service's refusal means.

    Raises
    ------
    DownloadError
        For any status that is no answer.
    """
    if status in (requests.codes.ok, requests.codes.partial_content):
        return
    if status in _PASSING:
        raise DownloadError(
            f"{host(address)} is out of order or overloaded (status {status}), after all tries.", "", "Ask again later."
        )
    raise DownloadError(
        f"{host(address)} refuses with status {status}.", "", "Check what is asked for, and  --address ."
    )


def told(error: Exception, address: str, patience: float) -> DownloadError:
    """Say what went wrong on the way, without the address's query: it may hold a key."""
    if isinstance(error, requests.exceptions.SSLError):
        found = f"The certificate of {host(address)} is not trusted."
        return DownloadError(found, "", "Ask your network's administrator for its certificates.")
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.Timeout) or isinstance(reason, ReadTimeoutError):
        return DownloadError(f"{host(address)} said nothing for {patience:g} s.", "", "Ask again later.")
    if isinstance(error, requests.exceptions.ProxyError):
        return DownloadError(f"The proxy to {host(address)} does not answer.", "", "Check HTTPS_PROXY.")
    if isinstance(error, requests.exceptions.ConnectionError):
        return DownloadError(
            f"{host(address)} cannot be reached: there is no network, or no such address.",
            "",
            "Check the network. What was fetched before is used with  --offline.",
        )
    if isinstance(error, requests.exceptions.JSONDecodeError):
        return DownloadError(f"{host(address)} sent something else than was asked for.", "", "Ask again later.")
    return DownloadError(
        f"'{host(address)}' cannot be asked.", "An address begins with https://.", "Check  --address ."
    )


def host(address: str) -> str:
    """Give the host of an address, for messages."""
    return urlsplit(address).netloc or address


def _conditions(part: Path, beside: Path, kept: Answer | None) -> dict[str, str]:
    """Ask for the rest of what broke off if it is still the same, else for what has changed since it was kept."""
    size = part.stat().st_size
    try:
        said = json.loads(beside.read_text(encoding="utf8")) if size else {}
    except (OSError, ValueError):
        said = {}
    # A weak mark says only that two versions mean the same, not that their bytes do.
    mark = (said.get("tag", "") if not said.get("tag", "").startswith("W/") else "") or said.get("changed", "")
    if mark:
        return {"Range": f"bytes={size}-", "If-Range": mark}
    if kept is None:
        return {}
    known = {"If-None-Match": kept.note.tag, "If-Modified-Since": kept.note.changed}
    return {name: value for name, value in known.items() if value}


def _is_other_part(response: requests.Response, part: Path) -> bool:
    """Whether the rest of a part was asked for, and what comes is not that rest."""
    size = part.stat().st_size
    if response.status_code == requests.codes.requested_range_not_satisfiable:
        return size > 0
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {size}-")
    return size > 0 and response.status_code == requests.codes.partial_content and not begins


def _drop(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".json").unlink(missing_ok=True)
