"""Mirror flows: what both sides of a pair report of the same trade, and what reconciles them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._ledger import WORDS, Floats, money_scale, reported_column
from multivector.measures.trade import overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import mirror_flows
from multivector.step import Inputs, Measure, Step
from multivector.variable import DIRECTED_DYAD_YEAR, REPORTED_DYAD_YEAR, Variable

GAULIER = Citation(
    "gaulier2010",
    "techreport",
    "Gaulier, Guillaume and Zignago, Soledad",
    "BACI: International Trade Database at the Product-Level. The 1994-2007 Version",
    2010,
    "CEPII Working Paper 2010-23",
    url="https://www.cepii.fr/CEPII/en/publications/wp/abstract.asp?NoDoc=2726",
)
TEN_CATE = Citation(
    "tencate2014",
    "article",
    "ten Cate, Arie",
    "The Identification of Reporting Accuracies from Mirror Data",
    2014,
    "Jahrbücher für Nationalökonomie und Statistik 234(1):70-84",
    doi="10.1515/jbnst-2014-0106",
)


@dataclass(frozen=True)
class Reconciled(Step[Panel]):
    """Exports by pair and year, reconciled from what exporter and importer report.

    After Gaulier & Zignago (2010), for all goods together: the importer's report is divided by a
    CIF/FOB ratio fitted on distance and border, each reporter's reliability is judged from its
    departures from all its partners over all years, and the two reports are averaged with these
    weights (see :mod:`multivector.stats.mirror_flows`). A report that its source marks as an
    estimate, or as made from the other side's, is no second report; of two figures of which one
    was made from the other, that of the side that copies more often is left out. Where distance
    is not known, the median of the fitted ratios stands in.

    ``exports_usd`` is the reconciled value FOB, ``exports_log_scale`` and ``exports_freedom`` the
    scale and degrees of freedom of Student's t distribution of its logarithm, ``exporter_weight``
    the weight of the exporter's report.
    """

    name: ClassVar[str] = "reconciled_trade"
    citations: ClassVar[tuple[Citation, ...]] = (GAULIER, TEN_CATE)
    reports: Step[Panel] = default_input("imf_dots")
    distances: Step[Panel] = default_input("geodist")

    def compute(self, get: Inputs) -> Panel:
        """Pair the reports, judge the reporters, reconcile each flow."""
        panel = get(self.reports)
        flows = paired_reports(panel)
        ours = reconciled(flows, get(self.distances, "dist_km", "contig"))
        cover = reported_column(panel, "exports").coverage
        columns = (
            ("exports_usd", "Exports of goods, reports of both sides reconciled", "current USD"),
            ("exports_log_scale", "Scale of the error of the logarithm", "log points"),
            ("exports_freedom", "Degrees of freedom of that error", "count"),
            ("exporter_weight", "Weight of the exporter's report", "share 0–1"),
        )
        names = [name for name, *_ in columns]
        return Panel(
            ours.select(
                "year", state="exporter", partner="importer", **{n: pl.col(n) for n in names}
            ).drop_nulls("exports_usd"),
            DIRECTED_DYAD_YEAR,
            tuple(Variable(*c, cover, range=(0, None)) for c in columns),
        )


@dataclass(frozen=True)
class MirrorTrade(Measure):
    """Trade of a pair as each side reports it and as reconciled, side by side, in US dollars.

    For each flow (exports and imports of the focal state): ``reporter`` is what the focal state
    says, ``mirror`` what its partner says of the same flow, ``reconciled`` the FOB value
    ln v = g ln fob + (1 − g) ln(cif/ratio), g by the reliability of either reporter. Importers
    report with freight and insurance (CIF), exporters without (FOB). The interval of the
    reconciled value comes from the reporters' usual errors and widens where the two disagree by
    more; reports have none. A flow that nobody reports is missing. Partners are states: reports of
    members of a bloc have no common reliability.

    Parameters
    ----------
    reports
        A table keyed by reporter.
    distances
        Distance and border, for freight.
    years
        First and last year; ``None`` takes all.
    draws, seed
        Draws of the reconciled value (log-t), and their seed.

    Examples
    --------
    >>> MirrorTrade(focal="KAZ", partners=("CHN",)).unit
    'current USD'
    """

    name: ClassVar[str] = "mirror_trade"
    unit: ClassVar[str] = "current USD"
    citations: ClassVar[tuple[Citation, ...]] = (GAULIER, TEN_CATE)
    reports: Step[Panel] = default_input("imf_dots")
    distances: Step[Panel] = default_input("geodist")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] | None = None
    draws: int = 500
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, overlaps and no draws."""
        for actor in (self.focal, *self.partners):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "Reports are made by states.")
        yield from overlaps((self.focal, *self.partners))
        if self.draws < 2:
            yield InputError(f"{self.draws} draws make no interval.", "At least 2.")

    def compute(self, get: Inputs) -> Estimate:
        """Reconcile the whole table, since reliability is judged from it; keep the pairs."""
        flows = paired_reports(get(self.reports))
        flows = reconciled(flows, get(self.distances, "dist_km", "contig"))
        here, low_high = pl.lit(value=True), self.years
        if low_high is not None:
            here = pl.col("year").is_between(*low_high)
        rows: list[pl.DataFrame] = []
        for flow, (us, them) in _SIDES.items():
            said = ("fob", "cif") if flow == "exports" else ("cif", "fob")
            chosen = flows.filter(here, pl.col(us) == self.focal, pl.col(them).is_in(self.partners))
            values = (*said, "exports_usd")
            for view, column in zip(("reporter", "mirror", "reconciled"), values, strict=True):
                rows.append(
                    chosen.select(
                        state=us,
                        partner=them,
                        flow=pl.lit(flow),
                        view=pl.lit(view),
                        year=pl.col("year").cast(pl.Int64),
                        value=pl.col(column).cast(pl.Float64),
                        scale=pl.col("exports_log_scale") if view == "reconciled" else None,
                        freedom="exports_freedom",
                    )
                )
        table = pl.concat(rows, how="vertical_relaxed").sort("partner", "flow", "year", "view")
        value, scale, freedom = (
            table[c].cast(pl.Float64).fill_null(float("nan")).to_numpy()
            for c in ("value", "scale", "freedom")
        )
        rng = np.random.default_rng(self.seed)
        noise = rng.standard_t(np.nan_to_num(freedom, nan=1.0)[:, None], (len(table), self.draws))
        words = "; ".join(f"{v}: {WORDS[v]}" for v in ("reporter", "mirror"))
        return Estimate(
            table.drop("value", "scale", "freedom"),
            value[:, None] * np.exp(scale[:, None] * noise),
            label="Goods trade by who reports it",
            unit=self.unit,
            draw_kind="posterior",
            variant=f"{words}; reconciled: FOB, {self.draws} draws of reporting errors",
            range=(0, None),
            observed=value,
        )


