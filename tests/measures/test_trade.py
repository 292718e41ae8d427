"""Trade: shares and concentration against loops over the shipped table, blocs, and coverage."""

from __future__ import annotations

from math import exp, fsum, log

import numpy as np
import pytest

from multivector.errors import InputError, OutOfCoverage, Problems
from multivector.measures.trade import (
    HHI,
    EffectivePartners,
    Entropy,
    PartnerShare,
    TradeValue,
)
from multivector.runner import Runner
from multivector.sources.baci import Baci
from tests.measures.conftest import EU27

Flows = dict[tuple[str, str, int], float]
FLOWS = ("total", "exports", "imports")


def partners(flows: Flows, focal: str, year: int, flow: str = "total") -> dict[str, float]:
    """Return the recorded trade of one state with each partner in one year."""
    found: dict[str, list[float]] = {}
    for (i, j, t), value in flows.items():
        if t != year or i == j:
            continue
        if i == focal and flow != "imports":
            found.setdefault(j, []).append(value)
        if j == focal and flow != "exports":
            found.setdefault(i, []).append(value)
    return {p: fsum(v) for p, v in found.items()}


def merged(amounts: dict[str, float]) -> dict[str, float]:
    """Return the same with the members of the European Union as one partner."""
    union = fsum(v for p, v in amounts.items() if p in EU27)
    return {"EU": union, **{p: v for p, v in amounts.items() if p not in EU27}}


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(("focal", "year"), [("KAZ", 2000), ("KAZ", 2019), ("HUN", 2012)])
def test_concentration_equals_a_plain_twin(
    run: Runner, flows: Flows, focal: str, year: int, flow: str
) -> None:
    amounts = partners(flows, focal, year, flow)
    for eu, parts in {"members": amounts, "one": merged(amounts)}.items():
        total = fsum(parts.values())
        p = [v / total for v in parts.values() if v > 0]
        hhi = fsum(x * x for x in p)
        cell = {"eu": eu, "year": year}
        assert run(HHI(focal=focal, flow=flow)).at(**cell).value == pytest.approx(hhi, rel=1e-9)
        nats = run(Entropy(focal=focal, flow=flow)).at(**cell).value
        assert nats == pytest.approx(-fsum(x * log(x) for x in p), rel=1e-9)
        assert exp(nats) >= 1 / hhi
        effective = run(EffectivePartners(focal=focal, flow=flow)).at(**cell).value
        assert effective == pytest.approx(1 / hhi, rel=1e-9)


def test_the_union_as_one_partner_is_never_less_concentrated(run: Runner) -> None:
    found = run(HHI(focal="KAZ"))
    one, members = (found.select(eu=eu).draws for eu in ("one", "members"))
    known = np.isfinite(one)
    assert known.sum() >= 20
    assert (one[known] >= members[known]).all()


@pytest.mark.parametrize("flow", FLOWS)
def test_shares_equal_a_plain_twin_and_add_up_to_one(run: Runner, flows: Flows, flow: str) -> None:
    named = ("RUS", "CHN", "USA", "EU27_2020", "TUR")
    found = run(PartnerShare(focal="KAZ", partners=named, flow=flow))
    amounts = partners(flows, "KAZ", 2019, flow)
    total = fsum(amounts.values())
    inside = {"EU27_2020": merged(amounts)["EU"], **amounts}
    for partner in named:
        value = found.at(partner=partner, year=2019).value
        assert value == pytest.approx(inside[partner] / total, rel=1e-9)
    by_year = found.draws.reshape(-1, len(named) + 1).sum(axis=1)
    np.testing.assert_allclose(by_year[np.isfinite(by_year)], 1, atol=1e-9)


def test_values_are_those_of_the_table(run: Runner, flows: Flows) -> None:
    asked = {"focal": "KAZ", "partners": ("RUS", "EU27_2020")}
    found = run(TradeValue(**asked, flow="exports"))
    assert found.at(partner="RUS", year=2012).value == flows["KAZ", "RUS", 2012]
    amounts = partners(flows, "KAZ", 2012, "exports")
    assert found.at(partner="WLD", year=2012).value == pytest.approx(fsum(amounts.values()))
    union = fsum(v for p, v in amounts.items() if p in EU27)
    assert found.at(partner="EU27_2020", year=2012).value == pytest.approx(union)
    both = run(TradeValue(**asked)).at(partner="RUS", year=2012).value
    imports = run(TradeValue(**asked, flow="imports")).at(partner="RUS", year=2012).value
    assert both == pytest.approx(flows["KAZ", "RUS", 2012] + imports)


