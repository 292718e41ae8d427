from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError
from multivector.stats.agreement import (
    ABSENT,
    ABSTAIN,
    NO,
    NO_POSITION,
    NOT_MEMBER,
    UNRECORDED,
    VOTE_LEVELS,
    YES,
)
from multivector.stats.split_votes import (
    adjusted_lean,
    distance,
    evenness,
    lean,
    split_counts,
    split_items,
)
from multivector.stats.summaries import midrank_percentile

CODES = (*VOTE_LEVELS, *NO_POSITION)


@st.composite
def records(draw: st.DrawFn) -> np.ndarray:
    """Positions of 3 to 6 states, of which the first two vote opposite about half of the time."""
    shape = draw(st.integers(3, 6)), draw(st.integers(0, 20))
    record = draw(arrays(np.int8, shape, elements=st.sampled_from(CODES)))
    opposed = draw(arrays(np.bool_, shape[1]))
    sides = np.where(draw(arrays(np.bool_, shape[1])), YES, NO)
    record[0], record[1] = (np.where(opposed, s, record[k]) for k, s in enumerate((sides, -sides)))
    return record


votes = records()
counts = st.integers(0, 2000)


@pytest.mark.parametrize(
    ("a", "b", "n", "expected"),
    [(540, 33, 36, 0.167488), (632, 33, 41, 0.151558), (10, 34, 2, 0.478261)],
)
def test_evenness_of_kazakhstan(a: int, b: int, n: int, expected: float) -> None:
    """1 - |a - b|/(a + b + n) for Kazakhstan, 2007 to January 2020, by hand."""
    assert_allclose(evenness(a, b, n), expected, atol=5e-7)


# Kazakhstan on the split votes of three pairs: with the first, with the second, abstaining.
# Counted beforehand from the same record with other software.
RUS_USA, CHN_USA, RUS_CHN = (
    ("Russia", "United States"),
    ("China", "United States"),
    ("Russia", "China"),
)
COUNTED = [
    (
        "2007-01-01",
        "2020-01-31",
        True,
        {RUS_USA: (540, 33, 36), CHN_USA: (632, 33, 41), RUS_CHN: (10, 34, 2)},
    ),
    (
        "2007-01-01",
        "2019-12-31",
        True,
        {RUS_USA: (539, 33, 36), CHN_USA: (631, 33, 41), RUS_CHN: (10, 34, 2)},
    ),
    (
        "2007-01-01",
        "2019-12-31",
        False,
        {RUS_USA: (506, 24, 24), CHN_USA: (599, 23, 32), RUS_CHN: (8, 32, 2)},
    ),
]


@pytest.mark.parametrize(("first", "last", "parts", "expected"), COUNTED)
def test_kazakhstan_from_the_record(
    un_record: Any, first: str, last: str, parts: bool, expected: dict[tuple[str, str], Any]
) -> None:
    columns = un_record.between(first, last) & (un_record.whole | parts)
    focal = un_record.states["Kazakhstan"]
    for (a, b), (with_a, with_b, abstaining) in expected.items():
        c = split_counts(un_record.votes[:, columns], un_record.states[a], un_record.states[b])
        assert (c.with_a[focal], c.with_b[focal], c.abstaining[focal]) == (
            with_a,
            with_b,
            abstaining,
        )
        assert c.absent[focal] == 0  # this record does not tell absence from non-membership
        assert c.items == with_a + with_b + abstaining + c.unrecorded[focal]


def test_distance_among_members_2007_to_2019(un_record: Any) -> None:
    """Kazakhstan .059, the median of all but the two parties .094, France .228, Cameroon first."""
    columns = un_record.between("2007-01-01", "2019-12-31")
    russia, usa = un_record.states["Russia"], un_record.states["United States"]
    c = split_counts(un_record.votes[:, columns], russia, usa)
    d = distance(c.with_a, c.with_b, c.abstaining)
    assert_allclose(d[un_record.states["Kazakhstan"]], 0.059, atol=5e-4)
    assert_allclose(d[un_record.states["France"]], 0.228, atol=5e-4)
    assert_allclose(np.nanmedian(d), 0.094, atol=5e-4)
    assert np.isnan(d[[russia, usa]]).all()
    names = list(un_record.states)
    leaders = [names[i] for i in np.argsort(np.where(np.isnan(d), 1, -d))[:3]]
    assert leaders == ["Cameroon", "South Sudan", "Tonga"]
    percentile = midrank_percentile(d)
    assert percentile[un_record.states["Kazakhstan"]] < 50 < percentile[un_record.states["France"]]
    assert np.nanmax(percentile) == percentile[un_record.states["Cameroon"]]


def twin_counts(rows: list[list[int]], a: int, b: int, w: list[float]) -> list[list[float]]:
    """Loop over states and items: with A, with B, abstaining, absent, unrecorded."""
    result: list[list[float]] = []
    for state, row in enumerate(rows):
        c = [0.0] * 5
        for x, xa, xb, v in zip(row, rows[a], rows[b], w, strict=True):
            if {xa, xb} == {YES, NO}:
                for k, hit in enumerate(
                    (x == xa, x == xb, x == ABSTAIN, x == ABSENT, x == UNRECORDED)
                ):
                    c[k] += v * hit
        result.append([math.nan] * 5 if state in (a, b) else c)
    return result


