"""What every test and doctest runs under: no network, no user settings, fixed random seeds."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

collect_ignore_glob = ["tests/typing/cases/*"]  # read by the type checker, never run

# Before another conftest imports multivector: its default folders are those of the environment.
FOLDER = tempfile.TemporaryDirectory(prefix="multivector-", ignore_cleanup_errors=True)
PATCH = pytest.MonkeyPatch()
PATCH.setenv("XDG_CACHE_HOME", FOLDER.name)

DATA = pytest.StashKey[str]()
DATA_REQUIRED = pytest.StashKey[bool]()

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile(
    "fixed", deadline=None, derandomize=True, database=None, print_blob=True
)


def pytest_configure(config: pytest.Config) -> None:
    """Remember where the real files are, then hide the user's settings and folders."""
    config.stash[DATA] = os.environ.get("MULTIVECTOR_DATA", "")
    config.stash[DATA_REQUIRED] = bool(os.environ.get("MULTIVECTOR_REQUIRE_DATA"))
    fixed = config.stash[DATA_REQUIRED] or os.environ.get("CI")
    hypothesis.settings.load_profile("fixed" if fixed else "local")
    config.add_cleanup(FOLDER.cleanup)
    config.add_cleanup(PATCH.undo)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need real files, so that ``-m "not real"`` leaves them out."""
    for item in items:
        if "real_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def real_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder with the publishers' files that ``MULTIVECTOR_DATA`` names.

    Skips when the variable is unset; fails instead when ``MULTIVECTOR_REQUIRE_DATA`` is set too.
    """
    given = request.config.stash[DATA]
    if given and Path(given).is_dir():
        return Path(given).resolve()
    message = f"MULTIVECTOR_DATA names no folder with real files (it is {given!r})"
    if given or request.config.stash[DATA_REQUIRED]:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def _no_user_settings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("MULTIVECTOR_")]:
            patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _own_cache(_no_user_settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTIVECTOR_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guard(getattr(socket.socket, name)))
        resolve = socket.getaddrinfo

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            _refuse_remote(host)
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _guard(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_remote(args[-1][0])
        return method(self, *args)

    return guarded


def _refuse_remote(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        local = name in (None, "", "localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        raise RuntimeError(f"A test tried to reach {name!r}; start a server on 127.0.0.1 instead.")
