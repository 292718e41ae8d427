"""Score the checker of claims: how often it contradicts what is true, and misses what is false.

Usage: ``python scripts/score_claims.py``. True claims are made from published tables by another way
than the checker's (rows added up here, not measures); errors of known kinds are then planted in
them. A second set is true by another publisher than the one that the checker asks.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import polars as pl

from multivector.casebook.baci import STATES
from multivector.claims.judge import judge
from multivector.claims.model import Answer, Claim, Document, Verdict
from multivector.claims.read import load
from multivector.claims.spans import number
from multivector.measures.published import Published
from multivector.measures.trade import PartnerShare
from multivector.registry import find
from multivector.runner import Runner
from multivector.settings import Settings

PARTNERS = ("RUS", "CHN", "USA", "DEU", "TUR")
YEARS = range(2001, 2021)
PAPER = Document("made", date="2021")
WRONG = ("contradicted", "mislabelled", "inconsistent", "holds in another period")
DOUBTED = ("depends on source", "contested", "not identified")
STEP = 5
"""Every which made claim is taken, so that the run stays short."""


@dataclass(frozen=True)
class Case:
    """A claim whose truth is known: ``kind`` names the error planted in it, "" for none."""

    kind: str
    claim: Claim
    nearest: str = ""


def shares() -> pl.DataFrame:
    """Return shares of partners by state, year and flow, added up from the rows of the table."""
    rows = find("sources", "baci")()
    panel = Runner(Settings(offline=True))(rows)
    name = panel.variables[0].name
    frame = panel.sound(name).frame.rename({name: "value"})
    out = frame.select("state", "partner", "year", "value", pl.lit("exports").alias("flow"))
    back = frame.select(
        pl.col("partner").alias("state"),
        pl.col("state").alias("partner"),
        "year",
        "value",
        pl.lit("imports").alias("flow"),
    )
    both = pl.concat([out, back])
    both = pl.concat([both, both.with_columns(pl.lit("total").alias("flow"))])
    both = both.filter(pl.col("state").is_in(STATES), pl.col("state") != pl.col("partner"))
    known = both.group_by("state", "year", "flow").agg(
        pl.col("value").sum().alias("all"), pl.col("value").null_count().alias("lost")
    )
    each = both.group_by("state", "partner", "year", "flow").agg(pl.col("value").sum())
    made = each.join(known, on=["state", "year", "flow"]).filter(pl.col("lost") == 0)
    return made.with_columns((pl.col("value") / pl.col("all")).alias("share"))


def made(frame: pl.DataFrame) -> Iterator[Case]:
    """Yield true claims on shares and ranks, each with the errors that can be planted in it."""
    wide = frame.filter(pl.col("partner").is_in(PARTNERS)).pivot(
        "flow", index=["state", "partner", "year"], values="share"
    )
    rows = wide.drop_nulls().sort("state", "partner", "year").gather_every(STEP)
    by_key = {(s, p, y): t for s, p, y, t in wide.select(
        "state", "partner", "year", "total").iter_rows()}  # fmt: skip
    for row in rows.iter_rows(named=True):
        state, partner, year = row["state"], row["partner"], row["year"]
        if state in PARTNERS:
            continue
        step = PartnerShare(focal=state, partners=tuple(p for p in PARTNERS if p != state))
        answer = Answer("BACI", step, where=(("partner", "=", partner),))
        value = round(row["total"], 2)
        right = Claim(
            f"{state} {partner} {year}", "share", "x", value=value, tolerance=0.005,
            period=(year, year), answers=(answer,),
        )  # fmt: skip
        yield Case("", right)
        yield Case("number", replace(right, value=round(max(value * 1.3, value + 0.03), 2)))
        if abs(row["exports"] - row["total"]) > 0.02:
            wrong = replace(right, value=round(row["exports"], 2))
            yield Case("referent", wrong, "BACI: exports")
        other = by_key.get((state, partner, year - 5))
        if other is not None and abs(other - row["total"]) > 0.02:
            yield Case("year", replace(right, period=(year - 5, year - 5)))
        swapped = next(p for p in PARTNERS if p not in (partner, state))
        theirs = by_key.get((state, swapped, year))
        if theirs is not None and abs(theirs - row["total"]) > 0.02:
            moved = replace(answer, where=(("partner", "=", swapped),))
            yield Case("partner", replace(right, answers=(moved,)))
        yield from ranks(right, step, partner, state)


def ranks(right: Claim, step: PartnerShare, partner: str, state: str) -> Iterator[Case]:
    """Yield a true claim on the rank of a partner among five, and one that is off by one."""
    own = find_rank(state, partner, right.period[0] if right.period else 0)
    if own is None:
        return
    among = tuple(p for p in PARTNERS if p != state)
    answer = Answer(
        "BACI", step, where=(("partner", "in", among),), item=(("partner", "=", partner),),
        take="rank",
    )  # fmt: skip
    claim = replace(right, kind="rank", value=own, tolerance=0.0, answers=(answer,))
    yield Case("", claim)
    yield Case("rank", replace(claim, value=own + 1))


_RANKS: dict[tuple[str, str, int], int] = {}


def find_rank(state: str, partner: str, year: int) -> int | None:
    """Return the rank that :func:`score` has computed from the rows."""
    return _RANKS.get((state, partner, year))


def told_elsewhere() -> Iterator[Case]:
    """Yield shares in exports as the World Factbook prints them, to be checked against BACI."""
    run = Runner(Settings(offline=True))
    book = find("sources", "factbook_partners")()
    frame = (
        run(book)
        .sound("exports_share")
        .frame.filter(
            pl.col("state").is_in(STATES), pl.col("year") <= 2020, pl.col("exports_share") > 0.05
        )
    )
    for state, partner, year, value in frame.select(
        "state", "partner", "year", "exports_share"
    ).iter_rows():
        baci = Answer(
            "BACI", PartnerShare(focal=state, partners=(partner,), flow="exports"),
            where=(("partner", "=", partner),),
        )  # fmt: skip
        printed = Answer(
            "World Factbook",
            Published(book, variable="exports_share", state=state, partners=(partner,)),
        )
        claim = Claim(
            f"{state} {partner} {year}", "share", "x", value=value, tolerance=0.02,
            period=(year, year), answers=(baci,),
        )  # fmt: skip
        yield Case("one other source", claim)
        more = round(max(value * 1.3, value + 0.03), 3)
        yield Case("other source: number", replace(claim, value=more))
        more = round(max(value * 2, value + 0.1), 3)
        yield Case("other source: gross", replace(claim, value=min(more, 1.0)))
        yield Case("both sources", replace(claim, answers=(baci, printed)))


def planted_in_the_paper(run: Runner) -> Iterator[Case]:
    """Yield the supported claims of the shipped file, each with its value or time changed."""
    file = load("kazakhstan")
    for claim in file.claims:
        if claim.cannot or judge(claim, file.document, run).word != "supported":
            continue
        if number(claim.value) and claim.kind != "trend" and claim.comparator == "=":
            wrong = claim.value + 1 if claim.kind == "rank" else claim.value * 1.3
            yield Case("paper: number or rank", replace(claim, value=wrong))
        if claim.kind == "trend":
            other = {">": "<", "<": ">"}[claim.comparator]
            yield Case("paper: direction", replace(claim, comparator=other))
        if claim.kind == "date" and isinstance(claim.value, str):
            year = str(int(claim.value[:4]) + 2)
            yield Case("paper: year", replace(claim, value=year + claim.value[4:]))
        if claim.since:
            yield Case("paper: onset", replace(claim, since=str(int(claim.since[:4]) + 2)))
        if claim.comparator == "is":
            yield Case("paper: name", replace(claim, value="somebody else"))


SECOND = Path(__file__).parent / "second_text"


def second_text() -> Iterator[Case]:
    """Yield the claims of the second text by what is true of them, and errors planted in the true.

    Claims of which another source could not say what is true are left out.
    """
    truths = tomllib.loads((SECOND / "truths.toml").read_text("utf-8"))["truth"]
    holds = {t["id"]: t["holds"] for t in truths}
    for claim in load(str(SECOND / "claims.toml")).claims:
        if holds[claim.id] == "true":
            yield Case("second text", claim)
            yield from planted(claim)
        elif holds[claim.id] == "false":
            yield Case("second text: false", claim)


def planted(claim: Claim) -> Iterator[Case]:
    """Yield *claim* with another number, rank, direction, year or referent."""
    (answer,) = claim.answers
    step = answer.step
    if number(claim.value) and claim.kind in ("quantity", "share"):
        yield Case("second text: number", replace(claim, value=claim.value * 1.3 or 1.0))
    if claim.kind == "rank" and number(claim.value):
        yield Case("second text: rank", replace(claim, value=claim.value + 1))
    if claim.kind == "trend":
        yield Case("second text: direction", replace(claim, comparator="<"))
    if claim.kind == "membership" and answer.began:
        yield Case("second text: year", replace(claim, period=(1990, 1990)))
    for end in ("since", "until"):
        day = getattr(claim, end)
        if day:
            later = f"{int(day[:4]) + 2}{day[4:]}"
            yield Case("second text: year", replace(claim, **{end: later}))
    if claim.kind == "share" and isinstance(step, PartnerShare):
        other = replace(step, flow="imports" if step.flow == "exports" else "exports")
        moved = replace(claim, answers=(replace(answer, step=other),))
        yield Case("second text: referent", moved)


def verdicts(cases: Iterator[Case], run: Runner) -> Iterator[tuple[Case, Verdict]]:
    """Yield each case with its verdict."""
    papers = {"paper": load("kazakhstan").document}
    papers["second"] = load(str(SECOND / "claims.toml")).document
    for case in cases:
        paper = papers.get(case.kind.replace(":", " ").split(" ")[0] if case.kind else "", PAPER)
        yield case, judge(case.claim, paper, run)


@dataclass(frozen=True)
class Rate:
    """Cases of one kind: called wrong, left in doubt, passed; how many with the right referent."""

    kind: str
    wrong: int = 0
    doubted: int = 0
    passed: int = 0
    named: int = 0

    @property
    def cases(self) -> int:
        """All cases."""
        return self.wrong + self.doubted + self.passed

    @property
    def true(self) -> bool:
        """Whether the claims are true, so that calling them wrong is the error."""
        return self.kind in ("", "one other source", "both sources", "second text")

    @property
    def errors(self) -> int:
        """True claims that were called wrong, or false ones that passed."""
        return self.wrong if self.true else self.passed


def wilson(k: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927, doi:10.2307/2276774).

    >>> [round(x, 4) for x in wilson(0, 10)]
    [0.0, 0.2775]
    """
    middle, half = (k + z * z / 2), z * math.sqrt(k * (n - k) / n + z * z / 4)
    return max((middle - half) / (n + z * z), 0.0), min((middle + half) / (n + z * z), 1.0)


