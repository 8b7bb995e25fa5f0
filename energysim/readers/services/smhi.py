"""SMHI's open data: what a weather station has measured, without a key.

The corrected archive runs until some months ago, the latest months follow it uncorrected; both come as the files that
:mod:`energysim.readers.smhi` reads.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from energysim.errors import DownloadError, suggestion
from energysim.readers.imported import Asked, Imported, NothingThereError, imported, joined, with_absent_ends
from energysim.readers.services.cache import Answer
from energysim.readers.services.web import Web
from energysim.readers.sheet import read_sheet
from energysim.readers.smhi import read_smhi

ADDRESS = "https://opendata-download-metobs.smhi.se/api/version/1.0"
LICENCE = "CC BY 4.0, SMHI (smhi.se); the series was put into UTC columns by energysim"
QUANTITIES = {"temperature": 1, "wind_speed": 4, "humidity": 6, "pressure": 9, "global_radiation": 11}
"""SMHI's numbers of hourly parameters; any other number may be given instead."""
_PERIODS = ("corrected-archive", "latest-months")
_MOST_NAMES = 8


def observations(
    station: str, quantity: str, asked: Asked, web: Web, address: str = ADDRESS
) -> tuple[Imported, list[Answer]]:
    """Fetch what a station has measured, archive and latest months in one.

    Parameters
    ----------
    station : str
        Number of the station, such as 162860.
    quantity : str
        One of ``QUANTITIES``, or the number of a parameter.
    asked : Asked
        From when until when.
    web : Web
        How to ask, and where answers are kept.
    address : str, optional
        Another place that answers in the same way.

    Returns
    -------
    series : Imported
        Where both periods have an hour, the archive's value stands.
    answers : list of Answer

    Raises
    ------
    DownloadError
        For an unknown station or quantity, and for all that can go wrong on the way.
    SeriesError
        For answers that are no series.
    """
    number = str(QUANTITIES.get(quantity, quantity))
    if not number.isdigit():
        raise DownloadError(f"'{quantity}' is none of SMHI's.", "", suggestion(quantity, QUANTITIES))
    if not station.isdigit():
        raise DownloadError(
            f"SMHI calls stations by number, not '{station}'.", "", _stations(station, number, web, address)
        )
    answers = {}
    for period in _PERIODS:
        place = f"{address}/parameter/{number}/station/{station}/period/{period}/data.csv"
        answer = web.file(place, f"smhi/{station}_{number}_{period}.csv", _is_whole)
        if answer is not None:
            answers[period] = answer
    if not answers:
        raise DownloadError(
            f"SMHI has no {quantity} of a station {station}.", "", _stations(station, number, web, address)
        )
    series = _in_one({period: answer.file for period, answer in answers.items()}, asked)
    return with_absent_ends(series, asked), list(answers.values())


def _is_whole(file: Path) -> bool:
    """Whether it is a station's file down to the end of its last line."""
    data = file.read_bytes()
    return b"Kvalitet" in data and data.endswith(b"\n")


def _in_one(files: dict[str, Path], asked: Asked) -> Imported:
    parts: dict[str, Imported] = {}
    outside = None
    for period, file in files.items():
        try:
            sheet = read_sheet(file)
            parts[period] = imported(sheet, read_smhi(sheet, asked), asked)
        except NothingThereError as error:
            outside = error
    if not parts:
        assert outside is not None
        raise outside
    archive, latest = (parts.get(period) for period in _PERIODS)
    if archive is not None and latest is not None:
        after, remark = _after(archive, latest)
        later = (f"Latest months: {one}" for one in latest.remarks if one not in archive.remarks)
        remarks = (*archive.remarks, *remark, *later)
        return archive if after is None else replace(joined([archive, after]), remarks=remarks)
    return next(iter(parts.values()))


def _after(archive: Imported, latest: Imported) -> tuple[Imported | None, list[str]]:
    """Latest months without what the archive has; tells how many hours that are, and how many were corrected since."""
    is_after = latest.stamps > archive.stamps[-1]
    both = np.intersect1d(archive.stamps, latest.stamps[~is_after], return_indices=True)
    old, new = archive.values[both[1]], latest.values[both[2]]
    remark = []
    if len(both[0]):
        changed = int((~np.isclose(old, new, equal_nan=True)).any(axis=1).sum())
        remark = [
            f"{len(both[0])} values stand in archive and latest months; the archive's are used, {changed} differ."
        ]
    if not is_after.any():
        return None, remark
    first = str(latest.stamps[is_after][0]).replace("T", " ")
    remark.append(f"Values from {first} UTC on are of the latest months, not yet corrected by SMHI.")
    return replace(latest, stamps=latest.stamps[is_after], values=latest.values[is_after]), remark


def _stations(wanted: str, number: str, web: Web, address: str) -> str:
    """Name stations that measure this and are called so, or near so."""
    if web.manner.is_offline:
        return "Leave out  --offline , to be told which there are."
    tree = web.tree(f"{address}/parameter/{number}.json")
    if tree is None:
        return f"There is no parameter {number}. By name: {', '.join(QUANTITIES)}."
    stations = {str(one.get("key", "")): str(one.get("name", "")) for one in _listed(tree)}
    near = [key for key, name in stations.items() if wanted.lower() in (key, *name.lower().split(), name.lower())]
    near = near or [
        key for key, name in stations.items() if wanted.lower() in name.lower() or key.startswith(wanted[:4])
    ]
    if not near:
        return f"{len(stations)} other stations measure it; a part of the name finds them, such as  luleå ."
    shown = [f"{key} ({stations[key]})" for key in near[:_MOST_NAMES]]
    return f"There are {', '.join(shown)}{' and more' if len(near) > _MOST_NAMES else ''}."


def _listed(tree: Any) -> list[dict[str, Any]]:
    stations = tree.get("station", []) if isinstance(tree, dict) else []
    return [one for one in stations if isinstance(one, dict)]
