"""One file over HTTP: resume, redirects, retries, completeness.

Knows nothing of sources or locks: it turns an address into a whole file beside the old one, or
says why it could not. A transfer that stops leaves its bytes; the next one asks only for the rest,
on condition that the server still has the same version (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import zipfile
import zlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from requests import Response, Session

Progress: TypeAlias = Callable[[int, int | None], object]
"""Called with the bytes here so far and in all (None if the server does not say)."""

TRIES = 5
WAIT = 1.0  # seconds before the second try; doubles with each further one
LONGEST_WAIT = 60.0  # seconds
TIMEOUT = (15.0, 60.0)  # seconds to connect, seconds without a byte
REDIRECTS = 10
CHUNK = 1 << 14  # bytes; at most so many are lost when a line drops
PASSING = (408, 425, 429, 500, 502, 503, 504)  # HTTP statuses worth another try


class DownloadError(Exception):
    """A transfer that cannot succeed as asked; the message says why."""


class _PassingError(Exception):
    """A failure that another try may mend."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


def download(
    url: str, partial: Path, *, etag: str = "", progress: Progress | None = None
) -> str | None:
    """Bring the file at *url* to *partial* and return its ETag ("" if it has none).

    Parameters
    ----------
    url
        Address, http or https.
    partial
        Where the bytes go. What an earlier transfer left there is continued; a small note beside
        it (``partial`` + ".note") remembers which version those bytes belong to.
    etag
        ETag of the version that the caller has; None is returned if it is still the current one.
    progress
        Called as bytes arrive.

    Raises
    ------
    DownloadError
        If the server refuses, or still fails at the last of five tries.
    """
    import requests

    with requests.Session() as session:
        session.headers["User-Agent"] = f"multivector/{version('multivector')}"
        session.headers["Accept-Encoding"] = "identity"
        for tries in range(1, TRIES + 1):
            try:
                return _transfer(session, url, partial, etag, progress)
            except requests.exceptions.SSLError as error:
                raise DownloadError(f"no secure connection to {url} ({error})") from error
            except (
                _PassingError,
                requests.ConnectionError,
                requests.Timeout,
                requests.exceptions.ChunkedEncodingError,
            ) as error:
                if tries == TRIES:
                    text = f"{TRIES} tries failed, the last with: {_said(error)}"
                    raise DownloadError(text) from error
                asked = error.wait if isinstance(error, _PassingError) else 0.0
                time.sleep(min(max(asked, WAIT * 2 ** (tries - 1)), LONGEST_WAIT))
            except requests.RequestException as error:
                raise DownloadError(f"{url} cannot be asked for ({error})") from error
    raise AssertionError("unreachable")


def resolve(doi: str) -> str:
    """Return the http address of ``doi:PREFIX/DATASET/NAME``, the file NAME of a data set.

    The repository (Dataverse, Zenodo, figshare) is asked through pooch and answers for the latest
    version of the data set. What follows a ``?`` is passed on: ``NAME.tab?format=original`` is
    the file as it was deposited, before Dataverse converted it.
    """
    import requests
    from pooch.downloaders import doi_to_repository

    dataset, _, last = doi.removeprefix("doi:").rpartition("/")
    name, mark, query = last.partition("?")
    try:
        address: str = doi_to_repository(dataset, timeout=TIMEOUT).download_url(name)
    except (requests.RequestException, ValueError, KeyError) as error:
        raise DownloadError(f"{doi} cannot be looked up ({_said(error)})") from error
    return address + mark + query


def _said(error: Exception) -> str:
    """Return what went wrong; of a failed connection, the server's name says it all."""
    import requests

    distrusted = isinstance(error, requests.exceptions.SSLError)
    if isinstance(error, requests.ConnectionError) and error.request and not distrusted:
        server = urlsplit(error.request.url or "").hostname
        return f"no connection to {server}; is this machine online?"
    return str(error)


def why_not_whole(path: Path) -> str:
    """Return what is wrong with a file as such, or "".

    It may be empty, a web page in place of data, or an archive that does not unpack.
    Archives (.zip, .gz) are read to the end, since their checksums come last.
    """
    with path.open("rb") as stream:
        start = stream.read(1024)
    if not start:
        return "it is empty"
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype\s+)?html\b", start, re.IGNORECASE):
        return "it is a web page"
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                damaged = archive.testzip()
            return f"its member {damaged} is damaged" if damaged else ""
        if path.suffix == ".gz":
            with gzip.open(path) as stream:
                while stream.read(1 << 20):
                    pass
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, RuntimeError, ValueError) as error:
        return f"it is cut or damaged ({error})"
    return ""


