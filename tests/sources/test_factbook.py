"""Factbook: GEC codes, names as printed, shares as printed, the known error of 2023 declared."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import UnknownName
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.sources.factbook import PARSED, REGIONS, FactbookPartners

HERE = Path(__file__).parent / "data" / "factbook"
REAL = "economy/cia_factbook_trade_partner_shares.csv.gz"


def test_hand_written_file() -> None:
    table = FactbookPartners().read(PARSED, [HERE / "shares.csv"])
    assert table.sort("state", "partner").rows() == [
        ("JPN", "KOR", 2019, None, 0.04),
        ("KAZ", "GBR", 2023, 0.15, 0.0),  # printed 0 is a recorded value
        ("KAZ", "GMB", 2023, None, 0.04),  # not printed is missing
        ("PSE", "ISR", 2022, 0.81, None),
        ("TTO", "ATG", 2022, 0.03, None),
    ]


@pytest.mark.parametrize("row", ["xx,exports,2023,UK,15.0", "kz,exports,2023,Atlantis,15.0"])
def test_unknown_economy_or_partner_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(f"gec_code,flow,data_year,partner,share_pct\n{row}\n")
    with pytest.raises(UnknownName):
        FactbookPartners().read(PARSED, [path])


@pytest.fixture(scope="module")
def panel(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Panel:
    source = FactbookPartners(layout=PARSED)
    settings = Settings(data=real_data, cache=tmp_path_factory.mktemp("cache"), offline=True)
    return source.load(source.found(settings))


def casebook(folder: Path) -> pl.DataFrame:
    source = FactbookPartners(layout="casebook")
    return source.load(source.found(Settings(cache=folder, offline=True))).frame


def test_facts_on_the_casebook(tmp_path: Path) -> None:
    facts = len(FactbookPartners.facts)
    assert FactbookPartners().check_facts(casebook(tmp_path), "casebook") == facts > 0


def test_facts_on_the_real_file_whose_rows_since_2014_are_the_casebook(
    panel: Panel, tmp_path: Path
) -> None:
    assert FactbookPartners().check_facts(panel.frame, PARSED) == len(FactbookPartners.facts)
    assert casebook(tmp_path).equals(panel.frame.filter(pl.col("year") >= 2014))


def test_no_share_is_lost_but_those_of_regions_and_repeats(panel: Panel, real_data: Path) -> None:
    """Sums of percent: all rows, less four regions, less the West Bank's repeat of Gaza."""
    raw = pl.read_csv(real_data / REAL)
    tenths = (pl.col("share_pct") * 10).round().cast(pl.Int64)
    kept = raw.filter(~pl.col("partner").is_in(REGIONS), pl.col("gec_code") != "we")
    ours = panel.frame.select(
        ((pl.col(f"{flow}_share") * 1000).round().cast(pl.Int64).sum())
        for flow in ("exports", "imports")
    )
    assert sum(ours.row(0)) == kept.select(tenths.sum()).item()
    assert kept.height == sum(
        panel.frame.height - panel.frame[f"{flow}_share"].null_count()
        for flow in ("exports", "imports")
    )


def test_actors_are_known(panel: Panel) -> None:
    actors = set(panel.frame["state"]) | set(panel.frame["partner"])
    assert actors <= set(states.all_states(territories=True)) | {"ANT", "EU"}


def test_the_gambia_for_germany_is_published_declared_and_left_out(panel: Panel) -> None:
    """Kept as printed; left out of derived figures, in both directions; no other cell is."""
    pair = pl.col("state").is_in(["KAZ", "GMB"]) & pl.col("partner").is_in(["KAZ", "GMB"])
    printed = panel.frame.filter(pair)
    assert printed.rows() == [("GMB", "KAZ", 2023, 0.92, 0.26), ("KAZ", "GMB", 2023, None, 0.04)]
    for flow, cells in (("exports_share", 1), ("imports_share", 2)):
        sound = panel.sound(flow).frame
        assert sound.filter(pair)[flow].to_list() == [None, None]
        assert sound[flow].null_count() == panel.frame[flow].null_count() + cells


def test_gec_codes_agree_with_another_list(real_data: Path) -> None:
    """Every GEC code that the codelist of the package countrycode has (as FIPS) means the same."""
    theirs = pl.read_csv(
        real_data / "ties/states/countrycode_codelist.csv.gz", infer_schema=False
    ).drop_nulls(["fips", "iso3c"])
    ours = pl.read_csv(Path(states.__file__).parent / "data/partners/gec.csv", infer_schema=False)
    both = ours.join(theirs, left_on=pl.col("code").str.to_uppercase(), right_on="fips")
    assert len(both) > 225
    assert both.filter(pl.col("state") != pl.col("iso3c")).is_empty()
