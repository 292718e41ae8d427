"""Reports: a study as one self-contained page that asks nothing of any other host."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup

from multivector.cache import Cache
from multivector.estimate import Estimate
from multivector.origin import Citation, Origin, bibliography
from multivector.panel import Panel
from multivector.render.page import all_origins, block_html, origin_rows, render, stylesheet
from multivector.render.section import ABSENT, Block, Section, attempt, sections
from multivector.render.text import Name, _, actor, capital, listing, say, years
from multivector.runner import Runner
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study

T = TypeVar("T", Panel, Estimate)
MOST_HEADLINES = 5


@dataclass
class Recorder:
    """Evaluates steps and remembers every value that a report used."""

    run: Callable[[Step[Any]], Any]
    seen: dict[Step[Any], Panel | Estimate] = field(
        default_factory=dict[Step[Any], Panel | Estimate]
    )

    def __call__(self, step: Step[T]) -> T:
        """Return the value of *step*."""
        if step not in self.seen:
            self.seen[step] = self.run(step)
        value: Any = self.seen[step]
        return value

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Every origin of every value used."""
        return all_origins([v.provenance for v in self.seen.values()])

    @property
    def methods(self) -> tuple[Citation, ...]:
        """Every work whose method was used, by key."""
        works = {m.key: m for v in self.seen.values() for m in v.methods}
        return tuple(works[k] for k in sorted(works))


def write_report(study: Study, runner: Runner, path: Path) -> Path:
    """Write the report on *study* to *path* as one HTML file and return the path.

    The file appears at once or not at all: it is written beside and then renamed.
    """
    text = report(study, runner)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    return beside.replace(path)


def report(study: Study, runner: Runner, chosen: Sequence[Section] | None = None) -> str:
    """Return the report on *study* as the text of one HTML page.

    Parameters
    ----------
    chosen
        The sections to write; by default every registered one, in order.
    """
    run = Recorder(runner)
    drawn = Cache(runner.settings.cache / "pictures")
    parts = _build(list(sections() if chosen is None else chosen), study, run)
    headlines = [
        {"text": capital(t), "section": s.name} for s, _blocks, t in parts if t is not None
    ]
    language = study.language
    toml = study.with_steps(_named(run)).to_toml()
    page = render(
        "report",
        study=study,
        language=language,
        style=stylesheet(),
        dek=_dek(study),
        headlines=headlines[:MOST_HEADLINES],
        sections=[
            {"name": s.name, "title": s.title, "blocks": [block_html(b, drawn) for b in blocks]}
            for s, blocks, _text in parts
        ],
        origins=origin_rows(run.origins),
        judgements=[
            {"kind": _(o.kind), "title": Name(o.title), "note": Name(o.note)}
            for o in run.origins
            if o.kind != "data"
        ],
        methods=[_reference(m) for m in run.methods],
        bibtex=Name(bibliography(_works(run))),
        bibtex_link=_data("application/x-bibtex", bibliography(_works(run))),
        toml=Name(toml),
        toml_link=_data("application/toml", toml),
        file=study.name,
        steps=[_step(s, v) for s, v in run.seen.items() if isinstance(v, Estimate)],
    )
    return str(page)


def report_steps(study: Study, runner: Runner) -> dict[str, Step[Any]]:
    """Return the steps whose values the report on *study* prints, by name."""
    run = Recorder(runner)
    _build(sections(), study, run)
    return _named(run)


def _build(
    parts: Sequence[Section], study: Study, run: Recorder
) -> list[tuple[Section, list[Block], Markup | None]]:
    """Evaluate sections in order: blocks, then the sentence for the summary.

    A section that has nothing to say of this study (no blocks at all) is left out.
    """
    built = ((s, attempt(lambda s=s: s.build(study, run))) for s in parts)
    return [(s, blocks, _headline(s, study, run)) for s, blocks in built if blocks]


def _named(run: Recorder) -> dict[str, Step[Any]]:
    """Name the estimates of a report: the step's name, numbered where it occurs again."""
    named: dict[str, Step[Any]] = {}
    for step, value in run.seen.items():
        if isinstance(value, Estimate):
            same = sum(s.name == step.name for s in named.values())
            named[f"{step.name}_{same + 1}" if same else step.name] = step
    return named


def _headline(section: Section, study: Study, run: Recorder) -> Markup | None:
    try:
        return section.headline(study, run) if section.headline is not None else None
    except ABSENT:
        return None  # the section itself says what is missing


def _dek(study: Study) -> Markup:
    others = listing([actor(p, study.language) for p in study.partners])
    return say(
        _("Where {focal} stands between {others}: figures from open data, {when}"),
        focal=actor(study.focal, study.language),
        others=others,
        when=years(range(study.years[0], study.years[1] + 1)),
    )


def _works(run: Recorder) -> list[Citation]:
    return [*(o.citation for o in run.origins if o.citation is not None), *run.methods]


def _reference(work: Citation) -> dict[str, Any]:
    link = f"https://doi.org/{work.doi}" if work.doi else work.url
    text = str(work).removesuffix(link).strip()
    return {"text": Name(text), "link": link}


def _step(step: Step[Any], value: Estimate) -> dict[str, Any]:
    choices = [
        f"{f.name} = {getattr(step, f.name)!r}"
        for f in fields(step)
        if not isinstance(getattr(step, f.name), Step)
    ]
    return {
        "fingerprint": value.fingerprint,
        "measure": Name(value.label),
        "name": Name(step.name),
        "choices": Name(", ".join(choices)),
    }


def _data(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