def discard(partial: Path) -> None:
    """Remove what transfers left at *partial*, so that the next one begins anew."""
    partial.unlink(missing_ok=True)
    _note(partial).unlink(missing_ok=True)


def _transfer(
    session: Session, url: str, partial: Path, etag: str, progress: Progress | None
) -> str | None:
    """Try once; append to *partial* if the server agrees, else begin it anew."""
    note = _note(partial)
    done, validator = _begun(partial, url)
    if done:
        headers = {"Range": f"bytes={done}-", "If-Range": validator}
    else:
        headers = {"If-None-Match": etag} if etag else {}
    with _get(session, url, headers) as reply:
        status = reply.status_code
        if status == 304 and etag and not done:
            return None
        if status in PASSING:
            asked = reply.headers.get("Retry-After", "")
            wait = float(asked) if asked.isdecimal() else 0.0
            raise _PassingError(f"the server answered {status} {reply.reason}", wait)
        part = reply.headers.get("Content-Range", "")
        if status == 416 and done and part == f"bytes */{done}":
            return validator if validator.startswith('"') else ""  # nothing was missing
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", part)
        continued = done and span and int(span[1]) == done and _validator(reply) in (validator, "")
        if status == 416 or (status == 206 and not continued):
            discard(partial)
            raise _PassingError("the server could not continue the transfer")
        if status not in (200, 206):
            raise DownloadError(f"the server answered {status} {reply.reason} for {reply.url}")
        size = span[2] if span else reply.headers.get("Content-Length", "")
        encoded = reply.headers.get("Content-Encoding", "identity") != "identity"
        total = int(size) if size.isdecimal() and not encoded else None
        with partial.open("ab" if status == 206 else "wb") as stream:
            if status == 200:  # emptied first, noted second: the note never vouches for older bytes
                done = 0
                note.write_text(json.dumps([url, "" if encoded else _validator(reply)]))
            for chunk in reply.iter_content(CHUNK):
                stream.write(chunk)
                stream.flush()
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
            os.fsync(stream.fileno())
        if total is not None and done != total:
            raise _PassingError(f"the transfer ended at {done:,} of {total:,} bytes")
        return reply.headers.get("ETag", "")


def _get(session: Session, url: str, headers: dict[str, str]) -> Response:
    """Ask for *url* and follow redirects, each of which must lead to http(s) and stay secure."""
    for _ in range(REDIRECTS + 1):
        reply = session.get(
            url, headers=headers, stream=True, timeout=TIMEOUT, allow_redirects=False
        )
        target = session.get_redirect_target(reply)
        if target is None:
            return reply
        reply.close()
        url = onward(url, target)
    raise DownloadError(f"more than {REDIRECTS} redirects, the last to {url}")


def onward(url: str, target: str) -> str:
    """Return where a redirect from *url* to *target* leads, refusing to leave http(s) or https.

    >>> onward("https://example.org/a/b.csv", "../c.csv")
    'https://example.org/c.csv'
    """
    address = urljoin(url, target)
    allowed = ("https",) if urlsplit(url).scheme == "https" else ("http", "https")
    if urlsplit(address).scheme not in allowed:
        raise DownloadError(f"{url} redirects to {address}, which is not {' or '.join(allowed)}")
    return address


def _note(partial: Path) -> Path:
    """Return where it is kept which version the bytes of *partial* belong to."""
    return partial.with_name(partial.name + ".note")


def _begun(partial: Path, url: str) -> tuple[int, str]:
    """Return the bytes that can be kept of an earlier transfer of *url*, and their validator."""
    try:
        noted, validator = json.loads(_note(partial).read_text())
        done = partial.stat().st_size
    except (OSError, ValueError, TypeError):
        return 0, ""
    return (done, validator) if noted == url and validator else (0, "")


def _validator(reply: Response) -> str:
    """Return what If-Range accepts: a strong ETag, else the date of the last change, else ""."""
    etag = reply.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else reply.headers.get("Last-Modified", "")
