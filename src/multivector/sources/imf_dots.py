"""IMF, Direction of Trade Statistics to 2020: every pair of reporter and partner, by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.sources._dots_workbook import SHEETS, workbook
from multivector.sources._reported import (
    CUSTOMS_UNION,
    IMF_LICENCE,
    Areas,
    Covering,
    columns_of,
)
from multivector.store import File
from multivector.variable import REPORTED_DYAD_YEAR, STATE_YEAR, Coverage, Variable, span

ALL, BOOK = "all dyads", "workbook"
COVERAGE = Coverage(span(1960, 2020))
CIF_TO_FOB = 1.06
"""The ratio by which the IMF makes one side's figure from the other's."""
SUMS = "W00 _AE _AFR _EA _EDA _EDE _EMDE _EU _FUEL _ME _MECA _NONFUEL _SSA _WH"
CODES = Areas(
    {"BLX": "BLX", "_SACCA": "ZA1"},
    sums=frozenset(SUMS.split()),
    kept="^_(NS.*|OTH|SPEC|MYSW)$",
)
"""Areas of the all-dyad file: the South African customs area keeps BACI's code ZA1; _NS… (not
specified), _OTH (others), _SPEC (special categories) and _MYSW (Malaysia, West, to 1963) stay."""
FILES = (
    File(
        "imf_dots_annual_1960_2020.csv.gz",
        ALL,
        how="All workbooks of the release of February 2022 in one table: reporter, partner, year, "
        "exports_fob, imports_cif (million USD), x_est, m_est (1 where the IMF prints 'e')",
    ),
    File(
        "DOTS_*.xlsx",
        BOOK,
        how="The workbook of one reporter, as the IMF's former site sent it: sheets 'Exports, FOB' "
        "and 'Imports, CIF', million USD",
    ),
)
CITATION = Citation(
    "imf_dots",
    "misc",
    "{International Monetary Fund}",
    "Direction of Trade Statistics (DOTS)",
    2022,
    "Washington, DC",
    url="https://data.imf.org/en/datasets/IMF.STA:IMTS",
)


def _variables() -> tuple[Variable, ...]:
    sides = (
        (
            "exports",
            "exports_fob_musd",
            "Exports of goods as the state reports them, free on board",
        ),
        (
            "imports",
            "imports_cif_musd",
            "Imports of goods as the state reports them, cost, insurance and freight included",
        ),
    )
    made: list[Variable] = []
    for flow, name, label in sides:
        made += [
            Variable(
                name,
                label,
                "million current USD",
                COVERAGE,
                range=(0, None),
                defects=(CUSTOMS_UNION,),
            ),
            Variable(
                f"{flow}_estimated",
                f"Whether the IMF marks the {flow} as its own estimate ('e')",
                "flag",
                COVERAGE,
                range=(0, 1),
            ),
            Variable(
                f"{flow}_mirrored",
                f"Whether the {flow} differ from the partner's report by the factor "
                f"{CIF_TO_FOB} exactly, so that one report was made from the other (computed)",
                "flag",
                COVERAGE,
                range=(0, 1),
            ),
        ]
    return tuple(made)


@dataclass(frozen=True)
class _Dots(Covering):
    """What the flows by partner and the totals share."""

    without_facts: ClassVar = (
        "No printed yearbook table of this release was at hand; the tests compare the "
        "workbooks with the all-reporter table."
    )
    producer: ClassVar = "International Monetary Fund"
    version: ClassVar = "release of February 2022"
    versions: ClassVar = {BOOK: "release of the workbook's day (not stated in it)"}
    homepage: ClassVar = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
    licence: ClassVar = IMF_LICENCE
    citation: ClassVar = CITATION
    files: ClassVar = FILES
    coverages: ClassVar = {ALL: COVERAGE}


@dataclass(frozen=True)
class ImfDots(_Dots):
    """Exports and imports of goods by partner, 1960 to 2020, as the IMF's tables have them.

    ``exports_fob_musd`` are the exports of ``state`` to ``partner`` in ``year``, free on board, and
    ``imports_cif_musd`` its imports from ``partner``, cost, insurance and freight included, both
    from ``state``'s side, in million current US dollars, ≥ 0. What ``partner`` reports of the same
    flows is in the row (partner, state). An absent or blank cell is missing, not zero.

    The IMF fills the rows of those that do not report from their partners' reports, divided or
    multiplied by 1.06. ``…_estimated`` is 1 where it says so ('e') and 0 where it gives a figure
    without the mark. Often it does not say so: by value, little of Turkmenistan since 1995 is
    marked. So ``…_mirrored`` is computed here: 1 where the two sides differ by 1.06 within the
    rounding of both, which shows that one was made from the other, though not which; 0 where they
    differ otherwise; missing where there is one side only.

    Sums over several partners are left out. Belgium and Luxembourg are one reporter (BLX) to
    1996, Serbia and Montenegro (SCG) to 2004 (2005 has neither them nor Serbia as reporters), and
    Sudan includes South Sudan to 2011. Southern Africa (ZA1) is one reporter to 1997. Taiwan
    reports nothing and is a partner only.

    References
    ----------
    International Monetary Fund. Direction of Trade Statistics (DOTS).

    Examples
    --------
    >>> [v.name for v in ImfDots.variables][:3]
    ['exports_fob_musd', 'exports_estimated', 'exports_mirrored']
    """

    name: ClassVar = "imf_dots"
    title: ClassVar = "Direction of Trade Statistics (DOTS), 1960-2020"
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = _variables()
    notes: ClassVar = (
        "Who reports is the state of the row, unless its report was made from the partner's "
        "(see the columns …_estimated and …_mirrored; Iran, North Korea and Turkmenistan almost "
        "throughout). A workbook holds one reporter only, so nothing can be compared with the "
        "partner's report there."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, flows and marks."""
        if layout == ALL:
            table = _all_dyads(paths[0])
            return _with_mirrors(table).select(
                "state", "partner", "year", *(v.name for v in self.variables)
            )
        table, _ = workbook(paths[0])
        blank = [pl.lit(None, pl.Int8).alias(f"{flow}_mirrored") for flow in SHEETS]
        return table.with_columns(blank).select(
            "state", "partner", "year", *(v.name for v in self.variables)
        )