def rates(cases: Iterator[Case], run: Runner) -> list[Rate]:
    """Judge *cases* and count what came out, by kind."""
    found: dict[str, Counter[str]] = {}
    for case, verdict in verdicts(cases, run):
        count = found.setdefault(case.kind, Counter())
        word = verdict.word
        side = "wrong" if word in WRONG else "doubted" if word in DOUBTED else "passed"
        count[side] += 1
        count["named"] += bool(case.nearest) and verdict.nearest == case.nearest
    return [
        Rate(kind, c["wrong"], c["doubted"], c["passed"], c["named"]) for kind, c in found.items()
    ]


def prepared(run: Runner) -> pl.DataFrame:
    """Return the shares added up from rows, and fill the table of ranks."""
    frame = shares()
    ranked = frame.filter(pl.col("flow") == "total", pl.col("partner").is_in(PARTNERS))
    ranked = ranked.with_columns(
        pl.col("share").rank("min", descending=True).over("state", "year").alias("place")
    )
    _RANKS.update({(s, p, y): int(r) for s, p, y, r in ranked.select(
        "state", "partner", "year", "place").iter_rows()})  # fmt: skip
    return frame


def score() -> list[Rate]:
    """Return the rates of every kind of claim."""
    run = Runner(Settings.load(offline=True))
    frame = prepared(run)
    return rates(
        iter([*made(frame), *told_elsewhere(), *planted_in_the_paper(run), *second_text()]), run
    )


