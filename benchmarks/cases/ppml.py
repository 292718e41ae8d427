"""A gravity equation with three-way effects on all pairs 2000–2020, against a bare ``fepois``.

About 0.9 million rows, zeros included, with exporter-year, importer-year and pair effects. Needs
the extra ``gravity``. Flows are drawn at random in the size and with the zeros of BACI. The bound
is on what our wrapper adds: at most a fifth.
"""

from __future__ import annotations

import importlib
import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl

from benchmarks.run import Case, Skip
from multivector.measures._ppml import PPML, ppml

STATES, YEARS = 208, 21
EFFECTS = ("exporter_year", "importer_year", "pair")


def prepare() -> pl.DataFrame | Skip:
    """Random flows by exporter, importer and year, a third of the pairs without trade."""
    if find_spec("pyfixest") is None:
        return Skip(reason="the extra gravity is not installed")
    rng = np.random.default_rng(2000)
    i, j, t = np.indices((STATES, STATES, YEARS)).reshape(3, -1)
    keep = i != j
    i, j, t = i[keep], j[keep], t[keep]
    size = rng.normal(0, 2, (STATES, YEARS))
    pair = np.minimum(i, j) * STATES + np.maximum(i, j)
    bond = rng.normal(0, 1, STATES * STATES)[pair]
    start = rng.integers(-10, 30, STATES * STATES)[pair]
    treaty = (t >= start).astype(np.float64)
    mean = np.exp(size[i, t] + size[j, t] + bond + 0.3 * treaty)
    flow = mean * rng.lognormal(-0.5, 1, len(i)) * (rng.random(len(i)) > 0.33)
    return pl.DataFrame(
        {
            "flow": flow,
            "treaty": treaty,
            "exporter_year": i * YEARS + t,
            "importer_year": j * YEARS + t,
            "pair": pair,
        }
    )


def fast(frame: pl.DataFrame) -> PPML:
    """Our way."""
    return ppml(frame, "flow", ("treaty",), EFFECTS, "pair")


def slow(frame: pl.DataFrame) -> Any:
    """pyfixest alone, on the frame that it wants."""
    fixest: Any = importlib.import_module("pyfixest")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formula = f"flow ~ treaty | {' + '.join(EFFECTS)}"
        return fixest.fepois(formula, frame.to_pandas(), vcov={"CRV1": "pair"})


def equal(result: PPML, twin: Any) -> None:
    """The same coefficient, and a standard error that agrees."""
    np.testing.assert_allclose(result.coefficients["treaty"], twin.coef()["treaty"], rtol=1e-9)
    np.testing.assert_allclose(result.errors["treaty"], twin.se()["treaty"], rtol=1e-9)


CASE = Case(
    "gravity by PPML",
    prepare,
    fast,
    slow,
    equal,
    floor=1 / 1.2,
    size=f"{STATES * (STATES - 1) * YEARS} flows, three-way effects; twin: a bare fepois",
    repeat=1,
)
