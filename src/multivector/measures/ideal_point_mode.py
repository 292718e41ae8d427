"""The most probable ideal points and item parameters, beside the votes that they are found from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.errors import InputError, MultivectorError, UnknownName
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import Key, Variable

if TYPE_CHECKING:
    from multivector.stats.ideal_data import Votes
    from multivector.stats.ideal_point import PointFit

CHOICE = {3: 0, 2: 1, 1: 2}
"""Published vote codes as ordered choices: no, abstain, yes."""
POINT, ITEM, WALK = "ideal_point", ("discrimination", "lower", "upper"), "walk_variance"
BAILEY = Citation(
    "bailey2017",
    "article",
    "Bailey, Michael A. and Strezhnev, Anton and Voeten, Erik",
    "Estimating Dynamic State Preferences from United Nations Voting Data",
    2017,
    "Journal of Conflict Resolution 61(2):430-456",
    doi="10.1177/0022002715595700",
)


@dataclass(frozen=True)
class IdealPointMode(Step[Panel]):
    """Votes with the ideal point and the item parameters that explain them best.

    The posterior mode of the model of :class:`~multivector.measures.ideal_points.IdealPoints`. One
    row per vote, as in the votes given, with the voter's ideal point in that session, the item's
    discrimination β and cutpoints, and the variance q of the walk. ``lower`` is missing on an item
    on which nobody voted no, ``upper`` on one on which nobody voted yes; where nobody abstained
    the two are equal. So the probability of an abstention is Φ(upper − βθ) − Φ(lower − βθ) on
    every item, with −∞ and ∞ for what is missing. A mode has no interval.

    Parameters
    ----------
    votes
        One row per vote of a voter on a roll call, with ``vote`` (1 yes, 2 abstain, 3 no),
        ``unit`` (number of the voter), ``session`` and ``item``.
    start
        An earlier mode to start from, found from fewer sessions or items; it saves time and
        changes the result by less than the tolerance of the fit.
    higher, lower
        Voters at the ends of the axis: over its sessions *higher* lies above *lower*.
    q
        Variance of the walk per session; ``None`` estimates it.

    Raises
    ------
    UnknownName
        An end of the axis that casts no vote.

    Examples
    --------
    >>> early = IdealPointMode(q=0.01)
    >>> IdealPointMode(start=early, q=0.01).start.q
    0.01
    """

    name: ClassVar[str] = "ideal_point_mode"
    example: ClassVar = {"q": 0.013}
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY,)
    votes: Step[Panel] = default_input("bridged_votes", "panels")
    start: Step[Panel] | None = None
    _: KW_ONLY
    higher: str = "USA"
    lower: str = "RUS"
    q: float | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an axis without two ends, and a walk without variance."""
        if self.higher == self.lower:
            yield InputError(f"{self.higher} cannot be both ends of the axis.")
        if self.q is not None and self.q <= 0:
            yield InputError(f"q = {self.q} is not possible.", "Above 0, or None to estimate it.")

    def compute(self, get: Inputs) -> Panel:
        """Lay out the votes, start where an earlier fit ended, find the mode."""
        from multivector.stats.ideal_point import fit

        panel = get(self.votes)
        voters = dict(panel.frame.select(voter(panel.key), "unit").iter_rows())
        ends = [named(end, panel.key, voters) for end in (self.higher, self.lower)]
        laid, labels = lay_out(panel.frame)
        found = fit(
            laid,
            voters[ends[0]],
            voters[ends[1]],
            q=self.q,
            start=None if self.start is None else point(get(self.start).frame, laid, labels),
            threads=get.settings.threads,
        )
        said = "estimated" if found.q_estimated else "given"
        vote = panel.variable("vote")
        new = (
            (POINT, f"Ideal point, {ends[0]} above {ends[1]}", "standard deviations"),
            (ITEM[0], "Discrimination of the item", "probits per standard deviation"),
            (ITEM[1], "Cutpoint above which a vote is no longer no", "probits"),
            (ITEM[2], "Cutpoint above which a vote is yes", "probits"),
            (WALK, f"Variance of the walk per session, {said}", "squared standard deviations"),
        )
        made = tuple(Variable(*v, vote.coverage, origins=vote.origins) for v in new)
        return Panel(
            _with_parameters(panel.frame, laid, labels, found),
            panel.key,
            (*panel.variables, *made),
        )


