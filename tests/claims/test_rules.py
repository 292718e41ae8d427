"""The ten rules, each on a small made example, and the verdict that follows from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multivector.claims import rules
from multivector.claims.judge import judge
from multivector.claims.model import Answer, Claim, Document, Reading, Reference, Spell, Verdict
from multivector.claims.rules import Person
from multivector.claims.spans import between, days
from multivector.runner import run
from multivector.step import Step

from .toys import PAPER, Rows, Shares, Sizes, claim

EU = (("partner", "=", "EU"),)


def verdict(one: Claim, paper: Document = PAPER, *references: Reference) -> Verdict:
    return judge(one, paper, run, references)


# 1: right number, wrong referent ----------------------------------------------------------------


def test_a_share_of_exports_is_not_a_share_of_trade() -> None:
    exports = Answer("exports", Shares(flow="exports"), role="neighbour", where=EU)
    found = verdict(claim(Shares(), exports, where=EU, value=0.41, tolerance=0.01))
    assert found.word == "mislabelled"
    assert found.nearest == "exports"
    assert "30.0% in 2020" in found.reason


def test_the_same_number_where_it_belongs_is_supported() -> None:
    found = verdict(claim(Shares(flow="exports"), where=EU, value=0.41, tolerance=0.01))
    assert found.word == "supported"
    assert not found.nearest


def test_other_values_of_a_column_are_neighbours() -> None:
    table = Rows((("RUS", "ethnic group", "", "", 15.5), ("RUS", "language", "", "", 83.7)))
    one = claim(
        table,
        kind="quantity",
        value=15.5,
        variable="size",
        where=(("name", "=", "RUS"), ("stage", "=", "language")),
        beside="stage",
    )
    found = verdict(one)
    assert (found.word, found.nearest) == ("mislabelled", "toy: ethnic group")


# 2: several valid values ------------------------------------------------------------------------


def sizes(value: float, year: int = 2020) -> Step[Any]:
    return Sizes((("KAZ", year, value),))


def test_sources_that_differ_are_named() -> None:
    other = Answer("the other reporter", sizes(25.2), variable="size")
    found = verdict(claim(sizes(18.2), other, kind="quantity", value=18.2, variable="size"))
    assert found.word == "depends on source"
    assert found.reason.index("toy") < found.reason.index("the other reporter")
    assert found.interval == (18.2, 25.2)


def test_units_are_converted_and_never_guessed() -> None:
    right = claim(sizes(18.2), kind="quantity", value=18_200, unit="million USD", variable="size")
    assert verdict(right).word == "supported"
    wrong = claim(sizes(18.2), kind="quantity", value=18.2, unit="billion EUR", variable="size")
    assert verdict(wrong).word == "no data"
    assert "the claim in billion EUR" in verdict(wrong).reason


# 3: no date given -------------------------------------------------------------------------------


def test_without_a_date_every_year_is_looked_at() -> None:
    falling = Shares((0.4, 0.3, 0.2), (0.4, 0.3, 0.2), first=2018)
    found = verdict(claim(falling, where=EU, value=0.4, tolerance=0.01))
    assert (found.word, found.years) == ("holds in another period", (2018,))


def test_with_a_date_only_that_year_counts() -> None:
    falling = Shares((0.4, 0.3, 0.2), (0.4, 0.3, 0.2), first=2018)
    dated = claim(falling, where=EU, value=0.4, tolerance=0.01, period=(2018, 2018))
    assert verdict(dated).word == "supported"
    late = claim(falling, where=EU, value=0.4, tolerance=0.01, period=(2030, 2030))
    assert verdict(late).word == "no data"


def test_years_after_the_paper_do_not_count_for_it() -> None:
    rising = Shares((0.2, 0.4), (0.2, 0.4), first=2021)
    found = verdict(claim(rising, where=EU, value=0.4, tolerance=0.01))
    assert (found.word, found.years) == ("holds in another period", (2022,))


# 4: stage of a treaty ---------------------------------------------------------------------------

TREATY = Rows(
    (
        ("pact", "initialled", "2015-01-20", "", 0),
        ("pact", "signed", "2015-12-21", "", 0),
        ("pact", "in force", "2020-03-01", "", 0),
    )
)


@pytest.mark.parametrize(
    ("value", "word", "nearest"),
    [
        (("2015-01", "2015-04"), "mislabelled", "toy: initialled"),
        ("2015-12", "supported", ""),
        ("2015", "supported", ""),
        ("2020", "mislabelled", "toy: in force"),
        ("2017", "contradicted", ""),
    ],
)
def test_a_treaty_has_stages(value: Any, word: str, nearest: str) -> None:
    where = (("name", "=", "pact"), ("stage", "=", "signed"))
    found = verdict(
        claim(TREATY, kind="date", value=value, variable="began", where=where, beside="stage")
    )
    assert (found.word, found.nearest) == (word, nearest)


def test_a_day_known_to_the_year_leaves_the_month_open() -> None:
    vague = Rows((("pact", "signed", "2015", "", 0),))
    found = verdict(claim(vague, kind="date", value="2015-03", variable="began"))
    assert found.word == "contested"


# 5: onset ---------------------------------------------------------------------------------------


def test_since_is_wrong_where_it_held_in_the_year_before() -> None:
    values = tuple((s, y, v) for y in (2021, 2022) for s, v in (("RUS", 3.0), ("CHN", 2.0)))
    ranked = {
        "kind": "rank",
        "value": 2,
        "variable": "size",
        "item": (("state", "=", "CHN"),),
        "take": "rank",
    }
    paper = Document("P", date="2023")
    found = verdict(claim(Sizes(values), since="2022", **ranked), paper)
    assert found.word == "contradicted"
    assert "2021 already" in found.reason
    fresh = ((("RUS", 2021, 3.0), ("CHN", 2021, 4.0)), values[2:])
    right = verdict(claim(Sizes(fresh[0] + fresh[1]), since="2022", **ranked), paper)
    assert right.word == "supported"


def test_a_spell_that_began_before_contradicts_its_claimed_onset() -> None:
    spells = [Spell(days("1931"), None), Spell(days("1949"), None)]
    early = rules.held_before("1949", spells)
    assert early is not None
    assert early.began == days("1931")
    assert rules.held_before("1931", spells) is None
    ended = [Spell(days("1931"), days("1940")), Spell(days("1949"), None)]
    assert rules.held_before("1949", ended) is None


# 6: identity in time ----------------------------------------------------------------------------

PEOPLE = (
    Person("Vasily", "Сафрончук", "ВС", days("1925"), days("2004-10-16"),
           (Spell(days("1959"), days("1992"), "diplomat"),)),
    Person("Ivan", "Сафранчук", "ИА", None, None, (Spell(days("2000"), None, "scholar"),)),
)  # fmt: skip


def test_a_person_quoted_must_be_alive() -> None:
    named, other, against = rules.identity(
        "В.С. Сафранчука"[:-1], "diplomat", between("2019", "2024"), PEOPLE
    )
    assert named is PEOPLE[0]
    assert other is PEOPLE[1]
    assert "2004-10-16" in against


@pytest.mark.parametrize(
    ("name", "role", "period", "ok"),
    [
        ("В.С. Сафрончук", "diplomat", ("1980", "1985"), True),
        ("В.С. Сафрончук", "diplomat", ("1995", "1996"), False),
        ("В.С. Сафрончук", "minister", ("1980", "1985"), False),
        ("И.А. Сафранчук", "scholar", ("2019", "2024"), True),
        ("И.А. Сафранчук", "scholar", ("1990", "1991"), False),
    ],
)
def test_and_in_the_role_named(name: str, role: str, period: tuple[str, str], ok: bool) -> None:
    named, _, against = rules.identity(name, role, between(*period), PEOPLE)
    assert named is not None
    assert (against == "") is ok


def test_nobody_of_that_name_is_said() -> None:
    named, other, against = rules.identity("К. Петров", "", between("2020"), PEOPLE)
    assert named is None
    assert other is None
    assert "nobody called" in against


# 7 and 8: spells --------------------------------------------------------------------------------

CHAIR = Rows(
    (
        ("tokayev", "chair 1", "2007-01-11", "2011-04-15", 0),
        ("tokayev", "chair 2", "2013-10-16", "2019-03-19", 0),
    )
)


def test_a_spell_can_be_true_and_not_the_only_one() -> None:
    found = verdict(
        claim(CHAIR, kind="spell", since="2013", until="2019", began="began", ended="ended")
    )
    assert found.word == "supported"
    assert "2007-01-11 to 2011-04-15" in found.notes[0]


def test_a_spell_with_another_end_is_contradicted() -> None:
    found = verdict(
        claim(CHAIR, kind="spell", since="2013", until="2017", began="began", ended="ended")
    )
    assert found.word == "contradicted"


@pytest.mark.parametrize(
    ("period", "word"),
    [
        ((2015, 2016), "supported"),
        ((2008, 2008), "supported"),
        ((2012, 2012), "holds in another period"),
        ((2010, 2012), "holds in another period"),
    ],
)
def test_a_state_of_affairs_has_an_interval(period: tuple[int, int], word: str) -> None:
    found = verdict(claim(CHAIR, kind="spell", period=period, began="began", ended="ended"))
    assert found.word == word
    assert "2013-10-16 to 2019-03-19" in found.reason + " ".join(found.notes)


def test_spells_that_follow_each_other_are_one() -> None:
    parts = [Spell(days("2019-09-18"), days("2022-01-10")), Spell(days("2022-01-11"), None)]
    assert rules.joined(parts) == (Spell(days("2019-09-18"), None),)


def test_no_such_spell_is_contradicted() -> None:
    nobody = (("name", "=", "nobody"),)
    found = verdict(claim(CHAIR, kind="spell", where=nobody, began="began", ended="ended"))
    assert found.word == "contradicted"


# 9: ranks ---------------------------------------------------------------------------------------


def test_a_rank_names_its_set_and_attribute() -> None:
    area = Sizes((("KAZ", 2020, 27.0), ("UZB", 2020, 4.5)))
    people = Sizes((("KAZ", 2020, 19.0), ("UZB", 2020, 34.0)))
    item = (("state", "=", "KAZ"),)
    other = Answer("population", people, variable="size", take="rank", item=item)
    found = verdict(
        claim(area, other, kind="rank", value=1, variable="size", take="rank", item=item)
    )
    assert found.word == "depends on source"
    assert "population has rank 2" in found.reason
    alone = verdict(claim(area, kind="rank", value=1, variable="size", take="rank", item=item))
    assert "among 2" in alone.reason


def test_peers_without_data_leave_a_rank_open() -> None:
    area = Sizes((("KAZ", 2020, 27.0), ("UZB", 2020, 30.0)))
    found = verdict(
        claim(
            area,
            kind="rank",
            value=3,
            variable="size",
            take="rank",
            item=(("state", "=", "KAZ"),),
            peers=("KAZ", "UZB", "TKM"),
        )
    )
    assert found.word == "contested"
    assert "1 of 3 in the set have no value" in found.notes[0]


# 10: sources ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cites", "kind", "said"),
    [
        ((), "share", "The sentence cites no source."),
        (("2",), "share", "The only source cited is a speech."),
        (("1", "2"), "share", ""),
        ((), "date", ""),
    ],
)
def test_figures_need_a_source(cites: tuple[str, ...], kind: Any, said: str) -> None:
    references = (Reference("1", "A study"), Reference("2", "A speech", "speech"))
    made = Claim("X1", kind, "Something.", cites=cites)
    assert rules.unsourced(made, references) == said


def test_an_unsourced_figure_is_noted_whatever_the_verdict() -> None:
    found = verdict(claim(Shares(), where=EU, value=0.3, tolerance=0.01))
    assert found.word == "supported"
    assert found.notes == ("The sentence cites no source.",)


# intervals --------------------------------------------------------------------------------------


def test_an_interval_that_reaches_the_claim_leaves_it_open() -> None:
    vague = Shares(spread=0.05)
    assert verdict(claim(vague, where=EU, value=0.33, tolerance=0.005)).word == "contested"
    above = claim(vague, where=EU, value=0.29, comparator=">")
    assert verdict(above).word == "contested"
    assert verdict(claim(Shares(), where=EU, value=0.29, comparator=">")).word == "supported"


def test_a_change_has_a_sign_and_an_interval() -> None:
    rising = Shares((0.2, 0.3), (0.2, 0.3), spread=0.01)
    up = {"where": EU, "kind": "trend", "take": "change", "value": 0}
    assert verdict(claim(rising, comparator=">", **up)).word == "supported"
    assert verdict(claim(rising, comparator="<", **up)).word == "contradicted"
    vague = Shares((0.2, 0.3), (0.2, 0.3), spread=0.2)
    assert verdict(claim(vague, comparator=">", **up)).word == "contested"


def test_growth_in_every_year_is_more_than_growth() -> None:
    dented = Shares((0.2, 0.1, 0.3), (0.2, 0.1, 0.3))
    up = {"where": EU, "kind": "trend", "value": 0, "comparator": ">"}
    assert verdict(claim(dented, take="change", **up)).word == "supported"
    assert verdict(claim(dented, take="least change", **up)).word == "contradicted"


def test_forecasts_are_scored_when_their_time_has_come() -> None:
    future = {"where": EU, "kind": "forecast", "value": 0.25, "comparator": ">"}
    assert verdict(claim(Shares(), due=2030, **future)).word == "no data"
    assert verdict(claim(Shares(), due=2020, **future)).word == "supported"
    assert verdict(claim(Shares((0.1, 0.1), (0.1, 0.1)), due=2020, **future)).word == "contradicted"


def test_readings_carry_the_day_of_the_sources() -> None:
    found = verdict(claim(Shares(), where=EU, value=0.3, tolerance=0.01))
    assert found.told[0].readings[-1] == Reading(pytest.approx(0.3), None, None, 2020)
    assert found.origins
    assert date.today().year >= 2024
