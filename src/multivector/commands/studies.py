"""Commands on a state: its profile, its report, every step of a study, what to cite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from multivector.commands.app import (
    Cache,
    Data,
    Offline,
    StudyName,
    app,
    settings_of,
    steps_of_report,
    working,
)
from multivector.estimate import Estimate
from multivector.origin import bibliography
from multivector.study import load
from multivector.study import profile as profile_of
from multivector.terminal import (
    out,
    plain,
    print_estimate,
    print_json,
    print_profile,
    print_scores,
)


@app.command
def run(
    study: StudyName,
    /,
    *,
    json: bool = False,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Evaluate the named steps of a study, or the steps of its report.

    Example: `multivector run study.toml`.
    """
    asked = load(study)
    settings = settings_of(asked, offline=offline, cache=cache, data=data)
    with working(settings) as runner:
        steps = asked.steps or steps_of_report(asked, runner)
        values = {name: (step, runner(step)) for name, step in steps.items()}
    if json:
        print_json({n: plain(v, runner.fingerprint(s)) for n, (s, v) in values.items()})
        return
    for name, (_, value) in values.items():
        out.rule(name, align="left")
        if isinstance(value, Estimate):
            print_estimate(value)
        else:
            out.print(value.frame)


@app.command
def profile(
    study: StudyName,
    /,
    *,
    construct: str = "",
    year: int | None = None,
    csv: Path | None = None,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Print the profile of a state: its ties, dependence, votes, position, powers and ranks.

    Constructs: engagement, relative engagement, footprint, balance, departure, departure split,
    compartmentalisation, marginal shift, partition, sharp bounds, dependence, votes, conflict
    votes, position, tension, power shift, rank. Each figure is that of its last year with a
    value; --csv writes every year.

    Examples: `multivector profile kazakhstan`, `multivector profile Serbia --construct balance`.

    Parameters
    ----------
    construct
        Print this construct only, such as "partition".
    year
        Print the figures of this year.
    csv
        Also write the whole table to this file.
    """
    asked = load(study)
    settings = settings_of(asked, offline=offline, cache=cache, data=data)
    with working(settings) as runner:
        value = runner(profile_of(asked))
    if csv is not None:
        value.to_csv(csv)
    print_profile(value, construct, year)


@app.command
def report(
    study: StudyName,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Write a self-contained report (one HTML page) and print where it is.

    Examples: `multivector report kazakhstan`, `multivector report UZB -o uzbekistan.html`.

    Parameters
    ----------
    output
        The page to write; by default the study's name in this folder.
    """
    from multivector.render.report import write_report

    asked = load(study)
    settings = settings_of(asked, offline=offline, cache=cache, data=data)
    path = output or Path(f"{asked.name}.html")
    with working(settings) as runner:
        written = write_report(asked, runner, path)
    out.print(str(written.resolve()), soft_wrap=True)


@app.command
def goals(
    document: Annotated[str, Parameter(help="Goals that ship, by name, or a .toml file.")],
    /,
    *,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Print how the goals of a strategy document have fared since it was adopted.

    Example: `multivector goals kazakhstan`.
    """
    from multivector.goals import load_goals, scoreboard

    asked = load_goals(document)
    settings = settings_of(asked.study, offline=offline, cache=cache, data=data)
    with working(settings) as runner:
        scores = scoreboard(asked, runner)
    print_scores(asked.document, asked.adopted, scores)


@app.command
def cite(study: StudyName, /, *, cache: Cache = None, data: Data = None) -> None:
    """Print BibTeX for the data and the methods that a study uses.

    Example: `multivector cite kazakhstan > references.bib`.
    """
    asked = load(study)
    with working(settings_of(asked, cache=cache, data=data)) as runner:
        steps = asked.steps or steps_of_report(asked, runner)
        values = [runner(s) for s in steps.values()]
    works = [o.citation for v in values for o in v.provenance if o.citation is not None]
    print(bibliography([*works, *(m for v in values for m in v.methods)]))
