from __future__ import annotations

import csv
import gzip
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError, Problems, UnknownName
from multivector.stats.agreement import (
    ABSENT,
    ABSTAIN,
    DISTANCES,
    NO,
    NO_POSITION,
    NOT_MEMBER,
    UNRECORDED,
    VOTE_LEVELS,
    YES,
    Distance,
    agreement,
    cohen_kappa,
    crosstab,
    crosstab_draws,
    distances,
    exact_agreement,
    half_credit_agreement,
    n_copresent,
    s_score,
    scott_pi,
)

CODES = (*VOTE_LEVELS, *NO_POSITION)

# Kazakhstan (rows) with China and with Russia (columns), no / abstain / yes, all roll calls dated
# 2007-2019 of the UN General Assembly, paragraphs and amendments included (Voeten's record in the
# edition of the R package unvotes). test_kazakhstan_from_the_record counts them from that record.
KAZ_CHN = [[27, 1, 5], [19, 23, 36], [54, 94, 903]]
KAZ_RUS = [[26, 1, 5], [33, 40, 11], [110, 182, 759]]

# Alliances of Germany (rows) and Russia (columns) in 1914, levels 0 none to 3 defence pact:
# Signorino & Ritter (1999), Table 6, as counts over the 20 European states.
GMY_RUS_1914 = [[13, 1, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0], [3, 1, 0, 0]]

# USA (rows) and Mexico (columns) in the Assembly of 1946, yes / abstain / no.
USA_MEX_1946 = [[17, 2, 5], [0, 0, 2], [9, 1, 2]]

votes = arrays(
    np.int8, st.tuples(st.integers(2, 5), st.integers(0, 25)), elements=st.sampled_from(CODES)
)
tables = arrays(np.float64, (3, 3), elements=st.integers(0, 40).map(float))


def test_codes_do_not_collide() -> None:
    assert len(set(CODES)) == 6


def test_kazakhstan_and_china() -> None:
    """Figures worked out beforehand from the same roll calls with other software."""
    assert n_copresent(KAZ_CHN) == 1162
    assert_allclose(s_score(KAZ_CHN), 0.769363, atol=5e-7)
    assert_allclose(cohen_kappa(KAZ_CHN, "absolute"), 0.353705, atol=5e-7)
    assert_allclose(cohen_kappa(KAZ_CHN, "squared"), 0.405408, atol=5e-7)
    assert_allclose(cohen_kappa(KAZ_CHN, "nominal"), 0.297278, atol=5e-7)


def test_kazakhstan_and_russia() -> None:
    """Figures worked out beforehand from the same roll calls with other software."""
    assert n_copresent(KAZ_RUS) == 1167
    assert_allclose(s_score(KAZ_RUS), 0.608398, atol=5e-7)
    assert_allclose(cohen_kappa(KAZ_RUS, "absolute"), 0.265039, atol=5e-7)


def test_kazakhstan_from_the_record(un_record: Any) -> None:
    rows = [un_record.states[name] for name in ("Kazakhstan", "China", "Russia")]
    columns = un_record.between("2007-01-01", "2019-12-31")
    table = crosstab(un_record.votes[rows][:, columns])
    assert_array_equal(table[0, 1], KAZ_CHN)
    assert_array_equal(table[0, 2], KAZ_RUS)


def test_germany_and_russia_in_1914() -> None:
    """Values printed in the documentation of the R package fpsim."""
    assert_allclose(s_score(GMY_RUS_1914), 0.4, atol=1e-12)
    assert_allclose(s_score(GMY_RUS_1914, "squared"), 0.4444444, atol=5e-8)
    assert_allclose(cohen_kappa(GMY_RUS_1914, "squared"), -0.07758621, atol=5e-9)
    assert_allclose(scott_pi(GMY_RUS_1914, "nominal"), -0.04477612, atol=5e-9)


def test_germany_and_russia_weighted_by_capabilities(real_data: Path) -> None:
    """S of -.46 with system capability weights, printed in the documentation of fpsim."""
    path = real_data / "unga" / "signorino_ritter_table6_1914.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    ties = np.array([[int(row[who]) for row in rows] for who in ("gmy", "rus")])
    share = [float(row["syscap"]) for row in rows]
    assert_array_equal(crosstab(ties, levels=range(4))[0, 1], GMY_RUS_1914)
    weighted = crosstab(ties, weights=share, levels=range(4))[0, 1]
    assert_allclose(s_score(weighted), -0.46, atol=1e-12)


def test_usa_and_mexico_in_1946() -> None:
    """Values printed in the documentation of the R package fpsim."""
    assert_allclose(cohen_kappa(USA_MEX_1946, "squared"), -0.01222707, atol=5e-9)
    assert_allclose(scott_pi(USA_MEX_1946, "nominal"), -0.02775801, atol=5e-9)


