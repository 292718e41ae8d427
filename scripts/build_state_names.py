"""Write names_cldr.csv, the names of today's states and territories in the three languages.

The Unicode CLDR gives a name for each ISO 3166-1 code; Babel carries its data. What people wrote
by hand in names.csv comes first: where it has a label for a state and language, the CLDR name
becomes an alias, and an alias that is there already is left out.

Run ``python scripts/build_state_names.py`` after a new release of Babel or an edit of names.csv,
and read the difference before you keep it: a library has been known to swap two states.
"""

from __future__ import annotations

import csv
from pathlib import Path

from babel import Locale

FOLDER = Path(__file__).parents[1] / "src" / "multivector" / "data" / "states"
LANGUAGES = ("en", "ru", "kk")
SPELLED_OUT = {" & ": " and ", "о-ва": "острова", "о-в ": "остров ", "Св. ": "Святой "}
# Kazakh «Конго» stands for both states of that name, so it is an alias of both in names.csv.
LEFT_OUT = {("kk", "CD")}


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one of the tables."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cldr_names(language: str) -> dict[str, str]:
    """Return the CLDR name of each two-letter code in *language*."""
    return dict(Locale(language).territories)


def build() -> list[tuple[str, str, str, str, str, str]]:
    """Return the rows of names_cldr.csv, sorted."""
    hand = rows_of("names.csv")
    labelled = {(r["state"], r["language"]) for r in hand if r["kind"] == "short"}
    written = {(r["state"], r["language"], r["name"]) for r in hand}
    present = {r["code"]: r["state"] for r in rows_of("codes.csv") if r["system"] == "iso2"}
    made: list[tuple[str, str, str, str, str, str]] = []
    for language in LANGUAGES:
        for code, given in cldr_names(language).items():
            state = present.get(code)
            if state is None or (language, code) in LEFT_OUT:
                continue
            label = given
            for short, long in SPELLED_OUT.items():
                label = label.replace(short, long)
            label = label[:1].upper() + label[1:]
            for name in dict.fromkeys((label, given)):
                kind = "short" if name == label and (state, language) not in labelled else "alias"
                if kind == "short" or (state, language, name) not in written:
                    made.append((state, language, name, kind, "", ""))
    return sorted(made, key=lambda r: (r[0], LANGUAGES.index(r[1]), r[3] != "short", r[2]))


def main() -> None:
    """Write the table."""
    with (FOLDER / "names_cldr.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("state", "language", "name", "kind", "start", "end"))
        table.writerows(build())


if __name__ == "__main__":
    main()
