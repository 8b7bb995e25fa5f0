"""``energysim download``: series from the services that give them, with their origin, ready for a scenario."""

from dataclasses import dataclass
from pathlib import Path

import typer

from energysim.cli.import_series import asked_moment, show_series
from energysim.errors import DownloadError, SeriesError, suggestion
from energysim.readers.imported import Asked, Imported
from energysim.readers.services import smhi
from energysim.readers.services.cache import Answer, Cache
from energysim.readers.services.web import Manner, Web
from energysim.readers.store import Origin, refuse_target, write_series

SERVICES = ("smhi", "entsoe")


@dataclass(frozen=True)
class Wish:
    """What is wanted of whom, and where it is put."""

    service: str
    place: str
    quantity: str
    since: str | None = None
    until: str | None = None
    out: str | None = None
    force: bool = False
    address: str | None = None
    """Another address of the service."""


def download(wish: Wish, manner: Manner, cache: str | None) -> int:
    """Fetch a series, write it and its origin, and say what is missing; gives the exit code."""
    if wish.service not in SERVICES:
        raise DownloadError(f"There is no service '{wish.service}'.", "", suggestion(wish.service, SERVICES))
    if manner.is_offline and manner.is_fresh:
        raise DownloadError("--offline and --fresh say the opposite of each other.", "", "Leave out one of them.")
    since, until = asked_moment(wish.since, "--from"), asked_moment(wish.until, "--to")
    if since is not None and until is not None and until <= since:
        raise SeriesError(f"--to '{wish.until}' is not after --from '{wish.since}'.")
    target = Path(wish.out or f"{wish.service}_{wish.place}_{wish.quantity}_utc.csv".replace("/", "-"))
    refuse_target(target, (), wish.force)
    try:
        with Web(Cache(cache), manner) as web:
            series, answers, licence = _asked(wish, Asked(since=since, until=until), web)
    except KeyboardInterrupt:
        typer.echo("Stopped. What has come is kept: the same command goes on from there.", err=True)
        return 3
    origin = Origin(wish.service, [a.file for a in answers], [a.note.told() for a in answers], licence)
    beside = write_series(series, target, origin, wish.force)
    show_series(series, target, beside)
    typer.echo(f"Licence: {licence}.")
    return 0


def _asked(wish: Wish, asked: Asked, web: Web) -> tuple[Imported, list[Answer], str]:
    if wish.service == "smhi":
        return *smhi.observations(wish.place, wish.quantity, asked, web, wish.address or smhi.ADDRESS), smhi.LICENCE
    # entsoe-py brings pandas; only its users wait for it.
    from energysim.readers.services import entsoe  # noqa: PLC0415

    address = wish.address or entsoe.ADDRESS
    return *entsoe.transparency(wish.place, wish.quantity, asked, web, address), entsoe.LICENCE
