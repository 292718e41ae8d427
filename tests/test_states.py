"""The dated state table: codes, names, groups, and the silent errors that other tables make."""

from __future__ import annotations

import csv
import gzip
import itertools
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from multivector import states
from multivector.errors import AmbiguousName, InputError, Problems, UnknownName

NOT_STATES = {  # two-letter CLDR codes that are parts of a state, regions or test values
    *("AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "XA", "XB", "ZZ"),
}
FIRST_YEARS = ("BLR", "DOM", "IND", "LBN", "PHL", "SYR", "TLS", "UKR")
EVER = "9999-12-31"


def table(name: str) -> list[dict[str, str]]:
    text = (files("multivector") / "data" / "states" / name).read_text("utf-8")
    return [{**row, "end": row.get("end") or EVER} for row in csv.DictReader(text.splitlines())]


def overlapping(spells: list[tuple[str, str]]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    return [(a, b) for a, b in itertools.pairwise(sorted(spells)) if b[0] <= a[1]]


# The tables themselves -----------------------------------------------------------------------


def test_every_date_is_one_and_no_spell_ends_before_it_starts() -> None:
    for name in ("states.csv", "codes.csv", "names.csv", "names_cldr.csv", "groups.csv"):
        for row in table(name):
            for day in (row["start"], row["end"]):
                assert not day or date.fromisoformat(day)
            assert row["start"] <= row["end"], row


def test_every_row_speaks_of_a_known_state_or_group() -> None:
    known = {row["state"] for row in table("states.csv")}
    for name in ("codes.csv", "names.csv", "names_cldr.csv"):
        assert {row["state"] for row in table(name)} <= known
    links = table("successors.csv")
    assert {r["predecessor"] for r in links} | {r["successor"] for r in links} <= known
    assert {r["rule"] for r in links} == {"continues", "separates", "merges"}
    assert {row["member"] for row in table("groups.csv")} <= known
    assert {row["grp"] for row in table("groups.csv")} == {
        row["grp"] for row in table("group_names.csv")
    }
    assert {row["confidence"] for row in table("groups.csv")} <= {"h", "m", "l"}
    assert {row["kind"] for row in table("states.csv")} == {"state", "territory"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("codes.csv", ("system", "code")),
        ("states.csv", ("state",)),
        ("groups.csv", ("grp", "member")),
    ],
)
def test_spells_of_one_key_never_overlap(name: str, key: tuple[str, ...]) -> None:
    spells: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in table(name):
        spells.setdefault(tuple(row[k] for k in key), []).append((row["start"], row["end"]))
    assert {k: bad for k, rows in spells.items() if (bad := overlapping(rows))} == {}


def labels() -> list[dict[str, str]]:
    return [r for n in ("names.csv", "names_cldr.csv") for r in table(n) if r["kind"] == "short"]


def test_a_label_belongs_to_one_state_at_a_time_and_a_state_has_one() -> None:
    by_name: dict[tuple[str, str], list[tuple[str, str]]] = {}
    by_state: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in labels():
        by_name.setdefault((row["language"], row["name"]), []).append((row["start"], row["end"]))
        by_state.setdefault((row["language"], row["state"]), []).append((row["start"], row["end"]))
    for spells in (by_name, by_state):
        assert {k: bad for k, rows in spells.items() if (bad := overlapping(rows))} == {}
    ids = {row["state"] for row in table("states.csv")}
    assert set(by_state) == {(language, i) for language in ("en", "ru", "kk") for i in ids}


def test_ids_of_ended_states_are_no_iso_codes_of_others() -> None:
    present = {r["code"] for r in table("codes.csv") if r["system"] == "iso3" and r["end"] == EVER}
    assert {r["state"] for r in table("states.csv")} >= present
    for row in table("codes.csv"):
        if row["system"] == "iso3" and row["code"] != "YUG":  # also of Serbia and Montenegro
            assert row["state"] == row["code"]


@given(st.sampled_from(table("codes.csv")), st.integers(1816, 2025))
def test_a_code_stands_for_at_most_one_state_on_any_day(row: dict[str, str], year: int) -> None:
    days = (date(year, 1, 1), date(year, 7, 1), date(year, 12, 31))
    for day in days:
        on = [
            r["state"]
            for r in table_codes()
            if (r["system"], r["code"]) == (row["system"], row["code"])
            and r["start"] <= day.isoformat() <= r["end"]
        ]
        if row["system"] == "un" and not on:
            continue
        got = states.resolve_codes([row["code"]], day, row["system"], unknown="null")  # type: ignore[arg-type]
        assert got.to_list() == (on or [None])


_CODES = table("codes.csv")


def table_codes() -> list[dict[str, str]]:
    return _CODES


@given(st.sampled_from(labels()))
def test_a_label_resolves_to_its_state_whatever_its_case(row: dict[str, str]) -> None:
    day = date.fromisoformat(min(row["end"], "2025-01-01"))
    for name in (row["name"], row["name"].upper(), row["name"].lower(), f" {row['name']} "):
        assert states.resolve(name, day) == row["state"]


# Names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("США", "USA"),
        ("АҚШ", "USA"),
        ("КНР", "CHN"),
        ("ҚХР", "CHN"),
        ("ФРГ", "DEU"),
        ("ГДР", "DDR"),
        ("Кеңес Одағы", "SUN"),
        ("КСРО", "SUN"),
        ("СССР", "SUN"),
        ("Белоруссия", "BLR"),
        ("Burma", "MMR"),
        ("South Vietnam", "RVN"),
        ("Turkey", "TUR"),
        ("TURKIYE", "TUR"),
        ("Türkiye", "TUR"),
        ("IRAN (ISLAMIC REPUBLIC OF)", "IRN"),
        ("Viet Nam", "VNM"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Saint Lucia", "LCA"),
        ("Bahamas, The", "BHS"),
        ("Киргизия", "KGZ"),
        ("РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RUS"),
        ("Соединенные Штаты Америки", "USA"),
        ("kaz", "KAZ"),
        ("kz", "KAZ"),
        ("NA", "NAM"),
        ("EU27_2020", "EU27_2020"),
        ("Европейский Союз", "EU"),
        ("ЕАЭО", "EAEU"),
    ],
)
def test_names_that_people_write(name: str, state: str) -> None:
    assert states.resolve(name) == state


