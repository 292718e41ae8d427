"""Extraction: made sentences with known claims, kinds of files, and files that cannot be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from multivector import cli
from multivector.claims import patterns
from multivector.claims.propose import TO_DO, propose, to_toml
from multivector.claims.quotes import sha256
from multivector.claims.read import LONGEST_QUOTE, parse
from multivector.claims.texts import decode, language_of, read_text
from multivector.errors import DataError, InputError, Unavailable

RUSSIAN = """Доля ЕС составляет 40 процентов торговли Казахстана. Дождь идет.

В начале 2015 года Казахстан и ЕС подписали соглашение [1. С. 5]. Граница занимает
второе место в мире. По словам К.-Ж.К. Токаева, торговля с Китаем достигла 18,2 млрд. долларов США
[2] в рамках инициативы «Один пояс». Казахстан – член ЕАЭС с 2015 года.

БИБЛИОГРАФИЧЕСКИЙ СПИСОК:

1. Иванов И.И. Книга. 2010.
2. Выступление. 2022.
3. Петров П.П. Статья, 15 %. 2011.
"""


def test_each_kind_of_claim_is_proposed() -> None:
    found = {(c.kind, c.value, c.unit) for c in propose(RUSSIAN, "ru").candidates}
    assert ("share", "40", "%") in found
    assert ("quantity", "18200000000", "USD") in found
    assert {"date", "rank", "attribution", "membership", "spell"} <= {k for k, _, _ in found}


def test_a_sentence_without_a_claim_is_not() -> None:
    assert not [c for c in propose(RUSSIAN, "ru").candidates if "Дождь" in c.quote]


def test_quotes_stand_at_their_offsets_and_are_short() -> None:
    for one in propose(RUSSIAN, "ru").candidates:
        assert RUSSIAN[one.start : one.end] == one.quote
        assert len(one.quote.split()) <= LONGEST_QUOTE


def test_actors_periods_speakers_and_initiatives() -> None:
    trade = next(c for c in propose(RUSSIAN, "ru").candidates if c.unit == "USD")
    assert trade.actors == ("CHN",)  # neither dollars nor an adjective is an actor
    assert trade.speaker == "К.-Ж.К. Токаева"
    assert trade.initiative == "Один пояс"
    assert trade.cites == ("2",)
    pact = next(c for c in propose(RUSSIAN, "ru").candidates if c.treaty)
    assert (pact.years, pact.actors, pact.cites) == ((2015,), ("KAZ", "EU"), ("1",))


def test_a_figure_has_the_nearest_measure_as_its_referent() -> None:
    found = {c.value: c.referent for c in propose(RUSSIAN, "ru").candidates if c.value}
    assert (found["40"], found["18200000000"]) == ("trade", "trade")
    text = "Exports were 3 billion dollars and imports 2 billion dollars in 2020."
    pairs = [(c.value, c.referent) for c in propose(text, "en").candidates]
    assert pairs == [("3000000000", "exports"), ("2000000000", "imports")]


def test_figures_that_cite_only_a_speech_are_apart() -> None:
    assert [c.value for c in propose(RUSSIAN, "ru").spoken] == ["18200000000"]
    assert not propose(RUSSIAN.replace("[2]", "[1, 2]").replace("[1, 2]", "[1]"), "ru").spoken


def test_unsourced_figures_and_uncited_references() -> None:
    made = propose(RUSSIAN, "ru")
    assert [c.kind for c in made.unsourced] == ["share", "rank"]
    assert made.uncited == (3,)
    assert not [c for c in made.candidates if c.value == "15"]  # the list itself is not read


def test_a_proposal_is_a_claims_file_in_which_nothing_is_checked() -> None:
    made = propose(RUSSIAN, "ru")
    file = parse(to_toml(made, "Бумага"), "paper")
    assert len(file.claims) == len(made.candidates)
    assert {c.cannot for c in file.claims} == {TO_DO}
    assert file.document.sha256 == sha256(RUSSIAN)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("a rise of 12.5 per cent", "12.5", "%"),
        ("$1.5 million in aid", "1500000", "USD"),
        ("about 1,400 people came", "1400", "persons"),
        ("протяженностью 7 644 км", "7644", "km"),
        ("табысы 3 млрд доллар болды", "3000000000", ""),
        ("15,5% населения", "15.5", "%"),
    ],
)
def test_numbers_in_three_languages(text: str, value: str, unit: str) -> None:
    (found,) = patterns.quantities(text)
    assert (found.value, found.unit or unit) == (value, unit or found.unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("с 2013 по 2019 гг.", ["2013-2019"]),
        ("21 December 2015", ["2015"]),
        ("в 2022 году", ["2022"]),
        ("2022 жылы", ["2022"]),
        ("номер 12345", []),
    ],
)
def test_times_in_three_languages(text: str, values: list[str]) -> None:
    assert [f.value for f in patterns.dates(text)] == values


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Қазақстан мен Ресей", ["KAZ", "RUS"]),
        ("with the United States and China", ["USA", "CHN"]),
        ("в Узбекистане и Туркменистане", ["UZB", "TKM"]),
        ("того, что сказано", []),
        ("give it to us", []),
        ("российские и китайские товары", []),
    ],
)
def test_actors_in_three_languages(text: str, codes: list[str]) -> None:
    assert patterns.actors(text) == codes


# files ------------------------------------------------------------------------------------------


def docx(path: Path, *paragraphs: str) -> Path:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {space}>{body}</w:document>")
    return path


def test_text_html_and_docx_give_the_same_words(tmp_path: Path) -> None:
    lines = ("Казахстан подписал договор.", "Вот и все.")
    plain, old, page = (tmp_path / n for n in ("a.txt", "b.txt", "c.html"))
    plain.write_text("\n".join(lines), encoding="utf-8")
    old.write_bytes("\n".join(lines).encode("cp1251"))
    page.write_text(
        "<html><style>p{}</style><p>" + "</p><p>".join(lines) + "</p></html>", encoding="utf-8"
    )
    word = docx(tmp_path / "d.docx", *lines)
    assert {read_text(p) for p in (plain, old, page, word)} == {"\n".join(lines)}


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    cases = {
        "x.docx": (b"not a zip", DataError, "damaged"),
        "x.odt": (b"", InputError, "no document that is read"),
        "x.txt": (b"\x81\x8d\x98\x00\xff\x01", InputError, "encoding"),
        "y.txt": (b"  \n", DataError, "no words"),
    }
    for name, (data, error, words) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(error, match=words):
            read_text(path)
    with pytest.raises(InputError, match="no document"):
        read_text(tmp_path / "none.txt")


def test_a_pdf_is_read_or_the_package_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises((Unavailable, DataError), match=r"pypdf|damaged"):
        read_text(path)


def test_other_encodings_and_languages() -> None:
    assert decode("Да".encode("utf-16")) == "Да"
    assert decode(b"\xef\xbb\xbfYes") == "Yes"
    with pytest.raises(InputError, match="language"):
        language_of("Das ist ein Vertrag zwischen zwei Staaten und niemand sonst.")


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, made = tmp_path / "paper.txt", tmp_path / "paper.toml"
    paper.write_text(RUSSIAN, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        cli.main(["claims", "extract", str(paper), "-o", str(made)])
    assert stop.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "language ru" in told
    assert "figure without a citation: Доля ЕС составляет 40 процентов" in told
    assert "references never cited: 3" in told
    with pytest.raises(SystemExit) as stop:
        cli.main(["check", str(made), "--text", str(paper)])
    assert stop.value.code == 0
    assert "Quotes:" not in capsys.readouterr().out
