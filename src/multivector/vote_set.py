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
    """

    symbol: str
    date: str
    reason: str


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
            same = [
                (pl.col("date") == pl.lit(r.date).str.to_date())
                & (pl.col("symbol").str.ends_with(r.symbol) | (pl.col("rcid") == r.symbol))
                for r in self.resolutions
            ]
            member &= pl.any_horizontal(same).fill_null(value=False)
        return member


def _name(name: str) -> str:
    return str(find("vote_sets", name).name)


VoteSetName = Annotated[str, Parsed(_name)]
