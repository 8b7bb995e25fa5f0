"""SMHI's open data as it answers: two periods of a station in one series, and stations that are not there."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from energysim.errors import DownloadError, SeriesError
from energysim.readers.imported import Asked, NothingThereError
from energysim.readers.services.smhi import observations
from energysim.readers.services.web import Web
from tests.readers.conftest import utc
from tests.readers.services.conftest import Question, Reply, Service

HEAD = (
    "\ufeffStationsnamn;Stationsnummer;Stationsnät;Mäthöjd (meter över marken)\n"
    "Luleå-Kallax Flygplats;162860;SMHIs stationsnät;2.0\n\nParameternamn;Beskrivning;Enhet\n"
    "Lufttemperatur;momentanvärde, 1 gång/tim;celsius\n\n"
    "Tidsperiod (fr.o.m);Tidsperiod (t.o.m);Höjd (meter över havet);Latitud (decimalgrader);Longitud (decimalgrader)\n"
    "1944-09-01 00:00:00;2026-11-25 07:00:00;19.4;65.5436;22.1218\n\n"
    "Datum;Tid (UTC);Lufttemperatur;Kvalitet;;Tidsutsnitt:\n"
)
STATIONS = [
    {"key": "162860", "name": "Luleå-Kallax Flygplats"},
    {"key": "162870", "name": "Luleå"},
    {"key": "180940", "name": "Kiruna Flygplats"},
]


def hours(first: str, temperatures: list[str], quality: str = "G") -> str:
    stamps = np.datetime64(first, "h") + np.arange(len(temperatures))
    parted = (str(stamp).split("T") for stamp in stamps)
    rows = zip(parted, temperatures, strict=True)
    return "".join(f"{day};{hour}:00:00;{degrees};{quality};;\n" for (day, hour), degrees in rows)


ARCHIVE = HEAD + hours("2026-07-31T20", ["12.1", "11.8", "11.5", "11.0"])
LATEST = HEAD + hours("2026-07-31T22", ["11.4", "11.0", "10.7", "10.1"], "Y")


def serving(archive: str | None, latest: str | None) -> Callable[[Question], Reply]:
    texts = {"corrected-archive": archive, "latest-months": latest}

    def answer(question: Question) -> Reply:
        if question.path == "/parameter/1.json":
            return Reply(json.dumps({"key": "1", "title": "Lufttemperatur", "station": STATIONS}).encode())
        parts = question.path.split("/")
        text = texts.get(parts[6]) if parts[1:5] == ["parameter", "1", "station", "162860"] else None
        return Reply(status=404) if text is None else Reply(text.encode())

    return answer


def test_archive_and_latest_months_are_one_series(web: Web, service: Service) -> None:
    """Two hours stand in both; the archive's 11.5 is used and not the 11.4 it was before its correction."""
    service.answer = serving(ARCHIVE, LATEST)
    series, answers = observations("162860", "temperature", Asked(), web, service.address)

    assert (series.names, series.units) == (("Lufttemperatur",), ("degC",))
    assert series.stamps[0] == utc("2026-07-31T20:00")
    assert series.values[:, 0].tolist() == [12.1, 11.8, 11.5, 11.0, 10.7, 10.1]
    assert series.remarks == (
        "Station: Luleå-Kallax Flygplats 162860.",
        "2 values stand in archive and latest months; the archive's are used, 1 differ.",
        "Values from 2026-08-01 00:00 UTC on are of the latest months, not yet corrected by SMHI.",
        "Latest months: 4 values have the quality code Y: suspected, or only roughly checked.",
    )
    assert [answer.note.address for answer in answers] == [
        f"{service.address}/parameter/1/station/162860/period/{period}/data.csv"
        for period in ("corrected-archive", "latest-months")
    ]


def test_hours_between_the_periods_stay_missing(web: Web, service: Service) -> None:
    service.answer = serving(ARCHIVE, HEAD + hours("2026-08-01T02", ["9.9", "9.8"]))
    series, _ = observations("162860", "1", Asked(), web, service.address)

    assert series.gaps(0) == [(utc("2026-08-01T00:00"), 2)]


@pytest.mark.parametrize(("archive", "latest", "count"), [(ARCHIVE, None, 4), (None, LATEST, 4)])
def test_a_closed_station_and_a_new_one(
    web: Web, service: Service, archive: str | None, latest: str | None, count: int
) -> None:
    service.answer = serving(archive, latest)
    series, answers = observations("162860", "temperature", Asked(), web, service.address)

    assert len(series.stamps) == count
    assert len(answers) == 1


