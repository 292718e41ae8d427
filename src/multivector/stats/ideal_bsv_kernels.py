"""Compiled item step of the published sampler; imported only where it is used.

Random numbers come from one xoshiro256++ generator per item (Blackman & Vigna 2021,
doi:10.1145/3460772) and Doornik's form of the ziggurat, so that the draws do not depend on the
number of threads.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from multivector.stats.ideal_kernels import compiled

Floats = NDArray[np.float64]
UInts = NDArray[np.uint64]

STEPS = 32  # nodes of the table per unit
LOWEST, HIGHEST = -20.0, 9.0
LAYERS = 128
TAIL = 3.442619855899
AREA = 9.91256303526217e-3
CUTPOINT_STEP = 0.2 / 3
CUTPOINT_LIMIT = 7.0
LATENT_LIMIT = 9.0
TO_UNIT = 2.0**-53


def ziggurat_edges() -> Floats:
    """Right edges of the layers of equal area under exp(−x²/2), from the base up."""
    edges = np.zeros(LAYERS + 1)
    edges[0], edges[1] = AREA / math.exp(-0.5 * TAIL**2), TAIL
    for i in range(2, LAYERS):
        before = edges[i - 1]
        edges[i] = math.sqrt(-2 * math.log(AREA / before + math.exp(-0.5 * before**2)))
    return edges


EDGES = ziggurat_edges()


def normal_table() -> Floats:
    """Log Φ(x) and its derivative φ(x)/Φ(x) at the nodes, shape (nodes, 2)."""
    x = LOWEST + np.arange(round((HIGHEST - LOWEST) * STEPS) + 1) / STEPS
    log_cdf = log_ndtr(x)
    return np.stack([log_cdf, np.exp(-x * x / 2 - log_cdf) / math.sqrt(2 * math.pi)], axis=1)


TABLE = normal_table()


@compiled(inline="always")
def random_bits(s: UInts) -> np.uint64:
    """Next 64 bits of xoshiro256++."""
    total = s[0] + s[3]
    result = ((total << np.uint64(23)) | (total >> np.uint64(41))) + s[0]
    t = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = (s[3] << np.uint64(45)) | (s[3] >> np.uint64(19))
    return result


@compiled(inline="always")
def uniform(s: UInts) -> float:
    """Uniform on (0, 1]."""
    return (np.int64(random_bits(s) >> np.uint64(11)) + 1) * TO_UNIT


@compiled(inline="always")
def normal(s: UInts, edges: Floats) -> float:
    """Draw a standard normal by the ziggurat."""
    while True:
        bits = random_bits(s)
        layer = np.int64(bits & np.uint64(LAYERS - 1))
        u = 2.0 * (np.int64(bits >> np.uint64(11)) * TO_UNIT) - 1.0
        x = u * edges[layer]
        if abs(x) < edges[layer + 1]:
            return x
        if layer == 0:
            while True:
                x = -math.log(uniform(s)) / TAIL
                y = -math.log(uniform(s))
                if y + y > x * x:
                    return TAIL + x if u > 0 else -TAIL - x
        high = math.exp(-0.5 * (edges[layer] ** 2 - x * x))
        low = math.exp(-0.5 * (edges[layer + 1] ** 2 - x * x))
        if low + uniform(s) * (high - low) < 1.0:
            return x


@compiled(inline="always")
def normal_above(a: float, s: UInts, edges: Floats) -> float:
    """Draw a standard normal given that it exceeds *a* (Robert 1995, doi:10.1007/BF00143942)."""
    if a < 0.45:
        while True:
            x = normal(s, edges)
            if x > a:
                return x
    rate = 0.5 * (a + math.sqrt(a * a + 4.0))
    while True:
        x = a - math.log(uniform(s)) / rate
        if uniform(s) <= math.exp(-0.5 * (x - rate) ** 2):
            return x


@compiled(inline="always")
def normal_between(a: float, b: float, s: UInts, edges: Floats) -> float:
    """Draw a standard normal given that it lies between *a* and *b*."""
    if a < 0.0 < b and b - a > 2.5:
        while True:
            x = normal(s, edges)
            if a < x < b:
                return x
    if b < 0.0:
        return -normal_between_right(-b, -a, s, edges)
    return normal_between_right(a, b, s, edges)


@compiled(inline="always")
def normal_between_right(a: float, b: float, s: UInts, edges: Floats) -> float:
    """As normal_between, for intervals that are short or lie to the right of zero."""
    if a > 0.0 and a * (b - a) > 1.0:
        while True:
            x = normal_above(a, s, edges)
            if x < b:
                return x
    nearest = max(a, 0.0)
    while True:
        x = a + (b - a) * uniform(s)
        if uniform(s) <= math.exp(0.5 * (nearest * nearest - x * x)):
            return x


@compiled(inline="always")
def log_cdf(x: float, table: Floats) -> float:
    """Interpolate log Φ(x) by cubic Hermite interpolation, down to the end of the table."""
    if x >= HIGHEST:
        return 0.0
    place = (max(x, LOWEST) - LOWEST) * STEPS
    k = int(place)
    t = place - k
    r = 1.0 - t
    f = r * r * (1.0 + 2.0 * t) * table[k, 0] + t * t * (1.0 + 2.0 * r) * table[k + 1, 0]
    return f + t * r * (r * table[k, 1] - t * table[k + 1, 1]) / STEPS


@compiled(inline="always")
def between(a: float, b: float, table: Floats) -> tuple[float, float]:
    """Two parts, f and g, of log(Φ(b) − Φ(a)) = f + log g, where the digits are kept."""
    if a + b > 0.0:
        a, b = -b, -a
    below = log_cdf(b, table)
    return below, -math.expm1(log_cdf(a, table) - below)


@compiled()
def item_step(  # noqa: PLR0912, PLR0917
    first: int,
    last: int,
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    theta: Floats,
    items: Floats,
    states: UInts,
    table: Floats,
    edges: Floats,
    scratch: Floats,
    pull: Floats,
    weight: Floats,
) -> int:
    """Cutpoints, latent positions and β of items first:last; returns cutpoints accepted.

    Positions of yes lie below the lower cutpoint, as in the published code, so β > 0 means that
    the higher side votes no. ``pull`` gets Σ β z and ``weight`` Σ β² by row.
    """
    accepted = 0
    for v in range(first, last):
        s = states[v]
        beta, lower, upper = items[v, 0], items[v, 1], items[v, 2]
        begin, abstain, no, end = start[v, 0], start[v, 1], start[v, 2], start[v, 3]
        new_lower = -1e9
        while new_lower < -CUTPOINT_LIMIT or new_lower > upper:
            new_lower = lower + CUTPOINT_STEP * normal(s, edges)
        new_upper = -1e9
        while new_upper < new_lower or new_upper > CUTPOINT_LIMIT:
            new_upper = upper + CUTPOINT_STEP * normal(s, edges)
        ratio = log_cdf((upper - new_lower) / CUTPOINT_STEP, table)
        ratio -= log_cdf((new_upper - lower) / CUTPOINT_STEP, table)
        for i in range(begin, abstain):
            mu = beta * theta[row[i]]
            ratio += log_cdf(new_lower - mu, table) - log_cdf(lower - mu, table)
        for i in range(no, end):
            mu = beta * theta[row[i]]
            ratio += log_cdf(mu - new_upper, table) - log_cdf(mu - upper, table)
        product = 1.0
        for i in range(abstain, no):
            mu = beta * theta[row[i]]
            f, g = between(new_lower - mu, new_upper - mu, table)
            old_f, old_g = between(lower - mu, upper - mu, table)
            ratio += f - old_f
            product *= g / old_g
            if not 1e-200 < product < 1e200:
                ratio += math.log(product)
                product = 1.0
        ratio += math.log(product)
        if math.log(uniform(s)) < ratio:
            lower, upper = new_lower, new_upper
            accepted += 1

        square = cross = 0.0
        for i in range(begin, end):
            t = theta[row[i]]
            mu = beta * t
            if i < abstain:
                z = mu - normal_above(mu - lower, s, edges)
            elif i < no:
                z = mu + normal_between(lower - mu, upper - mu, s, edges)
            else:
                z = mu + normal_above(upper - mu, s, edges)
            z = min(max(z, -LATENT_LIMIT), LATENT_LIMIT)
            scratch[i - begin] = z
            square += t * t
            cross += t * z
        variance = 1.0 / (square + 1.0)
        beta = variance * cross + math.sqrt(variance) * normal(s, edges)
        for i in range(begin, end):
            pull[row[i]] += beta * scratch[i - begin]
            weight[row[i]] += beta * beta
        items[v, 0], items[v, 1], items[v, 2] = beta, lower, upper
    return accepted
