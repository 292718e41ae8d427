"""Export: what other programs read back is what the table holds, and missing stays missing."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from multivector.errors import InputError
from multivector.estimate import Estimate
from multivector.export import latex
from multivector.panel import Panel
from multivector.variable import Coverage, Key, Variable

FRAME = pl.DataFrame(
    {
        "date": [date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3)],
        "value": [0.1 + 0.2, None, -1e-300],
        "count": [1, None, 2**53 + 1],
        "name": ["Қазақстан, «KAZ»", 'Côte d"Ivoire', None],
        "flag": [True, None, False],
    }
)
UNITS = {"value": "index", "count": "count", "name": "text", "flag": "flag"}
PANEL = Panel(
    FRAME,
    Key("day", ("date",)),
    tuple(Variable(n, n, u, Coverage()) for n, u in UNITS.items()),
)
ESTIMATE = Estimate(
    pl.DataFrame({"state": ["KAZ", "RUS"], "year": [2019, 2020]}),
    np.array([[1.0, 2.0, 3.0], [np.nan] * 3]),
    "Balance",
    "index",
    "bootstrap",
    "by resolution",
)


def test_parquet_keeps_everything(tmp_path: Path) -> None:
    for table in (PANEL, ESTIMATE):
        path = table.to_parquet(tmp_path / "table.parquet")
        assert_frame_equal(pl.read_parquet(path), table.to_polars(), check_exact=True)


def test_csv_keeps_every_digit_and_every_letter(tmp_path: Path) -> None:
    for table in (PANEL, ESTIMATE):
        path = table.to_csv(str(tmp_path / "table.csv"))
        expected = table.to_polars()
        back = pl.read_csv(path, schema_overrides=expected.schema)
        assert_frame_equal(back, expected, check_exact=True)
    assert "Қазақстан" in PANEL.to_csv(tmp_path / "utf8.csv").read_text("utf-8")


def test_missing_is_empty_in_csv_and_an_empty_text_is_not(tmp_path: Path) -> None:
    words = Variable("word", "Word", "text", Coverage())
    frame = pl.DataFrame({"unit": [1, 2], "word": ["", None]})
    path = Panel(frame, Key("unit", ("unit",)), (words,)).to_csv(tmp_path / "words.csv")
    assert path.read_text() == 'unit,word\n1,""\n2,\n'


def test_pandas_holds_the_same_values() -> None:
    made = PANEL.to_pandas()
    assert list(made.columns) == PANEL.frame.columns
    assert made["date"].tolist() == [pd.Timestamp(2020, 1, d) for d in (1, 2, 3)]
    assert made["value"].tolist()[::2] == [0.1 + 0.2, -1e-300]
    assert made["name"].tolist()[:2] == FRAME["name"].to_list()[:2]
    assert made.isna().to_numpy().tolist() == [
        [value is None for value in row] for row in PANEL.frame.iter_rows()
    ]
    estimate = ESTIMATE.to_pandas()
    assert estimate["value"].isna().tolist() == [False, True]
    assert estimate["draw_kind"].tolist() == ["bootstrap"] * 2


def test_without_pandas_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match=r"multivector\[pandas\]"):
        PANEL.to_pandas()


# LaTeX ------------------------------------------------------------------------------------------


def test_a_latex_table_by_hand(tmp_path: Path) -> None:
    text = ESTIMATE.to_latex(tmp_path / "table.tex", digits=1)
    assert (tmp_path / "table.tex").read_text("utf-8") == text
    assert text.splitlines() == [
        r"\begin{tabular}{lrrrrllll}",
        r"\toprule",
        r"state & year & value & low & high & measure & unit & draw\_kind & variant \\",
        r"\midrule",
        r"KAZ & 2019 & 2.0 & 1.1 & 2.9 & Balance & index & bootstrap & by resolution \\",
        r"RUS & 2020 & -- & -- & -- & Balance & index & bootstrap & by resolution \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_missing_is_a_dash_and_never_zero() -> None:
    body = latex(pl.DataFrame({"a": [None, 0.0, float("nan")]}), digits=1).splitlines()[4:7]
    assert body == [r"-- \\", r"0.0 \\", r"-- \\"]


@given(text=st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"])))
def test_every_special_character_is_escaped(text: str) -> None:
    """Undo each escape of the LaTeX Companion (Mittelbach & Goossens 2004, section 1.2)."""
    row = latex(pl.DataFrame({"a": [text]})).splitlines()[4].removesuffix(r" \\")
    words = {"textbackslash{}": "\\", "textasciitilde{}": "~", "textasciicircum{}": "^"}
    words |= {c: c for c in "&%$#_{}"}
    back = ""
    while row:
        if row[0] == "\\":
            word = next(w for w in words if row[1:].startswith(w))
            back, row = back + words[word], row[1 + len(word) :]
        else:
            assert row[0] not in "&%$#_{}~^"
            back, row = back + row[0], row[1:]
    assert back == text


def test_a_line_break_does_not_break_the_table() -> None:
    assert len(latex(pl.DataFrame({"a": ["one\ntwo"]})).splitlines()) == 7
