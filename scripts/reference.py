"""Write docs/reference from the registries and docstrings, so that it cannot fall behind the code.

Usage: ``python scripts/reference.py [FOLDER]``. The pages are not kept under version control: a
source or measure that is dropped in needs no edit of any page, and two such changes never conflict.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import multivector
from multivector.choices import Actor, hints, result_of
from multivector.domain import Domain, DomainName
from multivector.extract import Extract, extract_of
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import catalogue, everything
from multivector.source import Source
from multivector.step import Step
from multivector.store import File
from multivector.variable import Variable, year_ranges
from multivector.vote_set import VoteSet, VoteSetName

HOME = Path(__file__).resolve().parents[1] / "docs" / "reference"
SECTION = re.compile(r"^([A-Z]\w+)\n-{3,}\n", re.MULTILINE)
ROLE = re.compile(r":(?:meth|func|class|mod|attr):`~?([^`]+)`")


# docstrings --------------------------------------------------------------------------------------


def docstring(thing: Any) -> dict[str, str]:
    """Return the sections of a numpy docstring; what stands before them has the name ''."""
    parts = SECTION.split(inspect.cleandoc(thing.__doc__ or ""))
    return {"": parts[0].strip()} | {
        parts[i]: parts[i + 1].strip() for i in range(1, len(parts), 2)
    }


def entries(section: str) -> dict[str, str]:
    """Return the names of a Parameters section and their texts; 'a, b' gives two names."""
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", section):
        head, _, body = block.partition("\n")
        for name in head.split(":")[0].split(","):
            found[name.strip()] = " ".join(body.split())
    return found


def markdown(text: str) -> str:
    """Turn the little reStructuredText that docstrings hold into Markdown."""
    text = ROLE.sub(r"`\1`", text).replace("``", "`")
    return re.sub(
        r"::\n\n((?: {4}.*\n?|\n)+)", lambda m: f":\n\n```text\n{m[1].rstrip()}\n```\n", text
    )


def example(doc: dict[str, str]) -> str:
    """Return the examples of a docstring as a block."""
    return f"```pycon\n{doc['Examples']}\n```" if doc.get("Examples") else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, or nothing when there are no rows."""
    lines = [[" ".join(c.split()).replace("|", "\\|") for c in row] for row in rows]
    if not lines:
        return ""
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *lines])


def page(title: str, intro: str, parts: Iterable[str]) -> str:
    """Put a page together from parts, of which empty ones are left out."""
    return "\n\n".join(p.strip() for p in (f"# {title}", intro, *parts) if p.strip()) + "\n"


# pages -------------------------------------------------------------------------------------------


def sources() -> str:
    """Return the page on data sets."""
    known: dict[str, type[Source]] = everything("sources")
    return page(
        "Sources",
        "Every data set that can be read. `multivector sources NAME` prints the same and says "
        "which file is read here. The columns of the key come first in every table.",
        [part for name, kind in known.items() for part in _source(name, kind)],
    )


def _source(name: str, kind: type[Source]) -> list[str]:
    doc, terms = docstring(kind), kind.licence
    others = [f"{layout}: {other.name}" for layout, other in kind.licences.items()]
    rows = {
        "producer": kind.producer,
        "version": kind.version,
        "unit of analysis": str(kind.key),
        "licence": "; ".join([f"[{terms.name}]({terms.url})", *others]),
        "terms": f"“{terms.quote}”" if terms.quote else "",
        "rows may be passed on": "yes" if terms.redistribute_raw else "no",
        "cite": reference(kind.citation),
        "home page": f"<{kind.homepage}>",
        "notes": kind.notes,
    }
    defects = [f"- {d.note}" for v in kind.variables for d in v.defects]
    return [
        f"## {name}",
        f"**{kind.title}.** {markdown(doc[''])}",
        table(("property", "value"), [(k, v) for k, v in rows.items() if v]),
        "**Variables**",
        table(
            ("column", "what", "unit", "range or codes", "years", "an absent row is"),
            [_variable(v) for v in kind.variables],
        ),
        "Known errors in the published values (kept in the panel, blanked in measures):\n\n"
        + "\n".join(dict.fromkeys(defects))
        if defects
        else "",
        "**Files**",
        table(("file", "layout", "read from a real file", "where"), map(_file, kind.files)),
        "**Facts**" if kind.facts else "",
        table(
            ("published number that the reader reproduces", "value", "published in"),
            [(f.what, f"{f.value:,.12g}", f.published) for f in kind.facts],
        ),
        example(doc),
    ]


