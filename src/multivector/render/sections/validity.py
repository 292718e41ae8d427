"""Validity: the checks that were declared beforehand, passed or failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import measure, prose
from multivector.render.text import Name, _, html

if TYPE_CHECKING:
    from multivector.study import Study


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    del study
    found = run(measure("validity"))
    verdicts = {1.0: _("passed"), 0.0: _("failed"), None: _("not run")}
    rows = [
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
            html(Name(str(dict(q.cell)["check"]))), html(Name(str(dict(q.cell)["kind"]))),
            html(Name(verdicts[q.value])), html(Name(q.note)),
        )
        for q in found.quantities()
    ]  # fmt: skip
    heads = (_("Check"), _("Kind"), _("Result"), _("Figure"))
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(h) for h in heads)
    return [
        prose(
            _(
                "These checks were written down before they were run. A measure of choice should "
                "agree with measures of the same thing, should not be a mere proxy for size or "
                "place, and should tell known cases apart."
            )
        ),
        Markup(
            '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="grid">'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(_("Checks"), top, Markup("").join(rows)),
    ]


SECTION = Section("validity", 95, _("Whether the measures measure"), build)
