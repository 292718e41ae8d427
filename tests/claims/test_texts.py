"""Documents: PDF made here byte by byte, and files that cannot be read, each with its message."""

from __future__ import annotations

from pathlib import Path

import pytest

from multivector.claims.propose import propose
from multivector.claims.texts import decode, language_of, read_text
from multivector.errors import DataError, InputError
from tests.claims.pdfs import PLACE, pdf

pytest.importorskip("pypdf", reason="reads PDF; part of the extra text")

LEFT = ["Казахстан и Россия подписали согла-", "шение в 2015 году.", "Доля составила 40 процентов."]
RIGHT = ["Китай достиг 18,2 млрд. долларов", "США в 2021 году."]


def columns(left: list[str], right: list[str]) -> list[PLACE]:
    first = [(50, 700 - 14 * i, line) for i, line in enumerate(left)]
    return first + [(320, 700 - 14 * i, line) for i, line in enumerate(right)]


def test_a_pdf_in_cyrillic_gives_its_claims(tmp_path: Path) -> None:
    page = [(50, 700 - 14 * i, line) for i, line in enumerate([*LEFT, *RIGHT])]
    text = read_text(pdf(tmp_path / "a.pdf", [page]))
    assert "соглашение в 2015" in " ".join(text.split())  # divided at the line's end
    found = {(c.value, c.unit) for c in propose(text, "ru").candidates}
    assert {("40", "%"), ("18200000000", "USD")} <= found


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = " ".join(read_text(pdf(tmp_path / "a.pdf", [columns(LEFT, RIGHT)])).split())
    assert text.index("40 процентов") < text.index("Китай достиг")
    assert "долларов США" in text


def test_pages_follow_each_other(tmp_path: Path) -> None:
    pages = [[(50, 700, f"Страница номер {n}, на ней слова.")] for n in range(1, 13)]
    found = read_text(pdf(tmp_path / "a.pdf", pages)).splitlines()
    assert found == [w for p in pages for _, _, w in p]


def test_pdf_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    good = pdf(tmp_path / "good.pdf", [columns(LEFT, RIGHT)])
    scan = pdf(tmp_path / "scan.pdf", [[], []], scanned=True)
    with pytest.raises(DataError, match="2 pages and hardly any text: it is a scan"):
        read_text(scan)
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(b"%PDF-1.7\n1 0 obj << /Type")
    with pytest.raises(DataError, match="damaged"):
        read_text(cut)
    for secret, opens in (("", True), ("secret", False)):
        writer = PdfWriter(clone_from=PdfReader(good))
        writer.encrypt(user_password=secret, owner_password="owner", algorithm="RC4-128")
        locked = tmp_path / "locked.pdf"
        writer.write(locked)
        if opens:
            assert "40 процентов" in read_text(locked)
        else:
            with pytest.raises(DataError, match="locked with a password"):
                read_text(locked)


def test_a_page_of_html_says_its_encoding(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    words = "Правительство сообщило, что торговля с Китаем выросла."
    for declared in ("windows-1251", "koi8-r"):
        head = f'<html><head><meta charset="{declared}"></head><p>{words}</p></html>'
        page.write_bytes(head.encode(declared))
        assert read_text(page) == words
    head = f'<html><head><meta charset="utf-8"></head><p>{words}</p></html>'  # it is not
    page.write_bytes(head.encode("cp1251"))
    assert read_text(page) == words


def test_a_wrong_encoding_is_no_text() -> None:
    with pytest.raises(InputError, match="encoding of the text cannot be told"):
        decode("Правительство сообщило".encode("koi8-r"))


def test_languages_of_longer_texts_are_told_by_name() -> None:
    german = "Die Regierung hat mit dem Nachbarland einen Vertrag geschlossen. " * 5
    ukrainian = "Уряд України підписав з Казахстаном угоду про співпрацю та торгівлю. " * 5
    for text, name in ((german, "German"), (ukrainian, "Ukrainian")):
        with pytest.raises(InputError, match=f"seems to be in {name}"):
            language_of(text)
    assert language_of("Правительство подписало соглашение о сотрудничестве. " * 6) == "ru"
    assert language_of("Үкімет ынтымақтастық туралы келісімге қол қойды. " * 6) == "kk"
    assert language_of("The government signed the agreement on co-operation. " * 6) == "en"
