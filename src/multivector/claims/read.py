"""Reading claims files: TOML into records, with every mistake at once, its line and its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from multivector.choices import Where, fitted, place
from multivector.claims.model import (
    FROM_TEXT,
    Answer,
    Claim,
    ClaimFile,
    Condition,
    Document,
    Reference,
)
from multivector.claims.spans import between, number
from multivector.errors import InputError, MultivectorError, StudyError, UnknownName, raise_all
from multivector.reading import record, rows, steps_of, table, toml
from multivector.step import Step

LONGEST_QUOTE = 15
"""Words of a document that a claims file may quote at most."""
_TABLES = ("document", "reference", "claim", "step")
_RELATIONS = {"min": "≥", "max": "≤"}


class Lines:
    """Where tables and fields stand in a TOML text."""

    def __init__(self, text: str) -> None:
        self.at: dict[tuple[str, int, str], int] = {}
        name, index, counts = "", 0, dict[str, int]()
        for number_, line in enumerate(text.splitlines(), 1):
            head = re.match(r"\s*\[\[?\s*([\w.\-\"]+)\s*\]\]?", line)
            pair = re.match(r"\s*([A-Za-z_]\w*)\s*=", line)
            if head:
                name = head[1]
                index = counts[name] = counts.get(name, -1) + 1
                self.at[name, index, ""] = number_
            elif pair:
                self.at.setdefault((name, index, pair[1]), number_)

    def where(self, name: str, index: int, label: str) -> Where:
        """Return the function from a field of one table to its place in words."""

        def told(field: str = "") -> str:
            line = self.at.get((name, index, field)) or self.at.get((name, index, ""))
            what = f"{label}.{field}" if field else label
            return f"line {line}: {what}" if line else what

        return told

    def tell(self, problems: list[MultivectorError]) -> None:
        """Put the line before every problem that names a table ``step.NAME``."""
        for problem in problems:
            named = re.search(r"\bstep\.([\w\-]+)(?:\.(\w+))?", problem.given)
            if named is not None:
                table_, field = f"step.{named[1]}", named[2] or ""
                line = self.at.get((table_, 0, field)) or self.at.get((table_, 0, ""))
                problem.given = f"line {line}: {problem.given}" if line else problem.given


def load(argument: str) -> ClaimFile:
    """Return the claims file of that name: a path ending in ``.toml``, or one that ships.

    Raises
    ------
    StudyError
        When there is no such file, or it is not TOML; otherwise every mistake in it at once.
    """
    if argument.endswith(".toml"):
        path = Path(argument)
        if not path.is_file():
            raise StudyError(
                f"There is no claims file {argument!r}.", f"Looked in {path.absolute().parent}."
            )
        return parse(path.read_text(encoding="utf-8"), path.stem, argument)
    known = shipped()
    if argument.casefold() not in known:
        raise UnknownName("claims file", argument, known, "Give a .toml file or a shipped name.")
    name = argument.casefold()
    text = files("multivector.claims").joinpath("files", f"{name}.toml").read_text("utf-8")
    return parse(text, name, name)


def shipped() -> list[str]:
    """Return the names of the claims files that ship."""
    folder = files("multivector.claims").joinpath("files")
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name[-5:] == ".toml")


def parse(text: str, name: str, where: str = "claims file") -> ClaimFile:
    """Read a claims file.

    Examples
    --------
    >>> made = parse('''[document]
    ... title = "A paper"
    ... [[claim]]
    ... id = "a"
    ... kind = "causal"
    ... says = "One thing leads to another."
    ... cannot = "It does not say what would show it."
    ... ''', "paper")
    >>> made.claims[0].kind
    'causal'
    """
    data, lines = toml(text, where), Lines(text)
    problems: list[MultivectorError] = []
    problems += [UnknownName("table", k, _TABLES, where=where) for k in data if k not in _TABLES]
    head = table(data, "document", problems)
    at_head = lines.where("document", 0, "document")
    document = fitted(Document, head, at_head, problems)
    references = [
        record(Reference, row, lines.where("reference", n, f"reference {n + 1}"), problems)
        for n, row in enumerate(rows(data, "reference", problems))
    ]
    if "date" in document:
        _try_days(document["date"], place(at_head, "date"), problems)
    before = len(problems)
    steps = steps_of(table(data, "step", problems), problems)
    lines.tell(problems[before:])
    reader = _Claims(lines, steps, table(data, "step", []), problems)
    claims = [reader.claim(n, row) for n, row in enumerate(rows(data, "claim", problems))]
    made = [c for c in claims if c is not None]
    _check_together(made, [r for r in references if r is not None], lines, problems)
    raise_all(f"{where} cannot be used", problems)
    return ClaimFile(
        name, Document(**document), tuple(made), tuple(r for r in references if r is not None)
    )


class _Claims:
    """Reads claims one by one, with a count of their answers for line numbers."""

    def __init__(
        self,
        lines: Lines,
        steps: Mapping[str, Step[Any]],
        declared: Mapping[str, Any],
        problems: list[MultivectorError],
    ) -> None:
        self.lines, self.steps, self.declared, self.problems = lines, steps, declared, problems
        self.answers = 0

    def claim(self, index: int, row: dict[str, Any]) -> Claim | None:
        """Return the claim of one table; None where something is wrong with it."""
        where = self.lines.where("claim", index, f"claim {row.get('id', index + 1)}")
        before = len(self.problems)
        plain = {k: v for k, v in row.items() if k != "answer"}
        given: Any = row.get("answer", [])
        answers = tuple(a for row in given if (a := self.answer(row, plain)) is not None)
        made = record(Claim, plain, where, self.problems, answers=answers)
        if made is None or len(self.problems) > before:
            return None
        self.problems += _claim_problems(made, where)
        return made

    def answer(self, row: dict[str, Any], claim: Mapping[str, Any]) -> Answer | None:
        """Return the answer of one table."""
        where = self.lines.where("claim.answer", self.answers, f"answer of {claim.get('id', '?')}")
        self.answers += 1
        before = len(self.problems)
        own = ("step", "where", "item", "place")
        plain = {k: v for k, v in row.items() if k not in own[:3]}
        made = fitted(Answer, plain, where, self.problems, skip=own)
        step = self.step(row.get("step"), where)
        cells, item = (self.conditions(row.get(k, {}), where, k) for k in ("where", "item"))
        if row.get("take") in ("rank", "order", "share") and not row.get("item"):
            text = f"{place(where, 'take')}: {row['take']} needs `item`, the cell that is placed."
            self.problems.append(StudyError(text))
        if len(self.problems) > before or step is None:
            return None
        return Answer(**made, step=step, where=cells, item=item, place=place(where))

    def step(self, given: Any, where: Where) -> Step[Any] | None:
        """Return the step named ``@name`` or written as an inline table."""
        spot = place(where, "step")
        if isinstance(given, dict):
            problems: list[MultivectorError] = []
            tables = {**self.declared, "here": given}
            found = steps_of({k: v for k, v in tables.items() if _needed(k, tables)}, problems)
            for p in problems:
                p.given = f"{spot}: {p.given}"
            self.problems += problems
            return found.get("here")
        name = str(given or "").removeprefix("@")
        if name in self.steps:
            return self.steps[name]
        if name not in self.declared:  # a declared step that is at fault has been reported
            known = [f"@{n}" for n in self.declared]
            self.problems.append(UnknownName("step", given, known, where=spot))
        return None

    def conditions(self, given: Any, where: Where, field: str) -> tuple[Condition, ...]:
        """Return a table of conditions as triples of column, relation and value."""
        if not isinstance(given, dict):
            self.problems.append(StudyError(f"{place(where, field)} must be a table."))
            return ()
        made: list[Condition] = []
        for column, wanted in given.items():
            if isinstance(wanted, dict):
                wrong = [k for k in wanted if k not in _RELATIONS]
                self.problems += [
                    UnknownName("relation", k, _RELATIONS, where=place(where, field)) for k in wrong
                ]
                made += [
                    (column, _RELATIONS[k], v)  # type: ignore[misc]
                    for k, v in wanted.items()
                    if k in _RELATIONS
                ]
            elif isinstance(wanted, list):
                made.append((column, "in", tuple(wanted)))
            else:
                made.append((column, "=", wanted))
        return tuple(made)


def _needed(name: str, tables: Mapping[str, Any]) -> bool:
    """Whether the step called *name* is reached from the one called ``here``."""
    seen: set[str] = set()
    todo = ["here"]
    while todo:
        one = todo.pop()
        if one not in seen and one in tables:
            seen.add(one)
            todo += re.findall(r"'@([\w.\-]+)'", repr(tables[one]))
    return name in seen


def _claim_problems(claim: Claim, where: Where) -> list[MultivectorError]:
    """Return what is wrong with the fields of a claim taken together."""
    found: list[MultivectorError] = []

    def wrong(field: str, what: str) -> None:
        found.append(StudyError(f"{place(where, field)}: {what}"))

    if len(claim.quote.split()) > LONGEST_QUOTE:
        wrong("quote", f"{len(claim.quote.split())} words; at most {LONGEST_QUOTE} may be.")
    if claim.at is not None and claim.at[1] - claim.at[0] != len(claim.quote):
        wrong("at", f"{claim.at[1] - claim.at[0]} characters for a quote of {len(claim.quote)}.")
    if claim.period is not None and claim.period[0] > claim.period[1]:
        wrong("period", f"{claim.period[0]} to {claim.period[1]} runs backwards.")
    if claim.tolerance < 0:
        wrong("tolerance", f"{claim.tolerance} is below 0.")
    for field in ("since", "until"):
        _try_days(getattr(claim, field), place(where, field), found)
    if claim.kind == "date" and isinstance(claim.value, str | tuple):
        for end in (claim.value,) if isinstance(claim.value, str) else claim.value:
            _try_days(end, place(where, "value"), found)
    if claim.measure not in FROM_TEXT and bool(claim.answers) == bool(claim.cannot):
        wrong("cannot", "a claim has answers, or `cannot` says why none is possible, not both.")
    _check_answers(claim, wrong)
    return found


def _check_answers(claim: Claim, wrong: Callable[[str, str], None]) -> None:
    """Note what the answers of a claim lack for its kind."""
    if claim.kind == "forecast" and claim.answers and claim.due is None:
        wrong("due", "a forecast needs the year from which it can be scored.")
    if claim.kind == "causal" and claim.answers:
        roles = [a.role for a in claim.answers]
        wanted = {"implication": ("answer",), "break": ("outcome",)}.get(
            claim.design, ("outcome", "driver")
        )
        lost = [r for r in wanted if r not in roles]
        if lost:
            wrong("design", f"{claim.design} needs an answer with role {' and '.join(lost)}.")
        if claim.design == "break" and claim.break_year is None:
            wrong("break_year", "the design break needs the year of the break.")
    elif claim.answers and not any(a.role == "answer" for a in claim.answers):
        wrong("answer", "no answer has the role 'answer'.")
    spells = [a for a in claim.answers if a.began]
    numeric = claim.kind != "causal" or claim.design == "implication"
    if claim.answers and not spells and numeric and not claim.speaker:
        if claim.value is None:
            wrong("value", "there is nothing to compare with.")
        elif claim.comparator not in ("=", "is") and not number(claim.value):
            wrong("value", f"{claim.value!r} cannot be compared by {claim.comparator}.")
        elif claim.comparator == "=" and claim.kind != "date" and not number(claim.value):
            wrong("value", f'{claim.value!r} is no number; write one, or comparator = "is".')


def _try_days(text: str, spot: str, found: list[MultivectorError]) -> None:
    try:
        if text:
            between(text)
    except InputError as error:
        error.given = f"{spot}: {error.given}"
        found.append(error)


def _check_together(
    claims: list[Claim],
    references: list[Reference],
    lines: Lines,
    problems: list[MultivectorError],
) -> None:
    seen: set[str] = set()
    ids = {r.id for r in references}
    for n, claim in enumerate(claims):
        where = lines.where("claim", n, f"claim {claim.id}")
        if claim.id in seen:
            problems.append(StudyError(f"{place(where, 'id')}: {claim.id!r} occurs twice."))
        seen.add(claim.id)
        problems += [
            UnknownName("reference", c, ids, where=place(where, "cites"))
            for c in claim.cites
            if c not in ids
        ]
