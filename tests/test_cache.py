"""The cache: what it returns is right or absent, whatever happens to its folder."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.cache import DAY, HEADER, Cache

KEY = "measure/fingerprint"
PAYLOAD = bytes(range(256)) * 20


def files(cache: Cache) -> list[Path]:
    return sorted(p for p in cache.folder.rglob("*") if p.is_file())


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@given(entries=st.dictionaries(st.text(), st.binary(max_size=2000), max_size=6))
def test_every_key_returns_its_own_bytes(entries: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        for key, data in entries.items():
            cache.put(key, data)
        assert {key: Cache(Path(folder)).get(key) for key in entries} == entries
        assert cache.size() == sum(HEADER + len(d) for d in entries.values())


@pytest.mark.parametrize(
    "key", ["", "../../escape", "a/b\\c:*?", "x" * 5000, "\udc80", "Қазақстан"]
)
def test_any_text_is_a_key_and_stays_in_the_folder(cache: Cache, key: str) -> None:
    cache.put(key, b"value")
    assert cache.get(key) == b"value"
    (path,) = files(cache)
    name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    assert path == cache.folder / name[:2] / name[2:]
    assert list(cache.folder.parent.iterdir()) == [cache.folder]


def test_unknown_key_and_absent_folder_are_absent(cache: Cache) -> None:
    assert cache.get(KEY) is None
    assert cache.size() == 0
    cache.clear()
    assert not cache.folder.exists()


def test_second_put_replaces_the_first(cache: Cache) -> None:
    cache.put(KEY, b"old")
    cache.put(KEY, PAYLOAD)
    assert cache.get(KEY) == PAYLOAD
    assert len(files(cache)) == 1


@pytest.mark.parametrize("at", [0, HEADER - 1, HEADER, HEADER + 2000, -1])
def test_an_altered_byte_in_any_region_is_detected(cache: Cache, at: int) -> None:
    cache.put(KEY, PAYLOAD)
    (path,) = files(cache)
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    assert cache.get(KEY) is None
    assert not path.exists()
    cache.put(KEY, PAYLOAD)
    assert cache.get(KEY) == PAYLOAD


@pytest.mark.parametrize("keep", [0, 1, HEADER - 1, HEADER, HEADER + 1, HEADER + len(PAYLOAD) - 1])
def test_a_cut_file_is_detected(cache: Cache, keep: int) -> None:
    cache.put(KEY, PAYLOAD)
    (path,) = files(cache)
    os.truncate(path, keep)
    assert cache.get(KEY) is None
    assert not path.exists()


def test_bytes_added_at_the_end_are_detected(cache: Cache) -> None:
    cache.put(KEY, PAYLOAD)
    (path,) = files(cache)
    path.write_bytes(path.read_bytes() + b"\0")
    assert cache.get(KEY) is None


def test_a_foreign_file_is_detected(cache: Cache) -> None:
    cache.put(KEY, PAYLOAD)
    (path,) = files(cache)
    path.write_bytes(hashlib.sha256(PAYLOAD).digest() + PAYLOAD)  # a whole file of another kind
    assert cache.get(KEY) is None


def test_an_entry_filed_under_another_key_is_detected(cache: Cache) -> None:
    cache.put(KEY, b"mine")
    (mine,) = files(cache)
    cache.put("other", b"yours")
    (other,) = set(files(cache)) - {mine}
    os.replace(mine, other)
    assert cache.get("other") is None
    assert cache.get(KEY) is None


WRITER = """
import sys
from pathlib import Path
from multivector.cache import Cache
cache, data = Cache(Path(sys.argv[1])), sys.argv[2].encode() * 200_000
for _ in range(40):
    cache.put("shared", data)
    seen = cache.get("shared")
    assert seen in (b"a" * 200_000, b"b" * 200_000), seen and len(seen)
"""


def test_two_processes_may_write_the_same_key_at_once(cache: Cache) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(cache.folder), letter])
        for letter in "ab"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert cache.get("shared") in (b"a" * 200_000, b"b" * 200_000)
    assert len(files(cache)) == 1


def test_a_folder_that_cannot_be_made_is_warned_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"not a folder")
    cache = Cache(tmp_path / "file" / "cache")
    with caplog.at_level(logging.WARNING):
        cache.put(KEY, PAYLOAD)
        cache.put(KEY, PAYLOAD)
        assert cache.get(KEY) is None
        assert cache.size() == 0
        cache.clear()
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert str(cache.folder) in caplog.text
    assert (tmp_path / "file").read_bytes() == b"not a folder"


def test_a_read_only_folder_still_reads() -> None:
    with tempfile.TemporaryDirectory() as outer:
        root = os.geteuid() == 0
        if root:  # root writes everywhere, so the test becomes an ordinary user for its duration
            os.chown(outer, 65534, 65534)
            os.seteuid(65534)
        cache = Cache(Path(outer))
        try:
            cache.put(KEY, PAYLOAD)
            folders = [cache.folder, *(p for p in cache.folder.iterdir() if p.is_dir())]
            for folder in folders:
                folder.chmod(0o555)
            cache.put(KEY, b"new")
            cache.put("another", b"new")
            assert cache.get(KEY) == PAYLOAD
            assert cache.get("another") is None
            for folder in folders:
                folder.chmod(0o755)
        finally:
            if root:
                os.seteuid(0)


FULL = """
import logging, resource, sys
from pathlib import Path
from multivector.cache import Cache
logging.basicConfig(stream=sys.stdout)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
cache = Cache(Path(sys.argv[1]))
cache.put("old", b"n" * 100_000)
cache.put("new", b"n" * 100_000)
assert cache.get("new") is None
"""


def test_a_full_disk_keeps_the_old_entry_and_goes_on(cache: Cache) -> None:
    pytest.importorskip("resource")  # a limit on file size stands in for a full disk
    cache.put("old", b"o" * 40_000)
    command = [sys.executable, "-c", FULL, str(cache.folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("WARNING") == 1
    assert cache.get("old") == b"o" * 40_000
    assert len(files(cache)) == 1


def test_ctrl_c_before_the_rename_leaves_no_entry(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(source: str, target: Path) -> None:
        assert Path(source).stat().st_size == HEADER + len(PAYLOAD)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.put(KEY, PAYLOAD)
    assert cache.get(KEY) is None
    assert files(cache) == []


def test_only_day_old_temporary_files_are_swept(cache: Cache) -> None:
    cache.put(KEY, PAYLOAD)
    fresh, stale = cache.folder / "tmp" / "tmpfresh", cache.folder / "tmp" / "tmpstale"
    for path in (fresh, stale):
        path.write_bytes(b"half")
    then = time.time() - DAY - 60
    os.utime(stale, (then, then))
    Cache(cache.folder).put("other", b"")
    assert fresh.exists()
    assert not stale.exists()
    assert cache.size() == 2 * HEADER + len(PAYLOAD)  # temporary files are no entries


def test_clear_removes_entries_and_nothing_else(cache: Cache) -> None:
    for n in range(5):
        cache.put(str(n), b"x")
    strangers = [cache.folder / "notes.txt", cache.folder / "ab" / "notes.txt"]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    cache.clear()
    assert files(cache) == sorted(strangers)
    assert cache.size() == 0
    assert cache.get("1") is None
