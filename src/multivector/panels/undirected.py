"""Undirected: a table of directed dyads made undirected by a named rule."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar, Literal

from multivector.errors import DirectionCollapsed
from multivector.joins import undirected
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class Undirected(Step[Panel]):
    """One row per pair of states, from the rows of both directions by a rule.

    See :func:`multivector.joins.undirected` for the rules and for what a missing side means. The
    rule is a choice of this step, so nothing warns of the lost direction.

    Parameters
    ----------
    of
        A table of directed dyads.
    how
        The rule: ``max``, ``mean`` or ``min`` of the two sides; ``either`` or ``both`` for 0/1.

    Examples
    --------
    >>> Undirected(how="max").how
    'max'
    """

    name: ClassVar[str] = "undirected"
    of: Step[Panel] = default_input("land_borders")
    how: Literal["max", "mean", "min", "either", "both"] = "mean"

    def compute(self, get: Inputs) -> Panel:
        """Collapse the two directions."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DirectionCollapsed)
            return undirected(get(self.of), self.how)
