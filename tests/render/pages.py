"""Reading pages as a browser would: elements with their ancestors, and the text in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    ancestors: tuple[str, ...]
    classes: tuple[str, ...]
    text: str = ""


@dataclass
class Text:
    text: str
    inside: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass
class Page(HTMLParser):
    html: str
    elements: list[Element] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert not self.open, f"never closed: {[e.tag for e in self.open]}"

    __hash__ = object.__hash__

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = tuple(c for e in self.open for c in e.attributes.get("class", "").split())
        made = Element(
            tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self.open), classes
        )
        self.elements.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
        classes = tuple(c for e in self.open for c in e.attributes.get("class", "").split())
        self.texts.append(Text(data, tuple(e.tag for e in self.open), classes))

    def all(self, tag: str) -> list[Element]:
        return [e for e in self.elements if e.tag == tag]