def test_fifty_proposals() -> None:
    """The usual worked example of kappa: observed .7, expected .5, so .4."""
    assert_allclose(cohen_kappa([[20, 5], [10, 15]], "nominal"), 0.4, atol=1e-15)


def test_every_dyad_of_2015(real_data: Path, votes_2015: Any) -> None:
    """All 18,528 dyads as computed in R, there given to ten significant digits."""
    codes, positions = votes_2015
    with gzip.open(real_data / "unga" / "fpsim_reference_2015.csv.gz", "rt", encoding="utf-8") as f:
        reference = list(csv.DictReader(f))
    first = [codes[row["ccode1"]] for row in reference]
    second = [codes[row["ccode2"]] for row in reference]
    table = crosstab(positions)[first, second]

    def given_as(column: str) -> np.ndarray:
        return np.array([float(row[column]) if row[column] else np.nan for row in reference])

    assert len(reference) == 18_528
    assert np.isnan(cohen_kappa(table, "squared")).sum() == 311
    rounding = {"rtol": 0, "atol": 5.01e-11, "equal_nan": True}
    assert_allclose(s_score(table), given_as("S_abs"), **rounding)
    assert_allclose(s_score(table, "squared"), given_as("S_sq"), **rounding)
    assert_allclose(cohen_kappa(table, "squared"), given_as("kappa_w2"), **rounding)
    assert_allclose(scott_pi(table, "nominal"), given_as("pi"), **rounding)


def twin(x: list[int], y: list[int], w: list[float], distance: Distance) -> dict[str, float]:
    """Every measure of one dyad by loops, from the definitions."""

    def d(r: int, c: int) -> float:
        if distance == "nominal":
            return float(r != c)
        return abs(r - c) / 2 if distance == "absolute" else (r - c) ** 2 / 4

    both = [
        (r, c, v) for r, c, v in zip(x, y, w, strict=True) if r in (-1, 0, 1) and c in (-1, 0, 1)
    ]
    n = sum(v for *_, v in both)
    nan = math.nan
    if n == 0:
        return {"n": 0, "exact": nan, "half_credit": nan, "s": nan, "kappa": nan, "pi": nan}
    observed = sum(d(r, c) * v for r, c, v in both) / n
    p = {k: sum(v for r, _, v in both if r == k) / n for k in (-1, 0, 1)}
    q = {k: sum(v for _, c, v in both if c == k) / n for k in (-1, 0, 1)}
    cells = list(product((-1, 0, 1), repeat=2))
    own = sum(p[r] * q[c] * d(r, c) for r, c in cells)
    pooled = sum((p[r] + q[r]) * (p[c] + q[c]) / 4 * d(r, c) for r, c in cells)
    return {
        "n": n,
        "exact": sum(v for r, c, v in both if r == c) / n,
        "half_credit": sum((1 - abs(r - c) / 2) * v for r, c, v in both) / n,
        "s": 1 - 2 * observed,
        "kappa": 1 - observed / own if own else nan,
        "pi": 1 - observed / pooled if pooled else nan,
    }


@given(votes, st.sampled_from(DISTANCES), st.booleans(), st.randoms(use_true_random=False))
def test_twin(positions: np.ndarray, distance: Distance, weighted: bool, random: Any) -> None:
    states, items = positions.shape
    w = [random.randint(0, 8) / 4 for _ in range(items)] if weighted else [1.0] * items
    found = agreement(crosstab(positions, weights=w if weighted else None), distance)
    for i, j in product(range(states), repeat=2):
        expected = twin(positions[i].tolist(), positions[j].tolist(), w, distance)
        for name, value in expected.items():
            assert_allclose(getattr(found, name)[i, j], value, atol=1e-12, err_msg=name)


@given(votes, st.sampled_from(DISTANCES))
def test_symmetry_identity_and_order(positions: np.ndarray, distance: Distance) -> None:
    a = agreement(crosstab(positions), distance)
    backwards = agreement(crosstab(positions[:, ::-1]), distance)
    for name in ("n", "exact", "half_credit", "s", "kappa", "pi"):
        values = getattr(a, name)
        assert_allclose(values, values.T, atol=1e-12)
        assert_array_equal(values, getattr(backwards, name))
    voted = np.diag(a.n) > 0
    assert_array_equal(np.diag(a.s)[voted], 1.0)
    assert np.isnan(np.diag(a.s)[~voted]).all()
    kappa = np.diag(a.kappa)
    assert_array_equal(kappa[~np.isnan(kappa)], 1.0)


