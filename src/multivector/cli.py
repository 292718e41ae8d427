"""The multivector command.

The argument of a command that takes a study follows one rule: ending in ``.toml`` it is a study
file; else the name of a shipped study; else a state (code or name), which gets the default study
with that focal state.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from multivector.errors import MultivectorError, UnknownName, exit_code
from multivector.estimate import Estimate
from multivector.options import edited, step_of, text_of
from multivector.origin import bibliography
from multivector.registry import catalogue, everything, find
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.source import Source
from multivector.step import Measure, Step
from multivector.study import Study, load
from multivector.study import profile as profile_of
from multivector.terminal import (
    columns,
    err,
    first_line,
    list_measures,
    out,
    plain,
    print_audit,
    print_estimate,
    print_figures,
    print_frame,
    print_json,
    print_origins,
    print_pairs,
    print_panel,
    print_profile,
    print_scores,
    print_shares,
    print_ties,
    print_varied,
    span_of,
)
from multivector.variable import year_ranges

app = App(
    name="multivector",
    help="Measure, explain and stress-test how a state balances between great powers.",
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
)

Cache = Annotated[Path | None, Parameter(help="Folder for computed values and fetched files.")]
Data = Annotated[Path | None, Parameter(help="Folder with files that you fetched by hand.")]
Offline = Annotated[bool | None, Parameter(help="Open no connection.", negative="")]
StudyName = Annotated[str, Parameter(help="A .toml file, a shipped study, or a state.")]


@app.command
def sources(name: str | None = None, /, *, data: Data = None, cache: Cache = None) -> None:
    """List the data sets, or show one in detail.

    Examples: `multivector sources`, `multivector sources un_votes`.
    """
    settings = Settings.load(data=data, cache=cache)
    known: dict[str, type[Source]] = everything("sources")
    if name is None:
        table = columns("source", "what", "years", "here", "licence")
        for key, kind in known.items():
            terms = re.split(r" \(|[;:,]", kind.licence.name)[0]
            years, here = _here(kind(), settings)
            table.add_row(key, kind.title, span_of(years), here.partition(",")[0], terms)
        out.print(table)
        out.print(
            "\nOne in detail: multivector sources NAME; the full file: multivector fetch NAME."
        )
        return
    kind = find("sources", name)
    out.print(f"{kind.title}\n{first_line(kind)}\n")
    years, here = _here(kind(), settings)
    rows = {
        "producer": kind.producer,
        "version": kind.version,
        "years here": year_ranges(years),
        "unit of analysis": str(kind.key),
        "licence": f"{kind.licence.name} ({kind.licence.url})",
        "terms": kind.licence.quote,
        "cite": str(kind.citation),
        "read from": here,
        "notes": kind.notes,
    }
    print_pairs({k: v for k, v in rows.items() if v})
    out.print("\nvariables")
    print_pairs(
        {v.name: f"{v.label}, {v.unit}; absent rows are {v.absence}" for v in kind.variables}
    )
    out.print("\nfiles, best first")
    for file in kind.files:
        seen = "" if file.seen_real else " (format read from its documentation only)"
        out.print(f" {file.name}, {file.layout}{seen}")
        print_pairs({"  ": file.url or file.how})
    if kind.facts:
        out.print("\npublished figures that reading reproduces")
        for fact in kind.facts:
            out.print(f" {fact.what}: {fact.value:g} ({fact.published})")


@app.command
def fetch(
    name: str,
    /,
    *,
    accept_loss: bool = False,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Download a data set from its publisher, verify it and lock it.

    An interrupted download is resumed. A file that lost years or states since last time is
    refused unless --accept-loss is given.

    Example: `multivector fetch un_votes`.
    """
    settings = Settings.load(offline=offline, cache=cache, data=data)
    source: Source = find("sources", name)()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(source.title, total=None)
        found = source.fetch(
            settings,
            lambda done, total: bar.update(task, completed=done, total=total),
            accept_loss=accept_loss,
        )
    for snapshot in found:
        out.print(f"{snapshot.path}  sha256 {snapshot.sha256[:16]}…  {snapshot.retrieved}")


