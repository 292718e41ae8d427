"""Hashes of files, and the lock: what was fetched, when, and from where.

``sources.lock.toml`` has one table per file name, with ``sha256``, ``size`` (bytes), ``retrieved``
(ISO date in UTC; for a file put in place by hand, the day when it was locked), ``url`` and
``etag`` (both "" if there is none)::

    ["votes.csv"]
    sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    size = 3
    retrieved = "2024-05-01"
    url = "https://example.org/votes.csv"
    etag = ""
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from multivector.cache import Cache
from multivector.errors import DataError

LOCK = "sources.lock.toml"
BUSY = ".sources.lock.busy"  # held while the lock and the files change
SETTLED = 2.0  # seconds after its last change before a file's hash is remembered


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock says of one file."""

    sha256: str
    size: int
    retrieved: str
    url: str = ""
    etag: str = ""

    def __post_init__(self) -> None:
        """Refuse values of the wrong kind."""
        kinds = [type(getattr(self, name)) for name in self.__slots__]
        if kinds != [str, int, str, str, str] or not is_sha256(self.sha256):
            raise ValueError(f"{self} is not an entry")


def is_sha256(text: str) -> bool:
    """Return whether *text* is a SHA-256 in lower-case hexadecimal."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


def sha256_of(path: Path, memory: Cache | None = None) -> str:
    """Return the SHA-256 of a file; with *memory*, computed once for each state of the file.

    A state is a path, a size and the nanoseconds of the last changes of content and status. The
    hash of a file that changed a moment ago is not remembered, since the next change might fall
    within the resolution of the clock.
    """
    status = path.stat()
    state = repr((str(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    if memory is not None and (known := memory.get(state)):
        return known.decode()
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if memory is not None and time.time() - max(status.st_mtime, status.st_ctime) > SETTLED:
        memory.put(state, digest.encode())
    return digest


def read_lock(folder: Path) -> dict[str, Locked]:
    """Return the lock in *folder* by file name; empty if there is none.

    Raises
    ------
    DataError
        If it was edited into something that is no lock.
    """
    path = folder / LOCK
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Locked(**entry) for name, entry in table.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError) as error:
        raise DataError(
            f"The lock {path} cannot be read: {error}.",
            "It was edited or damaged.",
            "Correct it, or delete it and fetch the files again.",
        ) from error


def write_lock(folder: Path, lock: Mapping[str, Locked]) -> None:
    """Write the lock in one step, sorted by file name."""
    lines = ["# Files that multivector fetched: what came, when and from where.\n"]
    for name in sorted(lock):
        fields = asdict(lock[name]).items()
        lines += [f"\n[{_toml(name)}]\n", *(f"{key} = {_toml(value)}\n" for key, value in fields)]
    temporary = folder / f"{LOCK}.tmp"
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, folder / LOCK)


def update_lock(folder: Path, name: str, entry: Locked, partial: Path | None = None) -> None:
    """Set one entry and, with *partial*, move that file to its place under the same hold."""
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / BUSY):
        lock = read_lock(folder)
        if partial is not None:
            os.replace(partial, folder / name)
        write_lock(folder, {**lock, name: entry})


@contextmanager
def alone(path: Path) -> Generator[None, None, None]:
    """Hold the file *path* against other processes; waits, and ends with the process.

    Where the system has no such locks (Windows, some network folders) nothing is held.
    """
    with path.open("ab") as stream:
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _toml(value: str | int) -> str:
    """Return a TOML integer or basic string; those are JSON's, except that DEL is escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
