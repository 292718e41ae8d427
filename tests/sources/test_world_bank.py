"""World Bank: three layouts of one series, groups left out, no state lost."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import SchemaError, UnknownName
from multivector.settings import Settings
from multivector.sources.world_bank import (
    AGGREGATES,
    API,
    BULK,
    LONG,
    WorldBankGDP,
    WorldBankPopulation,
)

HERE = Path(__file__).parent / "data" / "world_bank"
ANSWER = HERE / "NY.GDP.MKTP.CD.json"


def test_api_answer_gives_states_with_values() -> None:
    table = WorldBankGDP().read(API, [ANSWER]).sort("state")
    assert table.rows() == [("KAZ", 2023, 262_642_000_000.5), ("XKX", 2023, 10_438_000_000.0)]


def test_only_one_page_of_several_is_refused(tmp_path: Path) -> None:
    answer = json.loads(ANSWER.read_bytes())
    answer[0]["pages"] = 2
    path = tmp_path / ANSWER.name
    path.write_text(json.dumps(answer))
    with pytest.raises(SchemaError, match="page 1 of 2"):
        WorldBankGDP().read(API, [path])


def test_error_message_of_the_api_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ANSWER.name
    path.write_text('[{"message":[{"id":"120","key":"Invalid value","value":"not valid"}]}]')
    with pytest.raises(SchemaError, match="Invalid value"):
        WorldBankGDP().read(API, [path])


def test_code_of_neither_state_nor_group_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Country Name,Country Code,Year,Value\nAtlantis,QQQ,2000,1\n")
    with pytest.raises(UnknownName, match="QQQ"):
        WorldBankGDP().read(LONG, [path])


BULK_CSV = (
    "\ufeff"
    '"Data Source","World Development Indicators",\n\n'
    '"Last Updated Date","2025-10-07",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","1991","1992",\n'
    '"Kazakhstan","KAZ","Population, total","SP.POP.TOTL","","17332625",\n'
    '"World","WLD","Population, total","SP.POP.TOTL","5389000000","5477123966",\n'
)


def test_bulk_csv_alone_and_in_its_zip(tmp_path: Path) -> None:
    """The heading, blank values and trailing comma are those of the real file."""
    name = "API_SP.POP.TOTL_DS2_en_csv_v2_1"
    (tmp_path / f"{name}.csv").write_text(BULK_CSV, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as made:
        made.write(tmp_path / f"{name}.csv", f"{name}.csv")
        made.writestr("Metadata_Country_API_SP.POP.TOTL_DS2_en_csv_v2_1.csv", "x\n")
    for suffix in ("csv", "zip"):
        table = WorldBankPopulation().read(BULK, [tmp_path / f"{name}.{suffix}"])
        assert table.rows() == [("KAZ", 1992, 17_332_625.0)]


def test_table_that_is_not_the_bulk_download_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a\nb\nc\nd\nCountry,Code\nKazakhstan,KAZ\n")
    with pytest.raises(SchemaError, match="Indicator Code, then years"):
        WorldBankPopulation().read(BULK, [path])


# the real files --------------------------------------------------------------------------------

FILES = {
    WorldBankGDP: "gdp_current_usd_long.csv",
    WorldBankPopulation: "population_long.csv",
}
ABSENT = {WorldBankGDP: {"PRK", "VAT"}, WorldBankPopulation: {"VAT"}}
"""States for which the World Bank publishes no figure in these files."""


@pytest.mark.parametrize("kind", list(FILES))
def test_every_state_is_kept_and_every_group_dropped(
    kind: type[WorldBankGDP], real_data: Path
) -> None:
    path = real_data / "economy/worldbank" / FILES[kind]
    with path.open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if r["Country Code"] not in AGGREGATES]
    table = kind().read(LONG, [path])
    assert len(table) == len(rows)
    by_hand = {(r["Country Code"], int(r["Year"])): float(r["Value"]) for r in rows}
    assert {(s, y): v for s, y, v in table.iter_rows()} == by_hand
    assert set(states.all_states(2020)) - set(table["state"]) == ABSENT[kind]
    assert not AGGREGATES & set(states.all_states(territories=True))


def casebook(kind: type[WorldBankGDP], folder: Path) -> pl.DataFrame:
    source = kind(layout="casebook")
    return source.load(source.found(Settings(cache=folder, offline=True))).frame


@pytest.mark.parametrize("kind", list(FILES))
def test_facts_on_the_casebook(kind: type[WorldBankGDP], tmp_path: Path) -> None:
    assert kind().check_facts(casebook(kind, tmp_path), "casebook") == len(kind.facts) > 0


@pytest.mark.parametrize("kind", list(FILES))
def test_facts_on_the_real_file_whose_rows_since_1990_are_the_casebook(
    kind: type[WorldBankGDP], real_data: Path, tmp_path: Path
) -> None:
    table = kind().read(LONG, [real_data / "economy/worldbank" / FILES[kind]])
    assert kind().check_facts(table, LONG) == len(kind.facts) > 0
    kept = table.filter(pl.col("year") >= 1990).sort("state", "year")
    assert casebook(kind, tmp_path).equals(kept)


def test_bulk_layout_agrees_with_the_long_one(real_data: Path) -> None:
    """Two releases of population to 2024, one in each layout: alike but for revisions."""
    folder = real_data / "economy/worldbank"
    long = WorldBankPopulation().read(LONG, [folder / "population_long.csv"])
    bulk = WorldBankPopulation().read(BULK, [folder / "wdi_population_bulk_format.csv"])
    both = long.join(bulk, on=["state", "year"], how="full", suffix="_bulk")
    assert both.null_count().sum_horizontal().item() == 0
    ratio = pl.col("population_persons") / pl.col("population_persons_bulk")
    assert both.filter(ratio != 1).height < 100
    # Albania is revised by up to 12 % back to its census of 2023, nothing else by more than 5 %.
    assert set(both.filter(~ratio.is_between(0.95, 1.05))["state"]) == {"ALB"}


def test_bulk_layout_of_gdp_per_head_is_gdp_over_population(real_data: Path) -> None:
    """The Bank's GDP per head, read with the bulk reader, times people is its GDP."""
    folder = real_data / "economy/worldbank"
    per_head = WorldBankGDP().read(BULK, [folder / "wdi_gdp_per_capita_bulk_format.csv"])
    people = WorldBankPopulation().read(BULK, [folder / "wdi_population_bulk_format.csv"])
    gdp = WorldBankGDP().read(LONG, [folder / "gdp_current_usd_long.csv"])
    row = (
        gdp.join(per_head, on=["state", "year"], suffix="_per_head")
        .join(people, on=["state", "year"])
        .filter(pl.col("state") == "KAZ", pl.col("year") == 2019)
        .row(0, named=True)
    )
    product = row["gdp_usd_per_head"] * row["population_persons"]
    assert product == pytest.approx(row["gdp_usd"], rel=1e-6)
