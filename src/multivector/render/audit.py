"""Audits as files that can be attached to a review: a page, Markdown, a table, or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from multivector.claims.check import Audit
from multivector.claims.publish import claimed, values
from multivector.claims.wording import years_text
from multivector.errors import UnknownName
from multivector.origin import unite
from multivector.render.page import origin_rows, render, stylesheet
from multivector.render.text import Name
from multivector.render.verdicts import cited, summary, verdict_table


def write_audit(audit: Audit, path: Path) -> Path:
    """Write *audit* to *path* in the form that its suffix names, and return the path.

    Figures that the terms of a source do not let pass on are left out; their verdicts stay. The
    file appears at once or not at all.

    Raises
    ------
    UnknownName
        When there is no such form.
    """
    form = writer(path)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(form(audit.passable()), encoding="utf-8")
    return beside.replace(path)


def writer(path: Path) -> Callable[[Audit], str]:
    """Return the function that writes the form of *path*, before anything is computed."""
    form = FORMS.get(path.suffix.casefold())
    if form is None:
        raise UnknownName("form of file", path.suffix, FORMS, "End the name in one of these.")
    return form


def page(audit: Audit) -> str:
    """Return an audit as one self-contained HTML page."""
    document = audit.file.document
    facts = (document.author, document.doi and f"https://doi.org/{document.doi}", document.url)
    return str(
        render(
            "audit",
            style=stylesheet(),
            title=cited(document.title),
            plain_title=document.title,
            document=Name(", ".join(f for f in facts if f)),
            date=Name(document.date),
            software=Name(f"multivector {version('multivector')}"),
            file=Name(f"{audit.file.name}.toml"),
            summary=summary(audit),
            table=verdict_table(audit),
            problems=[Name(p) for p in _of_text(audit)],
            origins=origin_rows(unite(*(v.origins for v in audit.verdicts))),
        )
    )


def markdown(audit: Audit) -> str:
    """Return an audit as Markdown: a summary, a section a claim, the sources."""
    document = audit.file.document
    lines = [f"# {document.title}", ""]
    head = (document.author, document.date, document.doi, document.url)
    lines += [", ".join(h for h in head if h), ""] if any(head) else []
    lines += [f"- {word}: {n}" for word, n in audit.counts.items()]
    lines += [f"- {p}" for p in _of_text(audit)]
    for v in audit.verdicts:
        lines += ["", f"## {v.claim.id}: {v.word} (severity: {v.severity})", "", v.claim.says, ""]
        lines += [f"> {v.claim.quote}", ""] if v.claim.quote else []
        lines += [v.reason, ""]
        rows = {"Claimed": claimed(v)}
        rows |= {t.source: "; ".join(values(t)) for t in v.told}
        rows |= {"Holds in": years_text(v.years) if v.years else "", "Nearest": v.nearest}
        rows |= {"Range": " to ".join(f"{x:.6g}" for x in v.interval or ())}
        rows |= {f"Note {n}": note for n, note in enumerate(v.notes, 1)}
        lines += [f"- {k}: {text}" for k, text in rows.items() if text]
        lines += [f"- Command: `{v.query}`"] if v.query else []
    lines += ["", "## Sources", ""]
    lines += [
        f"- {o.title}, {o.version}, {o.producer}, {o.licence.name} <{o.licence.url}>"
        for o in unite(*(v.origins for v in audit.verdicts))
    ]
    return "\n".join([*lines, "", f"multivector {version('multivector')}", ""])


def table(audit: Audit) -> str:
    """Return an audit as CSV, one row a claim."""
    rows, text = audit.to_rows(), io.StringIO()
    made = csv.DictWriter(text, list(rows[0]) if rows else ["id"], lineterminator="\n")
    made.writeheader()
    made.writerows(rows)
    return text.getvalue()


def data(audit: Audit) -> str:
    """Return an audit as JSON with every number."""
    return json.dumps(audit.to_dict(), ensure_ascii=False, indent=2, default=str) + "\n"


def _of_text(audit: Audit) -> list[str]:
    if audit.text is None:
        return ["Quotes were not compared: the text was not given."]
    lost = ", ".join(map(str, audit.text.uncited))
    found = [*audit.text.problems, *([f"References never cited: {lost}."] if lost else [])]
    return found or ["Every quote stands in the text."]


FORMS: Mapping[str, Callable[[Audit], str]] = {
    ".html": page,
    ".md": markdown,
    ".csv": table,
    ".json": data,
}
