"""Security ties: counts and shares against twins written here, gaps, and the choice of a rule."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.casebook import alliance_obligations as table
from multivector.errors import InputError, MultivectorError, OutOfCoverage, Unavailable
from multivector.estimate import Estimate
from multivector.measures.arms import REST, ArmsImportShare, Split, by_year
from multivector.measures.military import JointExerciseCount, UsBaseCount, UsTroopCount
from multivector.measures.security import AlliancePledges, SecurityTreatyCount
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources import alliance_obligations

SOURCES = Path(__file__).parents[1] / "sources" / "data"


def runner(folder: Path, tmp_path: Path) -> Runner:
    return Runner(Settings(data=folder, cache=tmp_path, offline=True))


def value(estimate: Estimate, **where: object) -> float | None:
    return estimate.at(**where).value


# treaties --------------------------------------------------------------------------------------


def test_casebook_and_source_speak_of_the_same_states() -> None:
    assert table.STATES == alliance_obligations.STATES


def test_treaties_are_counted_from_signature_to_end(run: Runner) -> None:
    found = run(SecurityTreatyCount(focal="KAZ", partners=("UZB", "RUS"), obligation="defense"))
    # Tashkent and the CIS charter bind both; the pact of June 1992 ended on 31 October 1998, and
    # Uzbekistan was out of the Collective Security Treaty from April 1999 to August 2006.
    expected = {1992: 2, 1993: 3, 1998: 3, 1999: 2, 2000: 1, 2006: 2, 2012: 2, 2013: 1, 2024: 1}
    assert {y: value(found, partner="UZB", year=y) for y in expected} == expected
    assert value(found, partner="RUS", year=1992) == 2  # charter of January 1993 not yet
    assert value(found, partner="RUS", year=2014) == 3


def test_years_outside_the_list_are_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="covers 1991–2024; 1980 was asked"):
        run(SecurityTreatyCount(focal="KAZ", partners=("RUS",), years=(1980, 1980)))


def test_cells_name_the_treaties(run: Runner) -> None:
    found = run(SecurityTreatyCount(focal="KAZ", partners=("AZE",), years=(2010, 2010)))
    note = found.cells["note"].item()
    assert "Treaty of strategic partnership and alliance (Astana) (2005)" in note
    assert "Treaty on the foundations" not in note  # ended in 2005
    assert value(found, year=2010) == len(note.split("); ")) == 2  # and the charter of the CIS


def test_no_listed_treaty_is_no_data_and_not_zero(run: Runner) -> None:
    found = run(
        SecurityTreatyCount(
            focal="KAZ", partners=("USA", "CHN"), years=(2014, 2014), obligation="defense"
        )
    )
    assert value(found, partner="USA") is None
    assert value(found, partner="CHN") == 0  # treaties are listed; none promises defence


def test_counts_are_symmetric(run: Runner) -> None:
    pairs = [("KAZ", "KGZ"), ("RUS", "CHN"), ("AZE", "TUR")]
    for a, b in pairs:
        there = run(SecurityTreatyCount(focal=a, partners=(b,)))
        back = run(SecurityTreatyCount(focal=b, partners=(a,)))
        assert np.array_equal(there.draws, back.draws, equal_nan=True)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"focal": "EU", "partners": ("RUS",)}, "is a group"),
        ({"focal": "KAZ", "partners": ("EU",)}, "states only"),
        ({"focal": "KAZ", "partners": ("RUS",), "years": (2014, 2010)}, "runs backwards"),
        ({"focal": "KAZ", "partners": ("RUS",), "obligation": "defence"}, "Nearest: defense"),
    ],
)
def test_choices_that_make_no_sense_are_refused(choices: dict[str, object], message: str) -> None:
    with pytest.raises((InputError, MultivectorError), match=message):
        SecurityTreatyCount(**choices)  # type: ignore[arg-type]


# ATOP ------------------------------------------------------------------------------------------


def test_pledges_have_a_direction(tmp_path: Path) -> None:
    """In the hand-written file the United Kingdom guarantees Albania, not the other way."""
    run = runner(SOURCES / "atop", tmp_path)
    there = run(AlliancePledges(focal="GBR", partners=("ALB",), years=(1939, 1939)))
    back = run(AlliancePledges(focal="ALB", partners=("GBR",), years=(1939, 1939)))
    assert (value(there), value(back)) == (1, 0)


def test_pledges_end_with_atop(full: Runner) -> None:
    found = full(AlliancePledges(focal="KAZ", partners=("RUS", "CHN", "TUR", "UKR")))
    assert found.cells["year"].max() == 2018
    assert value(found, partner="RUS", year=2018) == 1
    assert value(found, partner="CHN", year=2018) == 0
    assert value(found, partner="RUS", year=1980) is None  # Kazakhstan was no state
    with pytest.raises(OutOfCoverage, match="missing, not zero"):
        full(AlliancePledges(focal="KAZ", partners=("RUS",), years=(2018, 2020)))


def test_helsinki_makes_any_obligation_common(full: Runner) -> None:
    found = full(
        AlliancePledges(
            focal="KAZ", partners=("USA", "TUR"), years=(2018, 2018), obligation="nonaggression"
        )
    )
    assert found.draws.ravel().tolist() == [1, 1]


# arms ------------------------------------------------------------------------------------------


def arms(tmp_path: Path, split: Split, window: int) -> dict[tuple[str, int], float]:
    run = runner(SOURCES / "arms_transfers", tmp_path)
    found = run(
        ArmsImportShare(
            focal="KAZ", partners=("RUS", "TUR"), years=(2014, 2015), split=split, window=window
        )
    )
    table = found.to_polars().select("partner", "year", "value")
    return {(p, y): v for p, y, v in table.iter_rows()}


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        # 20 TIV from Russia in 2014 and 2015, 5 from Turkey in 2014, 5 from Spain in 2015
        (
            "even",
            {
                ("RUS", 2014): 10 / 15,
                ("TUR", 2014): 5 / 15,
                (REST, 2014): 0,
                ("RUS", 2015): 10 / 15,
                ("TUR", 2015): 0,
                (REST, 2015): 5 / 15,
            },
        ),
        (
            "first",
            {
                ("RUS", 2014): 20 / 25,
                ("TUR", 2014): 5 / 25,
                (REST, 2014): 0,
                ("RUS", 2015): 0,
                ("TUR", 2015): 0,
                (REST, 2015): 1,
            },
        ),
        (
            "last",
            {
                ("RUS", 2014): 0,
                ("TUR", 2014): 1,
                (REST, 2014): 0,
                ("RUS", 2015): 20 / 25,
                ("TUR", 2015): 0,
                (REST, 2015): 5 / 25,
            },
        ),
    ],
)
def test_rule_for_lines_delivered_over_years(
    tmp_path: Path, split: Split, expected: dict[tuple[str, int], float]
) -> None:
    assert arms(tmp_path, split, 1) == pytest.approx(expected)


def test_window_sums_before_it_divides(tmp_path: Path) -> None:
    got = arms(tmp_path, "even", 2)
    assert [got[p, 2015] for p in ("RUS", "TUR", REST)] == pytest.approx([20 / 30, 5 / 30, 5 / 30])


def test_no_delivery_is_no_data(tmp_path: Path) -> None:
    run = runner(SOURCES / "arms_transfers", tmp_path)
    found = run(ArmsImportShare(focal="KAZ", partners=("RUS",), years=(2000, 2000), window=1))
    assert np.isnan(found.draws).all()
    assert set(found.cells["note"]) == {"no deliveries identified"}


def test_first_window_needs_all_of_its_years(tmp_path: Path) -> None:
    run = runner(SOURCES / "arms_transfers", tmp_path)
    with pytest.raises(OutOfCoverage, match="1954"):
        run(ArmsImportShare(focal="KAZ", partners=("RUS",), years=(1952, 1960)))
    with pytest.raises(MultivectorError, match="overlap"):
        ArmsImportShare(focal="KAZ", partners=("EU", "DEU"))


def test_arms_shares_exist_only_where_the_user_feeds_sipri(run: Runner) -> None:
    with pytest.raises(Unavailable, match="armstransfers"):
        run(ArmsImportShare(focal="KAZ", partners=("RUS",)))


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1950, 2024), min_size=1, max_size=6, unique=True),
            st.floats(0, 1e4),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["even", "first", "last"]),
)
def test_every_rule_keeps_the_volume(lines: list[tuple[list[int], float]], split: Split) -> None:
    frame = pl.DataFrame(
        {
            "supplier": ["RUS"] * len(lines),
            "delivery_years": [" ".join(map(str, sorted(y))) for y, _ in lines],
            "tiv_delivered_million": [v for _, v in lines],
        }
    )
    got = by_year(frame, split)
    assert got["tiv"].sum() == pytest.approx(sum(v for _, v in lines))
    assert set(got["year"]) <= {y for years, _ in lines for y in years}


def test_shares_of_the_real_register_add_up(full: Runner) -> None:
    found = full(
        ArmsImportShare(
            focal="KAZ", partners=("RUS", "CHN", "USA", "TUR", "EU"), years=(2000, 2023)
        )
    )
    sums = found.to_polars().group_by("year").agg(pl.col("value").sum())["value"]
    assert sums.to_list() == pytest.approx([1] * 24)


# exercises and troops --------------------------------------------------------------------------


def test_exercises_of_the_hand_written_list(tmp_path: Path) -> None:
    run = runner(SOURCES / "military_exercises", tmp_path)
    found = run(
        JointExerciseCount(focal="USA", partners=("KAZ", "DEU", "NATO"), years=(1980, 1997))
    )
    assert value(found, partner="KAZ", year=1997) == 1
    assert value(found, partner="KAZ", year=1996) == 0
    assert value(found, partner="KAZ", year=1980) is None  # no state yet
    assert value(found, partner="DEU", year=1980) == 1
    assert value(found, partner="NATO", year=1980) == 1


def test_exercises_against_a_count_over_names(full: Runner, real_data: Path) -> None:
    """Count lines of the wide list, which names states, instead of numbers of the long one."""
    wide = pl.read_csv(
        real_data / "ties/military/multinational_military_exercises_v7.csv.gz", infer_schema=False
    ).unique("MMEID")
    found = full(
        JointExerciseCount(focal="KAZ", partners=("RUS", "USA", "CHN"), years=(2003, 2009))
    )
    names = {"RUS": "Russia", "USA": "United States", "CHN": "China"}
    for partner, name in names.items():
        for year in range(2003, 2010):
            count = 0
            for row in wide.iter_rows(named=True):
                who = {v for k, v in row.items() if k.startswith("State")}
                count += row["s.year"] == str(year) and {"Kazakhstan", name} <= who
            assert value(found, partner=partner, year=year) == count, (partner, year)
    with pytest.raises(OutOfCoverage, match="2010"):
        full(JointExerciseCount(focal="KAZ", partners=("RUS",), years=(2009, 2012)))


def test_troops_are_those_of_the_list(full: Runner) -> None:
    found = full(UsTroopCount(focal="KAZ"))
    assert value(found, year=2010) == 313  # as listed
    assert value(found, year=1980) is None
    assert found.cells["year"].max() == 2024


def test_bases_are_lines_of_the_list(full: Runner, real_data: Path) -> None:
    packed = (real_data / "ties/military/us_bases.csv.gz").read_bytes()
    raw = pl.read_csv(gzip.decompress(packed).decode("latin-1").encode(), infer_schema=False)
    for state, number in (("DEU", "255"), ("KAZ", "705"), ("KGZ", "703")):
        lines = raw.filter(pl.col("ccode").cast(pl.Float64) == float(number))
        assert full(UsBaseCount(focal=state)).at().value == len(lines)
    large = raw.filter(pl.col("ccode").cast(pl.Float64) == 255, pl.col("base") == "1")
    assert full(UsBaseCount(focal="DEU", kind="base")).at().value == len(large) > 0


def test_dates_of_the_table_are_days(run: Runner) -> None:
    frame = run(SecurityTreatyCount(focal="KAZ", partners=("RUS",)).treaties).frame
    assert frame.schema["signed"] == pl.Date
    assert frame["signed"].min() == date(1991, 2, 18)
