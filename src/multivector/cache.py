"""A folder of computed bytes, one file per key, that can only be right or absent.

An entry is a header, the SHA-256 of its key and payload, followed by the payload. A file that is
cut, altered, or filed under another key does not match its header: it counts as absent and is
removed. Losing the folder loses time, never a result.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LOG = logging.getLogger(__name__)
DAY = 86_400  # seconds after which a temporary file has no living writer
HEADER = hashlib.sha256().digest_size  # bytes


class Cache:
    """Bytes by key in a folder that several processes may share.

    An entry appears in one step (written beside, then renamed), so no reader sees half of it.
    It is not forced to the disk: after a power cut a half-written entry fails its check. A disk
    that is full or read-only is logged once, as a warning, and the computation goes on.

    Parameters
    ----------
    folder
        Where the entries go; made when the first one is put.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder))
    ...     cache.put("agreement of 2019", b"0.77")
    ...     cache.get("agreement of 2019"), cache.get("agreement of 2020")
    (b'0.77', None)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._temporary = folder / "tmp"
        self._swept = self._warned = False

    def get(self, key: str) -> bytes | None:
        """Return the payload of *key*, or None if there is none that can be trusted."""
        path = self._path(key)
        try:
            with path.open("rb") as stream:
                header, payload = stream.read(HEADER), stream.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._warn("read", error)
            return None
        if header == _digest(key, payload):
            return payload
        LOG.info("Removed the damaged cache entry %s", path)
        with suppress(OSError):
            path.unlink()
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep *data* under *key*, in place of what was there."""
        path, temporary = self._path(key), None
        try:
            self._sweep()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._temporary.mkdir(exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._temporary)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_digest(key, data))
                stream.write(data)
            os.replace(temporary, path)
            temporary = None
        except OSError as error:
            self._warn("write", error)
        finally:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)

    def size(self) -> int:
        """Return the bytes that the entries take on disk, headers included."""
        total = 0
        for path in self._entries():
            with suppress(OSError):
                total += path.stat().st_size
        return total

    def clear(self) -> None:
        """Remove every entry, and nothing in the folder that is not one."""
        for path in self._entries():
            with suppress(OSError):
                path.unlink()
        self._sweep()

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / name[2:]

    def _entries(self) -> Iterator[Path]:
        return self.folder.glob("[0-9a-f]" * 2 + "/" + "[0-9a-f]" * (2 * HEADER - 2))

    def _sweep(self) -> None:
        """Remove, once, temporary files that killed processes left more than a day ago."""
        if self._swept:
            return
        self._swept = True
        for path in self._temporary.glob("tmp*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > DAY:
                    path.unlink()

    def _warn(self, verb: str, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            LOG.warning(
                "Cannot %s the cache %s (%s); going on without it", verb, self.folder, error
            )


def _digest(key: str, payload: bytes) -> bytes:
    """Return the header of an entry: SHA-256 over the key's length, the key and the payload."""
    name = key.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(len(name).to_bytes(8, "big") + name)
    digest.update(payload)
    return digest.digest()
