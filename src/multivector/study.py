"""Studies: what is asked about which state, as a TOML file that can be run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomli_w

from multivector import states
from multivector.choices import Actor, Parsed, Record, fitted
from multivector.ensemble.sources import Varied
from multivector.errors import InputError, MultivectorError, StudyError, UnknownName, raise_all
from multivector.measures.profile import Profile
from multivector.measures.trade import overlaps
from multivector.reading import records, steps_of, table, toml
from multivector.settings import Settings
from multivector.step import Step


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f"{text!r} is no date.", "Dates are written 2019-03-20.") from None


@dataclass(frozen=True)
class Event:
    """A dated event that charts mark; it explains nothing by itself."""

    date: Annotated[str, Parsed(_iso)]
    label: str
    source: str = ""

    @property
    def year(self) -> float:
        """The date as a decimal year."""
        day = date.fromisoformat(self.date)
        return day.year + (day.timetuple().tm_yday - 1) / 365.25


@dataclass(frozen=True)
class Study:
    """A focal state, its partners and rivals, a period, events, and named steps.

    Parameters
    ----------
    partners
        States or blocs, without overlap.
    powers
        Pairs of powers whose opposed votes are looked at.
    comparators
        States shown beside the focal one.
    years
        First and last year of interest; each figure states the years that its data cover.
    draws
        Resamples behind an interval; 0 gives point values.
    posterior_draws
        Draws of each of four chains behind the intervals of ideal points, which take most of the
        time of a first report; 0 gives the most probable values alone.
    choices
        Analytic choices that ``multivector sensitivity`` varies, in every step that has them.
    steps
        Named steps, which ``multivector run`` evaluates.

    Examples
    --------
    >>> load("Uzbekistan").focal
    'UZB'
    """

    name: str
    title: str
    focal: Actor
    partners: tuple[Actor, ...]
    powers: tuple[tuple[Actor, Actor], ...] = ()
    comparators: tuple[Actor, ...] = ()
    years: tuple[int, int] = (1992, 2024)
    events: tuple[Event, ...] = ()
    draws: int = 500
    posterior_draws: int = 200
    seed: int = 1
    language: Literal["en"] = "en"
    settings: tuple[tuple[str, str], ...] = ()
    choices: tuple[Varied, ...] = ()
    steps: Mapping[str, Step[Any]] = field(default_factory=dict[str, Step[Any]])

    def __post_init__(self) -> None:
        """Refuse partners that overlap, and the like; all at once."""
        raise_all(f"The study {self.name!r} cannot be used", list(_conflicts(vars(self))))

    @classmethod
    def from_toml(cls, text: str, where: str = "study") -> Self:
        """Read a study, reporting every problem at once with its place in the file.

        Raises
        ------
        StudyError
            When the text is not TOML; otherwise one error per field that cannot be used.
        """
        data = toml(text, where)
        problems: list[MultivectorError] = []
        known = ("study", "event", "choice", "step", "settings")
        problems += [UnknownName("table", k, known, where=where) for k in data if k not in known]
        head = table(data, "study", problems)
        given = fitted(cls, head, "study", problems, {"events", "steps", "settings", "choices"})
        events = records(Event, data, "event", problems)
        choices = records(Varied, data, "choice", problems)
        given["steps"] = steps_of(table(data, "step", problems), problems)
        settings = table(data, "settings", problems)
        options = [f.name for f in fields(Settings)]
        problems += [
            UnknownName("setting", k, options, where=where) for k in settings if k not in options
        ]
        given["settings"] = tuple((k, str(v)) for k, v in settings.items())
        problems += _conflicts(given)
        raise_all(f"{where} cannot be used", problems)
        return cls(
            **given, events=tuple(filter(None, events)), choices=tuple(filter(None, choices))
        )

    def to_toml(self) -> str:
        """Write the study, with every step that its steps depend on, as TOML.

        Reading it back gives an equal study, apart from names of steps that had none.
        """
        skip = ("events", "steps", "settings", "choices")
        names = _names(self.steps)
        named = {**{name: step for step, name in names.items()}, **self.steps}

        def plain(value: Any) -> Any:
            if isinstance(value, Step):
                return f"@{names[value]}"
            if isinstance(value, Record):
                return row(value)
            return [plain(v) for v in value] if isinstance(value, tuple) else value

        def row(thing: Any, but: Iterable[str] = ()) -> dict[str, Any]:
            pairs = ((f.name, getattr(thing, f.name)) for f in fields(thing) if f.name not in but)
            return {k: plain(v) for k, v in pairs if v is not None}

        tables = {
            "study": row(self, skip),
            "settings": dict(self.settings),
            "event": [row(e) for e in self.events],
            "choice": [row(c) for c in self.choices],
            "step": {n: {"step": type(s).name, **row(s)} for n, s in named.items()},
        }
        return tomli_w.dumps({k: v for k, v in tables.items() if v})

    def with_steps(self, steps: Mapping[str, Step[Any]]) -> Self:
        """Return the study with these named steps as well."""
        return replace(self, steps={**self.steps, **steps})


def load(argument: str) -> Study:
    """Return the study that a command's argument names.

    Ending in ``.toml`` it is a study file; else the name of a shipped study; else a state (code
    or name in English, Russian or Kazakh), which gets the default study with that focal state.
    """
    if argument.endswith(".toml"):
        path = Path(argument)
        if not path.is_file():
            raise StudyError(
                f"There is no study file {argument!r}.", f"Looked in {path.absolute().parent}."
            )
        return Study.from_toml(path.read_text(encoding="utf-8"), argument)
    if argument.casefold() in shipped():
        return _shipped(argument.casefold())
    try:
        focal = states.resolve(argument)
    except UnknownName as error:
        error.given = f"There is no study or state {argument!r}."
        studies = ", ".join(shipped())
        error.remedy = f"Give a .toml file, a shipped study ({studies}), or a state."
        raise
    if states.is_group(focal):
        raise InputError(f"{argument!r} is a group of states.", "A study has one focal state.")
    return about(focal)


def about(focal: str) -> Study:
    """Return the default study with *focal* as its state."""
    base = _shipped("default")
    ours = [p for p in base.partners if not _part_of(focal, p)]
    return replace(
        base,
        name=focal.lower(),
        title=base.title.format(state=states.name(focal)),
        focal=focal,
        partners=tuple(ours),
        powers=tuple(p for p in base.powers if focal not in p),
        comparators=tuple(c for c in base.comparators if c != focal),
    )


def profile(study: Study) -> Profile:
    """Return the profile of the study's focal state, with its partners, powers and comparators."""
    return Profile(
        focal=study.focal,
        partners=study.partners,
        years=study.years,
        powers=study.powers,
        comparators=study.comparators,
        draws=max(study.draws, 2),
        seed=study.seed,
        posterior_draws=study.posterior_draws,
    )


