"""Comtrade with the user's key, against a server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from multivector.errors import SchemaError, Unavailable
from multivector.lock import read_lock
from multivector.settings import Settings
from multivector.sources import comtrade
from multivector.sources.comtrade import API, KEY_VARIABLE, Comtrade
from multivector.store import files_folder

HERE = Path(__file__).parent / "data" / "comtrade" / "comtrade_KAZ_2019.json"
SECRET = "0123456789abcdef"


class Server(ThreadingHTTPServer):
    body = HERE.read_bytes()
    status = 200
    asked: list[tuple[str, str | None]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Ocp-Apim-Subscription-Key"]))
        right = self.headers["Ocp-Apim-Subscription-Key"] == SECRET
        self.send_response(self.server.status if right else 401)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: Any) -> None:
        del format, args


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    monkeypatch.setattr(
        comtrade, "ADDRESS", f"http://127.0.0.1:{made.server_port}/data/v1/get/C/A/HS"
    )
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache")


EXPECTED = {
    ("KAZ", "RUS", 2019, 5_602_000_000.5, 14_065_000_000.0),
    ("KAZ", "USA", 2019, 800_000_000.0, None),
    ("KAZ", "TWN", 2019, None, 1000.0),  # 490, Other Asia n.e.s.
    ("KAZ", "UN899", 2019, 50.0, None),  # areas not specified
    ("KAZ", "CHE", 2019, 70.0, None),
}


def test_answer() -> None:
    assert set(Comtrade(reporter="KAZ", year=2019).read(API, [HERE]).rows()) == EXPECTED


def test_fetch_with_the_key_of_the_environment(server: Server, settings: Settings) -> None:
    source = Comtrade(reporter="Kazakhstan", year=2019)
    (snapshot,) = source.fetch(settings)
    assert snapshot.path.name == "comtrade_KAZ_2019.json"
    panel = source.load(source.found(settings))
    assert set(panel.frame.rows()) == EXPECTED
    assert panel.variables[0].coverage.years == (2019,)
    ((path, key),) = server.asked
    assert key == SECRET
    asked = parse_qs(urlsplit(path).query)
    assert asked["reporterCode"] == ["398"]
    assert asked["period"] == ["2019"]
    assert asked["flowCode"] == ["X,M"]
    assert asked["cmdCode"] == ["TOTAL"]


def test_the_key_is_kept_nowhere(server: Server, settings: Settings) -> None:
    Comtrade(reporter="KAZ", year=2019).fetch(settings)
    kept = b"".join(p.read_bytes() for p in settings.cache.rglob("*") if p.is_file())
    assert SECRET.encode() not in kept
    assert read_lock(files_folder(settings))["comtrade_KAZ_2019.json"].url == comtrade.ADDRESS


def test_reporters_that_comtrade_numbers_otherwise(server: Server, settings: Settings) -> None:
    with pytest.raises(SchemaError, match="KAZ 2019, not of USA 2019"):
        Comtrade(reporter="USA", year=2019).fetch(settings)  # the server answers for Kazakhstan
    server.body = server.body.replace(b'"reporterCode": 398', b'"reporterCode": 842')
    Comtrade(reporter="USA", year=2019).fetch(settings)
    assert ["reporterCode=842" in path for path, _ in server.asked] == [True, True]


def test_without_key_or_offline_nothing_is_asked(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unavailable, match="offline"):
        Comtrade().fetch(Settings(cache=settings.cache, offline=True))
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(Unavailable, match="there is no key"):
        Comtrade(year=2019).fetch(settings)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "key"), [(401, "fedcba9876543210"), (429, SECRET), (302, SECRET)]
)
def test_refusals_are_reported_without_the_key(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch, status: int, key: str
) -> None:
    server.status = status
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(Unavailable, match=f"answered {status}") as caught:
        Comtrade(year=2019).fetch(settings)
    assert key not in str(caught.value)
    assert len(server.asked) == 1


def test_no_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comtrade, "ADDRESS", "http://127.0.0.1:9/data/v1/get/C/A/HS")
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    with pytest.raises(Unavailable, match="cannot be reached") as caught:
        Comtrade(year=2019).fetch(settings)
    assert SECRET not in str(caught.value)


def test_answer_without_records_or_cut_off_is_not_kept(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in (b'{"count": 0, "data": [], "error": ""}', b"<html>", b'{"error": "busy"}'):
        server.body = body
        with pytest.raises(SchemaError, match="holds"):
            Comtrade(year=2019).fetch(settings)
    server.body = HERE.read_bytes()
    monkeypatch.setattr(comtrade, "LIMIT", len(json.loads(server.body)["data"]))
    with pytest.raises(SchemaError, match="holds 10 records"):
        Comtrade(year=2019).fetch(settings)
    assert not (files_folder(settings) / "comtrade_KAZ_2019.json").exists()


def test_answer_that_is_not_here_says_how_to_get_it(settings: Settings) -> None:
    with pytest.raises(Unavailable, match=KEY_VARIABLE):
        Comtrade(reporter="UZB", year=2020).found(settings)
