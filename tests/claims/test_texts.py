"""Documents: PDF made here byte by byte, and files that cannot be read, each with its message."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from multivector.claims.propose import propose
from multivector.claims.texts import decode, language_of, read_text
from multivector.errors import DataError, InputError

pytest.importorskip("pypdf", reason="reads PDF; part of the extra text")

CMAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
    b"/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    b"1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
)
"""Maps every code to the character of that number, as a producer's ToUnicode table does."""

PLACE = tuple[int, int, str]


def stream(data: bytes, entries: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries.encode(), data)


def pdf(path: Path, pages: list[list[PLACE]], *, scanned: bool = False) -> Path:
    """Write a PDF (ISO 32000-1): each page has words at (x, y), or one grey picture."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        stream(CMAP),
        stream(
            zlib.compress(b"\x80"),
            "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
            "/BitsPerComponent 8 /Filter /FlateDecode",
        ),
    ]
    kids: list[int] = []
    for words in pages:
        shown = "".join(
            f"BT /F 10 Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, text in words
        )
        content = b"q 500 0 0 700 0 0 cm /I Do Q" if scanned else shown.encode()
        bodies.append(stream(content))
        kids.append(len(bodies) + 1)
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> /XObject << /I 6 0 R >> >> >>" % len(bodies)
        )
    listed = " ".join(f"{k} 0 R" for k in kids).encode()
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
    out, offsets = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), len(bodies) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    path.write_bytes(bytes(out))
    return path


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
