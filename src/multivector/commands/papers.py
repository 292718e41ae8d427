"""Commands on a paper: check its claims, find sentences that can be checked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from multivector.commands.app import (
    Cache,
    Data,
    Offline,
    app,
    working,
)
from multivector.settings import Settings
from multivector.terminal import (
    out,
    print_audit,
    print_json,
)


@app.command
def check(
    name: str,
    /,
    *,
    claim: Annotated[str, Parameter(help="Only these claims: ids, with commas.")] = "",
    text: Annotated[Path | None, Parameter(help="Text of the paper, to compare quotes.")] = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    json: bool = False,
    offline: Offline = None,
    cache: Cache = None,
    data: Data = None,
) -> None:
    """Check the claims of a paper against data, and print a verdict on each.

    The exit code is 1 if any claim is contradicted, mislabelled or inconsistent with the data.

    Examples: `multivector check kazakhstan`, `multivector check my-paper.toml -o audit.html`.

    Parameters
    ----------
    name
        A claims file ending in .toml, or one that ships.
    output
        Also write the audit to this file, to attach to a review: a page (.html), Markdown (.md), a
        table (.csv) or every number (.json), by the ending of its name.
    json
        Print JSON with every number.
    """
    from multivector.claims.check import check as audit_of
    from multivector.claims.read import load as load_claims

    if output is not None:
        from multivector.render.audit import writer

        writer(output)
    asked = load_claims(name)
    words = None if text is None else text.read_text(encoding="utf-8")
    with working(Settings.load(offline=offline, cache=cache, data=data)) as runner:
        audit = audit_of(asked, runner, words, [c for c in claim.split(",") if c])
    if json:
        print_json(audit.to_dict())
    else:
        print_audit(audit, whole=bool(claim))
    if output is not None:
        from multivector.render.audit import write_audit

        out.print(str(write_audit(audit, output).resolve()), soft_wrap=True)
    sys.exit(1 if audit.faulty else 0)


claims = App(
    name="claims",
    help="Find sentences of a paper that can be checked.\n\n"
    "Example: `multivector claims extract paper.txt -o paper.toml`.",
)
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
    from multivector.claims import models
    from multivector.claims.propose import propose, to_toml
    from multivector.claims.texts import language_of, read_text

    text = read_text(document)
    found = propose(text, language or language_of(text))
    if found.language == "ru" and not models.installed():
        print(models.MISSING, file=sys.stderr)
    toml = to_toml(found, document.stem)
    if output is None:
        print(toml)
        return
    output.write_text(toml, encoding="utf-8")
    out.print(f"{output}: {len(found.candidates)} candidates, language {found.language}")
    for one in found.unsourced:
        out.print(f"figure without a citation: {one.quote}")
    for one in found.spoken:
        out.print(f"figure that cites only a speech: {one.quote}")
    if found.uncited:
        out.print(f"references never cited: {', '.join(map(str, found.uncited))}")
