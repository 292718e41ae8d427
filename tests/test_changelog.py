"""Fragments become one section of the changelog, and a wrong name is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.changelog import ROOT, fragments, main, release


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "README.md").write_text("How to.\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\nIntroduction.\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> Path:
    path = root / "changelog.d" / name
    path.write_text(text, "utf-8")
    return path


def test_two_releases_stand_newest_first(root: Path) -> None:
    write(root, "b-fix.fixed.md", "A bug\nover two lines.\n")
    write(root, "trade-shares.added.md", "Trade shares.\n")
    write(root, "a-fix.fixed.md", "Another.\n")
    release("0.2.0", "2026-01-02", root)
    write(root, "old-name.removed.md", "`old` is gone.\n")
    release("0.3.0", "2026-03-04", root)
    assert (root / "CHANGELOG.md").read_text("utf-8") == (
        "# Changelog\n\nIntroduction.\n\n"
        "## 0.3.0 – 2026-03-04\n\n### Removed\n\n- `old` is gone.\n\n"
        "## 0.2.0 – 2026-01-02\n\n### Added\n\n- Trade shares.\n\n"
        "### Fixed\n\n- Another.\n- A bug\n  over two lines.\n"
    )
    assert [f.name for f in (root / "changelog.d").iterdir()] == ["README.md"]


def test_every_wrong_fragment_is_named_at_once(root: Path) -> None:
    write(root, "Trade.added.md", "Text.")
    write(root, "trade.improved.md", "Text.")
    write(root, "trade.added.md", " \n")
    with pytest.raises(ValueError, match=r"(?s)Trade\.added.*trade\.improved.*trade\.added.*empty"):
        fragments(root)


@pytest.mark.parametrize(
    ("version", "message"), [("0.2", "three numbers"), ("0.1.0", "already"), ("0.2.0", "nothing")]
)
def test_a_release_that_cannot_be_leaves_the_file_alone(
    root: Path, version: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changelog = root / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## 0.1.0 – 2025-01-01\n", "utf-8")
    before = changelog.read_bytes()
    assert main([version], root) == 1
    assert message in capsys.readouterr().err
    assert changelog.read_bytes() == before


def test_the_committed_fragments_are_well_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], ROOT) == 0
    assert capsys.readouterr().out.startswith("## Unreleased\n")
