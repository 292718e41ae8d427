"""Association, alignment beyond chance, and unanimous votes, from the record by loops."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import pytest

from multivector.measures.similarity import AlignmentIndex, SScore, TauB, VoteAgreement
from multivector.runner import Runner
from tests.measures.conftest import Book

LEVEL = {1: 1, 2: 0, 3: -1}


def _pairs(book: Book, partner: str, year: int) -> list[tuple[int, int]]:
    both = [(v.get("KAZ"), v.get(partner)) for v in book.between(year, year)]
    return [(LEVEL[x], LEVEL[y]) for x, y in both if x in LEVEL and y in LEVEL]


@pytest.mark.parametrize("partner", ["RUS", "CHN", "USA"])
def test_tau_b_and_alignment(run: Runner, book: Book, partner: str) -> None:
    pairs = _pairs(book, partner, 2015)
    joined = untied_x = untied_y = 0
    for (r, c), (s, e) in combinations(pairs, 2):
        joined += ((r > s) - (r < s)) * ((c > e) - (c < e))
        untied_x += r != s
        untied_y += c != e
    n = len(pairs)
    score = 1 - sum(abs(r - c) for r, c in pairs) / n
    by_chance = 1 - sum(abs(r - c) for (r, _), (_, c) in product(pairs, repeat=2)) / n**2
    asked: dict[str, Any] = {
        "focal": "KAZ",
        "partners": (partner,),
        "years": (2015, 2015),
        "draws": 0,
    }
    tau = joined / math.sqrt(untied_x * untied_y)
    assert run(TauB(**asked)).at().value == pytest.approx(tau, abs=1e-12)
    found = run(AlignmentIndex(**asked)).at().value
    assert found == pytest.approx(score - by_chance, abs=1e-12)
    assert run(SScore(**asked)).at().value == pytest.approx(score, abs=1e-12)


def test_unanimous_votes_raise_agreement(run: Runner, book: Book) -> None:
    split = [
        (v["KAZ"], v["USA"])
        for v in book.between(2015, 2015)
        if len({x for x in v.values() if x in LEVEL}) > 1
        and v.get("KAZ") in LEVEL
        and v.get("USA") in LEVEL
    ]
    asked: dict[str, Any] = {
        "focal": "KAZ",
        "partners": ("USA",),
        "years": (2015, 2015),
        "draws": 0,
    }
    left_out = run(VoteAgreement(**asked, unanimous="left out"))
    assert left_out.at().value == pytest.approx(sum(x == y for x, y in split) / len(split))
    assert "unanimous votes left out" in left_out.variant
    assert "unanimous" not in run(VoteAgreement(**asked)).variant
