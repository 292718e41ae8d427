"""The store, against a server on this machine that misbehaves as real ones do."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import download, lock
from multivector.download import DownloadError, onward
from multivector.errors import (
    ChecksumMismatch,
    DataError,
    InputError,
    Problems,
    Shrunk,
    Unavailable,
)
from multivector.lock import LOCK, Locked, read_lock, update_lock, write_lock
from multivector.settings import Settings
from multivector.store import File, Snapshot, fetch, files_folder, find

BODY = b"year,value\n" + b"".join(b"%d,%d\n" % (y, y * y) for y in range(1946, 30_000))
HALF = len(BODY) // 2 // download.CHUNK * download.CHUNK  # bytes come in chunks


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Page:
    """What the server has under one path, and how it misbehaves."""

    data: bytes = BODY
    etag: str = '"one"'
    modified: str = ""
    ranges: bool = True
    length: bool = True
    piece: int = 0  # most bytes in an answer to a range
    redirect: str = ""
    statuses: list[int] = field(default_factory=list)  # answered first, one per request
    stops: list[int] = field(default_factory=list)  # bytes of the body before the line drops
    hold: threading.Event | None = None  # keeps the line open where it would drop
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if self.statuses:
            handler.send_response(self.statuses.pop(0))
            for name, value in self.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if self.redirect:
            handler.send_response(302)
            handler.send_header("Location", self.redirect)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        asked = handler.headers
        if self.etag and asked.get("If-None-Match") == self.etag:
            handler.send_response(304)
            handler.end_headers()
            return
        start, status, last = 0, 200, 0
        current = asked.get("If-Range") in (self.etag or None, self.modified or None)
        if self.ranges and asked.get("Range") and current:
            start, status = int(asked["Range"].removeprefix("bytes=").rstrip("-")), 206
            if start >= len(self.data):
                handler.send_response(416)
                handler.send_header("Content-Range", f"bytes */{len(self.data)}")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
        handler.send_response(status)
        if status == 206:
            last = min(len(self.data), start + (self.piece or len(self.data))) - 1
            handler.send_header("Content-Range", f"bytes {start}-{last}/{len(self.data)}")
        end = last + 1 if status == 206 else len(self.data)
        if self.length:
            handler.send_header("Content-Length", str(end - start))
        for name, value in (("ETag", self.etag), ("Last-Modified", self.modified)):
            if value:
                handler.send_header(name, value)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        stop = start + self.stops.pop(0) if self.stops else end
        handler.wfile.write(self.data[start:stop])
        handler.wfile.flush()
        if stop < end and self.hold is not None:
            self.hold.wait(30)


class Site(ThreadingHTTPServer):
    """Pages by path, and a record of what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def put(self, path: str = "/votes.csv", **page: Any) -> Page:
        self.pages[path] = Page(**page)
        return self.pages[path]

    def sent(self, header: str) -> list[str | None]:
        return [headers.get(header) for _, headers in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client hangs up: tests do that on purpose."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        site.asked.append((self.path, dict(self.headers)))
        page = site.pages.get(self.path.partition("?")[0])
        if page is None:
            self.send_error(404)
        else:
            page.answer(self)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(download, "WAIT", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "drop").mkdir()
    return Settings(cache=tmp_path / "cache", data=tmp_path / "drop")


@pytest.fixture
def votes(site: Site) -> File:
    return File("votes.csv", "long", url=site.url("/votes.csv"), how="From the publisher's page.")


def kept(settings: Settings) -> list[str]:
    """Names in the fetched folder, without the lock and its helpers."""
    names = {p.name for p in files_folder(settings).iterdir()} if settings.cache.exists() else set()
    return sorted(names - {LOCK, "partial", lock.BUSY})


def partials(settings: Settings) -> list[str]:
    return sorted(p.name for p in (files_folder(settings) / "partial").glob("*[!y]"))


# The plain case


def test_fetch_keeps_locks_and_finds(site: Site, settings: Settings, votes: File) -> None:
    site.put()
    seen: list[tuple[int, int | None]] = []
    assert find(votes, settings) is None
    got = fetch(votes, settings, progress=lambda done, total: seen.append((done, total)))
    assert got.path == files_folder(settings) / "votes.csv"
    assert got.path.read_bytes() == BODY
    assert got.sha256 == sha(BODY)
    assert seen[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert find(votes, settings) == got
    table = tomllib.loads((files_folder(settings) / LOCK).read_text())
    assert table == {
        "votes.csv": {
            "sha256": sha(BODY),
            "size": len(BODY),
            "retrieved": got.retrieved,
            "url": votes.url,
            "etag": '"one"',
        }
    }
    assert time.strptime(got.retrieved, "%Y-%m-%d")
    assert partials(settings) == []


def test_an_unchanged_file_is_not_sent_again(site: Site, settings: Settings, votes: File) -> None:
    site.put()
    first = fetch(votes, settings)
    assert fetch(votes, settings) == first
    assert site.sent("If-None-Match") == [None, '"one"']


def test_a_new_release_replaces_the_old(site: Site, settings: Settings, votes: File) -> None:
    site.put()
    fetch(votes, settings)
    site.put(data=b"new", etag='"two"')
    assert fetch(votes, settings).path.read_bytes() == b"new"
    assert read_lock(files_folder(settings))["votes.csv"].sha256 == sha(b"new")


def test_a_pinned_file_that_is_here_is_not_asked_for(site: Site, settings: Settings) -> None:
    assert settings.data is not None
    (settings.data / "votes.csv").write_bytes(BODY)
    pinned = File("votes.csv", "long", url=site.url("/votes.csv"), sha256=sha(BODY))
    offline = Settings(cache=settings.cache, data=settings.data, offline=True)
    assert fetch(pinned, offline) == find(pinned, offline)
    assert site.asked == []


# Broken transfers


def test_a_broken_transfer_resumes(site: Site, settings: Settings, votes: File) -> None:
    site.put(stops=[HALF, 2 * download.CHUNK])
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == [None, f"bytes={HALF}-", f"bytes={HALF + 2 * download.CHUNK}-"]
    assert site.sent("If-Range") == [None, '"one"', '"one"']


def test_a_transfer_resumes_in_a_later_call(
    site: Site, settings: Settings, votes: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TRIES", 1)
    site.put(stops=[HALF])
    with pytest.raises(Unavailable, match=rf"1 tries failed.*{HALF} bytes read"):
        fetch(votes, settings)
    assert find(votes, settings) is None
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == [None, f"bytes={HALF}-"]


def test_the_date_of_change_serves_where_there_is_no_strong_etag(
    site: Site, settings: Settings, votes: File
) -> None:
    date = "Wed, 01 May 2024 10:00:00 GMT"
    site.put(stops=[HALF], etag='W/"weak"', modified=date)
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("If-Range") == [None, date]


@pytest.mark.parametrize("page", [{"ranges": False}, {"etag": ""}], ids=["no ranges", "no version"])
def test_a_server_that_cannot_resume_sends_all_again(
    site: Site, settings: Settings, votes: File, page: dict[str, Any]
) -> None:
    site.put(stops=[HALF], **page)
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == (
        [None, None] if page.get("etag") == "" else [None, f"bytes={HALF}-"]
    )


def test_a_server_may_answer_less_than_the_rest(
    site: Site, settings: Settings, votes: File
) -> None:
    site.put(stops=[HALF], piece=100_000)
    assert fetch(votes, settings).path.read_bytes() == BODY
    starts = [HALF, HALF + 100_000, HALF + 200_000]
    assert site.sent("Range") == [None, *(f"bytes={start}-" for start in starts)]


def test_another_version_between_tries_starts_anew(
    site: Site, settings: Settings, votes: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TRIES", 1)
    site.put(stops=[HALF])
    with pytest.raises(Unavailable):
        fetch(votes, settings)
    new = BODY[::-1]
    site.put(data=new, etag='"two"')
    assert fetch(votes, settings).path.read_bytes() == new
    assert site.sent("If-Range") == [None, '"one"']
    assert read_lock(files_folder(settings))["votes.csv"].etag == '"two"'


def test_a_server_that_ignores_if_range_cannot_splice_two_versions(
    site: Site, settings: Settings, votes: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.put(stops=[HALF])
    new = BODY[::-1]

    def change(answer: Callable[..., None], *args: Any) -> None:
        answer(page, *args)
        page.data = new
        page.etag = '"two"'

    original = Page.answer
    monkeypatch.setattr(Page, "answer", lambda self, h: change(original, _without_if_range(h)))
    assert fetch(votes, settings).path.read_bytes() == new


def _without_if_range(handler: BaseHTTPRequestHandler) -> BaseHTTPRequestHandler:
    """Answer ranges as if the condition held, as some servers do."""
    if handler.headers.get("Range"):
        page = handler.server.pages[handler.path]  # type: ignore[attr-defined]
        handler.headers.replace_header("If-Range", page.etag)
    return handler


def test_a_broken_transfer_without_length_is_noticed_in_an_archive(
    site: Site, settings: Settings
) -> None:
    packed = gzip.compress(BODY)
    site.put("/votes.csv.gz", data=packed, length=False, stops=[len(packed) // 2])
    file = File("votes.csv.gz", "long", url=site.url("/votes.csv.gz"))
    with pytest.raises(DataError, match=r"cut or damaged"):
        fetch(file, settings)
    assert gzip.decompress(fetch(file, settings).path.read_bytes()) == BODY


def test_passing_errors_are_tried_again(site: Site, settings: Settings, votes: File) -> None:
    site.put(statuses=[503, 429, 500])
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert len(site.asked) == 4


def test_waits_grow_respect_the_server_and_are_bounded(
    site: Site, settings: Settings, votes: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(download, "WAIT", 1.0)
    monkeypatch.setattr(download.time, "sleep", waits.append)
    site.put(statuses=[503] * 9)
    with pytest.raises(Unavailable, match=r"5 tries failed.*503"):
        fetch(votes, settings)
    assert waits == [1, 2, 4, 8]
    waits.clear()
    site.put(statuses=[429] * 2, headers={"Retry-After": "30"})
    fetch(votes, settings)
    assert waits == [30, 30]


def test_a_silent_server_times_out(
    site: Site, settings: Settings, votes: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TIMEOUT", (5, 0.2))
    hold = threading.Event()
    site.put(stops=[HALF], hold=hold)
    try:
        assert fetch(votes, settings).path.read_bytes() == BODY
    finally:
        hold.set()
    assert site.sent("Range") == [None, f"bytes={HALF}-"]


def test_nobody_listens(settings: Settings, site: Site) -> None:
    file = File("votes.csv", "long", url="http://127.0.0.1:9/votes.csv")
    with pytest.raises(
        Unavailable, match=r"5 tries failed.*no connection to 127\.0\.0\.1"
    ) as caught:
        fetch(file, settings)
    assert "Max retries" not in str(caught.value)


# Ctrl-C and kill


def test_ctrl_c_keeps_what_came(site: Site, settings: Settings, votes: File) -> None:
    site.put()

    def interrupt(done: int, total: int | None) -> None:
        if done > HALF:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(votes, settings, progress=interrupt)
    assert find(votes, settings) is None
    got = (files_folder(settings) / "partial" / "votes.csv").stat().st_size
    assert HALF < got < len(BODY)
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == [None, f"bytes={got}-"]


def test_ctrl_c_during_the_check_sends_nothing_twice(
    site: Site, settings: Settings, votes: File
) -> None:
    site.put()

    def interrupt(new: Path, old: Path | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(votes, settings, check=interrupt)
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == [None, f"bytes={len(BODY)}-"]
    assert read_lock(files_folder(settings))["votes.csv"].etag == '"one"'
    assert partials(settings) == []


FETCHER = """
import signal, sys
from pathlib import Path
from multivector.settings import Settings
from multivector.store import File, fetch
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
got = fetch(File("votes.csv", "long", url=sys.argv[1]), Settings(cache=Path(sys.argv[2])))
print(got.sha256, flush=True)
"""


def start_fetch(file: File, settings: Settings) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FETCHER, file.url, str(settings.cache)]
    env = {**os.environ, "NO_PROXY": "127.0.0.1"}
    return subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "nothing happened in 30 s"
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_a_stopped_process_leaves_what_came(
    site: Site, settings: Settings, votes: File, name: str
) -> None:
    hold = threading.Event()
    site.put(stops=[HALF], hold=hold)
    partial = files_folder(settings) / "partial" / "votes.csv"
    with start_fetch(votes, settings) as process:
        wait_until(lambda: partial.exists() and partial.stat().st_size == HALF)
        process.send_signal(signal.Signals[name])
        process.communicate(timeout=30)
    hold.set()
    assert process.returncode != 0
    assert kept(settings) == []
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert site.sent("Range") == [None, f"bytes={HALF}-"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_two_processes_fetch_the_same_file_once(
    site: Site, settings: Settings, votes: File
) -> None:
    hold = threading.Event()
    site.put(stops=[HALF], hold=hold)  # the first transfer breaks, then goes on
    with start_fetch(votes, settings) as first:
        wait_until(lambda: len(site.asked) == 1)
        with start_fetch(votes, settings) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "ready\n"
            time.sleep(0.5)  # it now waits for the first
            hold.set()
            outputs = [process.communicate(timeout=30) for process in (first, second)]
    assert [(p.returncode, e) for p, (_, e) in zip((first, second), outputs, strict=True)] == [
        (0, ""),
        (0, ""),
    ]
    assert [out.split()[-1] for out, _ in outputs] == [sha(BODY)] * 2
    assert site.sent("Range") == [None, f"bytes={HALF}-"]
    assert find(votes, settings) is not None


UPDATER = """
import sys
from pathlib import Path
from multivector.lock import Locked, update_lock
for n in range(40):
    update_lock(Path(sys.argv[1]), f"{sys.argv[2]}{n}", Locked("0" * 64, n, "2024-05-01"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_two_processes_writing_the_lock_lose_no_entry(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", UPDATER, str(tmp_path), letter] for letter in "ab"]
    assert [p.wait(60) for p in [subprocess.Popen(c) for c in commands]] == [0, 0]
    assert set(read_lock(tmp_path)) == {f"{letter}{n}" for letter in "ab" for n in range(40)}


# What must be refused, with the old file kept


@pytest.fixture
def old(site: Site, settings: Settings, votes: File) -> Snapshot:
    site.put()
    return fetch(votes, settings)


def assert_kept(old: Snapshot, settings: Settings) -> None:
    assert find(old.file, settings) == old
    assert old.path.read_bytes() == BODY
    assert partials(settings) == []


def test_a_wrong_checksum_is_refused(site: Site, settings: Settings) -> None:
    site.put()
    pinned = File("votes.csv", "long", url=site.url("/votes.csv"), sha256=sha(b"pinned"))
    with pytest.raises(ChecksumMismatch) as caught:
        fetch(pinned, settings)
    assert sha(BODY) in caught.value.given
    assert sha(b"pinned") in caught.value.given
    assert kept(settings) == []
    assert partials(settings) == []


def test_a_wrong_checksum_keeps_the_old_file(site: Site, settings: Settings, old: Snapshot) -> None:
    pinned = File("votes.csv", "long", url=site.url("/votes.csv"), sha256=sha(b"pinned"))
    site.put(data=b"tampered", etag='"two"')
    with pytest.raises(ChecksumMismatch, match=sha(b"tampered")):
        fetch(pinned, settings)
    assert_kept(old, settings)


def refuse_loss(new: Path, old: Path | None) -> None:
    """Compare years as a source would."""
    if old is None:
        return
    lines = ({line.split(b",")[0] for line in p.read_bytes().splitlines()} for p in (new, old))
    have, had = lines
    if lost := sorted(had - have):
        raise Shrunk(f"The new file lacks {len(lost)} years, first {lost[0].decode()}.")


def test_a_file_that_lost_a_year_is_refused(site: Site, settings: Settings, old: Snapshot) -> None:
    site.put(data=BODY.replace(b"2013,%d\n" % 2013**2, b""), etag='"two"')
    with pytest.raises(Shrunk, match="1 years, first 2013"):
        fetch(old.file, settings, check=refuse_loss)
    assert_kept(old, settings)
    more = BODY + b"30000,1\n"
    site.put(data=more, etag='"three"')
    assert fetch(old.file, settings, check=refuse_loss).sha256 == sha(more)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"\n<!DOCTYPE html><html>Log in</html>", "web page")],
    ids=["empty", "web page"],
)
def test_no_data_at_all_is_refused(
    site: Site, settings: Settings, old: Snapshot, data: bytes, why: str
) -> None:
    site.put(data=data, etag='"two"')
    with pytest.raises(DataError, match=why):
        fetch(old.file, settings)
    assert_kept(old, settings)


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.csv", BODY)
        archive.writestr("second.csv", BODY[::-1])
    return stream.getvalue()


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("suffix", [".zip", ".csv.gz"])
@pytest.mark.parametrize("kind", ["truncated", "damaged", "whole"])
def test_archives_must_be_whole(site: Site, settings: Settings, suffix: str, kind: str) -> None:
    data = zipped() if suffix == ".zip" else gzip.compress(BODY)
    data = {
        "truncated": data[: len(data) * 2 // 3],
        "damaged": flipped(data, len(data) // 3),
        "whole": data,
    }[kind]
    site.put(f"/votes{suffix}", data=data)
    file = File(f"votes{suffix}", "long", url=site.url(f"/votes{suffix}"))
    if kind == "whole":
        assert fetch(file, settings).sha256 == sha(data)
    else:
        with pytest.raises(DataError, match="damaged"):
            fetch(file, settings)
        assert kept(settings) == []


# Addresses


def test_redirects_are_followed(site: Site, settings: Settings, votes: File) -> None:
    site.put(redirect="/moved/here?a=1")
    site.put("/moved/here", redirect=site.url("/target"))
    site.put("/target", stops=[HALF])
    assert fetch(votes, settings).path.read_bytes() == BODY
    assert [path for path, _ in site.asked] == ["/votes.csv", "/moved/here?a=1", "/target"] * 2
    assert site.sent("Range")[-1] == f"bytes={HALF}-"


def test_a_redirect_loop_ends(site: Site, settings: Settings, votes: File) -> None:
    site.put(redirect="/votes.csv")
    with pytest.raises(Unavailable, match="more than 10 redirects"):
        fetch(votes, settings)
    assert len(site.asked) == 11


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/votes.csv"])
def test_a_redirect_must_stay_on_the_web(
    site: Site, settings: Settings, votes: File, target: str
) -> None:
    site.put(redirect=target)
    with pytest.raises(Unavailable, match="redirects to"):
        fetch(votes, settings)


def test_a_redirect_must_stay_secure() -> None:
    with pytest.raises(DownloadError, match="redirects to http://b/c, which is not https"):
        onward("https://a/b", "http://b/c")
    assert onward("http://a/b", "https://b/c") == "https://b/c"
    assert onward("https://a/b", "//c/d") == "https://c/d"


def test_a_missing_page_is_a_clear_error(site: Site, settings: Settings, votes: File) -> None:
    with pytest.raises(Unavailable) as caught:
        fetch(votes, settings)
    assert "404" in caught.value.given
    assert votes.url in caught.value.given
    assert "From the publisher's page." in caught.value.possible
    assert str(settings.data) in caught.value.remedy
    assert len(site.asked) == 1


def test_doi_addresses_go_through_the_repository(
    site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pooch.downloaders

    class Repository:  # stands in for pooch's DataverseRepository, which needs the network
        def __init__(self, doi: str) -> None:
            assert doi == "10.7910/DVN/LEJUQZ"

        def download_url(self, file_name: str) -> str:
            if file_name != "votes.tab":
                raise ValueError(f"File '{file_name}' not found in data archive")
            return site.url("/api/access/datafile/7")

    monkeypatch.setattr(pooch.downloaders, "doi_to_repository", lambda doi, **_: Repository(doi))
    site.put("/api/access/datafile/7")
    at = "doi:10.7910/DVN/LEJUQZ"
    got = fetch(File("votes.csv", "long", url=f"{at}/votes.tab?format=original"), settings)
    assert got.path.name == "votes.csv"
    assert [path for path, _ in site.asked] == ["/api/access/datafile/7?format=original"]
    with pytest.raises(Unavailable, match="cannot be looked up"):
        fetch(File("other.tab", "long", url=f"{at}/other.tab"), settings)


def test_offline_opens_no_connection(site: Site, settings: Settings, votes: File) -> None:
    site.put()
    offline = Settings(cache=settings.cache, offline=True)
    with pytest.raises(Unavailable) as caught:
        fetch(votes, offline)
    message = str(caught.value)
    assert "offline" in message
    assert votes.how in message
    assert votes.url in message
    assert str(files_folder(offline)) in message
    assert "MULTIVECTOR_DATA" in message
    assert site.asked == []
    fetch(votes, settings)
    with pytest.raises(Unavailable, match="stays in use"):
        fetch(votes, offline)
    assert find(votes, offline) is not None


def test_a_cache_that_cannot_be_written_is_a_clear_error(
    site: Site, votes: File, tmp_path: Path
) -> None:
    site.put()
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Unavailable, match="cannot be kept in"):
        fetch(votes, Settings(cache=tmp_path / "file"))


# Files put in place by hand


@pytest.fixture
def drop(settings: Settings) -> Path:
    assert settings.data is not None
    return settings.data


BY_HAND = File("votes.csv", "long", how="Ask the publisher.")


def test_a_dropped_file_is_found_at_any_depth(settings: Settings, drop: Path) -> None:
    deep = drop / "a" / "b" / "votes.csv"
    deep.parent.mkdir(parents=True)
    deep.write_bytes(BODY)
    assert find(BY_HAND, settings) == Snapshot(BY_HAND, deep, sha(BODY), "")
    for shallow in (drop / "c" / "votes.csv", drop / "b" / "votes.csv"):
        shallow.parent.mkdir()
        shallow.write_bytes(b"other")
    found = find(BY_HAND, settings)
    assert found is not None
    assert found.path == drop / "b" / "votes.csv"


def test_fetching_a_dropped_file_locks_it(settings: Settings, drop: Path) -> None:
    with pytest.raises(Unavailable, match="only a person"):
        fetch(BY_HAND, settings)
    (drop / "votes.csv").write_bytes(BODY)
    got = fetch(BY_HAND, settings)
    assert got.retrieved
    assert find(BY_HAND, settings) == got == fetch(BY_HAND, settings)
    (drop / "votes.csv").write_bytes(BODY[:-1])
    for use in (find, fetch):
        with pytest.raises(ChecksumMismatch, match=r"Put the original back, or delete its entry"):
            use(BY_HAND, settings)


def test_a_dropped_archive_must_be_whole(settings: Settings, drop: Path) -> None:
    (drop / "votes.zip").write_bytes(zipped()[:-40])
    with pytest.raises(DataError, match="cut or damaged"):
        fetch(File("votes.zip", "long", how="Ask the publisher."), settings)
    assert read_lock(files_folder(settings)) == {}


def test_a_dropped_file_is_held_to_the_pinned_hash(settings: Settings, drop: Path) -> None:
    (drop / "votes.csv").write_bytes(BODY)
    good = File("votes.csv", "long", how="Ask the publisher.", sha256=sha(BODY))
    bad = File("votes.csv", "long", how="Ask the publisher.", sha256=sha(b""))
    assert find(good, settings) is not None
    with pytest.raises(ChecksumMismatch) as caught:
        find(bad, settings)
    assert sha(BODY) in str(caught.value)
    assert sha(b"") in str(caught.value)


def test_the_fetched_file_comes_before_the_dropped_one(
    old: Snapshot, settings: Settings, drop: Path
) -> None:
    (drop / "votes.csv").write_bytes(b"another release")
    assert find(old.file, settings) == old
    old.path.unlink()
    with pytest.raises(ChecksumMismatch, match="locked is"):
        find(old.file, settings)


def test_a_wildcard_finds_the_last_release(site: Site, settings: Settings, drop: Path) -> None:
    for name in ("BACI_HS92_V202301.zip", "BACI_HS92_V202401b.zip", "BACI_HS92_V202401b.zip.part"):
        (drop / name).write_bytes(zipped())
    (drop / "BACI_HS99_V2099.zip").mkdir()
    file = File("BACI_HS*_V*.zip", "baci", url=site.url("/data/BACI_HS92_V202501.zip?x=1"))
    found = find(file, settings)
    assert found is not None
    assert found.path.name == "BACI_HS92_V202401b.zip"
    site.put("/data/BACI_HS92_V202501.zip", data=zipped())
    assert fetch(file, settings).path.name == "BACI_HS92_V202501.zip"
    assert find(file, settings) == fetch(file, settings)


# Tampering


def test_an_edited_file_is_detected_and_fetched_again(
    site: Site, settings: Settings, old: Snapshot
) -> None:
    before = old.path.stat()
    old.path.write_bytes(flipped(BODY, 100))
    os.utime(old.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ChecksumMismatch, match="Fetch it again"):
        find(old.file, settings)
    again = fetch(old.file, settings)
    assert (again.path, again.sha256) == (old.path, old.sha256)
    assert site.sent("If-None-Match") == [None, None]
    assert_kept(old, settings)


def test_a_tampered_lock_is_detected(settings: Settings, old: Snapshot) -> None:
    path = files_folder(settings) / LOCK
    text = path.read_text()
    path.write_text(text.replace(old.sha256, sha(b"tampered")))
    with pytest.raises(ChecksumMismatch, match=sha(b"tampered")):
        find(old.file, settings)
    path.write_text(text.replace("[", "[[", 1))
    with pytest.raises(DataError, match="cannot be read"):
        find(old.file, settings)
    path.write_text(text.replace(old.sha256, "short"))
    with pytest.raises(DataError, match="cannot be read"):
        fetch(old.file, settings)
    path.write_text(text.replace(f"size = {len(BODY)}", 'size = "large"'))
    with pytest.raises(DataError, match="cannot be read"):
        find(old.file, settings)
    path.unlink()
    found = find(old.file, settings)
    assert found is not None
    assert found.retrieved == ""


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.builds(
            Locked,
            st.binary(max_size=8).map(sha),
            st.integers(0, 2**62),
            st.dates().map(str),
            st.text(st.characters(exclude_categories=["Cs"])),
            st.text(st.characters(max_codepoint=255)),
        ),
        max_size=5,
    )
)
def test_the_lock_reads_back_as_written(tmp_path_factory: Any, entries: dict[str, Locked]) -> None:
    folder = tmp_path_factory.getbasetemp()
    write_lock(folder, entries)
    back = read_lock(folder)
    assert back == entries
    assert list(back) == sorted(entries)
    (folder / LOCK).unlink()


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_failed_lock_write_keeps_the_old_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    entry = Locked("0" * 64, 1, "2024-05-01")
    update_lock(tmp_path, "a", entry)

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, moment, interrupted)
    with pytest.raises(KeyboardInterrupt):
        update_lock(tmp_path, "b", entry)
    assert read_lock(tmp_path) == {"a": entry}


def test_the_hash_of_a_settled_file_is_computed_once(
    settings: Settings, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drop / "votes.csv").write_bytes(BODY)
    computed: list[object] = []
    original = hashlib.file_digest

    def counted(stream: Any, name: str) -> Any:
        computed.append(stream.name)
        return original(stream, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    for _ in range(2):
        find(BY_HAND, settings)
    assert len(computed) == 2  # changed a moment ago: not remembered yet
    monkeypatch.setattr(lock, "SETTLED", -1.0)
    found = [find(BY_HAND, settings) for _ in range(3)]
    assert len(computed) == 3
    assert {snapshot and snapshot.sha256 for snapshot in found} == {sha(BODY)}
    before = (drop / "votes.csv").stat()
    (drop / "votes.csv").write_bytes(BODY[::-1])  # as long, and made to look as old
    os.utime(drop / "votes.csv", ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = find(BY_HAND, settings)
    assert changed is not None
    assert changed.sha256 == sha(BODY[::-1])


# Declarations


def test_a_wrong_declaration_tells_every_problem() -> None:
    with pytest.raises(Problems) as caught:
        File("../votes*.csv", "long", url="ftp://example.org/other.csv", sha256="ABC")
    assert len(caught.value.exceptions) == 4
    with pytest.raises(InputError, match="Neither url nor how"):
        File("votes.csv", "long")
    with pytest.raises(InputError, match="no file name"):
        File("", "long", how="By post.")