@app.command
def show(
    measure: str = "",
    /,
    *,
    across: str = "",
    json: bool = False,
    csv: Path | None = None,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
    **choices: Annotated[str, Parameter(help="A field of the measure, such as --focal KAZ.")],
) -> None:
    """Print a measure (or the table of a panel or source) with its sources, or list the measures.

    The measure's fields are the options: `--focal KAZ --partner CHN,RUS --year 2000:2020`. The
    panel `ties` shows every domain for one year.

    Examples: `multivector show s_score --focal KAZ --partner CHN --year 2007:2019 --by period`,
    `multivector show ties --state KAZ --partner RUS,CHN,USA,TUR --year 2014`.

    Parameters
    ----------
    measure
        Registry name of a measure, a panel or a source; without it, the measures are listed.
    across
        What stands side by side in the table instead of below each other, such as the view.
    json
        Print JSON with every origin.
    csv
        Also write the table to this file.
    """
    from multivector.panels.ties import Ties

    known = catalogue()
    measures = {n: k for n, k in known.items() if issubclass(k, Measure)}
    if not measure:
        list_measures(measures)
        return
    if measure not in known:
        raise UnknownName("measure, panel or source", measure, known)
    step = step_of(known[measure], choices)
    settings = Settings.load(offline=offline, cache=cache, data=data)
    with _runner(settings) as run:
        value = run(step)
    if csv is not None:
        value.to_csv(csv)
    if json:
        print_json(plain(value, run.fingerprint(step)))
    elif isinstance(value, Estimate):
        print_estimate(value, across)
    elif isinstance(step, Ties):
        print_ties(step.shown(value), step.focal, step.year, value.provenance)
    else:
        print_panel(value)


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
    with _runner(Settings.load(cache=cache)) as runner:
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
    step: str,
    /,
    *,
    ranks: bool = False,
    alone: bool = False,
    rows: int = 64,
    seed: int = 1,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Print how sure a step of a study, or of its report, is, and which choice it hangs on.

    Varies the choices that the study names in `[[choice]]`, and the draws of the step.

    Example: `multivector sensitivity study.toml balance`.

    Parameters
    ----------
    step
        Name of a step, as `multivector run` prints it.
    ranks
        Of the ranks of cells within a year, not their values.
    alone
        Also print the values with each alternative put in alone.
    rows
        Rows of the design, a power of two.
    seed
        Seed of the design.
    """
    from multivector.ensemble.standing import assess

    asked = load(study)
    with _runner(_settings(asked, cache=cache, data=data)) as runner:
        steps = asked.steps or _report_steps(asked, runner)
        if step not in steps:
            raise UnknownName("step", step, steps, where=asked.name)
        of = "rank" if ranks else "value"
        found = assess(runner, steps[step], asked.choices, of=of, rows=rows, seed=seed)
    print_varied(found)
    print_estimate(found.draws)
    if alone and found.alone is not None:
        out.print()
        print_estimate(found.alone)
    print_shares(found)


@app.command
def votes(
    *states: str,
    on: str = "",
    symbol: str = "",
    since: int | None = None,
    until: int | None = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Print how states voted on a theme or a resolution of the General Assembly.

    Example: `multivector votes KAZ RUS CHN USA --on "nuclear test" --since 2010`.

    Parameters
    ----------
    states
        The states, in any spelling.
    on
        Words of the title or the description.
    symbol
        A resolution, such as A/RES/68/262 or ES-11/1.
    since, until
        First and last year.
    """
    from multivector.panels.positions import look_up

    with _runner(Settings.load(cache=cache, data=data)) as runner:
        answer = look_up(runner, states, on=on, symbol=symbol, since=since, until=until)
    print_frame(answer.votes)
    out.print()
    print_frame(answer.counts)
    if answer.note:
        out.print(f"\n{answer.note}")


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
    settings = _settings(asked, offline=offline, cache=cache, data=data)
    with _runner(settings) as runner:
        steps = asked.steps or _report_steps(asked, runner)
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
    """Print the profile of a state: engagement, balance, partition, dependence, votes, ranks.

    Each figure is that of its last year with a value; --csv writes every year.

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
    settings = _settings(asked, offline=offline, cache=cache, data=data)
    with _runner(settings) as runner:
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
    settings = _settings(asked, offline=offline, cache=cache, data=data)
    path = output or Path(f"{asked.name}.html")
    with _runner(settings) as runner:
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
    settings = _settings(asked.study, offline=offline, cache=cache, data=data)
    with _runner(settings) as runner:
        scores = scoreboard(asked, runner)
    print_scores(asked.document, asked.adopted, scores)


@app.command
def check(
    name: str,
    /,
    *,
    claim: Annotated[str, Parameter(help="Only these claims: ids, with commas.")] = "",
    text: Annotated[Path | None, Parameter(help="Text of the paper, to compare quotes.")] = None,
    json: bool = False,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Check the claims of a paper against data, and print a verdict on each.

    The exit code is 1 if any claim is contradicted, mislabelled or inconsistent with the data.

    Examples: `multivector check kazakhstan`, `multivector check my-paper.toml --claim Q1`.

    Parameters
    ----------
    name
        A claims file ending in .toml, or one that ships.
    json
        Print JSON with every number.
    """
    from multivector.claims.check import check as audit_of
    from multivector.claims.read import load as load_claims

    asked = load_claims(name)
    words = None if text is None else text.read_text(encoding="utf-8")
    with _runner(Settings.load(offline=offline, cache=cache, data=data)) as runner:
        audit = audit_of(asked, runner, words, [c for c in claim.split(",") if c])
    if json:
        print_json({"document": asked.document.title, "claims": audit.to_dicts()})
    else:
        print_audit(audit, whole=bool(claim))
    sys.exit(1 if audit.faulty else 0)