_SIDES = {"exports": ("exporter", "importer"), "imports": ("importer", "exporter")}


def paired_reports(panel: Panel) -> pl.DataFrame:
    """Return each flow with both reports in USD and whether each stands on its own.

    Columns exporter, importer, year, fob, cif, fob_own, cif_own; null where there is no report.
    """
    if panel.key != REPORTED_DYAD_YEAR:
        raise KeyMismatch(
            f"{panel.key} does not say who reports.", "A table keyed by reporter is needed."
        )
    parts: list[pl.DataFrame] = []
    for flow, name in (("exports", "fob"), ("imports", "cif")):
        variable = reported_column(panel, flow)
        value = panel.sound(variable.name).frame[variable.name] * money_scale(variable.unit)
        us, them = _SIDES[flow]
        marks = {v.name for v in panel.variables} & {f"{flow}_estimated", f"{flow}_mirrored"}
        made = {m.rpartition("_")[2]: pl.col(m).fill_null(0) == 1 for m in marks}
        never = pl.lit(value=False)
        parts.append(
            panel.frame.with_columns(value.alias(name))
            .filter(pl.col(name).is_not_null(), pl.col("state") != pl.col("partner"))
            .select(
                pl.col("state").alias(us),
                pl.col("partner").alias(them),
                "year",
                name,
                (~made.get("estimated", never)).alias(f"{name}_own"),
                made.get("mirrored", never).alias(f"{name}_copy"),
            )
        )
    both = parts[0].join(parts[1], on=["exporter", "importer", "year"], how="full", coalesce=True)
    copied = (pl.col("fob_copy") & pl.col("cif_copy")).fill_null(value=False)
    two = both.filter(pl.col("fob").is_not_null() & pl.col("cif").is_not_null())
    habit = (
        pl.concat(two.select(who=side, copied=copied) for side in ("exporter", "importer"))
        .group_by("who")
        .agg(pl.col("copied").mean().alias("habit"))
    )
    for side in ("exporter", "importer"):
        both = both.join(habit.rename({"who": side, "habit": f"{side}_habit"}), on=side, how="left")
    exporter_copies = copied & (pl.col("exporter_habit") >= pl.col("importer_habit"))
    return both.select(
        "exporter",
        "importer",
        "year",
        "fob",
        "cif",
        fob_own=pl.col("fob_own").fill_null(value=False) & ~exporter_copies,
        cif_own=pl.col("cif_own").fill_null(value=False) & ~(copied & ~exporter_copies),
    )


def reconciled(flows: pl.DataFrame, distances: Panel) -> pl.DataFrame:
    """Add the reconciled value, the error of its logarithm and the exporter's weight."""
    space = distances.frame.select("dist_km", exporter="state", importer="partner", border="contig")
    table = flows.join(space, on=["exporter", "importer"], how="left", maintain_order="left")
    names = pl.concat([table["exporter"], table["importer"]]).unique().sort()
    kinds = pl.Enum(names)
    i, j = (table[c].cast(kinds).to_physical().to_numpy() for c in ("exporter", "importer"))

    def array(column: str, own: str = "") -> Floats:
        values: Any = table[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(table[own].to_numpy(), values, np.nan) if own else values

    fob, cif = array("fob", "fob_own"), array("cif", "cif_own")
    km, border = array("dist_km"), array("border")
    model = mirror_flows.freight(fob, cif, km, border)
    freight = model.ratio(km, border)
    freight = np.where(np.isnan(freight), np.nanmedian(freight), freight)
    usable = (fob > 0) & (cif > 0)
    some, other = np.where(usable, fob, 1.0), np.where(usable, cif, 1.0)
    gap = np.where(usable, np.log(some) - np.log(other) + np.log(freight), np.nan)
    size = np.log1p(np.minimum(some, other) / 1e6)  # flows of millions count, not of thousands
    scale = mirror_flows.reliability(gap, i, j, len(names), np.where(usable, size, 0.0))
    found = mirror_flows.reconcile(fob, cif, freight, scale[i], scale[j])
    return table.with_columns(
        exports_usd=found.value,
        exports_log_scale=found.log_scale,
        exports_freedom=found.freedom,
        exporter_weight=found.exporter_weight,
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
