"""The composite index as a step: structure files, tables, panels, statistics, bounds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError, MultivectorError, SchemaError, Unavailable, UnitMismatch
from multivector.estimate import Estimate
from multivector.measures.index import Index
from multivector.measures.index_statistics import (
    IndexBounds,
    IndexStatistics,
    PillarScores,
)
from multivector.measures.index_versions import LeaveOneOut, RankShift
from multivector.panels.table import Table
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs, Step, edit
from multivector.study import Study, about
from tests.stats.test_composite import ARITHMETIC, COPELAND, GEOMETRIC, Z_SCORES, raw

STRUCTURE = """
[index]
label = "Reference set"
imputation = "median"
treatment = "winsorise"
moved = 2

[[indicator]]
column = "i1"
parent = "P1"
[[indicator]]
column = "i2"
parent = "P1"
[[indicator]]
column = "i3"
parent = "P2"
[[indicator]]
column = "i4"
parent = "P2"
weight = 2
[[indicator]]
column = "i5"
parent = "P3"
[[indicator]]
column = "i6"
parent = "P3"
direction = -1

[[pillar]]
name = "P1"
[[pillar]]
name = "P2"
[[pillar]]
name = "P3"
weight = 2
"""
FEW = "[[indicator]]\ncolumn = 'a'\n[[indicator]]\ncolumn = 'b'\n"


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(Settings(cache=tmp_path / "cache"))


def write(folder: Path, frame: pl.DataFrame, name: str = "table.csv") -> Table:
    frame.write_csv(folder / name)
    return Table(str(folder / name))


@pytest.fixture
def table(tmp_path: Path) -> Table:
    columns = {f"i{j + 1}": pl.Series(raw()[:, j]).fill_nan(None) for j in range(6)}
    return write(tmp_path, pl.DataFrame({"unit": [f"u{k:02}" for k in range(1, 13)], **columns}))


@pytest.fixture
def index(table: Table) -> Index:
    return Index.from_toml(STRUCTURE, table)


def values(estimate: Estimate) -> np.ndarray:
    return estimate.summary()["value"].fill_null(np.nan).to_numpy()


# the reference set -------------------------------------------------------------------------------


def test_reference_set_from_a_file_and_a_structure(index: Index, run: Runner) -> None:
    found = run(index)
    assert_allclose(values(found), ARITHMETIC, atol=5e-10)
    assert found.label == "Reference set"
    assert "arithmetic aggregation" in found.variant
    assert [o.title for o in found.origins] == ["table.csv"]
    pillars = tuple(replace(p, aggregation="arithmetic") for p in index.pillars)
    versions: list[tuple[dict[str, Any], list[Any], float]] = [
        ({"aggregation": "geometric", "scale": (1, 100)}, GEOMETRIC, 5e-10),
        ({"normalisation": "z-score"}, Z_SCORES, 5e-13),
        ({"aggregation": "copeland", "pillars": pillars}, COPELAND, 1e-12),
    ]
    for choices, expected, close in versions:
        other = edit(index, {(index, field): value for field, value in choices.items()})
        assert_allclose(values(run(other)), expected, atol=close)
    order = np.argsort(-np.array(ARITHMETIC)).argsort() + 1
    assert_array_equal(values(run(replace(index, show="rank"))), order)


def test_statistics_of_the_reference_set(index: Index, run: Runner) -> None:
    def statistic(name: Any) -> np.ndarray:
        return values(run(IndexStatistics(index, statistic=name)))

    assert_allclose(statistic("effective weight"), [0.125, 0.125, 1 / 12, 1 / 6, 0.25, 0.25])
    assert_allclose(statistic("availability"), [1, 1, 1, 11 / 12, 1, 1])
    r = statistic("correlation")
    assert_allclose(statistic("importance"), r**2 / (r**2).sum())
    x = raw()
    own = np.corrcoef(x[:, 4], ARITHMETIC)[0, 1], -np.corrcoef(x[:, 5], ARITHMETIC)[0, 1]
    assert_allclose(r[4:], own)
    pair = np.corrcoef(x[:, 4], -x[:, 5])[0, 1]
    assert_allclose(statistic("redundancy")[4:], [pair**2, pair**2])
    assert_allclose(statistic("explained")[4:], [(1 + abs(pair)) / 2] * 2)
    found = run(IndexStatistics(index, statistic="alpha"))
    assert found.at(indicator="i5").value == found.at(indicator="i6").value
    with pytest.raises(InputError, match="found from data"):
        IndexStatistics(replace(index, weighting="pca"), statistic="effective weight")


def test_pillars_of_the_reference_set(index: Index, run: Runner) -> None:
    """The index is the mean of its pillars with weights 1, 1, 2; so says its definition."""
    pillars = run(PillarScores(index))
    one, two, three = (values(pillars.select(pillar=p)) for p in ("P1", "P2", "P3"))
    assert_allclose((one + two + 2 * three) / 4, ARITHMETIC, atol=5e-10)
    x = raw()[:, 4:]
    z = 100 * (x - x.min(axis=0)) / np.ptp(x, axis=0)
    assert_allclose(three, (z[:, 0] + 100 - z[:, 1]) / 2)
    with pytest.raises(InputError, match="no pillars"):
        PillarScores(replace(index, indicators=({"column": "i1"},), pillars=()))  # type: ignore[arg-type]


def test_treatment_says_what_it_did_and_what_it_did_not_mend(index: Index, run: Runner) -> None:
    assert run(index).variant.endswith("; treated: i2 (1 moved)")
    strict = replace(index, skew=0.0, kurtosis=-9.0, moved=1)
    assert "still beyond the limits: i1" in run(strict).variant
    assert run(replace(index, treatment="log")).variant.endswith("; treated: i2")
    assert "treated" not in run(replace(index, treatment="none")).variant


def test_leaving_out_and_comparing_versions(index: Index, table: Table, run: Runner) -> None:
    left = run(LeaveOneOut(index))
    kept = STRUCTURE.replace('[[indicator]]\ncolumn = "i4"\nparent = "P2"\nweight = 2\n', "")
    without = Index.from_toml(kept, table)
    nominal, other = (values(run(replace(i, show="rank"))) for i in (index, without))
    assert left.at(left_out="i4").value == pytest.approx(np.abs(other - nominal).mean())
    shift = run(RankShift(index, without))
    assert_array_equal(values(shift), other - nominal)
    only = kept.replace('column = "i3"', 'column = "i4"').replace('parent = "P1"', 'parent = "P2"')
    alone = Index.from_toml(only.replace('[[pillar]]\nname = "P1"\n', ""), table)
    assert [p.name for p in LeaveOneOut(alone).without(0).pillars] == ["P2", "P3"]
    both = LeaveOneOut(replace(index, indicators=(index.indicators[0], *index.indicators[2:])))
    assert [p.name for p in both.without(0).pillars] == ["P2", "P3"]


# structure files ---------------------------------------------------------------------------------


def test_every_problem_of_a_structure_is_reported_at_once(table: Table) -> None:
    text = STRUCTURE.replace('imputation = "median"', 'imputation = "mediane"')
    text = text.replace("direction = -1", "direction = 0").replace('column = "i1"', "colum = 1")
    text += "\n[[pilar]]\nname = 'x'\n"
    with pytest.raises(MultivectorError) as problem:
        Index.from_toml(text, table, where="mine.toml")
    said = str(problem.value)
    for part in (
        "mine.toml cannot be used (5 problems)",
        "There is no table 'pilar' in mine.toml.\n    Nearest: pillar.",
        "mine.toml: index.imputation: There is no choice 'mediane'.\n    Nearest: ",
        "There is no field 'colum' in mine.toml: indicator 1.\n    Nearest: column.",
        "mine.toml: indicator 1 lacks 'column'.",
        "indicator 6 (i6).direction: There is no choice 0.\n    Known: -1, 1.",
    ):
        assert part in said


def test_a_tree_that_is_none_and_choices_that_lack_something(table: Table) -> None:
    text = FEW + "parent = 'p'\nweight = -1\n[[pillar]]\nname = 'q'\nparent = 'q'\n[index]\n"
    text += "normalisation = 'goalposts'\nleast = 2.0\nscale = [9, 1]\nweights = [1]\n"
    with pytest.raises(MultivectorError) as problem:
        Index.from_toml(text, table)
    said = str(problem.value)
    for part in (
        "There is no pillar 'p' in indicator 2 (b).",
        "b has the weight -1.0.",
        "'q' is its own ancestor",
        "goalposts' needs 'low' of every indicator.\n    Without: a, b.",
        "least is 2.0.",
        "scale (9.0, 1.0) does not rise.",
        "1 weights for 3 indicators and pillars.",
    ):
        assert part in said
    for wrong, match in (
        ("[index]\nlabel = 'x'", "Nothing hangs"),
        ("x = ", "not valid TOML"),
        ("indicator = 3\nindex = 4", "must be a"),
        (FEW + "[[pillar]]\nname = 'q'", "nothing below"),
        (FEW + "[index]\nweighting = 'budget'", "points of the same experts"),
        (FEW + "[index]\nnormalisation = 'distance to reference'", "needs a reference unit"),
    ):
        with pytest.raises(MultivectorError) as problem:
            Index.from_toml(wrong, table)
        assert match in str(problem.value)


def test_columns_that_are_not_there_or_hold_text(tmp_path: Path, run: Runner) -> None:
    own = write(tmp_path, pl.DataFrame({"u": ["x", "y"], "a": ["1", "one"], "c": [1, 2]}))
    with pytest.raises(MultivectorError) as problem:
        run(Index.from_toml(FEW, own))
    assert "Column 'a' holds text, such as '1'" in str(problem.value)
    assert "There is no column 'b' in indicator b.\n    Known: a, c." in str(problem.value)


def test_an_index_in_a_study_is_written_and_read_back(index: Index) -> None:
    study = about("KAZ").with_steps({"mine": index})
    again = Study.from_toml(study.to_toml())
    assert again.steps["mine"] == index
    assert "imputation" in study.to_toml()


# tables ------------------------------------------------------------------------------------------


def test_a_table_is_read_as_it_is(tmp_path: Path, run: Runner) -> None:
    path = tmp_path / "t.csv"
    path.write_text("country,year,gdp,name\nB,2001,..,x\nA,2000,2,\nA,2001,NA,z\n")
    panel = run(Table(str(path)))
    assert panel.key.columns == ("country", "year")
    assert panel.frame.rows() == [("A", 2000, 2.0, None), ("A", 2001, None, "z"),
                                  ("B", 2001, None, "x")]  # fmt: skip
    before = run.fingerprint(Table(str(path)))
    path.write_text("country,year,gdp,name\nB,2001,3,x\n")
    assert Runner(run.settings).fingerprint(Table(str(path))) != before
    with pytest.raises(Unavailable, match=r"no table 'no\.csv'"):
        Table("no.csv").material(run.settings)
    with pytest.raises(MultivectorError, match="Nearest: country"):
        Runner(run.settings)(Table(str(path), key=("contry",)))
    path.write_text("country,gdp\nA,1\nA,2\n")
    with pytest.raises(SchemaError):
        Runner(run.settings)(Table(str(path)))


def test_denominators_groups_and_missing(tmp_path: Path, run: Runner) -> None:
    frame = pl.DataFrame(
        {"u": list("abcd"), "g": ["x", "x", "y", "y"], "v": [2.0, None, 9.0, 6.0],
         "n": [1.0, 2.0, 3.0, None], "w": [0.0, 1.0, 3.0, 4.0]}
    )  # fmt: skip
    text = "[[indicator]]\ncolumn = 'v'\ndenominator = 'n'\n[[indicator]]\ncolumn = 'w'\n"
    own = write(tmp_path, frame)
    plain = Index.from_toml(text + "[index]\nleast = 0.5", own)
    assert_allclose(values(run(plain)), [0, 25, 87.5, 100])  # v/n is 2, missing, 3, missing
    assert_array_equal(np.isnan(values(run(replace(plain, least=1.0)))), [0, 1, 0, 1])
    grouped = replace(plain, imputation="mean", group="g", least=1.0)
    assert_allclose(values(run(grouped)), [0, 12.5, 87.5, 100])
    screened = replace(grouped, known=1.0)
    assert_array_equal(np.isnan(values(run(screened))), [0, 1, 0, 1])
    drawn = run(replace(plain, imputation="hot deck", draws=50, least=1.0))
    assert drawn.draw_kind == "posterior"
    assert drawn.draws.shape == (4, 50)
    assert set(drawn.draws[1].round(6)) == {12.5, 62.5}
    kept = run(replace(plain, imputation="hot deck", draws=9, least=1.0, known=1.0))
    assert_array_equal(np.isnan(kept.draws).all(axis=1), [0, 1, 0, 1])
    zero = write(tmp_path, frame.with_columns(n=pl.lit(0.0)), "zero.csv")
    with pytest.raises(InputError, match="denominator"):
        run(replace(plain, tables=(zero,)))


@pytest.mark.parametrize("imputation", ["mean", "hot deck"])
def test_units_that_screening_drops_are_no_donors(
    tmp_path: Path, run: Runner, imputation: Any
) -> None:
    """Of the four, d knows too little; so b gets the value of a or c, never that of d."""
    rows = {"u": list("abcd"), "a": [0, 5, 10, None], "b": [1, None, 1, 100], "c": [0, 0, 9, None]}
    text = FEW + "[[indicator]]\ncolumn = 'c'\n[index]\nknown = 0.6\nnormalisation = 'rank'"
    index = Index.from_toml(text, write(tmp_path, pl.DataFrame(rows, strict=False)))
    found = run(replace(index, imputation=imputation, draws=20))
    assert np.isnan(found.draws[3]).all()
    # all three have the same b, so rank 2 of 3; a: 1, 2, 1.5; b: 2, 2, 1.5
    assert_allclose(found.draws[:2], np.broadcast_to([[1.5], [5.5 / 3]], found.draws[:2].shape))


def test_a_panel_keeps_its_scale_over_time(tmp_path: Path, run: Runner) -> None:
    rows = [("a", 2000, 0.0), ("b", 2000, 4.0), ("a", 2001, 6.0), ("b", 2001, 10.0),
            ("a", 2003, None), ("b", 2003, 5.0)]  # fmt: skip
    own = write(tmp_path, pl.DataFrame(rows, ["u", "year", "v"], orient="row"))
    text = "[[indicator]]\ncolumn = 'v'\nlow = 0\nhigh = 20\ntarget = 8\n"
    index = Index.from_toml(text, own)
    # cells are in the order of unit and year
    assert_allclose(values(run(index)), [0, 60, np.nan, 40, 100, 50])
    assert_allclose(values(run(replace(index, over="each year"))), [0, 0, np.nan, 100, 100, np.nan])
    last = replace(index, imputation="last")
    assert_allclose(values(run(last)), [0, 60, 60, 40, 100, 50])
    assert_allclose(values(run(replace(last, show="rank"))), [2, 2, 1, 1, 1, 2])
    posts = replace(index, normalisation="goalposts")
    assert_allclose(values(run(posts)), [0, 30, np.nan, 20, 50, 25])
    goal = replace(index, normalisation="distance to target")
    assert_allclose(values(run(goal)), [0, 0.75, np.nan, 0.5, 1, 0.625])
    b = run(replace(index, normalisation="distance to reference", reference="b",
                    tables=(write(tmp_path, pl.DataFrame(rows, ["u", "year", "v"], orient="row")
                                  .with_columns(pl.col("v") + 2), "two.csv"),)))  # fmt: skip
    assert_allclose(values(b), [2 / 6, 8 / 12, np.nan, 1, 1, 1])
    gap = write(
        tmp_path,
        pl.DataFrame(
            [("a", 2000, 1.0), ("a", 2001, None), ("a", 2004, 5.0)], ["u", "year", "v"],
            orient="row",
        ),
        "gap.csv",
    )  # fmt: skip
    line = replace(posts, tables=(gap,), imputation="interpolate")
    assert_allclose(values(run(line)), [5, 10, 25])
    copeland = replace(index, aggregation="copeland", least=1.0)
    assert_allclose(values(run(copeland)), [-1, -1, np.nan, 1, 1, 0])


@dataclass(frozen=True)
class Toy(Step[Estimate]):
    """Draws of two measures on three states."""

    name = "toy"
    kind: str = "posterior"
    seed: int = 1
    observed: bool = False

    def compute(self, get: Inputs) -> Estimate:
        del get
        draws = np.random.default_rng(self.seed).random((3, 5 if self.kind != "point" else 1))
        cells = pl.DataFrame({"state": ["KAZ", "UZB", "SRB"]})
        seen = draws.mean(axis=1) if self.observed else None
        return Estimate(cells, draws, "toy", "share 0–1", draw_kind=self.kind, observed=seen)  # type: ignore[arg-type]


def test_draws_of_estimates_travel_through_the_index(run: Runner) -> None:
    parts = ({"column": "toy"}, {"column": "toy_2", "direction": -1})
    index = Index(tables=(Toy(), Toy(seed=2)), indicators=parts)  # type: ignore[arg-type]
    found = run(index)
    assert (found.draws.shape, found.draw_kind, found.observed) == ((3, 5), "posterior", None)
    first, second = (run(Toy(seed=s)).draws for s in (1, 2))
    for draw in range(5):
        a, b = first[:, draw], second[:, draw]
        z = [(a - a.min()) / np.ptp(a), (b.max() - b) / np.ptp(b)]
        order = np.argsort(["KAZ", "UZB", "SRB"])
        assert_allclose(found.draws[:, draw], 50 * (z[0] + z[1])[order])
    mixed = replace(index, tables=(Toy(), Toy(kind="bootstrap")))
    with pytest.raises(UnitMismatch, match="bootstrap and posterior"):
        run(mixed)
    point = run(replace(index, tables=(Toy(), Toy("point", 2))))
    assert point.draws.shape == (3, 5)
    seen = run(replace(index, tables=(Toy(observed=True), Toy(seed=2, observed=True))))
    assert seen.observed is not None
    assert not np.allclose(seen.observed, np.median(seen.draws, axis=1))


# bounds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "copeland"])
@settings(max_examples=8, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(seed=st.integers(0, 10_000))
def test_bounds_hold_every_completion(aggregation: Any, seed: int, tmp_path: Path) -> None:
    """Twin: complete the table in every way on a grid and compute the index anew."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(1, 9, size=(4, 2)).astype(float)
    whole[0], whole[1] = 0, 9
    frame = pl.DataFrame({"u": list("abcd"), "a": whole[:, 0], "b": whole[:, 1]})
    gaps = [(2, "a"), (3, "b")]
    blank = frame.with_columns(
        pl.when(pl.int_range(4) == 2).then(None).otherwise("a").alias("a"),
        pl.when(pl.int_range(4) == 3).then(None).otherwise("b").alias("b"),
    )
    run = Runner(Settings(cache=tmp_path / f"{aggregation}{seed}"))
    index = Index.from_toml(
        FEW + f"weight = 2\n[index]\nscale = [1, 100]\naggregation = '{aggregation}'",
        write(tmp_path, blank, f"{aggregation}{seed}.csv"),
    )
    bounds = run(IndexBounds(index))
    scores = []
    for n, fill in enumerate(itertools.product((0.0, 4.5, 9.0), repeat=2)):
        done = frame
        for (row, column), value in zip(gaps, fill, strict=True):
            filled = pl.when(pl.int_range(4) == row).then(value).otherwise(column)
            done = done.with_columns(filled.alias(column))
        own = write(tmp_path, done, f"{aggregation}{seed}-{n}.csv")
        scores.append(values(run(replace(index, tables=(own,)))))
    for bound, best in (("lower", np.min(scores, axis=0)), ("upper", np.max(scores, axis=0))):
        assert_allclose(values(bounds.select(bound=bound)), best, atol=1e-9)


def test_bounds_are_refused_where_one_cell_moves_the_scale_of_all(index: Index) -> None:
    with pytest.raises(MultivectorError) as problem:
        IndexBounds(replace(index, normalisation="rank", weighting="pca", over="each year"))
    assert "(4 problems)" in str(problem.value)
