"""Score the checker of claims: how often it contradicts what is true, and misses what is false.

Usage: ``python scripts/score_claims.py``. True claims are made from published tables by another way
than the checker's (rows added up here, not measures); errors of known kinds are then planted in
them. A second set is true by another publisher than the one that the checker asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

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


def verdicts(cases: Iterator[Case], run: Runner) -> Iterator[tuple[Case, Verdict]]:
    """Yield each case with its verdict."""
    document = load("kazakhstan").document
    for case in cases:
        yield case, judge(case.claim, document if case.kind[:5] == "paper" else PAPER, run)


def score() -> list[tuple[str, int, int, int]]:
    """Return kind of error, cases, cases judged as they should be, and referents found."""
    run = Runner(Settings.load(offline=True))
    frame = shares()
    ranked = frame.filter(pl.col("flow") == "total", pl.col("partner").is_in(PARTNERS))
    ranked = ranked.with_columns(
        pl.col("share").rank("min", descending=True).over("state", "year").alias("place")
    )
    _RANKS.update({(s, p, y): int(r) for s, p, y, r in ranked.select(
        "state", "partner", "year", "place").iter_rows()})  # fmt: skip
    cases = [*made(frame), *told_elsewhere(), *planted_in_the_paper(run)]
    total, right, named = Counter[str](), Counter[str](), Counter[str]()
    for case, found in verdicts(iter(cases), run):
        true = case.kind in ("", "one other source", "both sources")
        total[case.kind] += 1
        right[case.kind] += (found.word not in WRONG) if true else (found.word in WRONG)
        named[case.kind] += bool(case.nearest) and found.nearest == case.nearest
    return [(k, total[k], right[k], named[k]) for k in total]


def main() -> None:
    """Print the rates as a table for the documentation."""
    print("| claims | cases | judged right | rate of error |\n| --- | --- | --- | --- |")
    names = {"": "true", "one other source": "true by another source, asked of one",
             "both sources": "true by one of two sources"}  # fmt: skip
    for kind, n, right, named in score():
        label = names.get(kind, f"planted: {kind}")
        more = f" ({named} with the right referent)" if named else ""
        print(f"| {label} | {n} | {right}{more} | {100 * (n - right) / n:.1f} % |")


if __name__ == "__main__":
    main()
