"""Codec: the two shapes that travel, as bytes and back without loss."""

from __future__ import annotations

import dataclasses
import io
import json
import typing
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import polars as pl

from multivector.estimate import Estimate
from multivector.panel import Panel

_FRAMES = {"Panel": "frame", "Estimate": "cells"}


@cache
def _converter() -> Any:
    from cattrs.preconf.json import make_converter  # only needed when something is stored

    converter = make_converter()
    converter.register_structure_hook(str | int, lambda value, _: value)  # codes of states
    return converter


def encode(value: Panel | Estimate) -> bytes:
    """Serialise a Panel or an Estimate; the inverse is :func:`decode`."""
    kind = type(value).__name__
    frame, draws = io.BytesIO(), io.BytesIO()
    getattr(value, _FRAMES[kind]).write_ipc(frame, compression="zstd")
    if isinstance(value, Estimate):
        observed = [] if value.observed is None else [value.observed[:, None]]
        np.save(draws, np.hstack([*observed, value.draws]), allow_pickle=False)
    skip = ("frame", "cells", "draws", "observed")
    names = [f.name for f in dataclasses.fields(value) if f.name not in skip]
    fields = {k: _converter().unstructure(getattr(value, k)) for k in names}
    observes = getattr(value, "observed", None) is not None
    head = json.dumps({"kind": kind, "observes": observes, **fields}, ensure_ascii=False).encode()
    parts = (head, frame.getvalue(), draws.getvalue())
    return b"".join(len(p).to_bytes(8, "big") for p in parts) + b"".join(parts)


def decode(data: bytes) -> Panel | Estimate:
    """Read what :func:`encode` wrote."""
    sizes = [int.from_bytes(data[i : i + 8], "big") for i in (0, 8, 16)]
    ends = accumulate((24, *sizes))
    head, table, draws = (data[a:b] for a, b in pairwise(ends))
    fields = json.loads(head)
    kind = {"Panel": Panel, "Estimate": Estimate}[fields.pop("kind")]
    observes = fields.pop("observes")
    hints = _hints(kind)
    known = {k: _converter().structure(v, hints[k]) for k, v in fields.items()}
    known[_FRAMES[kind.__name__]] = pl.read_ipc(io.BytesIO(table))
    if kind is Panel:
        return Panel(**known, trusted=True)
    array = np.load(io.BytesIO(draws), allow_pickle=False)
    observed = array[:, 0] if observes else None
    return Estimate(**known, draws=array[:, int(observes) :], observed=observed)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