claims = App(name="claims", help="Find sentences of a paper that can be checked.")
app.command(claims)


@claims.command
def extract(
    document: Path,
    /,
    *,
    language: Annotated[str, Parameter(help="ru, kk or en; told from the text by default.")] = "",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
) -> None:
    """Propose a claims file from a paper (text, HTML, DOCX or PDF), for a person to edit.

    Nothing that it finds has been checked. Figures without a citation in their sentence, and
    references that are never cited, are listed.

    Example: `multivector claims extract paper.txt -o paper.toml`.

    Parameters
    ----------
    output
        The claims file to write; without it, it is printed.
    """
    from multivector.claims.propose import propose, to_toml
    from multivector.claims.texts import language_of, read_text

    text = read_text(document)
    found = propose(text, language or language_of(text))
    toml = to_toml(found, document.stem)
    if output is None:
        print(toml)
        return
    output.write_text(toml, encoding="utf-8")
    out.print(f"{output}: {len(found.candidates)} candidates, language {found.language}")
    for one in found.unsourced:
        out.print(f"figure without a citation: {one.quote}")
    if found.uncited:
        out.print(f"references never cited: {', '.join(map(str, found.uncited))}")


@app.command
def cite(study: StudyName, /, *, cache: Cache = None, data: Data = None) -> None:
    """Print BibTeX for the data and the methods that a study uses.

    Example: `multivector cite kazakhstan > references.bib`.
    """
    asked = load(study)
    with _runner(_settings(asked, cache=cache, data=data)) as runner:
        steps = asked.steps or _report_steps(asked, runner)
        values = [runner(s) for s in steps.values()]
    works = [o.citation for v in values for o in v.provenance if o.citation is not None]
    print(bibliography([*works, *(m for v in values for m in v.methods)]))


def main(arguments: list[str] | None = None) -> None:
    """Run the command; the exit code tells the class of an error."""
    warnings.showwarning = _show_warning
    try:
        app(arguments)
    except MultivectorError as error:
        err.print(f"multivector: {error}")
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 – `| head` had enough
        sys.exit(141)
    except OSError as error:
        err.print(f"multivector: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped. Finished steps are kept; the next run goes on from there.")
        sys.exit(130)


# helpers ---------------------------------------------------------------------------------------


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    err.print(f"note: {message}")


def _settings(study: Study, **given: object) -> Settings:
    return Settings.load(dict(study.settings), **given)


@contextmanager
def _runner(settings: Settings) -> Generator[Runner]:
    """Yield a Runner that shows what it computes while it works."""
    if not err.is_terminal:
        yield Runner(settings)
        return
    with err.status("…") as status:
        yield Runner(settings, lambda step: status.update(f"computing {step.name}"))


def _report_steps(study: Study, runner: Runner) -> Mapping[str, Step[Any]]:
    from multivector.render.report import report_steps

    return report_steps(study, runner)


def _here(source: Source, settings: Settings) -> tuple[Collection[int], str]:
    """Return the years of what would be read, and what that is."""
    declared = {y for v in source.variables for y in v.coverage.years}
    try:
        found = source.found(settings)
    except MultivectorError:
        return declared, "not yet"
    if found.extract is not None:
        return found.extract.coverage.years, "casebook"
    cover = source.coverages.get(found.layout)
    return cover.years if cover else declared, f"full file, {found.layout}"


if __name__ == "__main__":
    main()