def test_silent_errors_of_other_tables() -> None:
    # Each of these is mapped to the wrong state, without a word, by some published table.
    assert states.resolve("Солтүстік Корея") == "PRK"
    assert states.resolve("Оңтүстік Корея") == "KOR"
    assert states.name("PRK", "kk") == "Солтүстік Корея"
    assert states.resolve("Republic of Vietnam") == "RVN"
    assert states.resolve("Czechoslovakia") == "CSK"
    assert states.resolve("USSR") == "SUN"
    for name in ("Конго", "Congo", "Virgin Islands"):
        with pytest.raises(AmbiguousName):
            states.resolve(name)
    assert states.resolve("CONGO", system="un") == "COG"


def test_an_ambiguous_name_lists_the_candidates_with_their_years() -> None:
    with pytest.raises(AmbiguousName, match=r"KOR \(South Korea, 1948–\), KRE .*–1910.*PRK"):
        states.resolve("Korea")
    assert states.resolve("Korea", 1900) == "KRE"
    with pytest.raises(AmbiguousName, match="VNM"):
        states.resolve("VDR")  # North Vietnam in ISO 3166, South Vietnam in V-Dem


def test_an_unknown_name_gives_the_nearest_and_its_other_years() -> None:
    with pytest.raises(UnknownName, match="Kazakhstan"):
        states.resolve("Kazakhstn")
    with pytest.raises(UnknownName, match=r"YUG \(Yugoslavia, –1992\)"):
        states.resolve("Yugoslavia", 2010)
    with pytest.raises(InputError, match='system="cow"'):
        states.resolve(705)
    with pytest.raises(UnknownName, match="code system"):
        states.resolve("KAZ", system="fips")  # type: ignore[arg-type]


