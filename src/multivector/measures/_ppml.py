"""Poisson pseudo-maximum likelihood with fixed effects, by pyfixest (the extra ``gravity``)."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from multivector.errors import InputError, NoConvergence, Unavailable
from multivector.origin import Citation

SANTOS = Citation(
    "santos2006",
    "article",
    "Santos Silva, J. M. C. and Tenreyro, Silvana",
    "The Log of Gravity",
    2006,
    "The Review of Economics and Statistics 88(4):641-658",
    doi="10.1162/rest.88.4.641",
)
YOTOV = Citation(
    "yotov2016",
    "book",
    "Yotov, Yoto V. and Piermartini, Roberta and Monteiro, José-Antonio and Larch, Mario",
    "An Advanced Guide to Trade Policy Analysis: The Structural Gravity Model",
    2016,
    "World Trade Organization and UNCTAD",
    url="https://www.wto.org/english/res_e/publications_e/advancedguide2016_e.htm",
)


@dataclass(frozen=True)
class PPML:
    """A fitted gravity equation.

    ``fitted`` has one value per row given, in the unit of the flow: 0 for rows that are separated
    (zeros that the effects predict perfectly), the flow itself for rows alone in an effect.
    ``separated`` counts the former.
    """

    coefficients: dict[str, float]
    errors: dict[str, float]
    fitted: np.ndarray[Any, np.dtype[np.float64]]
    used: int
    separated: int


def ppml(
    frame: pl.DataFrame, flow: str, terms: Sequence[str], effects: Sequence[str], cluster: str
) -> PPML:
    """Fit E[flow] = exp(terms·β + effects) by Poisson pseudo-maximum likelihood.

    Consistent under any variance of the flow and with zeros among them (Santos Silva & Tenreyro
    2006, doi:10.1162/rest.88.4.641).

    Parameters
    ----------
    frame
        One row a flow; no value of the columns named is missing.
    flow
        Column of flows, ≥ 0, zeros included.
    terms, effects
        Columns of covariates, and of labels that get an effect each.
    cluster
        Column of labels within which errors may be correlated.

    Raises
    ------
    Unavailable
        When pyfixest is not installed.
    InputError
        Missing values, negative flows.
    NoConvergence
        When the fit does not settle.
    """
    fixest = _pyfixest()
    columns = list(dict.fromkeys((flow, *terms, *effects, cluster)))
    gaps = [c for c in columns if frame[c].null_count() or _is_nan(frame[c])]
    if gaps:
        raise InputError(
            f"{', '.join(gaps)} are missing in some rows.",
            remedy="Leave out those rows, and say how much of the flows they are.",
        )
    if bool((frame[flow] < 0).any()):
        raise InputError(f"{flow} is negative in some rows.", "Flows are zero or more.")
    labels = [c for c in columns if c in (*effects, cluster)]
    numbered = frame.select(
        pl.col(c).rank("dense").cast(pl.Int64) if c in labels else pl.col(c).cast(pl.Float64)
        for c in columns
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*removed because of separation")
        warnings.filterwarnings("ignore", message=r".*singleton fixed effect")
        model = fixest.fepois(
            f"{flow} ~ {' + '.join(terms)} | {' + '.join(effects)}",
            numbered.to_pandas(),
            vcov={"CRV1": cluster},
        )
    if not model.convergence:
        raise NoConvergence(f"The gravity equation of {flow} did not converge.")
    given = frame[flow].cast(pl.Float64).to_numpy()
    dropped = np.asarray(() if model.na_index is None else model.na_index).astype(np.int64)
    used = np.ones(len(given), dtype=bool)
    used[dropped] = False
    fitted = np.where(used, np.nan, given)
    fitted[used] = np.asarray(model.predict(type="response"), dtype=np.float64)
    slopes, errors = (
        {str(name): float(value) for name, value in column.items()}
        for column in (model.coef(), model.se())
    )
    separated = int((given[~used] == 0).sum())
    return PPML(slopes, errors, fitted, int(used.sum()), separated)


def _pyfixest() -> Any:
    try:
        return importlib.import_module("pyfixest")
    except ModuleNotFoundError as error:
        raise Unavailable(
            "The gravity equation cannot be fitted without pyfixest.",
            remedy="Install it: pip install 'multivector[gravity]'.",
        ) from error


def _is_nan(column: pl.Series) -> bool:
    return column.dtype.is_float() and bool(column.is_nan().any())
