"""Studies: what a file may say, every fault at once with its place, and the way back to TOML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import states
from multivector.errors import AmbiguousName, InputError, Problems, StudyError, UnknownName
from multivector.measures.balance import Balance, Departure
from multivector.measures.similarity import Kappa, SScore
from multivector.measures.trade import HHI, PartnerShare
from multivector.settings import Settings
from multivector.sources.baci import Baci
from multivector.step import Step
from multivector.study import Event, Study, about, load, shipped

HEAD = """
    [study]
    name = "kz"
    title = "A title"
    focal = "Казахстан"
    partners = ["Russia", "CHN"]
"""


def read(*parts: str, head: str = HEAD) -> Study:
    return Study.from_toml("\n".join(map(dedent, (head, *parts))), "study.toml")


def faults(*parts: str, head: str = HEAD) -> str:
    with pytest.raises((InputError, Problems)) as caught:
        read(*parts, head=head)
    return str(caught.value)


# reading ----------------------------------------------------------------------------------------


def test_names_in_any_language_become_codes() -> None:
    study = read()
    assert (study.focal, study.partners) == ("KAZ", ("RUS", "CHN"))
    assert (study.years, study.draws, study.steps) == ((1992, 2024), 500, {})


def test_events_are_dated() -> None:
    event = '[[event]]\ndate = "2019-03-20"\nlabel = "A change"'
    (found,) = read(event).events
    assert found == Event("2019-03-20", "A change")
    assert found.year == pytest.approx(2019 + 78 / 365.25)  # 78 days after 1 January


def test_steps_refer_to_each_other_in_any_order() -> None:
    study = read("""
        [step.even]
        step = "balance"
        focal = "KAZ"
        partners = ["RUS", "CHN"]
        domains = ["@trade"]

        [step.trade]
        step = "partner_share"
        focal = "KAZ"
        partners = ["RUS", "CHN"]
        trade = "@table"

        [step.table]
        step = "baci"
        layout = "casebook"
    """)
    table = Baci(layout="casebook")
    share = PartnerShare(table, focal="KAZ", partners=("RUS", "CHN"))
    even = Balance(focal="KAZ", partners=("RUS", "CHN"), domains=(share,))
    assert study.steps == {"even": even, "trade": share, "table": table}
    assert list(study.steps) == ["even", "trade", "table"]


def test_every_problem_is_reported_at_once_with_its_place() -> None:
    text = faults(
        """
        draws = -1
        years = [2020, 1992]
        powers = [["USA", "RUS", "CHN"]]
        colour = "red"

        [[event]]
        date = "20 March 2019"

        [stpe.x]
        step = "hhi"

        [settings]
        ofline = true

        [step.h]
        step = "hii"

        [step.k]
        step = "kappa"
        focl = "KAZ"

        [step.l]
        step = "hhi"
        focal = "Kazahkstan"
        flow = "totl"

        [step.m]
        step = "balance"
        focal = "KAZ"
        partners = ["RUS", "CHN"]
        weights = [0.5, 0.6]
    """
    )
    for fault in (
        "study.draws: -1",
        "study.years: 2020 to 1992 runs backwards",
        "study.powers: ",
        "no field 'colour' in study",
        "event 1 (20 March 2019).date: '20 March 2019'",
        "event 1 (20 March 2019) lacks 'label'",
        "no table 'stpe'",
        "Nearest: step",
        "no setting 'ofline'",
        "Nearest: offline",
        "no step 'hii' in step.h",
        "no field 'focl' in step.k",
        "Nearest: focal",
        "step.k lacks 'partners'",
        "step.l.focal: There is no state or group 'Kazahkstan'",
        "step.l.flow: There is no choice 'totl'",
        "step.m: weights (0.5, 0.6)",
    ):
        assert fault in text, fault


def test_a_head_that_lacks_fields_is_told_all_of_them() -> None:
    text = faults(head="[study]\nfocal = 'KAZ'")
    assert all(f"study lacks '{n}'" in text for n in ("name", "title", "partners"))


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("study = 3", "study must be a table, written [study]"),
        ("[[study]]\nname = 'x'", "study must be a table"),
        (HEAD + "[event]\ndate = '2019-01-01'", "event must be a list of tables"),
        ("event = [1]\n" + dedent(HEAD), "event must be a list of tables"),
        ("step = 'hhi'\n" + dedent(HEAD), "step must be a table"),
        (HEAD + "[step]\nhhi = 'hhi'", "hhi must be a table"),
        (HEAD + "[step.x]\nstep = ['hhi']", "no step ['hhi'] in step.x"),
        (HEAD + "[step.x]\nfocal = 'KAZ'", "no step None in step.x"),
        ("settings = 1\n" + dedent(HEAD), "settings must be a table"),
        ("[study", "not valid TOML"),
    ],
)
def test_malformed_tables_are_named(head: str, fault: str) -> None:
    assert fault in faults(head=dedent(head))


def test_a_circle_of_references_is_shown() -> None:
    text = faults("""
        [step.a]
        step = "hhi"
        focal = "KAZ"
        trade = "@b"

        [step.b]
        step = "hhi"
        focal = "KAZ"
        trade = "@a"
    """)
    assert "step.a depends on itself: a → b → a" in text
    assert "problems" not in text  # nothing is said of what follows from it


def test_a_reference_to_nothing_and_one_to_a_faulty_step() -> None:
    text = faults("""
        [step.a]
        step = "hhi"
        focal = "KAZ"
        trade = "@bacci"

        [step.baci]
        step = "baci"
        layout = "nowhere"

        [step.c]
        step = "hhi"
        focal = "KAZ"
        trade = "@baci"
    """)
    assert "no step '@bacci' in step.a" in text
    assert "Nearest: @baci" in text
    assert "step.baci: There is no layout 'nowhere'" in text
    assert "step.c" not in text


def test_a_step_of_the_wrong_kind_is_refused() -> None:
    text = faults("""
        [step.a]
        step = "hhi"
        focal = "KAZ"
        trade = "@b"

        [step.b]
        step = "hhi"
        focal = "KAZ"
    """)
    assert "step.a.trade" in text
    assert "yields a Panel is needed" in text


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"partners": ("EU27_2020", "DEU")}, "overlap"),
        ({"partners": ("RUS", "KAZ")}, "KAZ is KAZ"),
        ({"focal": "DEU", "partners": ("RUS", "EU27_2020")}, "DEU is EU27_2020 or belongs to it"),
        ({"focal": "EU27_2020", "partners": ("RUS",)}, "one focal state"),
        ({"powers": (("USA", "USA"),)}, "opposed to itself"),
        ({"years": (2020, 2000)}, "runs backwards"),
        ({"draws": -1}, "-1 is not possible"),
        ({"posterior_draws": -1}, "study.posterior_draws: -1 is not possible"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(change: dict[str, Any], fault: str) -> None:
    with pytest.raises((InputError, Problems)) as caught:
        replace(about("KAZ"), **change)
    assert fault in str(caught.value)


# writing ----------------------------------------------------------------------------------------

ACTORS = st.sampled_from(["KAZ", "RUS", "CHN", "USA", "TUR", "UZB", "EU27_2020", "FRA"])
STATES = st.sampled_from(["KAZ", "UZB", "AZE", "SRB"])
PARTNERS = st.lists(st.sampled_from(["RUS", "CHN", "USA", "TUR"]), min_size=2, unique=True)
YEARS = st.none() | st.tuples(st.integers(1992, 2005), st.integers(2006, 2024))
VOTES = {
    "focal": STATES,
    "partners": PARTNERS,
    "years": YEARS,
    "by": st.sampled_from(["year", "period"]),
    "vote_set": st.sampled_from(["all", "important", "final-passage"]),
    "draws": st.integers(0, 10**6),
    "seed": st.integers(0, 2**40),
    "distance": st.sampled_from(["absolute", "squared", "nominal"]),
}
TABLES = st.sampled_from([Baci(), Baci(layout="casebook")])


def shares(focal: str, partners: list[str]) -> st.SearchStrategy[PartnerShare]:
    fixed = {"focal": st.just(focal), "partners": st.just(tuple(partners))}
    return st.builds(
        PartnerShare, TABLES, **fixed, flow=st.sampled_from(["total", "exports", "imports"])
    )


@st.composite
def departures(draw: st.DrawFn) -> Departure:
    focal, partners = draw(STATES), draw(PARTNERS)
    domains = draw(st.lists(shares(focal, partners), min_size=1, max_size=3, unique=True))
    parts = draw(st.lists(st.integers(1, 9), min_size=len(partners), max_size=len(partners)))
    target = tuple(p / sum(parts) for p in parts)
    return Departure(focal=focal, partners=tuple(partners), domains=tuple(domains), target=target)


STEPS = st.one_of(
    st.builds(SScore, **VOTES),
    st.builds(Kappa, **VOTES),
    st.builds(HHI, TABLES, focal=STATES, years=YEARS),
    departures(),
)
NAMES = st.text('abcdefghijklmnopqrstuvwxyz_0123456789é -."', min_size=1, max_size=8)


@given(
    steps=st.dictionaries(NAMES, STEPS, max_size=4),
    title=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    years=st.tuples(st.integers(1946, 2000), st.integers(2000, 2024)),
    offline=st.booleans(),
)
def test_a_study_survives_the_way_through_toml(
    steps: dict[str, Step[Any]], title: str, years: tuple[int, int], offline: bool
) -> None:
    study = replace(
        load("kazakhstan"),
        title=title,
        years=years,
        steps=steps,
        settings=(("offline", str(offline)),),
    )
    again = Study.from_toml(study.to_toml())
    assert replace(again, steps={}) == replace(study, steps={})
    assert {name: again.steps[name] for name in steps} == steps
    inputs = {s for step in steps.values() for s in step.walk()}
    assert set(again.steps.values()) == inputs
    assert again.with_steps(steps).to_toml() == again.to_toml()


def test_one_step_may_have_two_names() -> None:
    step = HHI(focal="KAZ")
    study = replace(load("kazakhstan"), steps={"a": step, "b": step})
    again = Study.from_toml(study.to_toml())
    assert again.steps["a"] == again.steps["b"] == step


# finding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_shipped_studies_load(name: str) -> None:
    study = load(name)
    assert study.name == name
    assert study.events
    assert all(e.source for e in study.events)
    assert load(name.upper()) == study
    assert Study.from_toml(study.to_toml()) == study


@pytest.mark.parametrize("argument", ["UZB", "Uzbekistan", "Узбекистан", "Өзбекстан"])
def test_a_state_gets_the_default_study(argument: str) -> None:
    study = load(argument)
    assert (study.focal, study.name) == ("UZB", "uzb")
    assert study.title == "Uzbekistan between great powers"
    assert "UZB" not in study.comparators
    assert study.partners == ("RUS", "CHN", "USA", "EU27_2020", "TUR")


@pytest.mark.parametrize(
    ("focal", "partners", "powers"),
    [
        ("RUS", ("CHN", "USA", "EU27_2020", "TUR"), (("USA", "CHN"),)),
        ("USA", ("RUS", "CHN", "EU27_2020", "TUR"), ()),
        ("DEU", ("RUS", "CHN", "USA", "TUR"), (("USA", "RUS"), ("USA", "CHN"))),
        ("FRA", ("RUS", "CHN", "USA", "TUR"), (("USA", "RUS"), ("USA", "CHN"))),
        ("GBR", ("RUS", "CHN", "USA", "EU27_2020", "TUR"), (("USA", "RUS"), ("USA", "CHN"))),
    ],
)
def test_the_focal_state_is_never_its_own_partner(
    focal: str, partners: tuple[str, ...], powers: tuple[tuple[str, str], ...]
) -> None:
    study = about(focal)
    assert (study.partners, study.powers) == (partners, powers)


def test_every_present_state_has_a_study() -> None:
    for focal in states.members("UN", 2024):
        assert Study.from_toml(about(focal).to_toml()).focal == focal


def test_a_file_is_found_by_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(about("UZB").to_toml(), encoding="utf-8")
    assert load(str(path)) == about("UZB")
    with pytest.raises(StudyError, match=r"no study file .*other\.toml"):
        load(str(tmp_path / "other.toml"))
    with pytest.raises(StudyError, match="no study file"):
        load(f"{tmp_path}/.toml")


def test_what_is_neither_study_nor_state_is_told_what_is_near() -> None:
    with pytest.raises(UnknownName, match="Kazakhstan") as caught:
        load("Kazahkstan")
    assert "a shipped study (kazakhstan)" in str(caught.value)
    with pytest.raises(UnknownName, match="no study or state 'default'"):
        load("default")
    with pytest.raises(InputError, match="group of states"):
        load("EU27_2020")
    with pytest.raises(AmbiguousName, match="Several states"):
        load("Korea")


# settings ---------------------------------------------------------------------------------------


def test_argument_before_study_before_environment_before_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cache(study: dict[str, object] | None = None, **arguments: object) -> Path:
        return Settings.load(study, **arguments).cache

    monkeypatch.delenv("MULTIVECTOR_CACHE")
    default = cache()
    monkeypatch.setenv("MULTIVECTOR_CACHE", "/environment")
    study = dict(read("[settings]\ncache = '/study'").settings)
    assert cache() == Path("/environment") != default
    assert cache(study) == Path("/study")
    assert cache(study, cache=Path("/argument")) == Path("/argument")
    assert cache(study, cache=None) == Path("/study")
