"""Everything that the registries find is complete: named, described, cited, in a unit, runnable.

The tests run over the registries, so what is dropped into a folder is held to them by itself.
"""

from __future__ import annotations

import doctest
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.domain import Domain
from multivector.errors import Unavailable
from multivector.estimate import Estimate
from multivector.extract import Extract
from multivector.origin import Citation, Licence
from multivector.registry import KINDS, catalogue, everything, modules, resource
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.source import Source
from multivector.step import Measure, Step
from multivector.vote_set import VoteSet

SOURCES: dict[str, type[Source]] = everything("sources")
STEPS: dict[str, type[Step[Any]]] = everything("measures")
CATALOGUE: Mapping[str, type[Step[Any]]] = catalogue()
MEASURES = {name: kind for name, kind in STEPS.items() if issubclass(kind, Measure)}
VOTE_SETS: dict[str, VoteSet] = everything("vote_sets")
TABLES: dict[str, Extract] = everything("casebook")
CHARTS: dict[str, Any] = everything("render.charts")
SECTIONS: dict[str, Any] = everything("render.sections")
DOMAINS: dict[str, Domain] = everything("domains")


def examples(thing: Any) -> doctest.TestResults:
    """Run the examples in the docstring of *thing*."""
    home = vars(sys.modules[thing.__module__])
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in doctest.DocTestFinder(recurse=False).find(thing, thing.__name__, globs=dict(home)):
        runner.run(test)
    return runner.summarize(verbose=False)


def check_docs(thing: Any) -> str:
    """Assert that *thing* has a first line, a body and an example that runs; return the body."""
    first, _, body = (thing.__doc__ or "").strip().partition("\n")
    assert re.fullmatch(r"[A-ZÀ-Ž].{15,}[.]", first), f"{thing.__name__}: {first!r}"
    assert len(first) <= 100
    found = examples(thing)
    assert found.attempted > 0, f"{thing.__name__} has no example"
    assert not found.failed
    return body


@pytest.mark.parametrize("folder", KINDS)
def test_every_module_says_what_it_is_and_holds_something(folder: str) -> None:
    homes = list(modules(folder))
    assert homes
    for module in homes:
        assert (module.__doc__ or "").strip().endswith("."), module.__name__
    assert everything(folder)


