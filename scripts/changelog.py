"""Check the fragments in changelog.d, and at a release move them into CHANGELOG.md.

Without an argument: check the names and print the next section. With a version: write it.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("added", "changed", "fixed", "removed")
NAME = re.compile(rf"[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md")
VERSION = re.compile(r"\d+\.\d+\.\d+")


def fragments(root: Path) -> list[Path]:
    """Return all fragments sorted by name; raise ValueError with every problem found."""
    files = sorted(f for f in (root / "changelog.d").iterdir() if f.name != "README.md")
    problems = [
        f"{f.name}: the name must be <slug>.<{'|'.join(KINDS)}>.md"
        for f in files
        if not NAME.fullmatch(f.name)
    ]
    problems += [f"{f.name}: is empty" for f in files if not f.read_text("utf-8").strip()]
    if problems:
        raise ValueError("\n".join(problems))
    return files


def section(title: str, files: list[Path]) -> str:
    """Return one release as Markdown: a heading a kind, a bullet a fragment."""
    parts = [f"## {title}"]
    for kind in KINDS:
        texts = [f.read_text("utf-8").strip() for f in files if f.name.endswith(f".{kind}.md")]
        if texts:
            bullets = "\n".join("- " + text.replace("\n", "\n  ") for text in texts)
            parts.append(f"### {kind.capitalize()}\n\n{bullets}")
    return "\n\n".join(parts) + "\n"


def release(version: str, today: str, root: Path) -> None:
    """Insert the new release above the last one and remove the fragments."""
    path, files = root / "CHANGELOG.md", fragments(root)
    old = path.read_text("utf-8")
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version; write three numbers, as in 0.2.0")
    if f"## {version} " in old:
        raise ValueError(f"CHANGELOG.md already has {version}")
    if not files:
        raise ValueError("changelog.d holds no fragment; there is nothing to release")
    head, mark, tail = old.partition("\n## ")
    text = f"{head.rstrip()}\n\n{section(f'{version} – {today}', files)}"
    path.write_text(text + mark + tail, "utf-8")
    for file in files:
        file.unlink()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Check or release; return the exit code."""
    try:
        if arguments:
            release(arguments[0], f"{datetime.now(UTC):%Y-%m-%d}", root)
        else:
            print(section("Unreleased", fragments(root)), end="")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