def _variable(v: Variable) -> tuple[str, ...]:
    low, high = ("" if x is None else f"{x:g}" for x in v.range)
    limits = f"{low or '−∞'} to {high or '∞'}" if low or high else ""
    codes = ", ".join(f"{code} {meaning}" for code, meaning in v.codes)
    years = year_ranges(v.coverage.years)
    return (f"`{v.name}`", v.label, v.unit, codes or limits, years, v.absence)


def _file(file: File) -> tuple[str, ...]:
    seen = "yes" if file.seen_real else "no, from its documentation"
    where = f"`{file.url}`" if file.url else file.how
    return (f"`{file.name}`", file.layout, seen, where)


def measures() -> str:
    """Return the page on measures and on the steps that prepare their input."""
    return page(
        "Measures",
        "Every measure that `multivector show NAME` prints. Its fields are the options of the "
        "command and the arguments of the class; those without a default must be given.",
        _steps("measures"),
    )


def panels() -> str:
    """Return the page on panels that are made of other panels."""
    return page(
        "Panels",
        "Tables made of other tables: universes of state-years and dyad-years, joins, recoding, "
        "and the records that measures start from. `multivector show NAME` prints them too.",
        _steps("panels"),
    )


def ensembles() -> str:
    """Return the page on the steps that replay another step."""
    return page(
        "Ensembles",
        "Steps that evaluate another step again and again, over choices, weights and draws at "
        "once: what `multivector sensitivity` uses.",
        _steps("ensemble"),
    )


def _steps(folder: str) -> list[str]:
    """Return the entries of all steps of a registry folder."""
    known: dict[str, type[Step[Any]]] = everything(folder)
    return [part for name, kind in known.items() for part in _measure(name, kind)]


def _measure(name: str, kind: type[Step[Any]]) -> list[str]:
    doc = docstring(kind)
    told: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        told |= entries(docstring(base).get("Parameters", ""))
    yields = "a table" if result_of(kind, Step) is Panel else "an estimate"
    unit = getattr(kind, "unit", "")
    home = f"`{kind.__module__}.{kind.__qualname__}`"
    defaults = {f.name: f for f in fields(kind)}
    return [
        f"## {name}",
        f"{home}, {yields}" + (f"; unit: {unit}." if unit else "."),
        markdown(doc[""]),
        table(
            ("field", "possible", "default", "meaning"),
            [
                (
                    f"`{field}`",
                    possible(hint),
                    default(defaults[field]),
                    markdown(told.get(field, "")),
                )
                for field, hint in hints(kind).items()
            ],
        ),
        "Literature: " + "; ".join(map(reference, kind.citations)) if kind.citations else "",
        example(doc),
    ]


def possible(hint: Any) -> str:
    """Say in words what a field's type admits."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint == Actor:
        return "state or bloc"
    if hint == VoteSetName:
        return "[vote set](vote-sets.md)"
    if hint == DomainName:
        return "[domain](domains.md)"
    if origin is Annotated:
        return possible(args[0])
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in args)
    if origin is tuple and args[-1:] == (...,):
        return f"several: {possible(args[0])}"
    if origin is tuple:
        return (
            "two of: " + possible(args[0])
            if len(set(args)) == 1
            else ", ".join(map(possible, args))
        )
    if args and type(None) in args:
        return " or ".join(possible(a) for a in args if a is not type(None)) + ", or none"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(possible, args))
    if isinstance(origin or hint, type) and issubclass(origin or hint, Step):
        return "step that yields " + ("a table" if args[:1] == (Panel,) else "an estimate")
    words = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return words.get(hint, getattr(hint, "__name__", str(hint)))


def default(field: Any) -> str:
    """Return a field's default as it is written."""
    if field.default is not MISSING:
        empty = field.default is None or field.default == ()
        return "none" if empty else f"`{field.default}`"
    if field.default_factory is not MISSING:
        value = field.default_factory()
        return f"`{value.name}`" if isinstance(value, Step) else f"`{value}`"
    return "**needed**"


def vote_sets() -> str:
    """Return the page on vote sets."""
    known: dict[str, VoteSet] = everything("vote_sets")
    parts: list[str] = []
    for name, held in known.items():
        parts += [
            f"## {name}",
            f"{held.label[:1].upper()}{held.label[1:]}. {markdown(held.why)}",
            "A conflict set: the sides are known, so distance may be called neutrality."
            if held.conflict
            else "",
            table(
                ("resolution", "date", "why it belongs"),
                [(r.symbol, r.date, r.reason) for r in held.resolutions],
            ),
        ]
    intro = "Named sets of roll calls, for the choice `vote_set` (`--vote-set NAME`)."
    return page("Vote sets", intro, parts)