def test_only_the_time_asked_for_and_what_it_lacks_is_told(web: Web, service: Service) -> None:
    """A first hour of another step lies before the time asked for and does not matter."""
    service.answer = serving(
        HEAD + hours("1950-01-01T00", ["-9.0"]) + hours("2026-07-31T20", ["1.0", "2.0", "3.0"]), None
    )
    asked = Asked(since=utc("2026-07-31T21:00"), until=utc("2026-08-01T00:00"))
    series, _ = observations("162860", "temperature", asked, web, service.address)

    assert series.values[:, 0].tolist() == [2.0, 3.0]
    assert series.remarks[-1] == "Nothing is there from 2026-07-31 23:00 to 2026-08-01 00:00 UTC."


def test_monthly_and_daily_files_are_cut_by_the_day_they_are_for(web: Web, service: Service) -> None:
    """Their rows begin with the moments between which was measured, and the day follows."""
    head, _, _ = HEAD.partition("Datum;")
    rows = "".join(
        f"2023-01-{d:02d} 00:00:01;2023-01-{d + 1:02d} 00:00:00;2023-01-{d:02d};-{d}.5;G;;\n" for d in range(1, 9)
    )
    text = f"{head}Från Datum Tid (UTC);Till Datum Tid (UTC);Representativt dygn;Lufttemperatur;Kvalitet;;x\n{rows}"
    service.answer = serving(text, None)
    asked = Asked(since=utc("2023-01-03T00:00"), until=utc("2023-01-05T00:00"))
    series, _ = observations("162860", "1", asked, web, service.address)

    assert series.values[:, 0].tolist() == [-3.5, -4.5]


def test_nothing_of_the_time_asked_for(web: Web, service: Service) -> None:
    service.answer = serving(ARCHIVE, LATEST)

    with pytest.raises(
        NothingThereError, match=r"nothing lies within the time asked for\. It holds 2026-07-31 22:00 to"
    ):
        observations("162860", "temperature", Asked(since=utc("2027-01-01T00:00")), web, service.address)


def test_an_archive_that_changes_its_step_says_how_to_cut_it(web: Web, service: Service) -> None:
    """Every third hour first, as many stations did before they measured by themselves."""
    early = "".join(hours(f"2000-01-{day:02d}T{hour:02d}", ["1.0"]) for day in range(1, 6) for hour in range(0, 24, 3))
    service.answer = serving(HEAD + early + hours("2000-01-06T00", ["2.0"] * 60), None)

    with pytest.raises(SeriesError, match=r"Import the parts one by one, with  --from  and  --to \."):
        observations("162860", "temperature", Asked(), web, service.address)


@pytest.mark.parametrize(("station", "quantity", "message"), [
    ("162861", "temperature", (
        "SMHI has no temperature of a station 162861. There are 162860 (Luleå-Kallax Flygplats), 162870 (Luleå)."
    )),
    ("luleå", "temperature", (
        "SMHI calls stations by number, not 'luleå'. There are 162870 (Luleå)."
    )),
    ("kallax", "temperature", (
        "SMHI calls stations by number, not 'kallax'. There are 162860 (Luleå-Kallax Flygplats)."
    )),
    ("999", "temperature", (
        "SMHI has no temperature of a station 999. "
        "3 other stations measure it; a part of the name finds them, such as  luleå ."
    )),
    ("162860", "99", (
        "SMHI has no 99 of a station 162860. "
        "There is no parameter 99. By name: temperature, wind_speed, humidity, pressure, global_radiation."
    )),
    ("162860", "temprature", "'temprature' is none of SMHI's. Did you mean 'temperature'?"),
])  # fmt: skip
def test_what_is_not_there_is_told_with_what_is(
    web: Web, service: Service, station: str, quantity: str, message: str
) -> None:
    service.answer = serving(None, None)

    with pytest.raises(DownloadError) as caught:
        observations(station, quantity, Asked(), web, service.address)

    assert str(caught.value) == message


def test_a_file_cut_off_without_a_word_is_not_taken(web: Web, service: Service) -> None:
    """A proxy may end an answer early and call it whole; its last line has no end."""
    service.answer = serving(ARCHIVE[:-3], None)

    with pytest.raises(DownloadError, match="is not what was asked for, or not all of it"):
        observations("162860", "temperature", Asked(), web, service.address)