@pytest.mark.parametrize("folder", KINDS)
def test_names_can_be_typed(folder: str) -> None:
    for name in everything(folder):
        assert re.fullmatch(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", name), name


# sources ----------------------------------------------------------------------------------------


@pytest.fixture(params=SOURCES.values(), ids=SOURCES.keys())
def source(request: pytest.FixtureRequest) -> type[Source]:
    return request.param


def check_licence(licence: Licence) -> None:
    assert licence.name
    assert re.match(r"https?://", licence.url)
    assert len(licence.quote) >= 20, f"{licence.name} quotes no terms"


def test_a_source_is_documented(source: type[Source]) -> None:
    check_docs(source)
    for word in (source.title, source.producer, source.version):
        assert word.strip()
    assert re.match(r"https?://", source.homepage)


def test_a_source_quotes_its_terms(source: type[Source]) -> None:
    check_licence(source.licence)
    for licence in source.licences.values():
        check_licence(licence)


def test_a_source_declares_its_variables(source: type[Source]) -> None:
    names = [v.name for v in source.variables]
    assert names
    assert len({*names, *source.key.columns}) == len(names) + len(source.key.columns)
    for v in source.variables:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", v.name)
        assert v.label
        assert v.unit
        timeless = not {"year", "date"} & set(source.key.columns)
        assert v.coverage.years or timeless, f"{v.name} covers no years"
        assert v.unit != "category" or v.codes, f"{v.name}: categories without a meaning"
        assert all(defect.note.endswith(".") for defect in v.defects)


def test_a_source_says_where_its_files_are(source: type[Source]) -> None:
    assert source.files
    for file in source.files:
        assert file.url or len(file.how) > 20, f"{file.name}: where is it to be had?"
    assert source().layout == ""


def test_a_source_has_facts_or_says_why_not(source: type[Source]) -> None:
    reasoned = len(source.without_facts) > 30
    assert bool(source.facts) != reasoned, "facts, or without_facts says why there is none"
    for fact in source.facts:
        assert fact.what
        assert len(fact.published) > 10
        assert set(fact.layouts) <= {*source.layouts(), "casebook"}


def test_files_of_one_name_are_one_file() -> None:
    """Several sources may read one file; two different files never share a name."""
    seen: dict[str, Any] = {}
    for kind in SOURCES.values():
        for file in kind.files:
            told = (file.url, file.how, file.sha256, file.seen_real)
            assert seen.setdefault(file.name, told) == told, f"{kind.name}: {file.name}"


# measures ---------------------------------------------------------------------------------------

FORMULA = re.compile(r"[=Σ≤/∑]")
DERIVED = re.compile(r"index|share|nats|percentile|effective")
"""Units of measures that compute something; counts and values are a source's own figures."""


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_documented(name: str) -> None:
    kind = STEPS[name]
    if issubclass(kind, Measure):
        body = check_docs(kind)
        definition = body.partition("Examples")[0]
        formula = FORMULA.search(definition)
        plain = not DERIVED.match(kind.unit) and len(definition.split()) >= 10
        assert formula or plain, f"{name}: no formula"
    else:
        assert (kind.__doc__ or "").strip()


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_unit_and_citation(name: str) -> None:
    kind = MEASURES[name]
    assert kind.unit
    assert kind.citations or not DERIVED.match(kind.unit)
    assert kind.name == name
    for f in fields(kind):
        assert f.name.islower(), f"{name}.{f.name}"


COMMON: dict[str, Any] = {
    "focal": "KAZ",
    "partners": ("RUS", "CHN"),
    "power_a": "USA",
    "power_b": "RUS",
    "years": (2018, 2019),
}
"""Choices that many steps have; a step declares its others, as `example`, in its class."""


def example(kind: type[Step[Any]], given: Mapping[str, Any]) -> Step[Any]:
    """Make a step with choices given, else of its example, else common ones where it needs them.

    An input that it makes by itself is made with the examples of its tree, if there are any.
    """
    choices = {name: _resolved(value) for name, value in {**kind.example, **given}.items()}
    for f in fields(kind):
        needed = f.default is MISSING and f.default_factory is MISSING and f.init
        made = f.default if f.default_factory is MISSING else f.default_factory()
        if f.name in choices:
            continue
        if needed:
            assert f.name in COMMON, f"{kind.name} needs {f.name}: declare it in its example"
            choices[f.name] = COMMON[f.name]
        elif isinstance(made, Step) and any(step.example for step in made.walk()):
            choices[f.name] = example(type(made), {})
    return kind(**choices)


def _resolved(value: Any) -> Any:
    if isinstance(value, dict) and "step" in value:
        return example(CATALOGUE[value["step"]], {k: v for k, v in value.items() if k != "step"})
    return tuple(map(_resolved, value)) if isinstance(value, list) else value


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache")))


@pytest.mark.parametrize("name", STEPS)
def test_a_step_runs_on_the_casebook_and_keeps_what_it_declares(name: str, run: Runner) -> None:
    kind = STEPS[name]
    quick = {"years": COMMON["years"], "draws": 20}
    own = {f.name for f in fields(kind)} - set(kind.example)
    step = example(kind, {name: value for name, value in quick.items() if name in own})
    try:
        value = run(step)
    except Unavailable as missing:
        pytest.skip(str(missing))
    assert value.provenance
    assert value.fingerprint if isinstance(value, Estimate) else len(value.frame)
    if not isinstance(value, Estimate):
        return
    assert set(kind.citations) <= set(value.methods)
    assert not issubclass(kind, Measure) or value.unit == kind.unit
    assert value.label
    assert value.variant
    low, high = value.range
    assert (low, high) != (None, None), f"{name} declares no range"
    assert np.isfinite(value.draws).any(), f"{name} says nothing of its example"
    for array in (value.draws, value.observed):
        known = array[np.isfinite(array)] if array is not None else np.zeros(0)
        assert (known >= (-np.inf if low is None else low) - 1e-9).all()
        assert (known <= (np.inf if high is None else high) + 1e-9).all()


# vote sets, casebook tables, charts, sections ---------------------------------------------------


@pytest.mark.parametrize("name", VOTE_SETS)
def test_a_vote_set_says_what_it_is_and_why(name: str) -> None:
    found = VOTE_SETS[name]
    assert found.label[0].islower()
    assert found.why.endswith(".")
    calls = pl.DataFrame(schema={v.name: pl.String for v in SOURCES["un_roll_calls"].variables})
    assert not found.issue or found.issue in calls.columns
    for resolution in found.resolutions:
        assert date.fromisoformat(resolution.date)
        assert resolution.reason


@pytest.mark.parametrize("name", DOMAINS)
def test_a_domain_says_what_it_counts_and_why_it_may_be_absent(name: str) -> None:
    found = DOMAINS[name]
    assert found.label[0].isupper()
    assert len(found.counted) > 15
    assert len(found.absent) > 15
    assert [d.name for d in DOMAINS.values() if d.order == found.order] == [name]
    for step in found.steps("KAZ", ("RUS", "CHN"), draws=20, seed=1):
        assert step.unit in {"share 0–1", "share of investment"}
        assert step.focal == "KAZ"


def test_domains_draw_with_seeds_of_their_own() -> None:
    seeds = {
        name: {s.seed for s in d.steps("KAZ", ("RUS",), draws=20, seed=1) if hasattr(s, "seed")}
        for name, d in DOMAINS.items()
    }
    drawn = [next(iter(found)) for found in seeds.values() if found]
    assert all(len(found) <= 1 for found in seeds.values())  # ways to measure one domain share it
    assert len(set(drawn)) == len(drawn) > 1


@pytest.mark.parametrize("name", TABLES)
def test_a_casebook_table_ships_with_its_terms(name: str) -> None:
    table = TABLES[name]
    path = resource("casebook", table.file)
    assert path is not None, "scripts/compile_casebook.py writes it"
    assert 0 < len(path.read_bytes()) < 1_000_000
    assert len(table.vintage) > 5
    assert len(table.attribution) > 10
    assert table.coverage.years or "year" not in SOURCES[name].key.columns
    assert SOURCES[name].licence.redistribute_raw


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_what_it_draws_and_takes(name: str) -> None:
    first = CHARTS[name].doc.partition("\n")[0]
    assert first.endswith(".")
    assert len(CHARTS[name].takes) > 10


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_a_title_and_a_place_of_its_own(name: str) -> None:
    section = SECTIONS[name]
    assert section.title
    assert [s.name for s in SECTIONS.values() if s.order == section.order] == [name]
    assert (section.build.__doc__ or "").strip()


# citations --------------------------------------------------------------------------------------


def works() -> Iterator[tuple[str, Citation]]:
    """Yield every work that a source, a step or a module of theirs names."""
    for folder in ("sources", "measures"):
        for module in modules(folder):
            for thing in vars(module).values():
                if isinstance(thing, Citation):
                    yield module.__name__, thing
    for name, kind in SOURCES.items():
        yield name, kind.citation
    for name, kind in STEPS.items():
        yield from ((name, work) for work in kind.citations)


def test_one_key_is_one_work() -> None:
    seen: dict[str, Citation] = {}
    for where, work in works():
        assert seen.setdefault(work.key, work) == work, f"{where}: {work.key}"
    assert len(seen) > 5


def test_citations_are_complete() -> None:
    types = {
        "article",
        "book",
        "incollection",
        "misc",
        "techreport",
        "inproceedings",
        "unpublished",
    }
    for where, work in works():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", work.key), f"{where}: {work.key}"
        assert work.type in types, f"{where}: {work.type}"
        assert work.author and work.title, where  # noqa: PT018
        assert 1900 <= work.year <= date.today().year, where
        assert work.venue or work.url, where
        assert not work.doi or re.fullmatch(r"10\.\d{4,9}/\S+[^\s.,;]", work.doi), work.doi
        assert not work.url or re.match(r"https?://\S+$", work.url), work.url
        assert work.doi or work.url or work.type != "article", f"{where}: no link"
        assert work.bibtex().count("{") == work.bibtex().count("}")
        names = work.author.strip("{}")
        braced = work.author.startswith("{")
        assert braced or all("," in name for name in names.split(" and ")), work.author
