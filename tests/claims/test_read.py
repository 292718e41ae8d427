"""Claims files: every mistake at once with its line and field, and what a file may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from multivector.claims.check import check
from multivector.claims.model import Answer
from multivector.claims.read import load, parse, shipped
from multivector.errors import InputError, Problems, StudyError, UnknownName
from multivector.measures.trade import PartnerShare
from multivector.runner import run

HEAD = """[document]
title = "A paper"

[step.share]
step = "partner_share"
focal = "KAZ"
partners = ["RUS"]
"""
GOOD = """
[[claim]]
id = "a"
kind = "share"
says = "Russia has a fifth of trade."
value = 0.2
tolerance = 0.01

[[claim.answer]]
source = "BACI"
step = "@share"
where = { partner = "RUS", year = { min = 2010, max = 2020 } }
"""


def faults(text: str) -> str:
    with pytest.raises((InputError, Problems)) as caught:
        parse(text, "paper", "paper.toml")
    return str(caught.value)


def test_a_claim_names_a_step_and_conditions() -> None:
    (one,) = parse(HEAD + GOOD, "paper").claims
    (answer,) = one.answers
    assert answer == Answer(
        "BACI",
        PartnerShare(focal="KAZ", partners=("RUS",)),
        where=(("partner", "=", "RUS"), ("year", "≥", 2010), ("year", "≤", 2020)),
    )


def test_a_step_can_be_written_in_place() -> None:
    inline = '{ step = "partner_share", focal = "KAZ", partners = ["RUS"] }'
    made = parse(HEAD + GOOD.replace('"@share"', inline), "paper")
    assert made.claims == parse(HEAD + GOOD, "paper").claims


def test_every_mistake_is_reported_at_once_with_line_and_field() -> None:
    text = (
        HEAD
        + """
[[claim]]
id = "a"
kind = "shrae"
says = "x"
colour = "red"
cannot = "no"

[[claim]]
id = "b"
kind = "date"
says = "x"
value = "2015-13"
quote = "one two"
at = [3, 9]

[[claim.answer]]
source = "BACI"
step = "@shrae"
where = { partner = { about = "RUS" } }

[[claim]]
id = "c"
kind = "quantity"
says = "x"

[[claim]]
id = "d"
kind = "causal"
says = "x"
design = "break"

[[claim.answer]]
source = "BACI"
step = "@share"
role = "driver"
"""
    )
    told = faults(text)
    for part in (
        "line 11: claim a.kind: There is no choice 'shrae'",
        "'colour' in line 9: claim a",
        "line 26: answer of b.step",
        "Nearest: @share",
        "'about' in line 27: answer of b.where",
        "line 29: claim c.cannot",
        "line 38: claim d.design: break needs an answer with role outcome",
        "claim d.break_year",
    ):
        assert part in told, f"{part!r} is not in\n{told}"


def test_fields_are_checked_together() -> None:
    told = faults(
        HEAD
        + GOOD.replace("tolerance = 0.01", "tolerance = -1\nperiod = [2020, 2010]\ncites = ['9']")
        + GOOD.replace("value = 0.2", 'value = "much"\ncomparator = ">"\nsince = "soon"')
        + GOOD.replace('"a"', '"z"').replace("value = 0.2", f'quote = "{"w " * 16}"')
        + GOOD.replace('"a"', '"y"').replace('"share"', '"forecast"')
    )
    for part in (
        "claim a.tolerance: -1.0 is below 0",
        "claim a.period: 2020 to 2010 runs backwards",
        "There is no reference '9'",
        "'a' occurs twice",
        "cannot be compared by >",
        "'soon' is no date",
        "16 words; at most 15",
        "claim z.value: there is nothing to compare with",
        "claim y.due: a forecast needs the year",
    ):
        assert part in told, f"{part!r} is not in\n{told}"


def test_mistakes_in_steps_dates_and_ranks_have_their_line() -> None:
    text = HEAD.replace('"KAZ"', '"KAZZ"').replace(
        'title = "A paper"', 'title = "x"\ndate = "soon"'
    )
    text += GOOD.replace("value = 0.2", 'value = "0.2"')
    text += GOOD.replace('"a"', '"b"').replace("where =", 'take = "rank"\nwhere =')
    told = faults(text)
    for part in (
        "line 3: document.date: 'soon' is no date",
        "line 7: step.share.focal",
        "answer of b.take: rank needs `item`",
    ):
        assert part in told, f"{part!r} is not in\n{told}"
    assert "claim a.value: '0.2' is no number" in faults(
        HEAD + GOOD.replace("value = 0.2", 'value = "0.2"')
    )


def test_columns_that_a_table_lacks_are_reported_together_with_their_place() -> None:
    wrong = GOOD.replace("partner = ", "partnr = ")
    spell = GOOD.replace('"a"', '"b"').replace("value = 0.2", "value = 0.2\nsince = '2019'")
    spell = spell.replace("where", 'began = "begun"\nwhere')
    person = GOOD.replace('"a"', '"c"').replace("value = 0.2", 'value = 0.2\nspeaker = "A. B"')
    file = parse(HEAD + wrong + spell + person, "paper")
    with pytest.raises(Problems) as caught:
        check(file, run)
    told = str(caught.value)
    for part in (
        "line 16: answer of a: There is no column 'partnr' in BACI",
        "line 29: answer of b: There is no column 'began'",
        "line 43: answer of c: There is no column 'person' in BACI",
    ):
        assert part in told, f"{part!r} is not in\n{told}"


def test_what_is_no_toml_is_said() -> None:
    with pytest.raises(StudyError, match="not valid TOML"):
        parse("[document", "paper")


def test_a_file_or_a_name_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no claims file"):
        load(str(tmp_path / "none.toml"))
    with pytest.raises(UnknownName, match="kazakhstan"):
        load("kazahkstan")
    path = tmp_path / "paper.toml"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    assert load(str(path)).name == "paper"
    assert "kazakhstan" in shipped()
