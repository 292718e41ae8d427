from __future__ import annotations

import csv
import gzip
import math
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError
from multivector.stats import similarity
from multivector.stats.agreement import (
    ABSENT,
    ABSTAIN,
    NO,
    NO_POSITION,
    VOTE_LEVELS,
    YES,
    cohen_kappa,
    crosstab,
    s_score,
    scott_pi,
)
from multivector.stats.similarity import (
    MEASURES,
    alignment,
    all_dyads,
    measures,
    split_opinion,
    tau_b,
)

CODES = (*VOTE_LEVELS, *NO_POSITION)
AT = {name: k for k, name in enumerate(MEASURES)}

# Alliances of Germany and Russia in 1914 (Signorino & Ritter 1999, Table 6), levels 0 to 3.
GMY_RUS_1914 = [[13, 1, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0], [3, 1, 0, 0]]
# USA and Mexico in the Assembly of 1946, yes / abstain / no.
USA_MEX_1946 = [[17, 2, 5], [0, 0, 2], [9, 1, 2]]

votes = arrays(
    np.int8, st.tuples(st.integers(2, 5), st.integers(0, 90)), elements=st.sampled_from(CODES)
)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_documented_examples(real_data: Path) -> None:
    """Every value printed in the documentation of the R package fpsim."""
    rows = table(real_data / "unga" / "fpsim_documented_examples.csv")
    portfolios = table(real_data / "unga" / "signorino_ritter_table6_1914.csv")
    share = [float(row["syscap"]) for row in portfolios]
    ties = np.array([[int(row[who]) for row in portfolios] for who in ("gmy", "rus")])
    plain = crosstab(ties, levels=range(4))[0, 1]
    weighted = crosstab(ties, weights=share, levels=range(4))[0, 1]
    assert_array_equal(plain, GMY_RUS_1914)
    found = {
        ("gmyrus14", "S_abs"): s_score(plain),
        ("gmyrus14", "S_sq"): s_score(plain, "squared"),
        ("gmyrus14", "S_abs_weighted"): s_score(weighted),
        ("gmyrus14", "kappa_w2"): cohen_kappa(plain, "squared"),
        ("gmyrus14", "scott_pi"): scott_pi(plain, "nominal"),
        ("gmyrus14", "tau_b"): tau_b(plain),
        ("gmyrus14", "A_alignment"): alignment(plain),
        ("usamex46", "kappa_w2"): cohen_kappa(USA_MEX_1946, "squared"),
        ("usamex46", "scott_pi"): scott_pi(USA_MEX_1946, "nominal"),
        ("usamex46", "tau_b"): tau_b(USA_MEX_1946),
    }
    assert {(row["example"], row["measure"]) for row in rows} == set(found)
    for row in rows:
        digits = len(row["value"].partition(".")[2])
        value = float(found[row["example"], row["measure"]])
        assert abs(value - float(row["value"])) <= 0.51 * 10**-digits, row


def test_every_dyad_of_2015(real_data: Path, votes_2015: Any) -> None:
    """All 18,528 dyads as computed in R, there given to ten significant digits."""
    codes, positions = votes_2015
    with gzip.open(real_data / "unga" / "fpsim_reference_2015.csv.gz", "rt", encoding="utf-8") as f:
        reference = list(csv.DictReader(f))
    found = all_dyads(positions)
    place = {(i, j): k for k, (i, j) in enumerate(zip(found.first, found.second, strict=True))}
    assert len(place) == len(reference) == 18_528
    order = [place[codes[row["ccode1"]], codes[row["ccode2"]]] for row in reference]
    names = {"S_abs": "s_absolute", "S_sq": "s_squared", "kappa_w2": "kappa_squared"}
    names |= {"pi": "pi_nominal", "A": "alignment"}
    for theirs, ours in names.items():
        given_as = [float(row[theirs]) if row[theirs] else math.nan for row in reference]
        values = found.values[order, AT[ours]]
        assert_allclose(values, given_as, rtol=0, atol=5.01e-11, equal_nan=True, err_msg=theirs)


def twin(x: list[int], y: list[int]) -> tuple[float, float]:
    """τ-b and A of one dyad by loops over pairs of items, from the definitions."""
    both = [(r, c) for r, c in zip(x, y, strict=True) if abs(r) <= 1 and abs(c) <= 1]
    if not both:
        return math.nan, math.nan
    joined = untied_x = untied_y = 0
    for (r, c), (s, e) in combinations(both, 2):
        joined += ((r > s) - (r < s)) * ((c > e) - (c < e))
        untied_x += r != s
        untied_y += c != e
    tau = joined / math.sqrt(untied_x * untied_y) if untied_x and untied_y else math.nan
    n = len(both)
    score = 1 - sum(abs(r - c) for r, c in both) / n
    by_chance = 1 - sum(abs(r - c) for (r, _), (_, c) in product(both, repeat=2)) / n**2
    return tau, score - by_chance


