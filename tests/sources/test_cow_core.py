"""Contiguity, distance, capitals, major powers, capabilities, size: layouts, ends, absences."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError
from multivector.panel import Panel
from multivector.panels.peace import PeaceYears
from multivector.panels.together import With
from multivector.panels.universes import DyadYears, StateYears
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.capitals import Capitals, CapitalsGW
from multivector.sources.cow_contiguity import COPY, MASTER, YEARLY, Contiguity
from multivector.sources.cow_distance import MinimumDistance
from multivector.sources.major_powers import MajorPowers
from multivector.sources.material_capabilities import MaterialCapabilities
from multivector.sources.size import SimulatedSize
from tests.panels.toys import TABLES, Toy, value

HERE = Path(__file__).parent / "data"
KAZ, RUS, CHN, UZB, USA, UKG, FRN, GMY = 705, 365, 710, 704, 2, 200, 220, 255


def load(source: Source, folder: Path, tmp_path: Path) -> Panel:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True)))


@pytest.fixture
def real(real_data: Path, tmp_path: Path) -> Path:
    """Return the folder of real files."""
    return real_data / "ties"


def step(source: Source, folder: Path, tmp_path: Path) -> Toy:
    TABLES[source.name] = load(source, folder, tmp_path)
    return Toy(source.name)


# contiguity -------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [YEARLY, MASTER])
def test_publishers_contiguity_files_agree(layout: str, tmp_path: Path) -> None:
    """Each pair once, the closer type where two spells touch a year (written by hand)."""
    source = Contiguity(layout=layout)
    panel = load(source, HERE / "cow_contiguity", tmp_path)
    cells = {(a, b, y): c for a, b, y, c in panel.frame.rows()}
    assert cells[UKG, FRN, 2015] == 4
    assert cells[210, FRN, 1830] == 1
    assert all(a < b for a, b, _ in cells)
    assert source.check_facts(panel.frame, layout) == 1
    if layout == MASTER:
        assert (cells[210, FRN, 1831], cells[RUS, KAZ, 1991]) == (5, 1)
        assert (RUS, KAZ, 2017) not in cells


@pytest.mark.real
def test_contiguity_ends_in_2016_and_is_missing_after(real: Path, tmp_path: Path) -> None:
    borders = step(Contiguity(layout=COPY), real, tmp_path)
    frame = value(With(DyadYears("cow", (2015, 2018)), (borders,))).frame
    late = frame.filter(pl.col("year") > 2016)["contiguity"]
    early = frame.filter(pl.col("year") <= 2016)["contiguity"]
    assert late.is_null().all()
    assert early.null_count() == 0
    assert (early == 0).sum() > 0.9 * len(early)
    ours = frame.filter(pl.col("state") == KAZ, pl.col("year") == 2016, pl.col("contiguity") == 1)
    assert set(ours["partner"]) == {RUS, CHN, 701, 703, UZB}  # land borders of Kazakhstan


@pytest.mark.real
def test_contiguity_copy_expands_its_master_records(real: Path, tmp_path: Path) -> None:
    """A slow twin: month by month over the spells, closest type of the year."""
    raw = pl.read_parquet(real / "geography/cow_contdir.parquet")
    panel = load(Contiguity(layout=COPY), real, tmp_path)
    expected: dict[tuple[int, int, int], int] = {}
    for a, b, kind, start, end in raw.rows():
        for year in range(start.year, end.year + 1):
            cell = (min(a, b), max(a, b), year)
            if kind:
                expected[cell] = min(kind, expected.get(cell, 9))
    assert {(a, b, y): c for a, b, y, c in panel.frame.rows()} == expected


# distance and capitals --------------------------------------------------------------------------


@pytest.mark.real
def test_minimum_distance(real: Path, tmp_path: Path) -> None:
    panel = load(MinimumDistance(), real, tmp_path)
    cells = panel.frame.filter(pl.col("year") == 2019)
    km = {(a, b): d for a, b, _, d in cells.rows()}
    assert km[RUS, KAZ] == km[UZB, KAZ] == 0
    # The Bering Strait is about 82 km wide; CShapes draws coasts coarsely, without small islands.
    assert km[USA, RUS] == pytest.approx(82, abs=4)
    assert panel.years == tuple(range(1886, 2020))
    distances = step(MinimumDistance(), real, tmp_path)
    frame = value(With(DyadYears("cow", (2019, 2020)), (distances,))).frame
    assert frame.filter(pl.col("year") == 2020)["minimum_distance_km"].is_null().all()


@pytest.mark.real
@pytest.mark.parametrize("source", [Capitals(), CapitalsGW()])
def test_capitals(source: Source, real: Path, tmp_path: Path) -> None:
    panel = load(source, real, tmp_path)
    rows = panel.frame.filter(pl.col("state") == KAZ).select("capital", "since", "until").rows()
    assert [r[0] for r in rows] == ["Almaty", "Astana"]
    assert (rows[1][1] - rows[0][2]).days == 1
    assert source.check_facts(panel.frame, "copy") == 1


# powers, capabilities, size ---------------------------------------------------------------------


def test_publishers_list_of_major_powers(tmp_path: Path) -> None:
    panel = load(MajorPowers(layout="spells"), HERE / "major_powers", tmp_path)
    germany = panel.frame.filter(pl.col("state") == GMY)["year"].to_list()
    assert germany == [*range(1925, 1946), *range(1991, 2017)]
    assert panel.frame.filter(pl.col("state") == USA)["year"].min() == 1898


@pytest.mark.real
def test_major_powers_are_missing_after_the_list(real: Path, tmp_path: Path) -> None:
    powers = step(MajorPowers(), real, tmp_path)
    frame = value(With(StateYears("cow", (2016, 2017)), (powers,))).frame
    now = frame.filter(pl.col("year") == 2016, pl.col("major_power") == 1)
    # Seven in 2016 by the list: USA, UK, France, Germany, Russia, China, Japan.
    assert set(now["state"]) == {USA, UKG, FRN, GMY, RUS, CHN, 740}
    assert frame.filter(pl.col("year") == 2016)["major_power"].null_count() == 0
    assert frame.filter(pl.col("year") == 2017)["major_power"].is_null().all()


def test_minus_nine_is_missing_and_zero_is_zero(tmp_path: Path) -> None:
    panel = load(MaterialCapabilities(), HERE / "material_capabilities", tmp_path)
    row = panel.frame.row(by_predicate=(pl.col("year") == 1991), named=True)
    blank = ("military_expenditure_k", "military_personnel_k", "energy_ktce", "urban_population_k")
    assert all(row[name] is None for name in blank)
    assert (row["iron_steel_kt"], row["population_k"], row["cinc_share"]) == (0, 16_512, 0.0031)
    assert MaterialCapabilities().check_facts(panel.frame, "abridged") == 4


@pytest.mark.real
def test_cinc_is_the_mean_of_shares(real: Path, tmp_path: Path) -> None:
    """Recomputed from the six components of a year without gaps in the large states."""
    panel = load(MaterialCapabilities(layout="copy"), real, tmp_path)
    assert MaterialCapabilities().check_facts(panel.frame, "copy") == 4
    year = panel.frame.filter(pl.col("year") == 2000)
    six = [v.name for v in panel.variables[:-1]]
    shares = year.select((pl.col(c) / pl.col(c).sum()).alias(c) for c in six)
    index = shares.select(pl.mean_horizontal(six)).to_series()
    assert (index - year["cinc_share"]).abs().max() < 0.003  # type: ignore[operator]


@pytest.mark.real
def test_simulated_size(real: Path, tmp_path: Path) -> None:
    panel = load(SimulatedSize(), real, tmp_path)
    row = panel.frame.row(
        by_predicate=(pl.col("state") == KAZ) & (pl.col("year") == 2019), named=True
    )
    assert 18 < row["population_m"] < 19.5  # 18.5 million, World Bank
    assert row["population_m_sd"] > 0
    assert panel.years[-1] == 2019


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "majors2016.csv").write_text("ccode,year\n2,1990\n")
    with pytest.raises(MultivectorError, match="no column styear"):
        load(MajorPowers(layout="spells"), tmp_path, tmp_path / "cache")


@pytest.mark.real
def test_years_since_a_land_border_arose_obey_its_coverage(real: Path, tmp_path: Path) -> None:
    borders = step(Contiguity(layout=COPY), real, tmp_path)
    base = With(DyadYears("cow", (2010, 2019), directed=False), (borders,))
    frame = value(PeaceYears(base, "contiguity")).frame
    pair = frame.filter(pl.col("state") == 2, pl.col("partner") == KAZ)
    assert pair["contiguity_peace_years"].to_list() == [*range(7), None, None, None]
