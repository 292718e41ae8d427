"""Several estimates of one unit as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate, stack
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class SideBySide(Step[Estimate]):
    """Estimates of one unit as one table, told apart by a new first key column.

    Nothing is computed: each cell is that of its part, so that a table of several conflicts or of
    several rules is a step that can be run again. It says of choices what its parts share.

    Parameters
    ----------
    column
        Name of the new key column.
    names
        Its value for each of the parts.
    parts
        The estimates, of one unit and one range.

    Examples
    --------
    >>> from multivector.measures.conflict_votes import ConflictDistance
    >>> sets = ("crimea", "georgia")
    >>> parts = tuple(ConflictDistance(focal="KAZ", vote_set=s) for s in sets)
    >>> SideBySide("conflict", sets, parts).column
    'conflict'
    """

    name: ClassVar[str] = "side_by_side"
    example: ClassVar = {
        "column": "conflict",
        "names": ("crimea", "georgia"),
        "parts": [{"step": "conflict_distance", "vote_set": s} for s in ("crimea", "georgia")],
    }
    column: str = "part"
    names: tuple[str, ...] = ()
    parts: tuple[Step[Estimate], ...] = ()

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse parts without a name of their own."""
        if len(set(self.names)) != len(self.parts):
            yield InputError(
                f"{len(self.parts)} parts came with {len(set(self.names))} different names.",
                "One name for each part.",
            )

    def compute(self, get: Inputs) -> Estimate:
        """Stack the values of the parts."""
        found = {name: get(part) for name, part in zip(self.names, self.parts, strict=True)}
        ranges = {e.range for e in found.values()}
        choices = [e.variant.split(", ") for e in found.values()]
        shared = [c for c in choices[0] if all(c in other for other in choices)]
        return replace(
            stack(self.column, found),
            variant=", ".join([*shared, f"by {self.column}"]),
            range=ranges.pop() if len(ranges) == 1 else (None, None),
        )