def score_without_the_rule() -> list[Rate]:
    """Return the rates on the other publisher's figures if a lone source could contradict."""
    run = Runner(Settings.load(offline=True))
    with patch("multivector.claims.lone.widened", return_value=None):
        return rates((c for c in told_elsewhere() if c.kind != "both sources"), run)


NAMES = {
    "": "true",
    "second text": "second text: true",
    "second text: false": "second text: false, as printed there",
    "one other source": "true by the World Factbook, BACI asked alone",
    "both sources": "true by the World Factbook, both asked",
    "other source: number": "planted in the Factbook's: another number (by 30 %, or 3 points)",
    "other source: gross": "planted in the Factbook's: twice as much (or 10 points more)",
}


def line(rate: Rate, more: str = "") -> str:
    """Return a row of the table for the documentation."""
    label = NAMES.get(rate.kind, f"planted: {rate.kind}")
    named = f" ({rate.named} with the right referent)" if rate.named else ""
    low, high = wilson(rate.errors, rate.cases)
    share = 100 * rate.errors / rate.cases
    return (
        f"| {label}{more} | {rate.cases} | {rate.wrong}{named} | {rate.doubted} | {rate.passed} | "
        f"{share:.1f} % ({100 * low:.1f} to {100 * high:.1f}) |"
    )


def main() -> None:
    """Print the rates as a table for the documentation."""
    print("| claims | cases | called wrong | in doubt | passed | rate of error (95 %) |")
    print("| --- | --- | --- | --- | --- | --- |")
    for rate in score():
        print(line(rate))
    for rate in score_without_the_rule():
        print(line(rate, ", without the rule on lone sources"))


if __name__ == "__main__":
    main()
