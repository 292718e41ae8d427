"""AidData: China's official development finance by recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import columns_of, sheet_rows
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import STATE, STATE_YEAR, Coverage, Variable, span

RECORDS, TOTALS = "records xlsx", "country totals"
FIELDS = {
    "aggregate": "Recommended For Aggregates",
    "iso": "Recipient ISO-3",
    "year": "Commitment Year",
    "amount": "Adjusted Amount (Constant USD 2021)",
}
LICENCE = Licence(
    "AidData, free with citation",
    "https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0",
    redistribute_raw=False,
    quote="The publisher's terms were not seen.",
)
CITATION = Citation(
    "custer2023",
    "misc",
    "Custer, Samantha and Dreher, Axel and Elston, Thai-Binh and Escobar, Brooke and Fedorochko, "
    "Rory and Fuchs, Andreas and Ghose, Siddhartha and Lin, Jiahao and Malik, Ammar and Parks, "
    "Bradley C. and Solomon, Kyra and Strange, Austin and Tierney, Michael J. and Vlasto, Lydia "
    "and Walsh, Katherine and Wang, Fei and Zaleski, Lincoln and Zhang, Sheng",
    "Tracking Chinese Development Finance: An Application of AidData's TUFF 3.0 Methodology",
    2023,
    "Williamsburg, VA: AidData at William & Mary",
)


@dataclass(frozen=True)
class AidData(Source):
    """China's official commitments to each recipient and year, 2000 to 2021.

    ``chinese_commitments_usd2021`` is the sum of the amounts that official institutions of China
    committed to ``state`` in ``year``, over the records that AidData recommends for aggregates, in
    US dollars of 2021, ≥ 0. Commitments are gross: repayments are not deducted, and not all was
    paid out. Records without an amount count nothing, so the sum is a lower bound; a recipient and
    year without any record is missing. Regional records have no recipient and are left out.

    References
    ----------
    Custer, S. et al. (2023). Tracking Chinese Development Finance: An Application of AidData's
    TUFF 3.0 Methodology. AidData at William & Mary.

    Examples
    --------
    >>> AidData.variables[0].unit
    'USD of 2021'
    """

    without_facts: ClassVar = (
        "AidData prints totals of commitments in other groupings than these two files; none "
        "was found that they could show."
    )
    name: ClassVar = "aiddata"
    title: ClassVar = "Global Chinese Development Finance, commitments by year"
    producer: ClassVar = "AidData at William & Mary"
    version: ClassVar = "3.0"
    homepage: ClassVar = LICENCE.url
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable(
            "chinese_commitments_usd2021",
            "Official commitments of China",
            "USD of 2021",
            Coverage(span(2000, 2021)),
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "AidDatasGlobalChineseDevelopmentFinanceDataset_v3.0.xlsx",
            RECORDS,
            how="https://www.aiddata.org/data/"
            "aiddatas-global-chinese-development-finance-dataset-version-3-0, the zip, in it the "
            "workbook of that name",
            seen_real=False,
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return recipient, year and the sum of commitments."""
        rows = sheet_rows(paths[0], "GCDF_3.0")
        names = [str(c).strip() for c in rows[0]]
        head = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        columns_of(head, [*FIELDS.values()], paths[0].name, layout)
        at = {field: names.index(column) for field, column in FIELDS.items()}
        records = [
            (str(row[at["iso"]]), int(row[at["year"]]), float(row[at["amount"]]))
            for row in rows[1:]
            if row[at["aggregate"]] == "Yes"
            and all(row[at[f]] not in (None, "") for f in ("iso", "year", "amount"))
            and len(str(row[at["iso"]])) == 3
        ]
        table = pl.DataFrame(
            records,
            schema={"iso": pl.String, "year": pl.Int32, "amount": pl.Float64},
            orient="row",
        )
        sums = table.with_columns(state=resolve_codes(table["iso"], table["year"], "iso3"))
        return sums.group_by("state", "year").agg(
            pl.col("amount").sum().alias("chinese_commitments_usd2021")
        )


@dataclass(frozen=True)
class AidDataTotals(Source):
    """China's official commitments to each recipient, 2000 to 2021 together.

    ``chinese_commitments_usd2021bn`` is the sum over the years, in billion US dollars of 2021, ≥ 0;
    ``chinese_interest_percent`` the mean interest rate of the loans, weighted by amount, in percent
    a year, missing where no rate is known. A recipient that is not there is missing.

    References
    ----------
    Custer, S. et al. (2023). Tracking Chinese Development Finance: An Application of AidData's
    TUFF 3.0 Methodology. AidData at William & Mary.

    Examples
    --------
    >>> AidDataTotals.key.columns
    ('state',)
    """

    without_facts: ClassVar = (
        "AidData prints totals of commitments in other groupings than these two files; none "
        "was found that they could show."
    )
    name: ClassVar = "aiddata_totals"
    title: ClassVar = "Global Chinese Development Finance, commitments 2000-2021"
    producer: ClassVar = AidData.producer
    version: ClassVar = "3.0, aggregated by Teal-Insights"
    homepage: ClassVar = LICENCE.url
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    key: ClassVar = STATE
    variables: ClassVar = (
        Variable(
            "chinese_commitments_usd2021bn",
            "Official commitments of China, 2000 to 2021",
            "billion USD of 2021",
            Coverage(()),
            range=(0, None),
        ),
        Variable(
            "chinese_interest_percent",
            "Mean interest rate of China's loans",
            "percent a year",
            Coverage(()),
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "aiddata_gcdf_country_commitments.csv",
            TOTALS,
            how="From the repository Teal-Insights/aiddataviz; columns country_name, iso3c, "
            "total_commitments_bn, weighted_interest_rate",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return recipient, commitments and interest rate."""
        table = pl.read_csv(paths[0], infer_schema=False)
        fields = ["iso3c", "total_commitments_bn", "weighted_interest_rate"]
        columns_of(table, fields, paths[0].name, layout)
        return table.select(
            state=resolve_codes(table["iso3c"], 2021, "iso3"),
            chinese_commitments_usd2021bn=_number(fields[1]),
            chinese_interest_percent=_number(fields[2]),
        )


def _number(column: str) -> pl.Expr:
    return pl.col(column).replace(["", "NA"], None).cast(pl.Float64)
