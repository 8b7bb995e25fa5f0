"""Words for terminals that cannot write every letter."""

import codecs
import io
import sys
import unicodedata

_ALIKE = {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u20ac": "EUR", "\u00d7": "x", "\u0394": "d", "\u2026": "..."}
"""What stands for letters without a plainer form of their own."""


def write_what_can_be_written() -> None:
    """Let the output of this process take the nearest letter where a terminal (Latin-1, ASCII) lacks one."""
    codecs.register_error("nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Give what to write in the place of letters that an encoding lacks, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(nearest(letter) for letter in error.object[error.start : error.end]), error.end


def nearest(letter: str) -> str:
    """Give plain letters for one.

    Examples
    --------
    >>> "".join(nearest(letter) for letter in "Luleå\u202f1\u202f200 €"), nearest("鉄")
    ('Lulea 1 200 EUR', '?')
    """
    plain = _ALIKE.get(letter) or unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain or "?"
