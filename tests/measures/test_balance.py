"""Balance, departure and partition, through made-up domains with known answers.

The golden figures are of the project's worked example: five partners, three domains of equal
weight, no rest of the world; each follows from the definitions by hand calculation.
"""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from multivector.errors import InputError, KeyMismatch, Problems
from multivector.measures._domains import DomainMeasure
from multivector.measures.balance import Balance, Departure
from multivector.measures.engagement import Engagement
from multivector.measures.partition import Partition
from multivector.measures.trade import TradeValue
from multivector.runner import Runner
from multivector.step import edit
from tests.measures.toys import Shares

PARTNERS = ("RUS", "CHN", "EU27_2020", "USA", "TUR")
GOLDEN = {
    "trade": (0.30, 0.25, 0.35, 0.05, 0.05),
    "security": (0.80, 0.05, 0.05, 0.08, 0.02),
    "investment": (0.10, 0.15, 0.45, 0.25, 0.05),
}


def domain(
    values: tuple[float, ...], partners: tuple[str, ...] = PARTNERS, **more: object
) -> Shares:
    rest = round(1 - sum(v for v in values if v >= 0), 12)
    pairs = [*zip(partners, values, strict=True), ("ROW", rest)]
    return Shares(tuple((p, 2020, v) for p, v in pairs), **more)  # type: ignore[arg-type]


DOMAINS = tuple(domain(v) for v in GOLDEN.values())
ASKED = {"focal": "KAZ", "partners": PARTNERS}


@pytest.mark.parametrize(
    ("values", "balance", "departure"),
    [
        (GOLDEN["trade"], 0.854197, 0.234662),
        (GOLDEN["security"], 0.471212, 0.851051),
        (GOLDEN["investment"], 0.851549, 0.238923),
    ],
)
def test_golden_example_one_domain(
    run: Runner, values: tuple[float, ...], balance: float, departure: float
) -> None:
    asked = {**ASKED, "domains": (domain(values),)}
    assert run(Balance(**asked)).at().value == pytest.approx(balance, abs=5e-7)
    assert run(Departure(**asked)).at().value == pytest.approx(departure, abs=5e-7)


def test_golden_example_pooled(run: Runner) -> None:
    asked = {**ASKED, "domains": DOMAINS}
    assert run(Balance(**asked)).at().value == pytest.approx(0.869172, abs=5e-7)
    assert run(Departure(**asked)).at().value == pytest.approx(0.210560, abs=5e-7)


def test_golden_example_partition(run: Runner) -> None:
    """Russia against the EU and the USA, which stand here as one partner."""
    partners = ("RUS", "CHN", "EU27_2020", "TUR")
    west = tuple(domain((r, c, round(e + u, 2), t), partners) for r, c, e, u, t in GOLDEN.values())
    asked = {"focal": "KAZ", "partners": partners, "domains": west}
    found = run(Partition(**asked, power_a="RUS", power_b="EU27_2020"))
    expected = {"net lean": 0.01, "offset": 0.446667, "evenness": 0.353333, "outside": 0.19}
    for part, value in expected.items():
        assert found.at(part=part).value == pytest.approx(value, abs=5e-7)
    assert found.draws.sum() == pytest.approx(1)
    mirrored = run(Partition(**asked, power_a="EU27_2020", power_b="RUS"))
    np.testing.assert_allclose(found.draws, mirrored.draws, atol=1e-12)
    signed = Partition(**asked, power_a="RUS", power_b="EU27_2020", show="signed lean")
    assert run(signed).at().value == pytest.approx(-0.01)  # to the West


def test_departure_is_the_divergence_from_its_target(run: Runner) -> None:
    p, target = GOLDEN["trade"], (0.2, 0.3, 0.1, 0.3, 0.1)
    twin = sum(a * log(a / t) for a, t in zip(p, target, strict=True))
    asked = {**ASKED, "domains": (domain(p),)}
    found = run(Departure(**asked, target=target))
    assert found.at().value == pytest.approx(twin, abs=1e-12)
    assert "target RUS 20%, CHN 30%" in found.variant
    assert run(Departure(**asked, target=p)).at().value == pytest.approx(0, abs=1e-12)


