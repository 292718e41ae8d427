"""Settings: argument over study file over environment over default; nothing else gets in."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from multivector.errors import InputError, Problems, UnknownName
from multivector.settings import Settings


def test_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MULTIVECTOR_CACHE")
    assert Settings.load().threads == Settings().threads >= 1
    monkeypatch.setenv("MULTIVECTOR_THREADS", "2")
    assert Settings.load().threads == 2
    assert Settings.load({"threads": 3}).threads == 3
    assert Settings.load({"threads": 3}, threads=4).threads == 4
    assert Settings.load({"threads": 3}, threads=None).threads == 3  # an option not given


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTIVECTOR_DATA", "")
    monkeypatch.setenv("MULTIVECTOR_OFFLINE", "")
    assert (Settings.load().data, Settings.load().offline) == (None, False)


@pytest.mark.parametrize("word", ["1", "true", "YES", "on", True])
@pytest.mark.parametrize("negated", [False, True])
def test_yes_and_no(word: object, negated: bool) -> None:
    opposite = {"1": "0", "true": "False", "YES": "no", "on": "off", True: False}
    given = opposite[word] if negated else word  # type: ignore[index]
    assert Settings.load({"offline": given}).offline is not negated


def test_the_environment_is_read_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTIVECTOR_DATA", str(tmp_path))
    monkeypatch.setenv("MULTIVECTOR_CACHE", "~/somewhere")
    found = Settings.load()
    assert found.data == tmp_path
    assert found.cache == Path.home() / "somewhere"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"threads": 0}, "threads = 0"),
        ({"threads": -1}, "threads = -1"),
        ({"threads": "two"}, "not a whole number"),
        ({"threads": 1.5}, "not a whole number"),
        ({"offline": "perhaps"}, "neither yes nor no"),
        ({"data": "/no/such/folder"}, "does not exist"),
    ],
)
def test_settings_that_cannot_work_are_refused(facts: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Settings.load(facts)


def test_a_misspelt_setting_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Nearest: offline"):
        Settings.load({"ofline": True})
    with pytest.raises(UnknownName, match="setting 'draws'"):
        Settings.load(draws=5)  # what changes a number is a field of a step


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        Settings.load({"thread": 2, "threads": "two", "offline": "perhaps"})
    assert len(caught.value.exceptions) == 3
    with pytest.raises(Problems):
        Settings.load({"threads": 0, "data": "/no/such/folder"})


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().offline = True  # type: ignore[misc]