def test_a_dated_name_follows_the_state_that_bore_it() -> None:
    assert states.resolve("Yugoslavia") == "YUG"
    assert states.resolve("Yugoslavia", 1995) == "SCG"
    assert states.resolve("Yemen", 1985) == "YAR"
    assert states.resolve("Yemen") == "YEM"
    assert states.resolve("Vietnam", 2000) == "VNM"
    with pytest.raises(AmbiguousName):
        states.resolve("Vietnam", 1965)
    assert states.resolve("CHINA", 1960, system="un") == "TWN"
    assert states.resolve("CHINA", 1972, system="un") == "CHN"


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_cldr_territory_resolves_or_is_no_state(language: str) -> None:
    iso2 = {r["code"]: r["state"] for r in _CODES if r["system"] == "iso2" and r["end"] == EVER}
    for two, name in Locale(language).territories.items():
        if len(two) != 2 or two in NOT_STATES:
            continue
        if (language, two) == ("kk", "CD"):
            with pytest.raises(AmbiguousName):
                states.resolve(name)
        else:
            assert states.resolve(name) == iso2.get(two, two)


def test_labels_in_three_languages() -> None:
    assert [states.name("KAZ", x) for x in ("en", "ru", "kk")] == [
        "Kazakhstan",
        "Казахстан",
        "Қазақстан",
    ]
    assert states.name("TUR") == "Türkiye"
    assert states.name("EAEU", "kk") == "Еуразиялық экономикалық одақ"
    with pytest.raises(UnknownName, match="language"):
        states.name("KAZ", "fr")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="KAX"):
        states.name("KAX")


# Codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "year", "system", "state"),
    [
        (345, 1900, "cow", "SRB"),
        (345, 1970, "cow", "YUG"),
        (345, 2000, "cow", "SCG"),
        (345, 2010, "cow", "SRB"),
        (345, 2000, "gw", "SCG"),
        (340, 2006, "gw", "SRB"),
        (340, 1900, "gw", "SRB"),
        (679, 1995, "cow", "YEM"),
        (678, 1985, "cow", "YAR"),
        (678, 1985, "gw", "YAR"),
        (678, 1995, "gw", "YEM"),
        (255, 1930, "cow", "DEU"),
        (260, 1970, "cow", "DEU"),
        (255, 1991, "cow", "DEU"),
        (260, 1995, "gw", "DEU"),
        (365, 1900, "cow", "RUS"),
        (365, 1970, "cow", "SUN"),
        (365, 1992, "cow", "RUS"),
        (365, 1970, "gw", "SUN"),
        (99, 1825, "gw", "GCL"),
        (100, 1825, "gw", "COL"),
        (730, 1890, "cow", "KRE"),
        (730, 1850, "gw", "KRE"),
        (815, 1850, "gw", "ANM"),
        (816, 1960, "gw", "VNM"),
        (817, 1960, "cow", "RVN"),
        (315, 1980, "cow", "CSK"),
        (970, 2010, "cow", "NRU"),
        (970, 2010, "gw", "KIR"),
        (626, 2012, "cow", "SSD"),
        ("004", None, "m49", "AFG"),
        (810, 1980, "m49", "SUN"),
        (157, 1980, "vdem", "CSK"),
        (35, 1960, "vdem", "RVN"),
        ("na", None, "iso2", "NAM"),
    ],
)
def test_codes_that_change_hands(code: int | str, year: int, system: str, state: str) -> None:
    assert states.resolve(code, year, system=system) == state  # type: ignore[arg-type]


