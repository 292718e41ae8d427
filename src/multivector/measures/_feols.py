"""Least squares with fixed effects and clustered errors, by pyfixest (the extra ``gravity``)."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from multivector.errors import InputError, OutOfCoverage, Unavailable
from multivector.measures._series import DRAWS
from multivector.stats.breaks import Fit, Floats

FEWEST_CLUSTERS = 10
"""Below this, clustered errors are far too small, and no interval is printed."""


@dataclass(frozen=True)
class PanelFit:
    """A fitted panel regression: a coefficient for each term, and what stands behind them.

    ``residuals`` has one value for each row given (NaN where the row is alone in an effect).
    ``within`` is the share of variance explained beyond the effects.
    """

    terms: dict[str, Fit]
    covariance: Floats
    residuals: Floats
    rows: int
    clusters: int
    within: float

    @property
    def words(self) -> str:
        """Size and fit, in words."""
        return f"{self.rows} rows, {self.clusters} clusters, within R² {self.within:.2f}"

    def draws(self, term: str) -> Floats:
        """Return the sampling distribution of a coefficient; none with too few clusters."""
        few = self.clusters < FEWEST_CLUSTERS
        return np.full(DRAWS, np.nan) if few else self.terms[term].draws(DRAWS)


def panel_fit(
    frame: pl.DataFrame,
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str] = (),
    cluster: str = "state",
) -> PanelFit:
    """Fit outcome = terms·β + effects by least squares, errors clustered (CRV1).

    Intervals use t with clusters − 1 degrees of freedom (Cameron & Miller 2015,
    doi:10.3368/jhr.50.2.317). Rows with a missing value are left out; the caller says which.

    Parameters
    ----------
    frame
        One row an observation.
    terms, effects
        Columns of covariates, and of labels that get an effect each.
    cluster
        Column of labels within which errors may be correlated.

    Raises
    ------
    Unavailable
        When pyfixest is not installed.
    OutOfCoverage
        When fewer complete rows than needed are left, or a term does not vary.
    """
    fixest = _pyfixest()
    labels = list(dict.fromkeys((*effects, cluster)))
    if set(terms) & set(labels):
        raise InputError(f"{', '.join(set(terms) & set(labels))} cannot be a term and an effect.")
    numbers = [pl.col(c).cast(pl.Float64).fill_nan(None) for c in (outcome, *terms)]
    whole = frame.with_row_index("row").select("row", *numbers, *labels).drop_nulls()
    whole = _with_company(whole, effects)
    groups = whole[cluster].n_unique()
    if len(whole) < len(terms) + 3 or groups < 3:
        raise OutOfCoverage(
            f"{len(whole)} complete rows of {groups} clusters are left to explain {outcome}.",
            remedy="Feed tables that cover more states and years.",
        )
    coded = whole.with_columns(pl.col(c).rank("dense").cast(pl.Int64) for c in labels)
    formula = f"{outcome} ~ {' + '.join(terms)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = fixest.feols(
                formula + (f" | {' + '.join(effects)}" if effects else ""),
                coded.drop("row").to_pandas(),
                vcov={"CRV1": cluster},
            )
        except ValueError as error:
            if "collinear" not in str(error):
                raise
            raise OutOfCoverage(f"{', '.join(terms)} does not vary beside the effects.") from None
    slopes, errors = dict(model.coef()), dict(model.se())
    lost = [t for t in terms if t not in slopes or not np.isfinite(errors[t])]
    if lost:
        raise OutOfCoverage(f"{', '.join(lost)} does not vary beside the effects.")
    residuals = np.full(len(frame), np.nan)
    gone = np.asarray(() if model.na_index is None else model.na_index).astype(np.int64)
    residuals[np.delete(whole["row"].to_numpy(), gone)] = np.asarray(model.resid())
    order = [list(slopes).index(t) for t in terms]
    within = model._r2_within if effects else model._r2
    return PanelFit(
        {t: Fit(float(slopes[t]), float(errors[t]), groups - 1) for t in terms},
        np.asarray(model._vcov, dtype=np.float64)[np.ix_(order, order)],
        residuals,
        len(whole),
        groups,
        float(within),
    )


def standardised(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the frame with columns less their mean, in standard deviations."""
    return frame.with_columns((pl.col(c) - pl.col(c).mean()) / pl.col(c).std() for c in columns)


def _with_company(frame: pl.DataFrame, effects: Sequence[str]) -> pl.DataFrame:
    """Return the rows that share each of their effects with another row, which alone can tell."""
    before = -1
    while effects and before != len(frame):
        before = len(frame)
        frame = frame.filter(pl.len().over(e) > 1 for e in effects)
    return frame


def _pyfixest() -> Any:
    try:
        return importlib.import_module("pyfixest")
    except ModuleNotFoundError as error:
        raise Unavailable(
            "The regression cannot be fitted without pyfixest.",
            remedy="Install it: pip install 'multivector[gravity]'.",
        ) from error