def test_a_dated_bloc_loses_the_united_kingdom_in_2020(run: Runner, flows: Flows) -> None:
    found = run(TradeValue(focal="KAZ", partners=("EU", "EU27_2020", "GBR"), years=(2019, 2020)))
    cell = {
        year: {p: found.at(partner=p, year=year).value for p in ("EU", "EU27_2020", "GBR")}
        for year in (2019, 2020)
    }
    assert cell[2019]["EU"] == pytest.approx(cell[2019]["EU27_2020"] + cell[2019]["GBR"])
    assert cell[2020]["EU"] == cell[2020]["EU27_2020"]


def test_the_shipped_table_gives_what_the_full_file_gives(run: Runner, full: Runner) -> None:
    shipped, whole = Baci(layout="casebook"), Baci(layout="product sums")
    for step in (HHI, EffectivePartners):
        here, there = run(step(shipped, focal="UZB")), full(step(whole, focal="UZB"))
        np.testing.assert_allclose(here.draws, there.draws, rtol=1e-9)
    assert full(HHI(whole, focal="POL", years=(2019, 2019))).at(eu="one").known


# what is missing --------------------------------------------------------------------------------


def test_serbia_has_no_figures_before_2006_and_none_is_zero(run: Runner) -> None:
    """BACI has no rows of Serbia before Montenegro left (June 2006)."""
    steps = (
        TradeValue(focal="SRB", partners=("RUS", "EU27_2020"), years=(2003, 2006)),
        PartnerShare(focal="SRB", partners=("RUS", "EU27_2020"), years=(2003, 2006)),
        HHI(focal="SRB", years=(2003, 2006)),
        Entropy(focal="SRB", years=(2003, 2006)),
        EffectivePartners(focal="SRB", years=(2003, 2006)),
    )
    for step in steps:
        found = run(step)
        assert not any(
            q.known for y in (2003, 2004, 2005) for q in found.select(year=y).quantities()
        )
        assert all(q.known for q in found.select(year=2006).quantities())


def test_the_year_in_which_the_table_is_wrong_has_no_total(run: Runner) -> None:
    """Kazakhstan and Russia recorded about half of their trade when their border controls ended."""
    named = ("RUS", "CHN")
    steps = (
        PartnerShare(focal="KAZ", partners=named, years=(2009, 2011)),
        HHI(focal="KAZ", years=(2009, 2011)),
        Entropy(focal="KAZ", years=(2009, 2011)),
        EffectivePartners(focal="KAZ", years=(2009, 2011)),
    )
    for step in steps:
        found = run(step)
        for q in found.quantities():
            assert q.known is (dict(q.cell)["year"] != 2010), step.name
            assert bool(q.note) is (dict(q.cell)["year"] == 2010), step.name
    found = run(TradeValue(focal="KAZ", partners=named, years=(2009, 2011)))
    assert not found.at(partner="RUS", year=2010).known
    assert not found.at(partner="WLD", year=2010).known
    assert "customs union" in found.at(partner="RUS", year=2010).note
    assert found.at(partner="RUS", year=2011).known
    assert not found.at(partner="RUS", year=2011).note


def test_a_named_partner_without_a_record_is_no_data(run: Runner) -> None:
    """Kosovo is no economy of BACI."""
    found = run(PartnerShare(focal="KAZ", partners=("Kosovo", "RUS"), years=(2019, 2019)))
    assert not found.at(partner="XKX").known
    assert found.at(partner="ROW").value == pytest.approx(1 - found.at(partner="RUS").value)


def test_a_state_whose_partners_are_incomplete_is_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match=r"only some partners of POL") as caught:
        run(HHI(focal="POL"))
    assert "multivector fetch baci" in str(caught.value)
    with pytest.raises(OutOfCoverage, match="POL"):
        run(PartnerShare(focal="POL", partners=("RUS",)))


@pytest.mark.parametrize("years", [(1999, 2005), (2018, 2022), (2021, 2023)])
def test_years_outside_are_refused(run: Runner, years: tuple[int, int]) -> None:
    with pytest.raises(OutOfCoverage, match=r"covers 2000–2020; .* was asked"):
        run(HHI(focal="KAZ", years=years))


def test_levels_are_never_summed_together() -> None:
    with pytest.raises(InputError, match=r"EU27_2020 and DEU overlap \(DEU\)"):
        PartnerShare(focal="KAZ", partners=("EU27_2020", "DEU"))
    with pytest.raises(InputError, match=r"overlap \(AUT, BEL, BGR\)"):
        PartnerShare(focal="KAZ", partners=("EU", "EU27_2020"))
    with pytest.raises(InputError, match="RUS and RUS overlap"):
        PartnerShare(focal="KAZ", partners=("RUS", "RUS"))
    with pytest.raises(InputError, match="its own partner"):
        PartnerShare(focal="KAZ", partners=("KAZ", "RUS"))


def test_wrong_choices_are_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        HHI(focal="EU27_2020", years=(2010, 2009))
    assert len(caught.value.exceptions) == 2
