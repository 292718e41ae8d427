"""Roll calls from a table of one's own: what is read, what is left out, what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from multivector.errors import Problems, SchemaError, Unavailable
from multivector.panels.own_roll_calls import OwnRollCalls
from multivector.runner import run

HEAD = "rcid,voter,session,vote"


def _file(tmp_path: Path, *lines: str, name: str = "votes.csv") -> OwnRollCalls:
    path = tmp_path / name
    path.write_text("\n".join(lines), "utf-8")
    return OwnRollCalls(str(path))


def test_votes_in_words_and_codes_with_absences_left_out(tmp_path: Path) -> None:
    step = _file(
        tmp_path,
        f"{HEAD},party",
        "1,Georgia,3,yes,A",
        "1,Zoë, 3 ,NO,B",
        "1,Abe,3,2,B",
        "1,Bo,3,absent,A",
        "1,Cy,3,,A",
        "1,Dan,3,8,A",
    )
    panel = run(step)
    rows = panel.frame.select("voter", "vote", "unit", "session", "item").rows()
    assert rows == [("Abe", 2, 0, 3, "1"), ("Georgia", 1, 1, 3, "1"), ("Zoë", 3, 2, 3, "1")]
    assert panel.key.system != "iso3"  # Georgia is a person, not a state
    assert panel.provenance[0].title == "votes.csv"


def test_questions_that_recur_carry_one_item(tmp_path: Path) -> None:
    step = _file(tmp_path, f"{HEAD},item", "a,X,1,yes,budget", "b,X,2,no,budget", "c,X,2,no,")
    assert run(step).frame["item"].to_list() == ["budget", "budget", "c"]


def test_a_compressed_file_and_a_title(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv.gz"
    path.write_bytes(gzip.compress(f"{HEAD}\n1,X,1,yes\n1,Y,1,no\n".encode()))
    panel = run(OwnRollCalls(str(path), title="A committee"))
    assert len(panel.frame) == 2
    assert panel.provenance[0].title == "A committee"


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    assert run(_file(tmp_path, HEAD, "1,X,1,yes")).frame["vote"].to_list() == [1]
    assert run(_file(tmp_path, HEAD, "1,X,1,no")).frame["vote"].to_list() == [3]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    step = _file(tmp_path, HEAD, "1,X,1,yea", ",X,first,yes", "1,,1,no")
    with pytest.raises(Problems) as caught:
        run(step)
    for part in ("yea", "'first'", "voter is empty in 1", "rcid is empty in 1"):
        assert part in str(caught.value)


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="lacks the column session, rcid"):
        run(_file(tmp_path, "voter,vote", "X,yes"))


def test_a_voter_votes_once_on_a_roll_call(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="repeat a key"):
        run(_file(tmp_path, HEAD, "1,X,1,yes", "1,X,1,no"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"nowhere\.csv"):
        run(OwnRollCalls(str(tmp_path / "nowhere.csv")))