def shipped() -> list[str]:
    """Return the names of the studies that ship in the package, without the default pattern."""
    folder = files("multivector").joinpath("studies")
    names = (f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return sorted(n for n in names if n != "default")


def _shipped(name: str) -> Study:
    text = files("multivector").joinpath("studies", f"{name}.toml").read_text(encoding="utf-8")
    return Study.from_toml(text, name)


def _part_of(state: str, actor: str) -> bool:
    if not states.is_group(actor):
        return state == actor
    return state in {m.member for m in states.memberships(actor)}


def _conflicts(study: Mapping[str, Any]) -> Iterator[MultivectorError]:
    """Yield what is wrong with the parts of a study taken together; parts may be missing."""
    focal, partners = study.get("focal", ""), study.get("partners", ())
    first, last = study.get("years", (0, 0))
    powers: tuple[tuple[str, str], ...] = study.get("powers", ())
    yield from overlaps(partners)
    if focal and states.is_group(focal):
        yield StudyError(f"study.focal: {focal} is a group.", "A study has one focal state.")
    for partner in partners:
        if focal and _part_of(focal, partner):
            yield StudyError(f"study.partners: {focal} is {partner} or belongs to it.")
    for a, b in powers:
        if a == b:
            yield StudyError(f"study.powers: {a} cannot be opposed to itself.")
    if first > last:
        yield StudyError(f"study.years: {first} to {last} runs backwards.")
    for draws in ("draws", "posterior_draws"):
        if study.get(draws, 0) < 0:
            yield StudyError(f"study.{draws}: {study[draws]} is not possible.", "0 or more.")


def _names(steps: Mapping[str, Step[Any]]) -> dict[Step[Any], str]:
    """Name every step of these trees, inputs first: by the given name, else by class."""
    given = {step: name for name, step in steps.items()}
    names: dict[Step[Any], str] = {}
    taken = set(given.values())
    for root in steps.values():
        for step in root.walk():
            if step not in names:
                wanted = given.get(step, type(step).name)
                numbered = (f"{wanted}{n}" for n in count(1))
                free = step in given or wanted not in taken
                names[step] = wanted if free else next(n for n in numbered if n not in taken)
                taken.add(names[step])
    return names
