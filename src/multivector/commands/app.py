"""The application, and what its commands share: options, settings, a runner that shows its work."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Step
from multivector.study import Study
from multivector.terminal import err

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


def settings_of(study: Study, **given: object) -> Settings:
    """Return the settings that the command line gives, else those of the study."""
    return Settings.load(dict(study.settings), **given)


@contextmanager
def working(settings: Settings) -> Generator[Runner]:
    """Yield a Runner that shows what it computes while it works."""
    if not err.is_terminal:
        yield Runner(settings)
        return
    with err.status("…") as status:
        yield Runner(settings, lambda step: status.update(f"computing {step.name}"))


def steps_of_report(study: Study, runner: Runner) -> Mapping[str, Step[Any]]:
    """Return the steps behind the report of a study, by name."""
    from multivector.render.report import report_steps

    return report_steps(study, runner)
