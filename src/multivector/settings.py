"""Settings: where things are and how to work, never what to compute."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import platformdirs

from multivector.errors import InputError, MultivectorError, UnknownName, raise_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where files are and how to work; nothing in here may change a number's meaning.

    Precedence: argument, study file, environment (``MULTIVECTOR_CACHE`` …), default.

    Parameters
    ----------
    cache
        Folder for computed values and fetched files.
    data
        Drop-in folder with files that you fetched by hand, searched by file name at any depth.
    offline
        Never open a connection.
    threads
        Threads for array work, at least 1.

    Examples
    --------
    >>> Settings(offline=True).offline
    True
    """

    cache: Path = Path(platformdirs.user_cache_dir("multivector"))
    data: Path | None = None
    offline: bool = False
    threads: int = max(1, os.cpu_count() or 1)

    def __post_init__(self) -> None:
        """Refuse settings that cannot work."""
        problems = []
        if self.threads < 1:
            problems.append(InputError(f"threads = {self.threads} cannot work.", "At least 1."))
        if self.data is not None and not self.data.is_dir():
            problems.append(
                InputError(
                    f"The data folder {str(self.data)!r} does not exist.",
                    remedy="Create it, or unset MULTIVECTOR_DATA (or the data setting).",
                )
            )
        raise_all("Settings cannot be used", problems)

    @classmethod
    def load(cls, study: Mapping[str, object] | None = None, **arguments: object) -> Self:
        """Merge arguments over study file over environment over defaults.

        >>> Settings.load({"offline": False}, offline=True).offline
        True
        """
        known = {f.name for f in fields(cls)}
        environment = {
            name: os.environ[f"MULTIVECTOR_{name.upper()}"]
            for name in known
            if os.environ.get(f"MULTIVECTOR_{name.upper()}")
        }
        given = {k: v for k, v in arguments.items() if v is not None}
        merged: dict[str, object] = {**environment, **(study or {}), **given}
        problems: list[MultivectorError] = []
        parsed: dict[str, Any] = {}
        for name, value in merged.items():
            try:
                parsed[name] = _parse(name, value) if name in known else None
                if name not in known:
                    problems.append(UnknownName("setting", name, known))
            except InputError as problem:
                problems.append(problem)
        raise_all("Settings cannot be read", problems)
        return cls(**parsed)


def _parse(name: str, value: object) -> object:
    if name in ("cache", "data"):
        return None if value is None else Path(str(value)).expanduser()
    if name == "offline":
        if isinstance(value, bool):
            return value
        if str(value).casefold() in ("1", "true", "yes", "on"):
            return True
        if str(value).casefold() in ("0", "false", "no", "off"):
            return False
        raise InputError(f"offline = {value!r} is neither yes nor no.", "1 or 0, true or false.")
    try:
        return int(str(value))
    except ValueError:
        raise InputError(f"{name} = {value!r} is not a whole number.") from None