def test_the_rest_of_the_world_is_left_out_of_balance(run: Runner) -> None:
    """Half as much of everything, the rest elsewhere: as even among the named partners."""
    half = tuple(v / 2 for v in GOLDEN["trade"])
    found = run(Balance(**ASKED, domains=(domain(half),)))
    assert found.at().value == pytest.approx(0.854197, abs=5e-7)


def test_weights_pool_the_domains(run: Runner) -> None:
    weights = (1.0, 0.0, 0.0)
    asked = {**ASKED, "domains": DOMAINS, "weights": weights}
    assert run(Balance(**asked)).at().value == pytest.approx(0.854197, abs=5e-7)


def test_a_missing_share_is_not_zero(run: Runner) -> None:
    unknown = domain((0.30, -1, 0.35, 0.05, 0.05))
    for measure in (Balance, Departure):
        assert not run(measure(**ASKED, domains=(DOMAINS[0], unknown))).at().known
    parts = Partition(**ASKED, domains=(DOMAINS[0], unknown), power_a="RUS", power_b="CHN")
    assert not any(q.known for q in run(parts).quantities())


def test_only_years_that_all_domains_have_are_measured(run: Runner) -> None:
    later = Shares(tuple((p, y, v) for y in (2020, 2021) for p, _, v in DOMAINS[1].rows))
    found = run(Balance(**ASKED, domains=(DOMAINS[0], later)))
    assert found.cells["year"].to_list() == [2020]


@pytest.mark.parametrize("measure", [Balance, Departure])
def test_trade_is_the_default_domain(run: Runner, measure: type[DomainMeasure]) -> None:
    share = Engagement(domain="trade", **ASKED)
    by_default, named = measure(**ASKED), measure(**ASKED, domains=(share,), weights=(1.0,))
    assert by_default == named
    found = run(by_default)
    assert found.cells["year"].to_list() == list(range(2000, 2021))
    shares = [run(share).at(partner=p, year=2020).value for p in PARTNERS]
    p = [x / sum(shares) for x in shares]
    entropy = -sum(x * log(x) for x in p)
    twin = entropy / log(5) if measure is Balance else log(5) - entropy
    assert found.at(year=2020).value == pytest.approx(twin, abs=1e-12)


def test_domains_that_do_not_fit_are_refused(run: Runner) -> None:
    other = domain(GOLDEN["trade"], state="UZB")
    few = domain((0.5, 0.5), ("RUS", "CHN"))
    money = TradeValue(focal="KAZ", partners=PARTNERS)
    with pytest.raises(Problems) as caught:
        run(Balance(**ASKED, domains=(other, few, money)))
    text = str(caught.value)
    for fault in ("speaks of UZB, not of KAZ", "no cells for EU27_2020, TUR, USA", "current USD"):
        assert fault in text
    step = Balance(**ASKED)
    edited = edit(step, {(step, "focal"): "UZB"})
    with pytest.raises(KeyMismatch, match="not of UZB"):
        run(edited)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"partners": ("RUS",)}, "at least two partners"),
        ({"partners": ("EU27_2020", "DEU")}, "overlap"),
        ({"weights": (0.5, 0.6)}, "weights"),
        ({"weights": (-0.5, 1.5)}, "weights"),
        ({"weights": (1.0,), "domains": DOMAINS}, "do not fit 3 domains"),
        ({"target": (0.5, 0.5)}, "no distribution over 5 partners"),
        ({"target": (0.2, 0.2, 0.2, 0.4, 0.0)}, "no distribution"),
    ],
)
def test_wrong_choices_are_refused(choice: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Departure(**{**ASKED, "domains": DOMAINS[:2], **choice})


def test_the_partition_needs_two_domains_and_two_powers() -> None:
    with pytest.raises(InputError, match="at least two domains"):
        Partition(**ASKED, power_a="RUS", power_b="CHN")
    with pytest.raises(InputError, match="JPN is not among the partners"):
        Partition(**ASKED, domains=DOMAINS, power_a="RUS", power_b="JPN")
    with pytest.raises(InputError, match="both powers"):
        Partition(**ASKED, domains=DOMAINS, power_a="RUS", power_b="RUS")