def twin_adjusted(rows: list[list[int]], a: int, b: int, w: list[float]) -> list[float]:
    """Loop over states: own share with A minus the mean share of others on the very same votes."""
    result: list[float] = []
    for focal in range(len(rows)):
        share: dict[int, float] = {}
        for state in range(len(rows)):
            for_a = for_b = 0.0
            for item, v in enumerate(w):
                xa, xb = rows[a][item], rows[b][item]
                if {xa, xb} == {YES, NO} and rows[focal][item] in (xa, xb):
                    for_a += v * (rows[state][item] == xa)
                    for_b += v * (rows[state][item] == xb)
            if for_a + for_b > 0:
                share[state] = for_a / (for_a + for_b)
        others = [s for state, s in share.items() if state not in (a, b, focal)]
        defined = focal in share and others and focal not in (a, b)
        result.append(share[focal] - sum(others) / len(others) if defined else math.nan)
    return result


@given(votes, st.randoms(use_true_random=False))
def test_twins(record: np.ndarray, random: Any) -> None:
    states, items = record.shape
    a, b = random.choice([(0, 1), (1, 0), tuple(random.sample(range(states), 2))])
    w = [float(random.randint(0, 3)) for _ in range(items)]
    c = split_counts(record, a, b, w)
    found = np.stack([c.with_a, c.with_b, c.abstaining, c.absent, c.unrecorded], axis=-1)
    assert_array_equal(found, twin_counts(record.tolist(), a, b, w))
    assert c.items == sum(np.array(w)[split_items(record, a, b)])
    assert_allclose(
        adjusted_lean(record, a, b, w), twin_adjusted(record.tolist(), a, b, w), atol=1e-12
    )


@given(votes, st.integers(1, 4), st.randoms(use_true_random=False))
def test_draws_equal_one_count_a_draw(record: np.ndarray, draws: int, random: Any) -> None:
    items = record.shape[1]
    w = np.array([[random.randint(0, 3) for _ in range(items)] for _ in range(draws)]).reshape(
        draws, items
    )
    c = split_counts(record, 0, 1, w)
    adjusted = adjusted_lean(record, 0, 1, w, focal=[2])
    assert adjusted.shape == (draws, 1)
    for k in range(draws):
        one = split_counts(record, 0, 1, w[k])
        for name in ("with_a", "with_b", "abstaining", "absent", "unrecorded", "items"):
            assert_array_equal(getattr(c, name)[k], getattr(one, name))
        assert_allclose(adjusted[k, 0], adjusted_lean(record, 0, 1, w[k])[2], atol=1e-12)


@given(votes)
def test_swapping_the_parties_turns_the_lean(record: np.ndarray) -> None:
    one, other = split_counts(record, 0, 1), split_counts(record, 1, 0)
    assert_array_equal(lean(one.with_a, one.with_b), -lean(other.with_a, other.with_b))
    assert_allclose(adjusted_lean(record, 0, 1), -adjusted_lean(record, 1, 0), atol=1e-12)
    assert_array_equal(
        distance(one.with_a, one.with_b, one.abstaining),
        distance(other.with_a, other.with_b, other.abstaining),
    )


@given(counts, counts, counts)
def test_identities_and_ranges(a: int, b: int, n: int) -> None:
    d, sb, e = distance(a, b, n), lean(a, b), evenness(a, b, n)
    if a + b + n == 0:
        assert np.isnan([d, sb, e]).all()
        return
    assert 0 <= d <= 1
    assert 0 <= e <= 1
    if a + b == 0:
        assert np.isnan(sb)
        assert d == e == 1
    else:
        assert_allclose(1 - e, (1 - d) * np.abs(sb), atol=1e-12)


@given(counts, counts, counts)
def test_adding_an_abstention_never_lowers_distance(a: int, b: int, n: int) -> None:
    assume(a + b + n > 0)
    assert distance(a, b, n + 1) >= distance(a, b, n)


def test_absence_is_counted_apart() -> None:
    focal = [YES, ABSTAIN, ABSENT, ABSENT, NOT_MEMBER, UNRECORDED, UNRECORDED, UNRECORDED]
    c = split_counts([[YES] * 8, [NO] * 8, focal], 0, 1)
    assert (c.with_a[2], c.with_b[2], c.abstaining[2]) == (1, 0, 1)
    assert (c.absent[2], c.unrecorded[2], c.items) == (2, 3, 8)
    assert distance(c.with_a, c.with_b, c.abstaining)[2] == 0.5


def test_others_are_compared_on_the_votes_where_the_state_took_a_side() -> None:
    """The other state's votes for B fall where the focal state abstained, so they do not count."""
    focal, other = [YES, YES, NO, ABSTAIN, ABSTAIN], [YES, ABSTAIN, YES, NO, NO]
    adjusted = adjusted_lean([[YES] * 5, [NO] * 5, focal, other], 0, 1)
    assert_allclose(adjusted[2], 2 / 3 - 2 / 2)
    assert_allclose(adjusted[3], 2 / 4 - 1 / 2)


def test_abstaining_party_makes_no_split() -> None:
    record = [[YES, ABSTAIN, YES, NO], [ABSTAIN, NO, ABSENT, NO], [YES] * 4]
    assert not split_items(record, 0, 1).any()
    c = split_counts(record, 0, 1)
    assert c.items == 0
    assert np.isnan(distance(c.with_a, c.with_b, c.abstaining)).all()
    assert np.isnan(adjusted_lean(record, 0, 1)).all()


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 3), (-1, 1)])
def test_parties_are_two_rows(a: int, b: int) -> None:
    with pytest.raises(InputError, match="two different rows"):
        split_counts([[YES], [NO], [YES]], a, b)


def test_strange_votes_and_weights_are_refused() -> None:
    with pytest.raises(InputError, match="codes 2, 3"):
        split_items([[1, 2], [3, 1]], 0, 1)
    with pytest.raises(InputError, match="shape"):
        split_counts([[YES, NO], [NO, NO]], 0, 1, [1.0])
    with pytest.raises(InputError, match="0 or more"):
        adjusted_lean([[YES, NO], [NO, NO]], 0, 1, [1.0, -1.0])
