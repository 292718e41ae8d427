"""Codec: what is read back is what was written, to the bit."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from polars.testing import assert_frame_equal

from multivector.codec import decode, encode
from multivector.errors import SchemaError
from multivector.estimate import Estimate
from multivector.origin import CC0, Citation, Licence, Origin
from multivector.panel import Panel
from multivector.variable import Coverage, Defect, Key, Variable

TEXT = st.text(max_size=8)
ORIGINS = st.builds(
    Origin, TEXT, TEXT, TEXT, TEXT,
    st.builds(Licence, TEXT, TEXT, st.booleans(), st.booleans(), quote=TEXT),
    st.none() | st.builds(Citation, TEXT, TEXT, TEXT, TEXT, st.integers(1600, 2030)),
    TEXT, TEXT, st.sampled_from(["data", "assumption", "judgement"]), st.booleans(), TEXT,
)  # fmt: skip
COVERAGES = st.builds(
    Coverage,
    st.lists(st.integers(1816, 2030), max_size=3).map(tuple),
    st.none() | st.lists(TEXT, max_size=3).map(tuple),
    st.sampled_from(["both", "either"]),
)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    pl.Float64: st.floats(allow_nan=False, allow_infinity=False),
    pl.Int8: st.integers(-128, 127),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Boolean: st.booleans(),
    pl.String: TEXT,
    pl.Date: st.dates(date(1816, 1, 1)),
}
UNITS = {pl.String: "text", pl.Date: "date", pl.Boolean: "flag"}


@st.composite
def panels(draw: Any) -> Panel:
    n = draw(st.integers(0, 5))
    key = Key(draw(TEXT), ("date", "unit"), directed=draw(st.booleans()), system=draw(TEXT))
    days = draw(st.lists(VALUES[pl.Date], min_size=n, max_size=n))
    columns = [pl.Series("date", days, pl.Date), pl.Series("unit", range(n), pl.Int64)]
    variables = []
    for i, dtype in enumerate(draw(st.lists(st.sampled_from(list(VALUES)), max_size=4))):
        cells = st.lists(st.none() | VALUES[dtype], min_size=n, max_size=n)
        columns.append(pl.Series(f"v{i}", draw(cells), dtype))
        defects = draw(st.lists(st.builds(Defect, st.just(("KAZ",)), st.just((2019,)), TEXT)))
        variables.append(
            Variable(
                f"v{i}",
                draw(TEXT),
                UNITS.get(dtype, "index"),
                draw(COVERAGES),
                draw(st.sampled_from(["zero", "missing"])),
                (None, None)
                if dtype in UNITS
                else (-float("inf"), 1e21 if dtype == pl.Int8 else None),
                (),
                tuple(defects[:2]),
                tuple(draw(st.lists(ORIGINS, max_size=2))),
            )
        )
    origins = tuple(draw(st.lists(ORIGINS, max_size=2)))
    return Panel(pl.DataFrame(columns), key, tuple(variables), origins)


def assert_same(one: Panel | Estimate, two: Panel | Estimate) -> None:
    """Compare field by field, arrays and tables by content, types and bits."""
    assert type(one) is type(two)
    for f in fields(one):
        a, b = getattr(one, f.name), getattr(two, f.name)
        if isinstance(a, pl.DataFrame):
            assert_frame_equal(a, b, check_exact=True)
        elif isinstance(a, np.ndarray):
            assert (a.shape, a.dtype) == (b.shape, b.dtype)
            assert a.tobytes() == b.tobytes()
        else:
            assert a == b


@given(panel=panels())
def test_a_panel_comes_back_as_it_was(panel: Panel) -> None:
    assert_same(decode(encode(panel)), panel)
    assert encode(decode(encode(panel))) == encode(panel)


@given(
    draws=arrays.arrays(
        float,
        st.tuples(st.integers(0, 4), st.integers(2, 5)),
        elements=st.floats(allow_nan=True, allow_infinity=True),
    ),
    observes=st.booleans(),
    origins=st.lists(ORIGINS, max_size=2).map(tuple),
    words=st.tuples(TEXT, TEXT, TEXT, TEXT),
)
def test_an_estimate_comes_back_as_it_was(
    draws: np.ndarray, observes: bool, origins: tuple[Origin, ...], words: tuple[str, ...]
) -> None:
    cells = pl.DataFrame(
        {
            "cell": pl.Series(range(len(draws)), dtype=pl.Int16),
            "day": pl.Series([date(2020, 1, 1), None, None, None][: len(draws)], dtype=pl.Date),
            "note": pl.Series([None, "", "Қ", "\n"][: len(draws)], dtype=pl.String),
        }
    )
    label, unit, variant, fingerprint = words
    estimate = Estimate(
        cells,
        draws,
        label,
        unit,
        "posterior",
        variant,
        (None, None),
        origins,
        tuple(o.citation for o in origins if o.citation),
        fingerprint,
        draws[:, -1].copy() if observes else None,
    )
    back = decode(encode(estimate))
    assert isinstance(back, Estimate)
    assert_same(back, estimate)
    with pytest.raises(ValueError, match="read-only"):
        back.draws[...] = 0


def test_a_category_keeps_its_codes() -> None:
    vote = Variable("vote", "Vote", "category", Coverage(), codes=((1, "yes"), (2, "abstain")))
    frame = pl.DataFrame({"unit": [1, 2], "vote": pl.Series([1, None], dtype=pl.Int8)})
    panel = Panel(frame, Key("unit", ("unit",)), (vote,), (Origin("d", "t", "p", "1", CC0),))
    assert_same(decode(encode(panel)), panel)


def test_what_comes_back_is_checked_when_it_is_changed() -> None:
    panel = Panel(pl.DataFrame({"unit": [1, 2]}), Key("unit", ("unit",)), ())
    back = decode(encode(panel))
    with pytest.raises(SchemaError, match="repeat a key"):
        replace(back, frame=pl.DataFrame({"unit": [1, 1]}))
