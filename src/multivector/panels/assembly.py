"""The General Assembly: its votes and roll calls, emergency sessions included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import polars as pl

from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class AssemblyVotes(Step[Panel]):
    """Votes in the General Assembly, with the emergency-session roll calls known in full.

    Voeten's files lack the eleventh emergency special session. Its roll calls are added where
    every member's position is known; a partial list never enters a measure of similarity. A
    record that has votes of that day holds the roll call already (the Digital Library's does),
    and one that ends before it is not prolonged.
    """

    name: ClassVar[str] = "assembly_votes"
    votes: Step[Panel] = default_input("un_votes")
    emergency: Step[Panel] = default_input("un_emergency_votes")

    def compute(self, get: Inputs) -> Panel:
        """Append complete emergency roll calls that the main record covers and does not hold."""
        votes = get(self.votes, "vote")
        covered = votes.variable("vote").coverage.holds(votes.frame.columns)
        emergency = get(self.emergency, "vote", "complete").frame
        whole = emergency.filter(pl.col("complete") == 1, covered).select(votes.frame.columns)
        new = whole.join(votes.frame.select("date").unique(), on="date", how="anti")
        return replace(votes, frame=pl.concat([votes.frame, new], how="vertical_relaxed"))


@dataclass(frozen=True)
class AssemblyRollCalls(Step[Panel]):
    """Roll calls of the General Assembly, with the emergency-session ones known in full.

    The added rows carry their resolution as symbol; what is not known of them stays missing.
    """

    name: ClassVar[str] = "assembly_roll_calls"
    roll_calls: Step[Panel] = default_input("un_roll_calls")
    emergency: Step[Panel] = default_input("un_emergency_votes")

    def compute(self, get: Inputs) -> Panel:
        """Append one row per complete emergency roll call that is not there yet."""
        calls = get(self.roll_calls)
        whole = get(self.emergency, "complete").frame.filter(pl.col("complete") == 1)
        new = whole.select("rcid", "date", symbol="rcid").unique()
        new = new.join(calls.frame.select("date").unique(), on="date", how="anti")
        return replace(calls, frame=pl.concat([calls.frame, new], how="diagonal_relaxed"))
