"""Distances: GeoDist, with Serbia of today where Serbia and Montenegro stood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import polars as pl

from multivector.origin import OWN, Origin
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

WAS, IS = "SCG", "SRB"
CITIES = ("distw_km", "distwces_km")
"""Means over the cities of Serbia and Montenegro, which Serbia alone does not share."""
STANDS = Origin(
    "distances",
    "Serbia stands where Serbia and Montenegro stood",
    "The multivector authors",
    "in place of a later GeoDist",
    OWN,
    kind="assumption",
    note="Belgrade was the capital and largest city of Serbia and Montenegro. Borders are those of "
    "then: with Albania, Kosovo's is counted.",
)


@dataclass(frozen=True)
class Distances(Step[Panel]):
    """Distances and common features of pairs of economies, with rows for Serbia since 2006.

    GeoDist is of about 2004 and has Serbia and Montenegro as one. Their rows are given to Serbia
    too, as an assumption: capital and largest city are the same, so ``dist_km`` and ``distcap_km``
    hold; language, border and colonial past are taken as they were; the means over all cities are
    missing. Montenegro, whose capital lies elsewhere, has no rows.

    References
    ----------
    Mayer, T. and Zignago, S. (2011). Notes on CEPII's distances measures: The GeoDist database.
    CEPII Working Paper 2011-25.

    Examples
    --------
    >>> Distances().source.name
    'geodist'
    """

    name: ClassVar[str] = "distances"
    source: Step[Panel] = default_input("geodist")

    def compute(self, get: Inputs) -> Panel:
        """Repeat the rows of the old state under the code of the new one."""
        panel = get(self.source)
        sides = pl.col("state", "partner")
        old = panel.frame.filter(
            (pl.col("state") == WAS) ^ (pl.col("partner") == WAS),
        )
        cities = [c for c in CITIES if c in panel.frame.columns]
        new = old.with_columns(
            sides.replace(WAS, IS), *(pl.lit(None, pl.Float64).alias(c) for c in cities)
        )
        given = panel.frame.filter((pl.col("state") == IS) | (pl.col("partner") == IS))
        if len(given) or not len(new):
            return panel  # a later edition that has Serbia speaks for itself
        variables = tuple(replace(v, origins=(*v.origins, STANDS)) for v in panel.variables)
        return Panel(pl.concat([panel.frame, new]), panel.key, variables)
