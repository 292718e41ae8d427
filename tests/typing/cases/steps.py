"""Steps wired to the wrong kind of input, misspelt choices, edits that do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.runner import run
from multivector.settings import Settings
from multivector.step import Inputs, Measure, Step, edit


@dataclass(frozen=True)
class Votes(Step[Panel]):
    """A panel."""

    layout: str = ""


@dataclass(frozen=True)
class Lean(Measure):
    """An estimate from a panel."""

    votes: Step[Panel]
    how: Literal["signed", "absolute"] = "signed"

    def compute(self, get: Inputs) -> Estimate:
        """Read the input in its own type."""
        panel: Panel = get(self.votes, "vote")
        estimate: Estimate = get(self.votes)  # refused: reportAssignmentType
        print(panel.key, estimate, get.settings.cache)
        return panel  # refused: reportReturnType


@dataclass(frozen=True)
class Index(Measure):
    """An estimate from estimates."""

    parts: tuple[Step[Estimate], ...]


@dataclass(frozen=True)
class Wrong(Step[str]):  # refused: reportInvalidTypeArguments
    """Only panels and estimates travel."""


votes = Votes()
lean = Lean(votes)
index = Index((lean, Lean(votes, how="absolute")))

Lean(lean)  # refused: reportArgumentType
Lean(Votes)  # refused: reportArgumentType
Lean("votes")  # refused: reportArgumentType
Lean(votes, how="absolut")  # refused: reportArgumentType
Lean(votes, hwo="absolute")  # refused: reportCallIssue
Lean()  # refused: reportCallIssue
Index((votes,))  # refused: reportArgumentType
Index((lean, index))
Index(lean)  # refused: reportArgumentType

lean.how = "absolute"  # refused: reportAttributeAccessIssue

panel: Panel = run(votes)
estimate: Estimate = run(index, Settings(offline=True))
mixed: Panel = run(lean)  # refused: reportAssignmentType
run(votes, True)  # refused: reportArgumentType

scenario: Step[Estimate] = edit(index, {votes: Votes("wide"), (lean, "how"): "absolute"})
other: Step[Panel] = edit(index, {})  # refused: reportAssignmentType
edit(index, {"lean.how": "absolute"})  # refused: reportArgumentType
edit(index, {(lean, 3): "absolute"})  # refused: reportArgumentType
