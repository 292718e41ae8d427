"""How indicators hang together: correlation, internal consistency, principal components.

Arrays have shape (…, units, k). A high correlation is no virtue in itself: two indicators that say
the same count it twice, two that are opposed cancel out (OECD & JRC 2008, step 4,
doi:10.1787/9789264043466-en).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from multivector.errors import InputError
from multivector.stats.normalisation import deviation
from multivector.stats.summaries import Floats, ratio


@dataclass(frozen=True)
class Components:
    """Principal components of a correlation matrix, the largest first.

    ``variances`` (…, k) are its eigenvalues, ``explained`` their shares of k, ``loadings``
    (…, k, k) hold one eigenvector a column, with the sign that makes its entries sum to 0 or more.
    """

    variances: Floats
    explained: Floats
    loadings: Floats


def correlation(x: ArrayLike) -> Floats:
    """Pearson correlation of every pair of indicators over the units in which both are known.

    Shape (…, units, k) to (…, k, k), −1 to 1; NaN where one of the two does not vary or fewer than
    two units know both.

    >>> correlation([[1.0, 2.0], [2.0, 4.0], [3.0, 0.0]]).round(6).tolist()
    [[1.0, -0.5], [-0.5, 1.0]]
    """
    values = np.asarray(x, dtype=np.float64)
    known = ~np.isnan(values)
    centre = np.where(known, values, 0.0).sum(axis=-2, keepdims=True)
    centre = ratio(centre, known.sum(axis=-2, keepdims=True))
    v = np.where(known, values - centre, 0.0)
    m = known.astype(np.float64)
    t, mt = np.swapaxes(v, -1, -2), np.swapaxes(m, -1, -2)
    n = mt @ m
    left, right = ratio(t @ m, n), ratio(mt @ v, n)  # means of either over the common units
    covariance = ratio(t @ v, n) - left * right
    square_left = ratio(np.swapaxes(v * v, -1, -2) @ m, n) - left**2
    square_right = ratio(mt @ (v * v), n) - right**2
    tiny = 1e-14 * np.abs(centre)
    floor = np.swapaxes(tiny, -1, -2) ** 2 + tiny**2
    spread = np.where(np.minimum(square_left, square_right) > floor, square_left * square_right, 0)
    return np.clip(ratio(covariance, np.sqrt(np.maximum(spread, 0))), -1.0, 1.0)


def cronbach_alpha(x: ArrayLike) -> Floats:
    """Cronbach's α, k/(k − 1)·(1 − Σ var(x_j)/var(Σ x_j)): internal consistency of a scale.

    At most 1, and 0 or below where indicators do not agree (Cronbach 1951,
    doi:10.1007/BF02310555). Units with a gap are left out. It asks whether indicators measure one
    thing; an index of distinct things has no reason to reach .7.

    Shape (…, units, k) to (…); NaN with one indicator, or where the sum does not vary.

    >>> round(float(cronbach_alpha([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0]])), 6)
    0.947368
    """
    values = _complete(x)
    k = values.shape[-1]
    parts = (deviation(values)[..., 0, :] ** 2).sum(axis=-1)
    whole = deviation(values.sum(axis=-1, keepdims=True))[..., 0, 0] ** 2
    return ratio(k, k - 1) * (1 - ratio(parts, whole))


def principal_components(x: ArrayLike) -> Components:
    """Principal components of the correlation matrix over complete units.

    Shape (…, units, k) to Components; NaN where an indicator does not vary (Jolliffe 2002,
    doi:10.1007/b98835).

    >>> principal_components([[1.0, 2.0], [2.0, 4.0], [3.0, 0.0]]).variances.round(6).tolist()
    [1.5, 0.5]
    """
    values = _complete(x)
    matrix = correlation(values)
    bad = np.asarray(np.isnan(matrix).any(axis=(-1, -2), keepdims=True))
    spectrum = np.linalg.eigh(np.where(bad, 0.0, matrix))
    order = (..., slice(None, None, -1))
    loadings = spectrum.eigenvectors[order]
    loadings = loadings * np.where(loadings.sum(axis=-2, keepdims=True) < 0, -1.0, 1.0)
    variances = np.where(bad[..., 0], np.nan, np.maximum(spectrum.eigenvalues[order], 0.0))
    return Components(variances, variances / values.shape[-1], np.where(bad, np.nan, loadings))


def redundancy(x: ArrayLike) -> Floats:
    """Share of each indicator's variance that a linear combination of the others explains.

    R² = r′ R₋₋⁻¹ r of the regression on all others, from the correlations over complete units:
    0 (nothing in common) to 1 (the others imply it). Shape (…, units, k) to (…, k), k at least 2;
    NaN where an indicator does not vary, or with no more complete units than indicators.

    >>> redundancy([[1.0, 2.0], [2.0, 4.0], [3.0, 0.0]]).round(6).tolist()
    [0.25, 0.25]
    """
    values = _complete(x)
    k = values.shape[-1]
    matrix = correlation(values)
    few = (~np.isnan(values[..., 0])).sum(axis=-1) <= k
    bad = np.asarray(np.isnan(matrix).any(axis=(-1, -2)) | few)
    safe = np.where(bad[..., None, None], np.eye(k), matrix)
    shares: list[Floats] = []
    for j in range(k):
        rest = np.delete(np.arange(k), j)
        r = safe[..., rest, j]
        inverse = np.linalg.pinv(safe[..., rest, :][..., rest], hermitian=True)
        shares.append(np.einsum("...i,...ij,...j->...", r, inverse, r))
    return np.where(bad[..., None], np.nan, np.clip(np.stack(shares, axis=-1), 0.0, 1.0))


def _complete(x: ArrayLike) -> Floats:
    """Blank every unit with a gap, and refuse what is no table."""
    values = np.asarray(x, dtype=np.float64)
    if values.ndim < 2:
        raise InputError(f"An array of shape {values.shape}.", "Possible: (…, units, k).")
    return np.where(np.isnan(values).any(axis=-1, keepdims=True), np.nan, values)