def domains() -> str:
    """Return the page on domains of engagement."""
    known: dict[str, Domain] = everything("domains")
    parts: list[str] = []
    for name, held in known.items():
        ways = [
            (f"`{o.measure}`", ", ".join(f"`{k}` = `{v}`" for k, v in o.choices))
            for o in held.options
        ]
        parts += [
            f"## {name}",
            f"{held.label}, {held.kind}. Counted: {held.counted}. Set against: {held.benchmark}.",
            table(("measure, best first", "with"), ways),
            f"Without data: {held.absent}.",
        ]
    intro = (
        "Domains in which a state's engagement is counted, for the choices `domain` and `domains`. "
        "Each becomes shares within itself; amounts of two domains are never added."
    )
    return page("Domains", intro, parts)


def charts() -> str:
    """Return the page on charts."""
    parts: list[str] = []
    for name, chart in everything("render.charts").items():
        doc = docstring(chart.draw)
        parts += [
            f"## {name}",
            markdown(doc[""]),
            f"Takes: {chart.takes.rstrip('.')}.",
            example(doc),
        ]
    intro = "Each chart draws estimates; it computes no measure. Reports place them in figures."
    return page("Charts", intro, parts)


def casebook() -> str:
    """Return the page on the figures that ship."""
    known: dict[str, Extract] = everything("casebook")
    rows: list[tuple[str, ...]] = []
    lines: list[str] = []
    for name, extract in known.items():
        size = f"{len(extract.read()):,}" if extract_of(name) else "not compiled yet"
        cover = extract.coverage
        who = "all" if cover.states is None else ", ".join(map(str, cover.states))
        linked = f"[{name}](sources.md#{name})"
        rows.append((linked, size, year_ranges(cover.years), who, extract.vintage))
        lines.append(f"- {name}: {extract.attribution.rstrip('.')}.")
    return page(
        "Casebook",
        "The figures that ship in the package, each cut from a source by "
        "`scripts/compile_casebook.py`. [What they are for](../explanation/casebook.md).",
        [
            table(("source", "rows", "years", "states", "vintage"), rows),
            "## Attribution",
            "\n".join(lines),
        ],
    )


def formats() -> str:
    """Return the page that says which published formats were never seen real."""
    files = sorted(
        {
            (f.name, f.layout, f.seen_real): f
            for k in everything("sources").values()
            for f in k.files
        }.values(),
        key=lambda f: (f.seen_real, f.name),
    )
    users = {
        f.name: ", ".join(n for n, k in everything("sources").items() if f in k.files)
        for f in files
    }

    def rows(seen: bool) -> list[tuple[str, ...]]:
        chosen = [f for f in files if f.seen_real is seen]
        return [(f"`{f.name}`", f.layout, users[f.name], f.how or f"`{f.url}`") for f in chosen]

    head = ("file", "layout", "sources", "where it comes from")
    return page(
        "File formats",
        "A *layout* is one arrangement of a file that a source can read. Not every publisher's "
        "file was at hand when its reader was written.",
        [
            "## Never seen real",
            "These readers follow the publisher's documentation. They were tested on small files "
            "written by hand after it, and their values on a reshaped real file of the same data. "
            "The first real file may still differ: then the reader raises an error or a fact is "
            "not reproduced; tell us.",
            table(head, rows(False)) or "None.",
            "## Seen real",
            "These readers were tested on files as they were obtained.",
            table(head, rows(True)) or "None.",
        ],
    )


def commands() -> str:
    """Return the page on the command line."""
    from multivector.cli import app

    text: str = app.generate_docs(output_format="markdown")
    body = text[text.index("## multivector ") :]
    body = re.sub(
        r"^\* `--\[KEYWORD\] STR`:.*$",
        "* `--CHOICE VALUE`: any field of the measure.",
        body,
        flags=re.M,
    )
    codes = docstring(sys.modules["multivector.errors"])[""]
    tree = codes[codes.index("MultivectorError\n") : codes.index("MultivectorWarning")]
    return page(
        "Commands",
        "Where a command takes a study: an argument ending in `.toml` is a study file; else it is "
        "the name of a shipped study; else a state (code or name), which gets the default study.",
        [
            re.sub(r"(?m)^(\* `[^`]+`):\s*$", r"\1", body),
            "## Exit codes",
            "0 when all went well, 130 when stopped, else by the class of the error:",
            f"```text\n{inspect.cleandoc(tree)}\n```",
        ],
    )