def test_a_code_outside_its_years_is_unknown() -> None:
    with pytest.raises(UnknownName, match=r"DEU \(Germany, –1945\), DEU \(Germany, 1990–\)"):
        states.resolve(255, 1970, system="cow")
    with pytest.raises(AmbiguousName, match="SCG"):
        states.resolve(345, system="cow")
    for code, year in ((99, 1950), (679, 1985), (260, 1995)):
        with pytest.raises(UnknownName):
            states.resolve(code, year, system="cow")


def test_a_year_means_its_last_day_and_a_date_is_exact() -> None:
    assert states.resolve(365, 1991, system="cow") == "RUS"
    assert states.resolve(365, date(1991, 12, 25), system="cow") == "SUN"
    assert states.resolve(345, date(1992, 4, 26), system="cow") == "YUG"
    assert states.resolve(260, 1990, system="cow") == "DEU"  # the last in that year


def test_code_gives_the_code_of_the_year() -> None:
    assert states.code("SRB", "gw", 2010) == "340"
    assert states.code("SRB", "cow", 2010) == "345"
    assert states.code("RUS", "cow", 1970) is None
    assert states.code("SDN", "m49", 2000) == "729"
    assert states.code("DEU", "cow", 1990) == "255"
    with pytest.raises(UnknownName):
        states.code("XXX", "cow", 1990)


def test_resolve_codes_reports_everything_at_once() -> None:
    with pytest.raises(Problems) as caught:
        states.resolve_codes([255, 705, 99], [1970, 2000, 2000], "cow")
    assert len(caught.value.exceptions) == 2
    got = states.resolve_codes([255, 705, None], [1970, 2000, 2000], "cow", unknown="null")
    assert got.to_list() == [None, "KAZ", None]
    with pytest.raises(InputError, match="3 codes or names but 1 years"):
        states.resolve_codes([2, 20, 40], [2000], "cow")


def test_columns_of_any_kind() -> None:
    want = ["SUN", "RUS"]
    assert (
        states.resolve_codes(np.array([365, 365]), np.array([1980, 2000]), "gw").to_list() == want
    )
    dates = pl.Series([date(1980, 5, 1), date(2000, 5, 1)])
    assert states.resolve_codes(pl.Series([365, 365]), dates, "gw").to_list() == want
    floats = np.array([365.0, np.nan])
    assert states.resolve_codes(floats, 2000, "gw").to_list() == ["RUS", None]
    got = states.resolve_names(pl.Series(["USSR", None, "Ресей"]))
    assert got.dtype == pl.String
    assert got.to_list() == ["SUN", None, "RUS"]


# States in time ------------------------------------------------------------------------------


def test_states_that_split_and_join() -> None:
    assert states.exists("SSD", 2011)
    assert not states.exists("SSD", date(2011, 7, 8))
    assert states.exists("SSD", date(2011, 7, 9))
    assert {s.successor for s in states.successors("CSK")} == {"CZE", "SVK"}
    assert {s.predecessor for s in states.predecessors("YEM")} == {"YAR", "YMD"}
    assert ("SUN", "continues") in {(s.predecessor, s.rule) for s in states.predecessors("RUS")}
    assert ("SUN", "separates") in {(s.predecessor, s.rule) for s in states.predecessors("KAZ")}
    assert states.as_of("SRB", 2004) == "SCG"
    assert states.as_of("SRB", 1980) is None  # Yugoslavia was continued by no one
    assert states.as_of("RUS", 1900) == "RUS"


def test_every_succession_falls_where_a_spell_begins_or_ends() -> None:
    near: dict[str, set[str]] = {}
    for row in table("states.csv"):
        after = date.fromisoformat(row["end"]).toordinal() + 1 if row["end"] != EVER else 0
        near.setdefault(row["state"], set()).update(
            {row["start"], date.fromordinal(after).isoformat() if after else ""}
        )
    stray = [
        (link["predecessor"], link["successor"], link["date"])
        for link in table("successors.csv")
        if link["date"] not in near[link["predecessor"]] | near[link["successor"]]
    ]
    assert stray == []


