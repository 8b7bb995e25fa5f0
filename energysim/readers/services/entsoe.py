"""ENTSO-E's Transparency Platform through ``entsoe-py``, with the user's own key, which is written nowhere.

Each month is asked for by itself and kept, so that what broke off goes on with the month where it was.
"""

import hashlib
import io
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, cast
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import requests
from entsoe import EntsoePandasClient
from entsoe.exceptions import NoMatchingDataError
from entsoe.mappings import Area

from energysim.errors import DownloadError, EnergysimError, suggestion
from energysim.readers.imported import Asked, Imported, laid, with_absent_ends
from energysim.readers.services.cache import Answer
from energysim.readers.services.web import Web, refuse_status

ADDRESS = "https://web-api.tp.entsoe.eu/api"
LICENCE = "ENTSO-E Transparency Platform, terms of use; exchanges may hold rights to prices. Attribute 'ENTSO-E'"
KEY = "ENTSOE_API_KEY"
"""Environment variable with the user's key."""
QUANTITIES = ("prices", "load", "generation")
_SETTLED = np.timedelta64(5, "D")
"""How long after its end a month may still change much; until then it is asked for again."""
_TOKEN = "securityToken"
_REASON = re.compile(r"<Reason>.*?<text>(.*?)</text>", re.DOTALL)
_CURRENCY = re.compile(r"<currency_Unit\.name>(\w+)<")
_NOTHING = "No matching data found"


def transparency(
    area: str, quantity: str, asked: Asked, web: Web, address: str = ADDRESS
) -> tuple[Imported, list[Answer]]:
    """Fetch prices, load or generation of an area.

    Parameters
    ----------
    area : str
        Bidding zone or country, such as SE1, FI or NO4.
    quantity : str
        One of ``QUANTITIES``.
    asked : Asked
        From when until when; both must be said.
    web : Web
        How to ask, and where answers are kept.
    address : str, optional
        Another place that answers in the same way.

    Returns
    -------
    series : Imported
        In UTC; what the platform does not have is missing.
    answers : list of Answer

    Raises
    ------
    DownloadError
        Without a key or with a wrong one, for an unknown area, and for all that can go wrong on the way.
    SeriesError
        For answers that are no series.
    """
    if quantity not in QUANTITIES:
        raise DownloadError(f"'{quantity}' is none of ENTSO-E's.", "", suggestion(quantity, QUANTITIES))
    if asked.since is None or asked.until is None:
        raise DownloadError(
            "ENTSO-E must be told from when until when.", "", "Say  --from 2023-01-01 --to 2024-01-01 ."
        )
    asking = _Asking(web, address)
    key = os.environ.get(KEY, "").strip()
    if not key and not web.manner.is_offline:
        raise DownloadError(
            f"ENTSO-E wants a key of your own, and the environment variable {KEY} is empty.",
            "",
            f"Register at transparency.entsoe.eu, ask for access to the web interface, and say  export {KEY}=...",
        )
    client = EntsoePandasClient(api_key=key or "none", session=cast(Any, asking), retry_count=1)
    shown = f"ENTSO-E {quantity} {area}"
    frames = []
    for start, end in _months(asked.since, asked.until):
        frame = _month(client, quantity, _area(area), (start, end))
        if frame is not None:
            frames.append(frame)
    if not frames:
        raise DownloadError(f"{shown}: the platform has nothing from {asked.since} to {asked.until} UTC.")
    series = _as_series(pd.concat(frames), (shown, quantity, area), asking)
    return with_absent_ends(laid(series, asked), asked), asking.answers


def _area(name: str) -> Any:
    known = {area.name.replace("_", ""): area for area in Area}
    found = known.get(name.upper().replace("_", "").replace("-", ""))
    if found is None:
        raise DownloadError(f"ENTSO-E has no area '{name}'.", "", suggestion(name.upper(), known))
    return found


def _months(since: np.datetime64, until: np.datetime64) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Calendar months in UTC that hold the time; whole, so that the same question is asked however the time is cut."""
    first, last = since.astype("datetime64[M]"), (until - np.timedelta64(1, "m")).astype("datetime64[M]")
    edges = [pd.Timestamp(edge, tz="UTC") for edge in np.arange(first, last + 2)]
    return list(pairwise(edges))


def _month(client: EntsoePandasClient, quantity: str, area: Any, span: tuple[Any, Any]) -> "pd.DataFrame | None":
    """Values of one month with stamps in UTC; None where the platform has none."""
    ask = {
        "prices": client.query_day_ahead_prices,
        "load": client.query_load,
        "generation": client.query_generation,
    }[quantity]
    start, end = span
    try:
        with _unlogged():
            found = ask(area, start=start, end=end)
    except NoMatchingDataError:
        return None
    except EnergysimError:
        raise
    except Exception as error:
        # Whatever a parser makes of a broken answer; its text may hold the key, so it is not passed on.
        raise DownloadError(
            f"ENTSO-E's answer for {start:%B %Y} is not understood ({type(error).__name__}).",
            "",
            "Say  --fresh  to ask again.",
        ) from None
    frame = found.to_frame() if isinstance(found, pd.Series) else found
    frame.index = frame.index.tz_convert("UTC")
    return frame[(frame.index >= start) & (frame.index < end)]


def _as_series(frame: pd.DataFrame, said: tuple[str, str, str], asking: "_Asking") -> Imported:
    shown, quantity, area = said
    stamps = frame.index.tz_localize(None).to_numpy().astype("datetime64[m]")
    if quantity == "generation":
        names = tuple(f"{_generated(column)} {area}" for column in frame.columns)
    else:
        names = (f"Day-ahead Price {area}" if quantity == "prices" else f"Actual Total Load {area}",)
    units = tuple(asking.unit(quantity) for _ in names)
    return Imported(shown, names, units, stamps, frame.to_numpy(dtype=float), tuple(asking.remarks()))


def _generated(column: Any) -> str:
    """Name a column as the platform's files do."""
    kind, measure = column if isinstance(column, tuple) else (column, "Actual Aggregated")
    return f"{kind} - {measure}"


