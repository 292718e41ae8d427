"""Commands on data: which sets there are, how to get them, what they and the measures say."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from multivector.commands.app import (
    Cache,
    Data,
    Offline,
    app,
    working,
)
from multivector.errors import MultivectorError, UnknownName
from multivector.estimate import Estimate
from multivector.options import step_of
from multivector.registry import catalogue, everything, find
from multivector.settings import Settings
from multivector.source import Source
from multivector.step import Measure
from multivector.terminal import (
    columns,
    err,
    first_line,
    list_measures,
    out,
    plain,
    print_estimate,
    print_frame,
    print_json,
    print_pairs,
    print_panel,
    print_ties,
    span_of,
)
from multivector.variable import year_ranges


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
    with working(settings) as run:
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

    with working(Settings.load(cache=cache, data=data)) as runner:
        answer = look_up(runner, states, on=on, symbol=symbol, since=since, until=until)
    print_frame(answer.votes)
    out.print()
    print_frame(answer.counts)
    if answer.note:
        out.print(f"\n{answer.note}")


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
