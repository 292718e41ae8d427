"""Vote sets: which roll calls a measure counts, declared and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from multivector.choices import Parsed
from multivector.registry import find


@dataclass(frozen=True)
class Resolution:
    """One resolution of a declared set, with the reason for its membership.

    ``symbol`` is the end of the roll call's symbol: ``ES-11/1`` for ``A/RES/ES-11/1`` too.
    ``rcid`` is Voeten's number, for a roll call of which his list gives no symbol. ``unmatched``
    says why no file holds the roll call whole, where none does; the resolution belongs to the set
    all the same.
    """

    symbol: str
    date: str
    reason: str
    rcid: str = ""
    unmatched: str = ""


@dataclass(frozen=True)
class VoteSet:
    """A rule, or a list of resolutions, that says which roll calls belong.

    The sets live one per file in ``vote_sets/``. A roll call whose flag is unknown belongs to no
    set that asks for the flag.

    Parameters
    ----------
    issue
        Name of a flag column of the roll calls that must be 1; empty for none.
    final_passage
        Leave out roll calls known to be on a paragraph or an amendment; unknown ones stay.
    resolutions
        The declared members; empty for none.
    conflict
        Whether the set is about a conflict with known sides, the only case in which distance may
        be called neutrality.
    """

    name: str
    label: str
    why: str
    issue: str = ""
    final_passage: bool = False
    resolutions: tuple[Resolution, ...] = ()
    conflict: bool = False

    def holds(self) -> pl.Expr:
        """Return the expression that is true for member roll calls.

        >>> calls = pl.DataFrame({"paragraph": [1, 0, None], "amendment": [0, 0, None]})
        >>> passage = VoteSet("p", "Final passage", "", final_passage=True)
        >>> calls.select(passage.holds().alias("in"))["in"].to_list()
        [False, True, True]
        """
        member = pl.lit(value=True)
        if self.issue:
            member &= pl.col(self.issue).eq(1).fill_null(value=False)
        if self.final_passage:
            member &= pl.col("paragraph").fill_null(0).eq(0) & pl.col("amendment").fill_null(0).eq(
                0
            )
        if self.resolutions:
            same = [_is(r) for r in self.resolutions if not r.unmatched]
            same = same or [pl.lit(value=False)]
            member &= pl.any_horizontal(same).fill_null(value=False)
        return member


def _is(resolution: Resolution) -> pl.Expr:
    """Return the expression that is true for the roll call on *resolution*.

    Where a number of Voeten's is declared, it alone tells the roll call in his lists (they hold
    several roll calls on one resolution, and days that are not those of the vote).
    """
    day = pl.lit(resolution.date).str.to_date()
    symbol, rcid = pl.col("symbol"), pl.col("rcid")
    named = symbol.str.ends_with(f"/{resolution.symbol}") | symbol.eq(resolution.symbol)
    if resolution.rcid:
        named &= rcid.str.starts_with("undl:")
    same = (pl.col("date") == day) & (named.fill_null(value=False) | (rcid == resolution.symbol))
    numbered = (rcid == resolution.rcid) & (pl.col("date").dt.year() == day.dt.year())
    return same | numbered if resolution.rcid else same


def _name(name: str) -> str:
    return str(find("vote_sets", name).name)


VoteSetName = Annotated[str, Parsed(_name)]
