"""Origins: the reasons to believe a number, the terms under which it may travel, whom to cite."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

OriginKind = Literal["data", "assumption", "judgement"]


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of use, as flags that outputs are checked against.

    ``redistribute_raw`` permits passing on rows as published; ``redistribute_derived`` permits
    passing on figures computed from them. ``quote`` holds the sentence of the publisher that the
    flags rest on.
    """

    name: str
    url: str
    redistribute_raw: bool
    redistribute_derived: bool = True
    share_alike: bool = False
    non_commercial: bool = False
    quote: str = ""


CC0 = Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", True)
PUBLIC_DOMAIN = Licence("Public domain", "https://www.usa.gov/government-works", True)
CC_BY_4 = Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", True)
CC_BY_SA_4 = Licence(
    "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/", True, share_alike=True
)
OWN = Licence("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", True)


@dataclass(frozen=True, slots=True)
class Citation:
    """A work to cite, for data or for a method.

    Examples
    --------
    >>> work = Citation("signorino1999", "article", "Signorino, Curtis S. and Ritter, Jeffrey M.",
    ...     "Tau-b or Not Tau-b", 1999, "International Studies Quarterly 43(1):115-144",
    ...     doi="10.1111/0020-8833.00113")
    >>> print(work)
    Signorino & Ritter (1999). Tau-b or Not Tau-b. International Studies Quarterly 43(1):115-144. https://doi.org/10.1111/0020-8833.00113
    """

    key: str
    type: str
    author: str
    title: str
    year: int
    venue: str = ""
    doi: str = ""
    url: str = ""

    @property
    def short(self) -> str:
        """Authors' family names and year, as a text cites them."""
        names = [a.split(",")[0].strip("{} ") for a in self.author.split(" and ")]
        if len(names) > 3:
            return f"{names[0]} et al. ({self.year})"
        return f"{' & '.join(filter(None, [', '.join(names[:-1]), names[-1]]))} ({self.year})"

    def __str__(self) -> str:
        link = f"https://doi.org/{self.doi}" if self.doi else self.url
        parts = (f"{self.short}. {self.title}.", f"{self.venue}." if self.venue else "", link)
        return " ".join(p for p in parts if p)

    def bibtex(self) -> str:
        """Return the BibTeX entry."""
        venue = {"article": "journal", "incollection": "booktitle", "book": "publisher"}
        rows = {
            "author": self.author,
            "title": f"{{{self.title}}}",
            "year": str(self.year),
            venue.get(self.type, "howpublished"): self.venue,
            "doi": self.doi,
            "url": self.url,
        }
        plain = ("doi", "url")  # BibTeX styles read these as they are
        written = {k: v if k in plain else _tex(v) for k, v in rows.items() if v}
        body = ",\n".join(f"  {k} = {{{v}}}" for k, v in written.items())
        return f"@{self.type}{{{self.key},\n{body}\n}}"


def _tex(text: str) -> str:
    return re.sub(r"(?<!\\)([&%#_])", r"\\\1", text)


@dataclass(frozen=True, slots=True)
class Origin:
    """One reason to believe a number: a data set, an assumption or a judgement.

    Origins enter in three places only: sources (data), shocks (assumption) and hand-coded rules
    (judgement). ``run`` unites them over a tree; a step may add origins, never remove one.

    Parameters
    ----------
    dataset
        Registry name of the source, or a short name of the assumption.
    sha256
        Hash of the bytes that were read; empty for assumptions.
    retrieved
        ISO date on which the file was obtained; empty if unknown.
    extract
        True when the figures came from the casebook that ships in the package.
    """

    dataset: str
    title: str
    producer: str
    version: str
    licence: Licence
    citation: Citation | None = None
    sha256: str = ""
    retrieved: str = ""
    kind: OriginKind = "data"
    extract: bool = False
    note: str = ""

    def __str__(self) -> str:
        place = " (casebook extract)" if self.extract else ""
        label = "" if self.kind == "data" else f"{self.kind}: "
        return f"{label}{self.title}, {self.version}{place}"


def unite(*groups: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return the union of origins, in order of first appearance; never shorter than any group."""
    return tuple(dict.fromkeys(origin for group in groups for origin in group))


def bibliography(works: Iterable[Citation]) -> str:
    """Return BibTeX for *works*, one entry a key, sorted by key."""
    return "\n\n".join(w.bibtex() for _, w in sorted({w.key: w for w in works}.items()))
