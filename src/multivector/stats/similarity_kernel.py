"""Compiled pass over all pairs of states; imported only where it is used, since numba is heavy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from multivector.stats.ideal_kernels import compiled

Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]


@compiled(inline="always")
def ones(word: np.uint64) -> np.uint64:
    """Count the bits of a word that are set, by halves."""
    x = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


@compiled(inline="always")
def corrected(observed: float, expected: float) -> float:
    """One less the ratio of observed to expected distance; NaN where none is expected."""
    return 1.0 - observed / expected if expected > 0.0 else math.nan


@compiled(inline="always")
def fill(out: Floats, t: Floats) -> None:
    """All measures of one dyad from its nine counts, row by row (no, abstain, yes)."""
    a0, a1, a2 = t[0] + t[1] + t[2], t[3] + t[4] + t[5], t[6] + t[7] + t[8]
    b0, b1, b2 = t[0] + t[3] + t[6], t[1] + t[4] + t[7], t[2] + t[5] + t[8]
    n = a0 + a1 + a2
    out[0] = n
    out[1:] = math.nan
    if n == 0.0:
        return
    near, far = t[1] + t[3] + t[5] + t[7], t[2] + t[6]
    nominal, absolute, squared = (near + far) / n, (near / 2 + far) / n, (near / 4 + far) / n
    out[1], out[2] = 1.0 - nominal, 1.0 - absolute
    out[3], out[4] = 1.0 - 2.0 * absolute, 1.0 - 2.0 * squared
    square = n * n
    near, far = (a0 * b1 + a1 * b0 + a1 * b2 + a2 * b1) / square, (a0 * b2 + a2 * b0) / square
    expected = near / 2 + far
    out[5] = corrected(nominal, near + far)
    out[6] = corrected(absolute, expected)
    out[7] = corrected(squared, near / 4 + far)
    m0, m1, m2 = a0 + b0, a1 + b1, a2 + b2
    near, far = m1 * (m0 + m2) / (2.0 * square), m0 * m2 / (2.0 * square)
    out[8] = corrected(nominal, near + far)
    out[9] = corrected(absolute, near / 2 + far)
    out[10] = corrected(squared, near / 4 + far)
    same = t[0] * (t[4] + t[5] + t[7] + t[8]) + t[1] * (t[5] + t[8])
    same += t[3] * (t[7] + t[8]) + t[4] * t[8]
    opposite = t[2] * (t[3] + t[4] + t[6] + t[7]) + t[1] * (t[3] + t[6])
    opposite += t[5] * (t[6] + t[7]) + t[4] * t[6]
    rows = square - a0 * a0 - a1 * a1 - a2 * a2
    columns = square - b0 * b0 - b1 * b1 - b2 * b2
    if rows > 0.0 and columns > 0.0:
        out[11] = 2.0 * (same - opposite) / math.sqrt(rows * columns)
    out[12] = 2.0 * (expected - absolute)


@compiled()
def every_pair(bits: Bits, out: Floats) -> None:
    """Fill one row of *out*, shape (pairs, 13), for each pair of rows of *bits*."""
    states, _, words = bits.shape
    t = np.empty(9)
    row = 0
    for i in range(states):
        for j in range(i + 1, states):
            for r in range(3):
                for c in range(3):
                    common = np.uint64(0)
                    for w in range(words):
                        common += ones(bits[i, r, w] & bits[j, c, w])
                    t[3 * r + c] = common
            fill(out[row], t)
            row += 1
