"""Snapshots of published files: find, fetch, resume, verify, lock.

A file is looked for in two places, the fetched folder (``cache/files``) and then the drop-in
folder (``data``), and checked in both against one hash: the pinned one, else the one in the lock.
Only `fetch` changes anything. It downloads beside the old file, verifies, and replaces the old
file in one step, so that a failure at any point leaves the old file in use. The hash of every
fetched file is kept in the lock, ``cache/files/sources.lock.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from multivector.cache import Cache
from multivector.download import (
    DownloadError,
    Progress,
    discard,
    download,
    resolve,
    why_not_whole,
)
from multivector.errors import (
    ChecksumMismatch,
    DataError,
    InputError,
    MultivectorError,
    Unavailable,
    raise_all,
)
from multivector.lock import BUSY, LOCK, Locked, alone, is_sha256, read_lock, sha256_of, update_lock
from multivector.settings import Settings

SCHEMES = ("http", "https", "doi")
Check: TypeAlias = Callable[[Path, Path | None], object]
"""Called with the new file and the old one (None if there is none that can be trusted)."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that a publisher offers.

    Parameters
    ----------
    name
        File name as published; ``*`` stands for any characters (``BACI_HS*_V*.zip``). Fetched
        files share one folder, so names are unique among all sources.
    layout
        Which reader understands it, such as "dataverse long".
    url
        Official address, http(s), or ``doi:10.7910/DVN/LEJUQZ/NAME`` for the file NAME of a data
        set in a repository; "" if only a person can get it.
    how
        One sentence that says where a person gets it.
    sha256
        Pinned hash, lower-case hexadecimal; "" to lock the file when it is first fetched.
    seen_real
        False if the reader was tested only on a file written by hand after the documentation.

    Examples
    --------
    >>> File("votes.csv", "long", url="https://example.org/votes.csv").seen_real
    True
    """

    name: str
    layout: str
    url: str = ""
    how: str = ""
    sha256: str = ""
    seen_real: bool = True

    def __post_init__(self) -> None:
        """Refuse a declaration that could never be fetched or verified."""
        name, url = self.name, self.url
        checks = [
            (not name or name[0] == "." or {"/", "\\"} & {*name}, f"{name!r} is no file name."),
            (not (url or self.how), "Neither url nor how says where the file comes from."),
            (url and urlsplit(url).scheme not in SCHEMES, f"{url!r} is not http, https or doi."),
            (
                url and not _pattern(name).fullmatch(self.published_name),
                f"The last part of {url!r} does not fit the name.",
            ),
            (
                self.sha256 and not is_sha256(self.sha256),
                f"sha256 {self.sha256!r} is not 64 lower-case hexadecimal digits.",
            ),
        ]
        problems = [InputError(what) for wrong, what in checks if wrong]
        raise_all(f"The file {name!r} is wrongly declared", problems)

    @property
    def published_name(self) -> str:
        """The name of a fetched copy: `name`, or the last part of `url` if that is a wildcard."""
        if "*" not in self.name:
            return self.name
        return unquote(urlsplit(self.url).path).rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file that is here, its SHA-256, and the ISO date in the lock ("" if it is not locked)."""

    file: File
    path: Path
    sha256: str
    retrieved: str


def files_folder(settings: Settings) -> Path:
    """Return the folder that holds fetched files and the lock."""
    return settings.cache / "files"


def find(file: File, settings: Settings) -> Snapshot | None:
    """Return the verified copy of *file*, or None if it is not here.

    The fetched folder comes first, then the drop-in folder at any depth. Of several names that
    fit a wildcard the last one counts, of several copies the one nearest to the top, then the
    first by path.

    Raises
    ------
    ChecksumMismatch
        If the copy is neither the pinned nor the locked one.
    Unavailable
        If it cannot be read.
    DataError
        If the lock cannot be read.
    """
    folder, data = files_folder(settings), settings.data
    path = _search(file.name, folder.glob("*"))
    if path is None and data is not None:
        path = _search(file.name, (p for p in data.rglob("*") if folder not in p.parents))
    if path is None:
        return None
    try:
        return _verified(file, path, settings)
    except ChecksumMismatch:
        if path.parent != folder:
            raise
        with suppress(OSError), alone(folder / BUSY):  # a fetch may be between file and lock
            return _verified(file, path, settings)
        raise


def fetch(
    file: File, settings: Settings, *, progress: Progress | None = None, check: Check | None = None
) -> Snapshot:
    """Return the newest copy of *file*, downloaded if need be, verified and locked.

    A pinned file that is here is not asked for again; any other is, and is downloaded only if
    the server has a newer one. A file without address is verified where a person put it.

    Parameters
    ----------
    progress
        Called as bytes arrive.
    check
        Compares the new file with the old one and raises to refuse it, as `Shrunk` if the new
        one lost years, states or rows.

    Raises
    ------
    Unavailable
        If the file cannot be had now; the message says where a person gets it and puts it.
    ChecksumMismatch
        If what came is not the pinned file.
    DataError
        If what came is empty or an incomplete archive, or the lock cannot be read.
    """
    try:
        old = find(file, settings)
    except ChecksumMismatch:
        if not file.url:
            raise
        old = None
    if old and file.sha256 and file.url:
        return old
    try:
        if not file.url:
            return _adopt(file, old, settings, check)
        if settings.offline:
            kept = f"; the copy {old.path} stays in use" if old else ""
            raise unavailable(file, settings, f"no connection may be opened (offline){kept}")
        return _replace(file, old, settings, progress, check)
    except DownloadError as error:
        raise unavailable(file, settings, str(error)) from error
    except OSError as error:
        why = f"it cannot be kept in {files_folder(settings)} ({error})"
        raise unavailable(file, settings, why) from error