class _Asking:
    """What ``entsoe-py`` takes for a session: its questions go to our address, and their answers are kept."""

    def __init__(self, web: Web, address: str) -> None:
        self.web, self.address = web, address
        self.headers = web.session.headers
        self.answers: list[Answer] = []
        self.currencies: set[str] = set()
        self.has_repeated = False

    def get(self, url: str, params: dict[str, Any], **said: Any) -> requests.Response:
        """Answer a question of ``entsoe-py``, from the cache where it is settled.

        Raises
        ------
        NoMatchingDataError
            Of ``entsoe-py``, where the platform has nothing.
        DownloadError
            For all else that is no answer.
        """
        del url, said
        plain = {name: str(value) for name, value in sorted(params.items()) if name != _TOKEN}
        asked = f"{self.address}?{urlencode(plain)}"
        mark = hashlib.sha256(asked.encode()).hexdigest()[:16]
        name = f"entsoe/{plain['documentType']}_{plain['periodStart']}_{mark}.xml"
        answer = self._kept(name, asked, plain["periodEnd"])
        if answer is None:
            text = self._fetched(params)
            part = self.web.cache.path(name + ".part")
            with self.web.cache.writing():
                part.write_text(text, encoding="utf8")
            answer = self.web.cache.keep(part, name, {"address": asked})
        self.answers.append(answer)
        return self._response(answer.file.read_text(encoding="utf8"))

    def unit(self, quantity: str) -> str:
        """Unit of what came; prices name their currency."""
        if quantity != "prices":
            return "MW"
        if len(self.currencies) != 1:
            found = ", ".join(sorted(self.currencies)) or "none"
            raise DownloadError(f"ENTSO-E's prices are in these currencies: {found}.", "A series has one unit.")
        return f"{next(iter(self.currencies))}/MWh"

    def remarks(self) -> list[str]:
        """What a reader of the series should know about how it came."""
        old = sorted(answer.note.asked for answer in self.answers if not answer.is_new)
        told = [f"{len(old)} of {len(self.answers)} answers were kept, the oldest of {old[0]}."] if old else []
        if self.has_repeated:
            told.append("Some curves leave out values that repeat (type A03); they were repeated, as the format says.")
        return told

    def _kept(self, name: str, asked: str, end: str) -> Answer | None:
        manner = self.web.manner
        answer = None if manner.is_fresh else self.web.cache.find(name, asked)
        if manner.is_offline:
            if answer is None:
                raise DownloadError("The cache does not hold all of this.", "", "Leave out  --offline.")
            return answer
        return answer if answer is not None and _is_settled(answer, end) else None

    def _fetched(self, params: dict[str, Any]) -> str:
        status, text = self.web.text(self.address, params, _is_whole)
        text = text.replace(str(params[_TOKEN]), "***")  # should a service ever repeat it
        reason = _REASON.search(text)
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise DownloadError(
                f"ENTSO-E does not accept the key in {KEY}.",
                "",
                "Copy it again from your account at transparency.entsoe.eu; access must have been granted there.",
            )
        if reason is None or status in (429, 500, 502, 503, 504):
            refuse_status(status, self.address)
        elif _NOTHING not in reason[1]:
            raise DownloadError(f"ENTSO-E refuses: {reason[1].strip()[:300]}")
        return text

    def _response(self, text: str) -> requests.Response:
        reason = _REASON.search(text)
        if reason is not None and _NOTHING in reason[1]:
            raise NoMatchingDataError
        self.currencies |= set(_CURRENCY.findall(text))
        self.has_repeated |= "<curveType>A03" in text
        response = requests.Response()
        response.status_code = 200
        response.encoding = "utf-8"
        response.raw = io.BytesIO(text.encode("utf8"))
        return response


def _is_whole(text: str) -> bool:
    """Whether a document has come to its end: its parser would not miss what broke off."""
    return text.rstrip().endswith("_MarketDocument>")


def _is_settled(answer: Answer, end: str) -> bool:
    """Whether it was asked for long enough after the end of what it tells about."""
    told_until = np.datetime64(f"{end[:4]}-{end[4:6]}-{end[6:8]}T{end[8:10]}:{end[10:12]}")
    return bool(np.datetime64(answer.note.asked.rstrip("Z")) >= told_until + _SETTLED)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep questions, which hold the key, out of the logs that others may have turned on."""
    loggers = [logging.getLogger(name) for name in ("urllib3.connectionpool", "entsoe.entsoe", "entsoe.decorators")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was
