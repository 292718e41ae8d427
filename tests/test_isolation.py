"""Tests see no network, no settings of the user, and never skip real files where they must run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.settings import Settings

ROOT = Path(__file__).parents[1]
USES_REAL_DATA = "def test_real(real_data):\n    assert (real_data / 'x').exists()\n"


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match="start a server on"):
        client.connect(("192.0.2.1", 80))  # reserved for documentation, RFC 5737
    with pytest.raises(RuntimeError, match="start a server on"):
        socket.getaddrinfo("example.org", 443)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
        server.accept()[0] as accepted,
    ):
        client.sendall(b"hello")
        assert accepted.recv(5) == b"hello"


def test_no_setting_of_the_user_is_seen(tmp_path: Path) -> None:
    assert [name for name in os.environ if name.startswith("MULTIVECTOR_")] == ["MULTIVECTOR_CACHE"]
    assert Settings.load().cache == tmp_path / "cache"
    assert not Settings().cache.is_relative_to(Path.home())


@given(st.integers())
def test_properties_run_beside_the_fixtures(number: int) -> None:
    assert "MULTIVECTOR_DATA" not in os.environ, number


@pytest.mark.parametrize(
    ("data", "required", "outcome"),
    [
        ("", "", "1 skipped"),
        ("", "1", "1 error"),
        ("nowhere", "", "1 error"),
        (".", "1", "1 passed"),
    ],
)
def test_real_files(data: str, required: str, outcome: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "test_real.py").write_text(USES_REAL_DATA)
    (tmp_path / "x").touch()
    environment = os.environ | {"MULTIVECTOR_DATA": data, "MULTIVECTOR_REQUIRE_DATA": required}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", "."],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in done.stdout