@given(votes)
def test_twin(positions: np.ndarray) -> None:
    found = all_dyads(positions)
    for i, j, values in zip(found.first, found.second, found.values, strict=True):
        tau, a = twin(positions[i].tolist(), positions[j].tolist())
        assert_allclose(values[[AT["tau_b"], AT["alignment"]]], [tau, a], atol=1e-12)


@given(votes, st.integers(1, 4))
def test_compiled_and_plain_agree(positions: np.ndarray, periods: int) -> None:
    """The pass over bits equals the functions of tables, which have twins of their own."""
    items = positions.shape[1]
    period = np.arange(items) % periods
    fast = all_dyads(positions, period)
    plain = all_dyads(positions, period, weights=np.ones(items))
    for name in ("period", "first", "second"):
        assert_array_equal(getattr(fast, name), getattr(plain, name))
    assert_allclose(fast.values, plain.values, rtol=0, atol=1e-12)


def test_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = np.array([[YES, NO, ABSTAIN, YES], [YES, YES, NO, ABSENT], [NO, NO, NO, YES]])
    fast = all_dyads(positions).values
    monkeypatch.setattr(similarity, "_compiled", lambda: None)
    assert_allclose(all_dyads(positions).values, fast, atol=1e-12)


@given(votes)
def test_symmetry_and_reversal(positions: np.ndarray) -> None:
    found = all_dyads(positions)
    turned = np.where(np.isin(positions, VOTE_LEVELS), -positions, positions)
    assert_allclose(all_dyads(turned).values, found.values, atol=1e-12)
    swapped = all_dyads(positions[::-1])
    assert_allclose(np.sort(swapped.values, axis=0), np.sort(found.values, axis=0), atol=1e-12)


def test_alignment_is_kappa_in_the_units_of_s() -> None:
    table = [[26, 1, 5], [33, 40, 11], [110, 182, 759]]
    kappa, s = float(cohen_kappa(table)), float(s_score(table))
    by_chance = 1 - (1 - s) / (1 - kappa)  # κ = (S − E) / (1 − E)
    assert_allclose(alignment(table), s - by_chance, atol=1e-12)


def test_the_same_single_vote() -> None:
    """Agreement is full; chance-corrected measures are undefined, and A is at chance."""
    values = all_dyads([[YES] * 4, [YES] * 4]).values[0]
    assert values[AT["n"]] == 4
    assert (values[[AT[m] for m in ("exact", "half_credit", "s_absolute", "s_squared")]] == 1).all()
    assert np.isnan(values[[AT[m] for m in MEASURES if m[:5] in ("kappa", "pi_no", "tau_b")]]).all()
    assert values[AT["alignment"]] == 0


def test_states_without_a_position_have_no_row_and_no_common_item_no_value() -> None:
    found = all_dyads([[YES, ABSENT], [ABSENT, NO], [ABSENT, ABSENT]])
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.values[0, 0] == 0
    assert np.isnan(found.values[0, 1:]).all()
    assert len(all_dyads(np.empty((3, 0), dtype=np.int8)).values) == 0


def test_weights_count_an_item_as_often() -> None:
    positions = np.array([[YES, NO, ABSTAIN], [YES, ABSTAIN, NO]])
    weighted = all_dyads(positions, weights=[3, 1, 2]).values
    assert_allclose(weighted, all_dyads(np.repeat(positions, [3, 1, 2], axis=1)).values, atol=1e-12)


def test_unanimous_items() -> None:
    positions = [[YES, YES, NO, ABSENT], [YES, NO, ABSENT, ABSENT], [ABSENT, ABSTAIN, NO, ABSENT]]
    assert split_opinion(positions).tolist() == [False, True, False, False]


def test_tau_is_association_not_agreement() -> None:
    """States that always differ by one step are perfectly associated and never agree."""
    values = measures([[0, 5, 0], [0, 0, 5], [0, 0, 0]])
    assert values[AT["tau_b"]] == 1
    assert values[AT["exact"]] == 0


@pytest.mark.parametrize("period", [[0, 1], [0, -1, 0], [0.5, 1, 2]])
def test_periods_are_checked(period: list[float]) -> None:
    with pytest.raises(InputError, match="3 items"):
        all_dyads([[YES] * 3, [NO] * 3], period)
