"""ENTSO-E's web interface as it answers, asked through entsoe-py with a key that must show up nowhere."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import DownloadError, SeriesError
from energysim.readers.imported import Asked, Imported
from energysim.readers.services.entsoe import KEY, transparency
from energysim.readers.services.web import Web
from tests.readers.conftest import utc
from tests.readers.services.conftest import QUICK, Question, Reply, Service

SECRET = "0b1d-secret-of-the-user"
SE1 = "10Y1001A1001A44P"
JANUARY = Asked(since=utc("2023-01-01T00:00"), until=utc("2023-02-01T00:00"))
Day = tuple[np.datetime64, list[float | None]]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)


def document(series: str, kind: str = "Publication") -> Reply:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind}_MarketDocument '
        'xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">\n<mRID>64e2af3a</mRID>\n'
        f"<createdDateTime>2023-02-10T08:00:00Z</createdDateTime>\n{series}</{kind}_MarketDocument>\n"
    )
    return Reply(text.encode(), headers={"Content-Type": "application/xml"})


def refusal(text: str, status: int = 400) -> Reply:
    reply = document(f"<Reason><code>999</code><text>{text}</text></Reason>\n", "Acknowledgement")
    return replace(reply, status=status)


NOTHING = refusal("No matching data found for Data item DAY_AHEAD_PRICES [12.1.D]", 200)


def points(values: list[float | None], of: str) -> str:
    return "".join(
        f"<Point><position>{n}</position><{of}>{value}</{of}></Point>\n"
        for n, value in enumerate(values, 1)
        if value is not None
    )


def period(start: np.datetime64, values: list[float | None], of: str, step: int = 60) -> str:
    end = start + np.timedelta64(step * len(values), "m")
    return (
        f"<Period><timeInterval><start>{start}Z</start><end>{end}Z</end></timeInterval>"
        f"<resolution>PT{step}M</resolution>\n{points(values, of)}</Period>"
    )


def price_day(day: Day, curve: str = "A01", step: int = 60, currency: str = "EUR") -> str:
    return (
        "<TimeSeries><mRID>1</mRID><businessType>A62</businessType>"
        f'<in_Domain.mRID codingScheme="A01">{SE1}</in_Domain.mRID>'
        f'<out_Domain.mRID codingScheme="A01">{SE1}</out_Domain.mRID>'
        f"<currency_Unit.name>{currency}</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name>"
        f"<curveType>{curve}</curveType>\n{period(*day, 'price.amount', step)}</TimeSeries>\n"
    )


def market_days(first: str, last: str, step: int = 60) -> list[Day]:
    """Days of the market's clock in winter: from 23 to 23 UTC; each price tells its day."""
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    return [
        (day.astype("datetime64[m]") - np.timedelta64(60, "m"), [float(n)] * (1440 // step))
        for n, day in enumerate(days)
    ]


def prices(days: list[Day], **said: object) -> Callable[[Question], Reply]:
    """All days that touch the time asked for, on the first page."""

    def answer(question: Question) -> Reply:
        span = [question.params[name] for name in ("periodStart", "periodEnd")]
        start, end = (np.datetime64(f"{s[:4]}-{s[4:6]}-{s[6:8]}T{s[8:10]}:{s[10:]}") for s in span)
        touched = [day for day in days if day[0] < end and day[0] + np.timedelta64(1, "D") > start]
        if question.params["offset"] != "0" or not touched:
            return NOTHING
        return document("".join(price_day(day, **said) for day in touched))  # type: ignore[arg-type]

    return answer


def fetch(web: Web, service: Service, asked: Asked = JANUARY, quantity: str = "prices", area: str = "SE1") -> Imported:
    return transparency(area, quantity, asked, web, f"{service.address}/api")[0]


def message(web: Web, service: Service, **said: object) -> str:
    with pytest.raises((DownloadError, SeriesError)) as caught:
        fetch(web, service, **said)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_month_of_prices(web: Web, service: Service) -> None:
    """744 hours; the first belongs to the market's 1 January, which began an hour before, the last to 1 February."""
    service.answer = prices(market_days("2022-12-31", "2023-02-02"))
    series = fetch(web, service)

    assert (series.names, series.units) == (("Day-ahead Price SE1",), ("EUR/MWh",))
    assert (series.stamps[0], series.stamps[-1]) == (utc("2023-01-01T00:00"), utc("2023-01-31T23:00"))
    assert len(series.stamps) == 744
    assert series.values[[0, 22, 23, 743], 0].tolist() == [1.0, 1.0, 2.0, 32.0]
    assert {question.params["in_Domain"] for question in service.asked} == {SE1}


def test_the_key_goes_to_the_service_and_nowhere_else(
    web: Web, service: Service, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not into a file, a message, the series, or a log at its most talkative; nor when the service repeats it."""
    caplog.set_level(logging.DEBUG)
    service.answer = prices(market_days("2022-12-31", "2023-02-02"))
    told = repr(transparency("SE1", "prices", JANUARY, web, f"{service.address}/api"))
    service.tell(refusal(f"Bad question securityToken={SECRET}"))
    told += message(web, service, asked=replace(JANUARY, until=utc("2023-03-01T00:00")))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert all(question.params["securityToken"] == SECRET for question in service.asked)
    assert len(files) >= 4
    assert not [path for path in files if SECRET in path.name or SECRET.encode() in path.read_bytes()]
    assert SECRET not in told + "".join(capfd.readouterr()) + caplog.text


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key(web: Web, service: Service, status: int) -> None:
    """Asked once: another try would be refused too."""
    service.tell(Reply(b"<html><body>Unauthorized. Missing or invalid security token</body></html>", status))

    assert message(web, service) == (
        "ENTSO-E does not accept the key in ENTSOE_API_KEY. "
        "Copy it again from your account at transparency.entsoe.eu; access must have been granted there."
    )
    assert len(service.asked) == 1


def test_without_a_key_nobody_is_asked(web: Web, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, " ")

    assert message(web, service) == (
        "ENTSO-E wants a key of your own, and the environment variable ENTSOE_API_KEY is empty. "
        "Register at transparency.entsoe.eu, ask for access to the web interface, and say  export ENTSOE_API_KEY=..."
    )
    assert not service.asked


def test_twice_out_of_order_and_then_an_answer(web: Web, service: Service) -> None:
    ready, waiting = prices(market_days("2022-12-31", "2023-02-02")), [503, 503]
    service.answer = lambda question: Reply(status=waiting.pop()) if waiting else ready(question)

    assert len(fetch(web, service).stamps) == 744


def test_an_answer_that_breaks_off_is_asked_for_again(web: Web, service: Service) -> None:
    """Cut by the network, and cut before it was sent: the parser would take half a month for a month."""
    ready, cut = prices(market_days("2022-12-31", "2023-02-02")), [True, True]

    def answer(question: Question) -> Reply:
        reply = ready(question)
        if not cut:
            return reply
        cut.pop()
        half = len(reply.body) // 2
        return replace(reply, sent=half) if cut else replace(reply, body=reply.body[:half])

    service.answer = answer

    assert len(fetch(web, service).stamps) == 744
    assert len(service.asked) == 4


def test_an_answer_that_never_comes_whole(web: Web, service: Service) -> None:
    service.tell(replace(document(""), body=b"<Publication_MarketDocument><TimeSeries>"))

    assert message(web, service) == f"The answer of {service.address[7:]} broke off, 4 times. Ask again."


def test_months_that_came_are_not_asked_for_again(web: Web, service: Service) -> None:
    """February fails, and the next call goes on with it; then all is kept, and the network is not needed."""
    ready = prices(market_days("2022-12-31", "2023-03-02"))
    both = replace(JANUARY, until=utc("2023-03-01T00:00"))
    service.answer = lambda question: (
        Reply(status=500) if question.params["periodStart"] > "202301" else ready(question)
    )
    assert "out of order" in message(web, service, asked=both)
    service.answer, before = ready, len(service.asked)
    series = fetch(web, service, both)

    assert len(series.stamps) == (31 + 28) * 24
    assert "202212310000" not in {question.params["periodStart"] for question in service.asked[before:]}
    assert series.remarks[0].startswith("2 of 4 answers were kept, the oldest of ")
    web.manner, before = replace(QUICK, is_offline=True), len(service.asked)
    assert fetch(web, service, both).values.tolist() == series.values.tolist()
    assert len(service.asked) == before
    web.manner = replace(QUICK, is_fresh=True)
    fetch(web, service, both)
    assert len(service.asked) == before + 4


def test_offline_without_all_of_it(web: Web, service: Service) -> None:
    web.manner = replace(QUICK, is_offline=True)

    assert message(web, service) == "The cache does not hold all of this. Leave out  --offline."


def test_a_missing_day_stays_missing(web: Web, service: Service) -> None:
    days = market_days("2022-12-31", "2023-02-02")
    service.answer = prices(days[:10] + days[11:])
    series = fetch(web, service)

    assert series.gaps(0) == [(utc("2023-01-09T23:00"), 24)]


def test_values_left_out_because_they_repeat_are_repeated_and_that_is_told(web: Web, service: Service) -> None:
    """Curve type A03: a position that is absent has the value before it."""
    days = market_days("2022-12-31", "2023-02-02")
    days[5][1][1:] = [None] * 23
    service.answer = prices(days, curve="A03")
    series = fetch(web, service)

    assert not np.isnan(series.values).any()
    assert "Some curves leave out values that repeat (type A03)" in series.remarks[-1]


def test_prices_by_the_quarter_of_an_hour(web: Web, service: Service) -> None:
    """As since October 2025; a time over which the step changes must be asked for in two parts."""
    hourly, quarterly = (
        prices(market_days("2025-08-30", "2025-09-30")),
        prices(market_days("2025-10-01", "2026-01-02", 15), step=15),
    )
    service.answer = lambda question: (hourly if question.params["periodStart"] < "202509" else quarterly)(question)
    december = Asked(since=utc("2025-12-01T00:00"), until=utc("2026-01-01T00:00"))

    assert len(fetch(web, service, december).stamps) == 31 * 96
    assert message(web, service, asked=replace(december, since=utc("2025-09-01T00:00"))) == (
        "ENTSO-E prices SE1: values come every 15 min, but 60 min apart after 2025-09-01 00:00 UTC. "
        "A series has one step. Import the parts one by one, with  --from  and  --to ."
    )


def test_a_time_the_platform_ends_in(web: Web, service: Service) -> None:
    service.answer = prices(market_days("2022-12-31", "2023-01-20"))
    series = fetch(web, service)

    assert series.remarks == ("Nothing is there from 2023-01-20 23:00 to 2023-02-01 00:00 UTC.",)


def test_nothing_at_all(web: Web, service: Service) -> None:
    service.tell(NOTHING)

    assert message(web, service) == (
        "ENTSO-E prices SE1: the platform has nothing from 2023-01-01T00:00 to 2023-02-01T00:00 UTC."
    )


def test_two_currencies_are_refused(web: Web, service: Service) -> None:
    days = market_days("2022-12-31", "2023-02-02")
    mixed = "".join(price_day(day, currency="EUR" if n else "SEK") for n, day in enumerate(days))
    service.answer = lambda question: document(mixed) if question.params["offset"] == "0" else NOTHING

    assert message(web, service) == "ENTSO-E's prices are in these currencies: EUR, SEK. A series has one unit."


def test_load(web: Web, service: Service) -> None:
    values: list[float | None] = [1200.0 + n for n in range(744)]
    text = (
        "<TimeSeries><mRID>1</mRID><businessType>A04</businessType>"
        f'<outBiddingZone_Domain.mRID codingScheme="A01">{SE1}</outBiddingZone_Domain.mRID>'
        "<quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A01</curveType>\n"
        f"{period(utc('2023-01-01T00:00'), values, 'quantity')}</TimeSeries>\n"
    )
    service.tell(document(text, "GL"))
    series = fetch(web, service, quantity="load")

    assert (series.names, series.units) == (("Actual Total Load SE1",), ("MW",))
    assert series.values[:, 0].tolist() == values


def test_generation_by_type_with_a_hole(web: Web, service: Service) -> None:
    """The biomass of one hour was never sent: it is missing and not zero."""

    def kind(code: str, values: list[float | None]) -> str:
        return (
            "<TimeSeries><mRID>1</mRID><businessType>A01</businessType>"
            f'<inBiddingZone_Domain.mRID codingScheme="A01">{SE1}</inBiddingZone_Domain.mRID>'
            "<quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A01</curveType>"
            f"<MktPSRType><psrType>{code}</psrType></MktPSRType>\n"
            f"{period(utc('2023-01-01T00:00'), values, 'quantity')}</TimeSeries>\n"
        )

    biomass: list[float | None] = [50.0] * 744
    biomass[3] = None
    service.tell(document(kind("B01", biomass) + kind("B12", [2000.0] * 744), "GL"))
    series = fetch(web, service, quantity="generation")

    assert series.names == ("Biomass - Actual Aggregated SE1", "Hydro Water Reservoir - Actual Aggregated SE1")
    assert series.gaps(0) == [(utc("2023-01-01T03:00"), 1)]
    assert series.gaps(1) == []


@pytest.mark.parametrize(("said", "told"), [
    ({"area": "SE_11"}, "ENTSO-E has no area 'SE_11'. Did you mean 'SE1'?"),
    ({"quantity": "price"}, "'price' is none of ENTSO-E's. Did you mean 'prices'?"),
    ({"asked": Asked()}, "ENTSO-E must be told from when until when. Say  --from 2023-01-01 --to 2024-01-01 ."),
])  # fmt: skip
def test_questions_that_make_no_sense(web: Web, service: Service, said: dict[str, object], told: str) -> None:
    assert message(web, service, **said) == told
    assert not service.asked


def test_an_answer_in_another_language(web: Web, service: Service) -> None:
    """Whole, but no document of prices: told, and no traceback of a parser."""
    service.tell(document("<TimeSeries><Period><start>yesterday</start></Period></TimeSeries>"))

    assert message(web, service).startswith("ENTSO-E's answer for January 2023 is not understood (")
