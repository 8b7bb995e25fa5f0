"""A service on this machine that gives what a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from energysim.readers.services.cache import Cache
from energysim.readers.services.web import Manner, Web

QUICK = Manner(attempts=3, pause=0.001, patience=4.0)


@dataclass
class Question:
    """What was asked."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


@dataclass
class Reply:
    """What is given; ``sent`` bytes of the body at most, then the connection is cut."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None


@dataclass
class Service:
    """A service and its memory."""

    answer: Callable[[Question], Reply] = field(default=lambda question: Reply(status=404))
    asked: list[Question] = field(default_factory=list)
    address: str = ""

    def tell(self, *replies: Reply) -> None:
        """Give these one after the other, the last one for ever."""
        waiting = list(replies)
        self.answer = lambda question: waiting.pop(0) if len(waiting) > 1 else waiting[0]


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            question = Question(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
            told.asked.append(question)
            reply = told.answer(question)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the asker may have given up
                self.wfile.write(reply.body if reply.sent is None else reply.body[: reply.sent])

        def log_message(self, *words: Any) -> None:
            del words

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """Asks without long pauses, and keeps answers in a folder of the test."""
    with Web(Cache(tmp_path / "cache"), QUICK) as asking:
        yield asking
