"""What the type checker must refuse, and what it must accept.

Each file in ``cases`` is checked by pyright. A line that ends in ``# refused: RULE`` must bring an
error of that rule; every other line must bring none.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
MARK = re.compile(r"# refused: (\w+)$")

Errors = set[tuple[int, str]]


@pytest.fixture(scope="module")
def errors() -> dict[str, Errors]:
    """Run pyright once over all cases; return (line, rule) of each error by file name."""
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", *map(str, CASES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(CASES), done.stdout + done.stderr
    found: dict[str, Errors] = {case.name: set() for case in CASES}
    for entry in report["generalDiagnostics"]:
        place = (entry["range"]["start"]["line"] + 1, entry.get("rule", entry["message"]))
        found[Path(entry["file"]).name].add(place)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_exactly_the_marked_lines_are_refused(case: Path, errors: dict[str, Errors]) -> None:
    lines = enumerate(case.read_text("utf-8").splitlines(), start=1)
    marked = {(n, found[1]) for n, line in lines if (found := MARK.search(line))}
    assert marked, f"{case.name} marks no line"
    assert errors[case.name] == marked
