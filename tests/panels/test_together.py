"""With: rows are kept, sides are named, coverage and direction obeyed."""

from __future__ import annotations

import polars as pl
import pytest

from multivector.errors import InputError, KeyMismatch, PartialCoverage, SchemaError
from multivector.joins import join, mirrored, swapped, undirected
from multivector.panel import Panel
from multivector.panels.together import Columns, With
from multivector.panels.universes import DyadYears, StateYears
from multivector.variable import Coverage, Variable, span
from tests.panels.toys import COW_DIRECTED, COW_DYADS, COW_STATES, TABLES, toy, value

KAZ, RUS, CHN, UZB = 705, 365, 710, 704
YEARS = Coverage(span(2016, 2018))
BORDER = Variable("border", "Border", "category", YEARS, "zero", codes=((0, "none"), (1, "land")))
GDP = Variable("gdp", "GDP", "USD", YEARS)
ALLY = Variable("ally", "Owes defence", "flag", Coverage(span(2015, 2018)), "zero", range=(0, 1))
borders = toy("borders", COW_DYADS, [(RUS, KAZ, 2017, 1), (KAZ, CHN, 2017, 1)], BORDER)
gdp = toy("gdp", COW_STATES, [(KAZ, 2017, 1.5), (RUS, 2017, 2.5), (UZB, 2017, 0.5)], GDP)
allies = toy("allies", COW_DIRECTED, [(RUS, KAZ, 2017, 1), (KAZ, CHN, 2017, None)], ALLY)


def cell(panel: Panel, state: int, partner: int, year: int) -> dict[str, object]:
    here = (pl.col("state") == state) & (pl.col("partner") == partner) & (pl.col("year") == year)
    return panel.frame.row(by_predicate=here, named=True)


def test_several_tables_join_one_universe() -> None:
    base = DyadYears("cow", (2016, 2019))
    panel = value(With(base, (borders, gdp, allies)))
    names = ["border", "gdp_state", "gdp_partner", "ally"]
    assert [v.name for v in panel.variables] == names
    assert panel.frame.select(panel.key.columns).equals(value(base).frame)
    key = {"state": KAZ, "partner": RUS, "year": 2017}
    found = {"border": 1, "gdp_state": 1.5, "gdp_partner": 2.5, "ally": 0}
    assert cell(panel, KAZ, RUS, 2017) == {**key, **found}
    turned = cell(panel, RUS, KAZ, 2017)
    assert (turned["border"], turned["gdp_state"], turned["ally"]) == (1, 2.5, 1)
    assert cell(panel, KAZ, CHN, 2017)["ally"] is None


def test_after_a_series_ends_its_values_are_missing_never_zero() -> None:
    panel = value(With(DyadYears("cow", (2018, 2019)), (borders, allies)))
    inside, outside = cell(panel, KAZ, UZB, 2018), cell(panel, KAZ, UZB, 2019)
    assert (inside["border"], inside["ally"]) == (0, 0)
    assert (outside["border"], outside["ally"]) == (None, None)
    assert panel.frame.filter(pl.col("year") == 2019)["border"].is_null().all()


def test_warning_on_request() -> None:
    with pytest.warns(PartialCoverage, match="border covers 2016–2018"):
        value(With(DyadYears("cow", (2018, 2019)), (borders,), coverage="warn"))


def test_a_directed_table_joins_undirected_rows_only_by_a_rule() -> None:
    base = DyadYears("cow", (2017, 2017), directed=False)
    with pytest.raises(KeyMismatch, match="direction would be lost"):
        value(With(base, (allies,)))
    with pytest.warns(UserWarning, match="made undirected by either"):
        panel = value(With(base, (allies,), collapse="either"))
    assert cell(panel, RUS, KAZ, 2017)["ally"] == 1  # 0 the other way


def test_systems_do_not_mix() -> None:
    with pytest.raises(KeyMismatch, match=r"Recode\(…, system='gw'\)"):
        value(With(StateYears("gw", (2017, 2017)), (gdp,)))


def test_columns_of_a_side_change_sides_with_their_states() -> None:
    rows = [(KAZ, RUS, 2017, 1.5, 2.5, 7)]
    kept = ("gdp_state", "gdp_partner", "flow")
    pair = tuple(Variable(n, n, "USD", YEARS) for n in kept)
    toy("pair", COW_DIRECTED, rows, *pair)
    panel = TABLES["pair"]
    assert swapped(panel).row(0) == (RUS, KAZ, 2017, 2.5, 1.5, 7)
    with pytest.warns(UserWarning, match="undirected by max"):
        collapsed = undirected(panel, "max")
    assert collapsed.frame.row(0) == (RUS, KAZ, 2017, 2.5, 1.5, 7)
    assert mirrored(collapsed).frame.rows() == [
        (RUS, KAZ, 2017, 2.5, 1.5, 7),
        (KAZ, RUS, 2017, 1.5, 2.5, 7),
    ]


def test_zero_must_be_a_value_of_what_is_zero_by_absence() -> None:
    codes = ((1, "land"), (2, "water"))
    wrong = Variable("wrong", "Border", "category", YEARS, "zero", codes=codes)
    other = Panel(
        pl.DataFrame({"state": [KAZ], "year": [2017], "wrong": [1]}), COW_STATES, (wrong,)
    )
    with pytest.raises(SchemaError, match="wrong means zero, which the variable cannot be"):
        join(value(StateYears("cow", (2017, 2017))), other)


def test_an_unsorted_table_is_joined_like_a_sorted_one() -> None:
    sorted_one = TABLES["gdp"]
    frame = sorted_one.frame.sample(fraction=1.0, shuffle=True, seed=3).reverse()
    shuffled = Panel(frame, sorted_one.key, sorted_one.variables, trusted=True)
    base = value(StateYears("cow", (2016, 2018)))
    one, other = (join(base, p).frame for p in (sorted_one, shuffled))
    assert one.equals(other)


def test_columns_selects_and_renames() -> None:
    panel = value(Columns(gdp, ("gdp",), ("gdp_usd",)))
    assert panel.frame.columns == ["state", "year", "gdp_usd"]
    with pytest.raises(InputError, match="2 names for 1 variables"):
        Columns(gdp, ("gdp",), ("a", "b"))
    with pytest.raises(InputError, match="asked for twice"):
        Columns(gdp, ("gdp", "gdp"))