@given(tables, st.sampled_from(DISTANCES))
def test_bounds(table: np.ndarray, distance: Distance) -> None:
    a = agreement(table, distance)
    if a.n == 0:
        assert np.isnan([a.exact, a.half_credit, a.s, a.kappa, a.pi]).all()
        return
    assert -1 <= a.s <= 1
    assert 0 <= a.exact <= a.half_credit <= 1
    assert_allclose(s_score(table, "absolute"), 2 * a.half_credit - 1, atol=1e-12)
    assert_allclose(s_score(table, "nominal"), 2 * a.exact - 1, atol=1e-12)
    if not np.isnan(a.kappa):
        assert a.pi <= a.kappa + 1e-12 <= 1 + 2e-12


@given(votes)
def test_reversing_the_scale_changes_nothing(positions: np.ndarray) -> None:
    turned = np.where(np.isin(positions, VOTE_LEVELS), -positions, positions)
    for distance in DISTANCES:
        before = agreement(crosstab(positions), distance)
        after = agreement(crosstab(turned), distance)
        assert_allclose(after.s, before.s, atol=1e-12)
        assert_allclose(after.kappa, before.kappa, atol=1e-12)


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(DISTANCES))
def test_independent_votes_have_kappa_zero(yes: int, no: int, distance: Distance) -> None:
    table = np.outer([no, 3, yes], [yes, 1, no])
    assert_allclose(cohen_kappa(table, distance), 0, atol=1e-12)


@pytest.mark.parametrize("vote", VOTE_LEVELS)
def test_the_same_single_vote_leaves_chance_undefined(vote: int) -> None:
    a = agreement(crosstab([[vote] * 5, [vote] * 5]))
    assert (a.n == 5).all()
    assert (a.s == 1).all()
    assert np.isnan(a.kappa).all()
    assert np.isnan(a.pi).all()


def test_absence_is_not_abstention() -> None:
    for code in (ABSENT, NOT_MEMBER, UNRECORDED):
        table = crosstab([[YES, NO, code], [YES, NO, ABSTAIN]])
        assert n_copresent(table)[0, 1] == 2
        assert exact_agreement(table)[0, 1] == 1
        assert half_credit_agreement(table)[0, 1] == 1


@given(votes, st.integers(1, 6), st.randoms(use_true_random=False))
def test_draws_equal_one_table_a_draw(positions: np.ndarray, draws: int, random: Any) -> None:
    items = positions.shape[1]
    w = np.array([[random.randint(0, 4) for _ in range(items)] for _ in range(draws)]).reshape(
        draws, items
    )
    found = crosstab_draws(positions[0], positions[1:], w)
    assert found.shape == (len(positions) - 1, draws, 3, 3)
    for k in range(draws):
        assert_array_equal(found[:, k], crosstab(positions[:1], positions[1:], w[k])[0])


def test_period_rows_as_weights() -> None:
    focal, other = np.array([YES, NO, ABSTAIN, YES]), np.array([[YES, YES, NO, ABSENT]])
    year = np.array([2001, 2001, 2002, 2002])
    table = crosstab_draws(focal, other, year == np.unique(year)[:, None])
    assert_array_equal(n_copresent(table), [[2, 1]])
    assert_array_equal(s_score(table), [[0, 0]])


def test_two_sets_of_states() -> None:
    table = crosstab([[YES, NO]], [[YES, YES], [NO, NO], [ABSENT, NO]])
    assert table.shape == (1, 3, 3, 3)
    assert_array_equal(n_copresent(table), [[2, 2, 1]])


def test_distances_are_scaled_to_one() -> None:
    assert_array_equal(distances(3, "absolute"), [[0, 0.5, 1], [0.5, 0, 0.5], [1, 0.5, 0]])
    assert_array_equal(distances(2, "nominal"), [[0, 1], [1, 0]])
    assert_allclose(distances(4, "squared")[0], [0, 1 / 9, 4 / 9, 1])


@pytest.mark.parametrize("codes", [[[1, 2, 3]], [[1.0, float("nan")]], [1, 0, -1]])
def test_strange_codes_are_refused(codes: Any) -> None:
    with pytest.raises(InputError, match="Possible"):
        crosstab(codes)


def test_strange_arguments_are_refused() -> None:
    pair: Any = [[YES, NO], [NO, NO]]
    with pytest.raises(InputError, match="same items"):
        crosstab(pair, [[YES]])
    with pytest.raises(Problems) as both:
        crosstab(pair, weights=[1, -1, 1])
    assert len(both.value.exceptions) == 2
    with pytest.raises(InputError, match="0 or more"):
        crosstab_draws(pair[0], pair, [[math.nan, 1]])
    with pytest.raises(InputError, match="K, K"):
        s_score([1, 2, 3])
    unknown: Any = "linear"
    with pytest.raises(UnknownName, match="absolute"):
        s_score(KAZ_CHN, unknown)