def voter(key: Key) -> str:
    """Return the column of a votes table that names the voter: the last of its key."""
    return key.columns[-1]


def named(name: str, key: Key, voters: Iterable[str]) -> str:
    """Return the label of a voter in a votes table; a state may be in any spelling.

    Raises
    ------
    UnknownName
        When no such voter casts a vote.
    """
    label = states.resolve(name) if key.system == "iso3" else name
    if label not in (known := list(voters)):
        raise UnknownName("voter in these votes", label, known)
    return label


def lay_out(frame: pl.DataFrame) -> tuple[Votes, pl.Series]:
    """Return votes as the arrays of an ideal-point model, and the items in its order."""
    from multivector.stats.ideal_data import lay_out as arrays

    items = frame["item"].unique().sort()
    order = pl.int_range(len(items), eager=True)
    laid = arrays(
        frame["unit"].to_numpy(),
        frame["session"].to_numpy(),
        frame["item"].replace_strict(items, order, return_dtype=pl.Int64).to_numpy(),
        frame["vote"].replace_strict(CHOICE, return_dtype=pl.Int8).to_numpy(),
    )
    return laid, items


def point(frame: pl.DataFrame, laid: Votes, items: pl.Series) -> PointFit:
    """Return the mode that *frame* holds, laid out for *laid*; NaN for rows and items it lacks.

    An item on which another number of cutpoints is needed now, since a level of votes has come or
    gone, counts as lacking.

    The ends are those voters whose ideal points, summed over sessions, lie highest and lowest:
    none is surer to tell the direction of the axis.
    """
    from multivector.stats.ideal_point import PointFit

    rows = frame.select("unit", "session", POINT).unique()
    asked = pl.DataFrame({"unit": laid.unit, "session": laid.session.astype(np.int64)})
    theta = asked.join(rows, on=["unit", "session"], how="left", maintain_order="left")
    lower, upper = (pl.coalesce(*cuts).alias(cuts[0]) for cuts in (ITEM[1:], ITEM[:0:-1]))
    known = frame.select("item", ITEM[0], lower, upper).unique()
    parameters = items.to_frame("item").join(known, on="item", how="left", maintain_order="left")
    found = parameters.select(ITEM).fill_null(np.nan).to_numpy()
    cuts = np.where(found[:, 1] < found[:, 2], 2, 1)
    found = np.where((cuts == laid.cutpoints)[:, None], found, np.nan)
    sums = rows.group_by("unit").agg(pl.col(POINT).sum()).sort(POINT, "unit")["unit"]
    return PointFit(
        theta=theta[POINT].fill_null(np.nan).to_numpy(),
        items=found,
        q=float(frame[WALK][0]),
        q_estimated=False,
        log_posterior=np.nan,
        sweeps=0,
        change=np.nan,
        higher=int(sums[-1]),
        lower=int(sums[0]),
    )


def _with_parameters(
    frame: pl.DataFrame, laid: Votes, items: pl.Series, found: PointFit
) -> pl.DataFrame:
    """Add to every vote the ideal point and the parameters behind it."""
    beta, lower, upper = found.items.T
    seen = laid.seen
    parameters = pl.DataFrame(
        {
            "item": items,
            ITEM[0]: beta,
            ITEM[1]: np.where(seen[:, 0], lower, np.nan),
            ITEM[2]: np.where(seen[:, 2], upper, np.nan),
        }
    ).fill_nan(None)
    points = pl.DataFrame(
        {"unit": laid.unit, "session": laid.session.astype(np.int64), POINT: found.theta}
    )
    return (
        frame.join(points, on=["unit", "session"])
        .join(parameters, on="item")
        .with_columns(pl.lit(found.q).alias(WALK))
    )
