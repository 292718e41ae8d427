"""Commands: how a step is typed, so that a verdict can be reproduced."""

from __future__ import annotations

import shlex
from dataclasses import MISSING, Field, fields
from typing import Any

from multivector.step import Step


def command(step: Step[Any]) -> str:
    """Return the command that shows the value of *step*; empty where it cannot be typed.

    >>> from multivector.measures.trade import PartnerShare
    >>> command(PartnerShare(focal="KAZ", partners=("RUS",), years=(2018, 2019)))
    'multivector show partner_share --focal KAZ --years 2018:2019 --partners RUS'
    """
    words = ["multivector", "show", step.name]
    for f in fields(step):
        value = getattr(step, f.name)
        if value == _default(f):
            continue
        word = _word(value)
        if not word:
            return ""
        words += [f"--{f.name.replace('_', '-')}", word]
    return " ".join(shlex.quote(w) for w in words) if step.name else ""


def _default(f: Field[Any]) -> Any:
    if f.default_factory is not MISSING:
        return f.default_factory()
    return f.default


def _word(value: Any) -> str:
    """Write a choice as one types it; empty where there is no such writing."""
    if isinstance(value, Step):
        layout = str(getattr(value, "layout", ""))
        plain = _plain(value, **({"layout": layout} if layout else {}))
        return (f"{value.name}:{layout}" if layout else value.name) if plain == value else ""
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(v, int) for v in value):
            return f"{value[0]}:{value[1]}"
        parts = [_word(v) for v in value]
        return ",".join(parts) if all(parts) else ""
    return str(value) if isinstance(value, str | int | float) else ""


def _plain(step: Step[Any], **choices: str) -> Any:
    kind: Any = type(step)
    try:
        return kind(**choices)
    except TypeError:
        return None