@dataclass(frozen=True)
class ImfDotsTotals(_Dots):
    """Exports to, and imports from, the world, 1960 to 2020, as the IMF's tables have them.

    ``exports_world_musd`` (free on board) and ``imports_world_musd`` (cost, insurance and freight
    included) are the IMF's totals over all partners of ``state`` in ``year``, named or not, in
    million current US dollars, ≥ 0.

    References
    ----------
    International Monetary Fund. Direction of Trade Statistics (DOTS).

    Examples
    --------
    >>> [v.name for v in ImfDotsTotals.variables]
    ['exports_world_musd', 'imports_world_musd']
    """

    name: ClassVar = "imf_dots_world"
    title: ClassVar = "Direction of Trade Statistics (DOTS), totals by reporter"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_world_musd",
            f"{flow.capitalize()} of goods, all partners, as the state reports them",
            "million current USD",
            COVERAGE,
            range=(0, None),
            defects=(replace(CUSTOMS_UNION, states=("KAZ",)),),
        )
        for flow in ("exports", "imports")
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, year, and the two totals."""
        if layout == ALL:
            raw = _raw(paths[0]).filter(pl.col("partner") == "W00")
            world = raw.with_columns(CODES.names(raw["state"])).drop_nulls("state")
        else:
            _, world = workbook(paths[0])
        return world.select(
            "state",
            "year",
            exports_world_musd="exports_fob_musd",
            imports_world_musd="imports_cif_musd",
        )


# the all-dyad file -----------------------------------------------------------------------------


def _raw(path: Path) -> pl.DataFrame:
    """Read the file as it is, under our names."""
    types: dict[str, Any] = {
        "reporter": pl.String,
        "partner": pl.String,
        "year": pl.Int32,
        "exports_fob": pl.Float64,
        "imports_cif": pl.Float64,
        "x_est": pl.Int8,
        "m_est": pl.Int8,
    }
    table = pl.read_csv(path, schema_overrides=types)
    columns_of(table, [*types], path.name, ALL)
    return table.select(
        "year",
        "partner",
        state="reporter",
        exports_fob_musd="exports_fob",
        exports_estimated="x_est",
        imports_cif_musd="imports_cif",
        imports_estimated="m_est",
    )


def _all_dyads(path: Path) -> pl.DataFrame:
    """Return the file with our ids, without sums over several partners."""
    table = _raw(path)
    given = pl.concat([table["state"].unique(), table["partner"].unique()]).unique()
    found = CODES.names(given)  # most are our ids
    ids = {code: our for code, our in zip(given, found, strict=True) if our is not None}
    return table.filter(
        pl.col("state").is_in([*ids]), pl.col("partner").is_in([*ids])
    ).with_columns(pl.col("state", "partner").replace_strict(ids))


def _with_mirrors(table: pl.DataFrame) -> pl.DataFrame:
    """Say of each flow whether it is the partner's figure, divided or multiplied by 1.06."""
    kinds = pl.Enum(pl.concat([table["state"].unique(), table["partner"].unique()]).unique())
    state, partner = (
        pl.col(c).cast(kinds).to_physical().cast(pl.Int64) for c in ("state", "partner")
    )
    size = len(kinds.categories)
    both = table.with_columns(
        here=(pl.col("year") * size + state) * size + partner,
        there=(pl.col("year") * size + partner) * size + state,
    )
    mirror = both.select(
        "here",
        imported="imports_cif_musd",
        imported_estimated="imports_estimated",
        exported="exports_fob_musd",
        exported_estimated="exports_estimated",
    )
    both = both.join(mirror, left_on="there", right_on="here", how="left", maintain_order="left")
    out = _is_mirror("exports_fob_musd", "imported", "exports_estimated", "imported_estimated")
    into = _is_mirror("exported", "imports_cif_musd", "exported_estimated", "imports_estimated")
    return both.with_columns(
        exports_mirrored=out.cast(pl.Int8), imports_mirrored=into.cast(pl.Int8)
    )


def _is_mirror(fob: str, cif: str, *marks: str) -> pl.Expr:
    """Whether FOB × 1.06 is CIF within the rounding: six digits, for estimates two decimals."""
    marked = pl.any_horizontal(pl.col(m) == 1 for m in marks)
    room = pl.max_horizontal(pl.col(cif) * 1e-5, 5.1e-7 * CIF_TO_FOB)
    room = (
        pl.when(marked).then(pl.max_horizontal(room, pl.lit(0.0051 * CIF_TO_FOB))).otherwise(room)
    )
    near = (pl.col(fob) * CIF_TO_FOB - pl.col(cif)).abs() <= room
    some = (pl.col(fob) > 0) | (pl.col(cif) > 0)
    return pl.when(some).then(near)