def test_number_of_states() -> None:
    # 193 members of the United Nations and the Holy See; Taiwan, Kosovo … are territories here.
    assert len(states.all_states(date(2025, 1, 1))) == 194
    assert "TWN" not in states.all_states()
    assert "TWN" in states.all_states(2020, territories=True)
    assert set(states.all_states(1985)) >= {"SUN", "YUG", "CSK", "DDR", "YMD", "YAR"}
    assert not set(states.all_states(1995)) & {"SUN", "YUG", "CSK", "DDR", "YMD", "YAR"}


# Groups --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "day", "count"),
    [
        # europa.eu, "History of the EU": 6, 9, 10, 12, 15, 25, 27, 28, 27 members.
        ("EU", date(1972, 12, 31), 6),
        ("EU", date(1973, 1, 1), 9),
        ("EU", date(1981, 1, 1), 10),
        ("EU", date(1986, 1, 1), 12),
        ("EU", date(1995, 12, 31), 15),
        ("EU", date(2004, 12, 31), 25),
        ("EU", date(2007, 1, 1), 27),
        ("EU", date(2013, 12, 31), 28),
        ("EU", date(2020, 1, 31), 28),
        ("EU", date(2020, 2, 1), 27),
        ("EU", date(2020, 12, 31), 27),
        ("EU27_2020", date(1995, 1, 1), 27),
        # un.org, "Growth in United Nations membership"; its 1992–1999 figures still count
        # Yugoslavia, which this table ends on 1992-04-26.
        ("UN", date(1945, 12, 31), 51),
        ("UN", date(1950, 12, 31), 60),
        ("UN", date(1955, 12, 31), 76),
        ("UN", date(1960, 12, 31), 99),
        ("UN", date(1970, 12, 31), 127),
        ("UN", date(1990, 12, 31), 159),
        ("UN", date(1991, 12, 31), 166),
        ("UN", date(1993, 12, 31), 184 - 1),
        ("UN", date(2000, 12, 31), 189),
        ("UN", date(2006, 12, 31), 192),
        ("UN", date(2011, 12, 31), 193),
        ("NATO", date(1949, 12, 31), 12),
        ("NATO", date(2004, 12, 31), 26),
        ("NATO", date(2024, 12, 31), 32),
        ("OSCE", date(1973, 12, 31), 35),
        ("OSCE", date(2012, 12, 31), 57),
        ("OECD", date(1961, 9, 30), 17),
        ("OECD", date(2021, 12, 31), 38),
        ("WTO", date(2016, 12, 31), 163),  # 164 members, of which one is the European Union
        ("WTO", date(2024, 12, 31), 165),
        ("CICA", date(2022, 12, 31), 28),
        ("SCO", date(2024, 12, 31), 10),
        ("BRICS", date(2025, 1, 31), 10),
        ("G7", date(1980, 1, 1), 7),
        ("EAEU", date(2015, 12, 31), 5),
    ],
)
def test_number_of_members(group: str, day: date, count: int) -> None:
    assert len(states.members(group, day)) == count


def test_membership_through_a_year() -> None:
    assert "KGZ" in states.members("EAEU", 2015)
    assert "KGZ" not in states.members("EAEU", 2015, whole_year=True)
    assert "GBR" not in states.members("EU", 2020)
    assert "GBR" in states.members("EU", date(2020, 1, 31))
    assert states.members("CA5", 2020) == ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    assert "GEO" in states.members("CIS", 2008)
    assert "GEO" not in states.members("CIS", 2009)
    with pytest.raises(UnknownName, match="group"):
        states.members("KAZ", 2020)


def test_the_west_is_a_declared_list() -> None:
    """As SOURCES.md declares it: today's European Union and ten states."""
    ten = {"USA", "CAN", "GBR", "NOR", "CHE", "ISL", "JPN", "KOR", "AUS", "NZL"}
    assert set(states.members("WEST", 2024)) == {*states.members("EU", 2024), *ten}
    assert states.resolve("the West") == states.resolve("Запад") == "WEST"
    assert all("declared choice" in m.source for m in states.memberships("WEST"))