def python() -> str:
    """Return the page on the public names of the package."""
    parts: list[str] = []
    for name in multivector.__all__:
        thing = getattr(multivector, name)
        doc = docstring(thing)
        try:
            signature = f"```python\n{name}{inspect.signature(thing)}\n```".replace(
                "multivector.", ""
            )
        except ValueError:
            signature = ""
        told = entries(doc["Parameters"]) if doc.get("Parameters") else {}
        methods = (
            [
                (f"`{n}`", markdown(docstring(m)[""].split("\n\n")[0]))
                for n, m in vars(thing).items()
                if not n.startswith("_")
                and (inspect.isfunction(m) or isinstance(m, property | classmethod))
            ]
            if inspect.isclass(thing)
            else []
        )
        parts += [
            f"## {name}",
            signature if not inspect.isclass(thing) else "",
            markdown(doc[""]),
            table(("parameter", "meaning"), [(f"`{k}`", markdown(v)) for k, v in told.items()]),
            table(("has", "what"), methods),
            example(doc),
        ]
    return page("Python names", "What `import multivector` offers; the rest is internal.", parts)


STATUSES = {
    "measured": "A step gives the figure that the element asks for.",
    "proxied": "Steps give a part of it, or something near it; what is missing is said.",
    "not measurable": "Not with public data, for the reason given.",
    "not built": "Data exist or could be made; nothing here uses them yet.",
}


def commands_by_name() -> set[str]:
    """Return the names of the commands."""
    from multivector.cli import app

    return {name for name in app if not name.startswith("-")}


def elements(text: str = "") -> list[dict[str, Any]]:
    """Read the elements of the system (by default those of scripts/elements.toml), checked."""
    text = text or (Path(__file__).parent / "elements.toml").read_text("utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["element"]
    known, named = catalogue(), commands_by_name()
    numbers = [r["row"] for r in rows]
    problems = [f"the rows are {numbers}"] if numbers != list(range(1, 74)) else []
    for r in rows:
        status, steps, why = r.get("status"), r.get("steps", []), r.get("why", "")
        orders = r.get("commands", [])
        uses = status in ("measured", "proxied")
        problems += [f"{r['row']}: {s!r} is no step" for s in steps if s not in known]
        problems += [f"{r['row']}: {c!r} is no command" for c in orders if c not in named]
        if status not in STATUSES:
            problems.append(f"{r['row']}: {status!r} is no status")
        if uses != bool(steps or orders):
            problems.append(f"{r['row']}: {status}, with steps {steps}")
        if (status == "measured") == bool(why):
            problems.append(f"{r['row']}: {status}, because {why!r}")
    if problems:
        raise ValueError("; ".join(problems))
    return rows


def coverage() -> str:
    """Return the page on what of the system is measured."""
    rows, known = elements(), catalogue()
    count = {s: sum(r["status"] == s for r in rows) for s in STATUSES}
    pages = {n: k for k in ("sources", "panels", "measures") for n in everything(k)}
    pages |= dict.fromkeys(everything("ensemble"), "ensembles")
    assert set(pages) == set(known)

    def how(r: dict[str, Any]) -> str:
        links = [f"[{s}]({pages[s]}.md#{s})" for s in r.get("steps", [])]
        steps = ", ".join([*links, *(f"`multivector {c}`" for c in r.get("commands", []))])
        lead = "Not with public data, because " if r["status"] == "not measurable" else ""
        return f"{steps}. {lead}{r.get('why', '')}" if steps else lead + r["why"]

    return page(
        "Coverage of the system",
        f"{count['measured']} of the {len(rows)} elements of the system that the article "
        "describes are measured. What is proxied does not count as measured.",
        [
            table(
                ("status", "elements", "what it means"),
                [(s, str(count[s]), text) for s, text in STATUSES.items()],
            ),
            table(
                ("#", "area", "element", "status", "by which steps, and what is missing"),
                [(str(r["row"]), r["area"], r["what"], r["status"], how(r)) for r in rows],
            ),
        ],
    )


def reference(work: Citation) -> str:
    """Return a work as a text cites it, with its link."""
    link = f"https://doi.org/{work.doi}" if work.doi else work.url
    label = f"{work.short}. {work.title}. {work.venue}".rstrip(". ")
    return f"{label}, <{link}>" if link else label


PAGES: dict[str, Callable[[], str]] = {
    "sources": sources,
    "measures": measures,
    "panels": panels,
    "ensembles": ensembles,
    "vote-sets": vote_sets,
    "domains": domains,
    "commands": commands,
    "charts": charts,
    "casebook": casebook,
    "formats": formats,
    "python": python,
    "coverage-of-the-system": coverage,
}


def write(folder: Path = HOME) -> list[Path]:
    """Write every page into *folder* and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.md" for name in PAGES]
    for path, make in zip(paths, PAGES.values(), strict=True):
        path.write_text(make(), encoding="utf-8")
    return paths


if __name__ == "__main__":
    for written in write(*map(Path, sys.argv[1:2])):
        print(written)