def unavailable(file: File, settings: Settings, why: str) -> Unavailable:
    """Return the error that says why *file* is missing, where to get it and where to put it."""
    place = f"into {files_folder(settings)}, or set MULTIVECTOR_DATA to the folder that has it"
    if settings.data is not None:
        place = f"anywhere under {settings.data}"
    return Unavailable(
        f"{file.name} is not available: {why}.",
        f"{file.how} {file.url and f'Address: {file.url}'}".strip(),
        f"You can put the file, unchanged and under that name, {place}.",
    )


def _verified(file: File, path: Path, settings: Settings) -> Snapshot:
    folder = files_folder(settings)
    try:
        digest = sha256_of(path, Cache(settings.cache / "hashes"))
        entry = read_lock(folder).get(path.name)
    except OSError as error:
        raise unavailable(file, settings, f"{path} cannot be read ({error})") from error
    expected = file.sha256 or (entry.sha256 if entry else "")
    if expected and digest != expected:
        raise _mismatch(file, str(path), digest, expected, str(folder / LOCK))
    retrieved = entry.retrieved if entry and entry.sha256 == digest else ""
    return Snapshot(file, path, digest, retrieved)


def _adopt(file: File, here: Snapshot | None, settings: Settings, check: Check | None) -> Snapshot:
    """Verify and lock a file that a person put in place."""
    if here is None:
        raise unavailable(file, settings, "it is not here, and only a person can get it")
    _verify(here.path, file, None, check)
    if here.retrieved:
        return here
    entry = Locked(here.sha256, here.path.stat().st_size, _today())
    update_lock(files_folder(settings), here.path.name, entry)
    return Snapshot(file, here.path, here.sha256, entry.retrieved)


def _replace(
    file: File,
    old: Snapshot | None,
    settings: Settings,
    progress: Progress | None,
    check: Check | None,
) -> Snapshot:
    """Download, verify, and only then put the new file and its lock entry in place."""
    folder, name = files_folder(settings), file.published_name
    path, partial = folder / name, folder / "partial" / name
    partial.parent.mkdir(parents=True, exist_ok=True)
    before = read_lock(folder).get(name)
    with alone(partial.with_name(f"{name}.busy")):
        known = read_lock(folder).get(name)
        if known != before and (made := find(file, settings)):
            return made  # by another process, while this one waited
        url = resolve(file.url) if file.url.startswith("doi:") else file.url
        current = known if old and old.path == path and known and known.url == url else None
        etag = download(url, partial, etag=current.etag if current else "", progress=progress)
        if etag is None and old:
            return old
        try:
            digest = sha256_of(partial)
            if file.sha256 and digest != file.sha256:
                raise _mismatch(file, f"What {url} sent", digest, file.sha256, "")
            _verify(partial, file, old, check)
        except MultivectorError:
            discard(partial)
            raise
        entry = Locked(digest, partial.stat().st_size, _today(), url, etag or "")
        update_lock(folder, name, entry, partial)
        discard(partial)
    return Snapshot(file, path, digest, entry.retrieved)


def _verify(path: Path, file: File, old: Snapshot | None, check: Check | None) -> None:
    if why := why_not_whole(path):
        raise DataError(
            f"The new {file.name} cannot be used: {why}.",
            "Nothing was replaced.",
            "Get it again; if it stays so, tell its publisher.",
        )
    if check is not None:
        check(path, old.path if old else None)


def _mismatch(file: File, what: str, digest: str, expected: str, lock: str) -> ChecksumMismatch:
    """Return the error for bytes that are not the expected ones; *lock* is "" for a download."""
    known = "pinned" if file.sha256 else "locked"
    possible = "It was edited or damaged, or is another release."
    if not lock:
        remedy = "Nothing was replaced. Get the pinned release by hand, or update multivector"
    else:
        remedy = "Fetch it again" if file.url else "Put the original back"
        remedy += "" if file.sha256 else f", or delete its entry in {lock} to accept this copy"
    given = f"{what} has sha256 {digest}; {known} is {expected}."
    return ChecksumMismatch(given, possible, f"{remedy}.")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))))


def _search(name: str, places: Iterable[Path]) -> Path | None:
    """Return the path that counts among those whose file name fits."""
    fits = _pattern(name).fullmatch
    found = [path for path in places if fits(path.name) and path.is_file()]
    if not found:
        return None
    last = max(path.name for path in found)
    same = (path for path in found if path.name == last)
    return min(same, key=lambda path: (len(path.parts), path.as_posix()))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