def test_members_are_states_that_existed() -> None:
    constant = {"EU27_2020", "CA5", "WEST"}
    early = {  # founding members of the United Nations that were not independent in 1945
        ("UN", member) for member in ("BLR", "IND", "PHL", "SYR", "UKR")
    }
    rows = [m for group in set(states.groups()) - constant for m in states.memberships(group)]
    outside = {
        (row.group, row.member)
        for row in rows
        if not states.exists(row.member, int(row.start[:4]))
        or (row.end != EVER and not states.exists(row.member, int(row.end[:4])))
    }
    assert outside == early


# Real files ----------------------------------------------------------------------------------


def spells(path: Path) -> Iterator[tuple[str, str, date, date]]:
    """Yield code, name, first and last day of each row of a state list."""
    for row in pl.read_parquet(path).iter_rows(named=True):
        if "styear" in row:
            start = date(row["styear"], row["stmonth"], row["stday"])
            end = date(row["endyear"], row["endmonth"], row["endday"])
        else:
            start, end = (row.get(k) or row[k + "date"] for k in ("start", "end"))
        code = row.get("ccode") or row["gwcode"]
        names = (row[k] for k in ("statenme", "statename", "cw_name", "gw_name") if k in row)
        yield str(code), next(names), start, end


@pytest.mark.parametrize(
    ("file", "system"),
    [("cow_states", "cow"), ("cw_system", "cow"), ("gw_states", "gw"), ("gw_system", "gw")],
)
def test_every_code_of_the_state_lists_resolves(
    real_data: Path, file: str, system: states.System
) -> None:
    rows = list(spells(real_data / "ties" / "states" / f"{file}.parquet"))
    codes = [r[0] for r in rows]
    for days in ([r[2] for r in rows], [r[3] for r in rows], [r[2].year for r in rows]):
        assert states.resolve_codes(codes, days, system).null_count() == 0
    for code, _, start, end in rows:
        years = list(range(start.year, end.year + 1))
        assert states.resolve_codes([code] * len(years), years, system).null_count() == 0


@pytest.mark.parametrize(("file", "system"), [("cw_system", "cow"), ("gw_system", "gw")])
def test_names_and_codes_of_the_state_lists_agree(
    real_data: Path, file: str, system: states.System
) -> None:
    for code, name, start, _ in spells(real_data / "ties" / "states" / f"{file}.parquet"):
        want = states.resolve(code, start, system=system)
        if name == "Congo":
            assert want == "COG"
        elif (name, code) in (("Yugoslavia", "345"), ("Vietnam", "816")):
            assert want in {"SRB", "YUG", "VNM"}  # listed under a later or an ambiguous name
        else:
            assert states.resolve(name, start) == want


def test_gw_spells_differ_from_ours_only_where_the_source_says_so(real_data: Path) -> None:
    theirs = {
        (states.resolve(code, start, system="gw"), start.isoformat())
        for code, _, start, _ in spells(real_data / "ties" / "states" / "gw_system.parquet")
    }
    ours = [r for r in table("states.csv") if r["source"] == "Gleditsch & Ward"]
    assert len(ours) > 200
    for row in ours:
        assert (row["state"], row["start"] or "1816-01-01") in theirs


def test_every_name_of_the_vote_files_resolves(real_data: Path) -> None:
    with (real_data / "unga" / "unvotes_countries.csv").open(encoding="utf-8") as file:
        names = [row["country"] for row in csv.DictReader(file)]
    assert len(names) == 200
    found = states.resolve_names(names)
    assert found.n_unique() == 199  # Germany and the Federal Republic of Germany are one


