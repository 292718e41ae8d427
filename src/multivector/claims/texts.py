"""Texts: the words of a paper from plain text, HTML, DOCX or PDF, and the language they are in."""

from __future__ import annotations

import codecs
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from multivector.claims import models
from multivector.errors import DataError, InputError, Unavailable

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_RUSSIAN = re.compile("[ыэёъщ]|\\b(и|в|на|что|это|по|с)\\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(the|of|and|to|in|is|that)\b", re.IGNORECASE)
_READ = {"Russian": "ru", "Kazakh": "kk", "English": "en"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDLESS = 20
"""Fewest letters that a page has on average in a PDF that is not a scan."""
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "title", "td"}


def read_text(path: Path) -> str:
    """Return the words of a document.

    Raises
    ------
    InputError
        For a kind of file that is not read, and for an encoding that cannot be told.
    DataError
        For a damaged file, and for a PDF that holds pictures of pages and no text.
    Unavailable
        For a PDF where the package that reads it is not installed.
    """
    if not path.is_file():
        raise InputError(f"There is no document {str(path)!r}.")
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise InputError(f"{path.name} is no document that is read.", ", ".join(SUFFIXES))
    if suffix == ".pdf":
        text = _pdf(path)
    elif suffix == ".docx":
        text = _docx(path)
    else:
        html = suffix.startswith(".htm")
        data = path.read_bytes()
        text = decode(data, path.name, _declared(data) if html else "")
        text = _html(text) if html else text
    if not re.search(r"\w", text):
        raise DataError(f"{path.name} holds no words.")
    return text


def _declared(page: bytes) -> str:
    """Return the encoding that a page of HTML names in its head, if Python knows it."""
    match = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", page[:2048], re.IGNORECASE)
    try:
        return codecs.lookup(match[1].decode("ascii")).name if match else ""
    except LookupError:
        return ""


def decode(data: bytes, name: str = "the text", declared: str = "") -> str:
    """Return bytes as text: UTF-8 or UTF-16 by their marks, else Windows-1251 if that reads well.

    An encoding that a page declares is tried after UTF-8; a wrong one is passed over.

    >>> decode("Привет, мир".encode("cp1251"))
    'Привет, мир'
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for encoding in dict.fromkeys((declared or "cp1251", "cp1251")):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _reads_well(text):
            return text
    raise InputError(
        f"The encoding of {name} cannot be told.",
        "UTF-8, UTF-16 with its mark, and Windows-1251 are read.",
        "Save it as UTF-8.",
    )


def _reads_well(text: str) -> bool:
    """Return whether letters are mostly small, as in prose, and no odd signs stand in a row.

    Kazakh letters, which Windows-1251 lacks, are no reason to doubt.
    """
    letters = re.findall(r"[^\W\d_]", text)
    small = sum(c.islower() for c in letters)
    odd = re.search("[ЂЃѓ‚„…†‡€‰ЉЊ]{2}", text)
    return bool(letters) and small > 0.7 * len(letters) and not odd


def language_of(text: str) -> str:
    """Return ``ru``, ``kk`` or ``en``.

    A longer text is told by its letters' statistics (the package lingua, where it is installed),
    a short one by letters and small words.

    Raises
    ------
    InputError
        For a text in another language, or too short to tell.

    Examples
    --------
    >>> language_of("Казахстан и Россия подписали договор."), language_of("Қазақстан өз жолымен")
    ('ru', 'kk')
    >>> language_of("The treaty is in force and that is all.")
    'en'
    """
    known = models.detected(text)
    if known in _READ:
        return _READ[known]
    if known:
        raise InputError(
            f"The text seems to be in {known}, which is not read.",
            "Russian, Kazakh and English are read.",
            "If it is one of these, give --language ru, kk or en.",
        )
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    kazakh = len(_KAZAKH.findall(text))
    if cyrillic + kazakh > latin:
        if kazakh > 0.04 * (cyrillic + kazakh):
            return "kk"
        if _RUSSIAN.search(text):
            return "ru"
    elif len(_ENGLISH.findall(text)) > 0.04 * len(re.findall(r"\w+", text)):
        return "en"
    raise InputError(
        "The language of the text cannot be told, or is none that is read.",
        "Russian, Kazakh and English are read.",
        "Give --language ru, kk or en.",
    )


class _Words(HTMLParser):
    """Collects what a page shows, with a new line at each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or something that is not shown."""
        del attrs
        self.hidden += tag in ("script", "style")
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what is not shown."""
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep words that are shown."""
        if self.hidden <= 0:
            self.parts.append(data)


def _html(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(parser.parts)).strip()


def _docx(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise DataError(f"{path.name} is damaged: {error}.", "A DOCX file is needed.") from None
    lines: list[str] = []
    for paragraph in root.iter(f"{_WORD}p"):
        lines.append("".join(t.text or "" for t in paragraph.iter(f"{_WORD}t")))
    return "\n".join(lines)


def _pdf(path: Path) -> str:
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError
    except ImportError:
        raise Unavailable(
            "PDF is read with the package pypdf, which is not installed.",
            remedy="Install multivector[text], or save the document as text.",
        ) from None
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            reader.decrypt("")  # a file that may be read but not changed has an empty password
        pages = [page.extract_text() or "" for page in reader.pages]
    except (FileNotDecryptedError, DependencyError):
        raise DataError(
            f"{path.name} is locked with a password.", remedy="Save it without one."
        ) from None
    except Exception as error:  # a damaged file raises nearly anything in a parser of files
        raise DataError(
            f"{path.name} is damaged: {error}.", remedy="Save it anew, or give its text."
        ) from None
    if not pages:
        raise DataError(f"{path.name} is damaged: it has no pages.", remedy="Save it anew.")
    text = "\n".join(_flowing(page) for page in pages)
    if len(re.findall(r"\w", text)) < WORDLESS * len(pages):
        raise DataError(
            f"{path.name} has {len(pages)} pages and hardly any text: it is a scan.",
            remedy="Recognise its text first (OCR).",
        )
    return text


def _flowing(page: str) -> str:
    """Join words that a line's end divides: a hyphen between small letters is not kept."""
    return re.sub(r"(?<=[^\W\d_])(?:-|\u00ad)\n(?=[a-zа-яёәғқңөұүһі])", "", page)
