"""Commands on how sure a figure is: composite indices and sensitivity to choices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from multivector.commands.app import (
    Cache,
    Data,
    StudyName,
    app,
    settings_of,
    steps_of_report,
    working,
)
from multivector.errors import InputError, UnknownName
from multivector.options import edited, text_of
from multivector.settings import Settings
from multivector.study import load
from multivector.terminal import (
    out,
    print_estimate,
    print_figures,
    print_origins,
    print_shares,
    print_varied,
)

if TYPE_CHECKING:
    from multivector.ensemble.standing import Assessment


@app.command
def index(
    table: Path,
    structure: Path,
    /,
    *,
    key: str = "",
    rows: int = 64,
    seed: int = 1,
    sensitivity: bool = False,
    statistics: bool = False,
    csv: Path | None = None,
    cache: Cache = None,
    **choices: Annotated[str, Parameter(help="A choice, such as --aggregation geometric.")],
) -> None:
    """Make a composite index of a table (CSV) by a structure file: scores, ranks, intervals.

    Rank intervals are over the `[[choice]]` tables of the structure, which are printed first.

    Example: `multivector index table.csv structure.toml --sensitivity`.

    Parameters
    ----------
    table
        Units (or units and years) by columns, with a header line.
    structure
        TOML file with `[index]`, `[[indicator]]`, `[[pillar]]`, `[[choice]]`.
    key
        Columns that identify a row; by default the first one, and year.
    rows
        Rows of the design, a power of two.
    seed
        Seed of the design.
    sensitivity
        Print the share of each source in the variance of the ranks.
    statistics
        Print weights, correlations and gaps of the indicators.
    csv
        Also write scores and ranks to this file.
    """
    from multivector.ensemble import standing as s
    from multivector.panels.table import Table

    own = Table(str(table), key=tuple(filter(None, key.split(","))))
    made, varied = s.read_structure(text_of(structure), own, where=structure.name)
    made = edited(made, choices)
    with working(Settings.load(cache=cache)) as runner:
        found = s.standing(runner, made, varied, rows=rows, seed=seed)
        parts = s.indicator_statistics(runner, made) if statistics else None
    out.print(f"{found.index.label}, {found.index.unit}")
    out.print(f"{found.index.variant}\n", style="dim")
    if found.assessed is not None:
        print_varied(found.assessed)
    print_figures(found.table)
    if found.assessed is not None and sensitivity:
        print_shares(found.assessed)
    if parts is not None:
        out.print("\nIndicators")
        print_figures(parts)
    print_origins(found.index.provenance)
    if csv is not None:
        found.table.write_csv(csv)


@app.command
def sensitivity(
    study: StudyName,
    step: str = "",
    /,
    *,
    ranks: bool = False,
    alone: bool = False,
    rows: int = 64,
    seed: int = 1,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Print how sure the headlines of a study, or one of its steps, are, and what they hang on.

    Varies the choices that the study names in `[[choice]]`, and the draws of the step. The choices
    are printed before the results.

    Example: `multivector sensitivity study.toml balance`.

    Parameters
    ----------
    step
        Name of a step, as `multivector run` prints it; without one, the headline conclusions.
    ranks
        Of the ranks of cells within a year, not their values.
    alone
        Also print the values with each alternative put in alone.
    rows
        Rows of the design, a power of two.
    seed
        Seed of the design.
    """
    from multivector import conclusions
    from multivector.ensemble.standing import assess

    asked = load(study)
    if not step:
        if ranks:
            raise InputError("--ranks is of the cells of a step.", remedy="Name the step too.")
        with working(settings_of(asked, cache=cache, data=data)) as runner:
            parts = [
                conclusions.assessed(asked, runner, c, rows=rows, seed=seed)
                for c in conclusions.conclusions(asked, runner)
            ]
        for one in parts:
            out.rule(one.conclusion.name, align="left")
            _print_assessment(one.assessment, alone=alone)
            if one.conclusion.signed:
                turns = "; ".join(f"{choice}: {words}" for choice, words in one.turned)
                out.print(f"Turned round by one alternative alone: {turns or 'none'}.")
        return
    with working(settings_of(asked, cache=cache, data=data)) as runner:
        steps = asked.steps or steps_of_report(asked, runner)
        if step not in steps:
            raise UnknownName("step", step, steps, where=asked.name)
        of = "rank" if ranks else "value"
        found = assess(runner, steps[step], asked.choices, of=of, rows=rows, seed=seed)
    _print_assessment(found, alone=alone)


def _print_assessment(found: Assessment, *, alone: bool) -> None:
    """Print what was varied, then the results."""
    print_varied(found)
    print_estimate(found.draws)
    if alone and found.alone is not None:
        out.print()
        print_estimate(found.alone)
    print_shares(found)