def header(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_every_code_of_the_vote_files_resolves(real_data: Path) -> None:
    iso = header(real_data / "unga" / "votes_jun2024_iso3_wide.csv.gz")[8:]
    assert states.resolve_codes(iso, 2024, "iso3").to_list() == iso
    frame = pl.read_csv(real_data / "unga" / "fpsim_votes_cow_wide.csv.gz", infer_schema=False)
    cast = frame.unpivot(index="date", on=frame.columns[3:]).drop_nulls("value")
    pairs = cast.select("variable", pl.col("date").str.to_date()).unique()
    assert pairs["variable"].n_unique() == len(frame.columns) - 3 == 200
    got = states.resolve_codes(pairs["variable"], pairs["date"].dt.year(), "cow", unknown="null")
    assert set(pairs.filter(got.is_null())["variable"]) == set()


def test_every_state_of_the_library_scrape_resolves(real_data: Path) -> None:
    typing_errors = {
        *("Aa UNITED STATES", "CHILEs ", "AY DENMARK", "AY UNION OF SOUTH AFRICA", "AY SWEDEN"),
        *("BOLIVIA (PLURINATIOANL STATE OF)", "BOLIVIA (PLUNATIONAL STATE OF)", "DONOTKNOW"),
        *("REPULIC OF MOLDOVA", "TKAZAKHSTAN", "DEMOCRATIC CAMPUCHEA"),
    }
    names = header(real_data / "unga" / "undl_scrape_1946_2021_wide.csv.gz")[11:]
    for name in names:
        if name in typing_errors:
            with pytest.raises(UnknownName):
                states.resolve(name)
        elif name in ("CHINA", "YEMEN", "YUGOSLAVIA"):  # meanings that depend on the year
            assert states.resolve(name, 1975, system="un") in {"CHN", "YAR", "YUG"}
        else:
            assert states.resolve(name, system="un")


def test_memberships_agree_with_the_igo_data(real_data: Path) -> None:
    """COW Intergovernmental Organizations v3 (Pevehouse et al. 2020), full members by year."""
    frame = pl.read_parquet(real_data / "ties" / "igo" / "cow_igo3_state_year_membership.parquet")
    compared = {
        **{"nato": "NATO", "eec": "EU", "eu": "EU", "oecd": "OECD", "sco": "SCO"},
        **{"un": "UN", "wto": "WTO", "osce": "OSCE"},
    }
    known: dict[tuple[str, str], str] = {
        ("OECD", "FIN"): "COW has Finland a member from 1965; it joined in 1969",
        ("OECD", "DEU"): "COW has no Germany before 1990",
        **{("SCO", m): "the Shanghai Five" for m in ("CHN", "KAZ", "KGZ", "RUS", "TJK")},
        **{("UN", m): "not in the COW state system in its first years" for m in FIRST_YEARS},
        **{("UN", m): "COW counts observers before 1973" for m in ("DDR", "DEU")},
        **{("UN", m): "counted in the year it left" for m in ("IDN", "SYR", "ZAN")},
        ("UN", "SCG"): "COW has Yugoslavia a member to the end of 1992",
        ("UN", "UZB"): "COW has it from 1991; it was admitted on 1992-03-02",
        ("WTO", "DZA"): "an observer",
        ("WTO", "MKD"): "missing in COW; it joined on 2003-04-04",
        **{("WTO", m): "no state in COW" for m in ("HKG", "MAC")},
        **{("OSCE", m): "not in the COW state system then" for m in ("LIE", "MCO", "SMR", "VAT")},
        ("OSCE", "MNG"): "missing in COW; it joined on 2012-11-21",
        ("OSCE", "SCG"): "COW has Yugoslavia a participant to the end of 1992; suspended in July",
    }
    for column, group in compared.items():
        rows = frame.filter(pl.col(column) == 1).select("ccode", "year")
        ids = states.resolve_codes(rows["ccode"], rows["year"], "cow")
        theirs = set(zip(ids, rows["year"], strict=True))
        years = range(rows["year"].min(), rows["year"].max() + 1)  # type: ignore[arg-type,operator]
        ours = {(m, year) for year in years for m in states.members(group, year)}
        assert {(group, m) for m, _ in theirs ^ ours} <= set(known)
