"""The documentation is true: links resolve, code runs, shown output is real, terms are kept."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from multivector import cli
from multivector.registry import everything

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WRITTEN = sorted(p for p in DOCS.rglob("*.md") if p.parent != DOCS / "reference")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *WRITTEN]
FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)|<(https?://[^>]+)>")
OTHER_PROGRAMS = {"git", "pip", "export", "cd", "make", "python"}
NEEDS_MORE = {
    "fetch",
    "profile",
    "report",
}  # a connection, or many seconds: only their words are checked


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; ``follows`` is whether only blank lines part it from the last."""

    language: str
    title: str
    text: str
    line: int
    follows: bool


def blocks(path: Path) -> list[Block]:
    text = path.read_text("utf-8")
    found: list[Block] = []
    end = -1
    for match in FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        follows = end >= 0 and not text[end : match.start()].strip()
        found.append(Block(match[1], match[2] or "", match[3], line, follows))
        end = match.end()
    return found


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the reference pages as the code stands, by their path inside the repository."""
    paths = reference().write(tmp_path_factory.mktemp("reference"))
    return {f"docs/reference/{p.name}": p.read_text("utf-8") for p in paths}


# code --------------------------------------------------------------------------------------------


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def agrees(shown: list[str], real: list[str]) -> bool:
    """Whether *real* is what is *shown*; a line of one … stands for any number of lines."""
    if not shown:
        return not real
    if shown[0] == "…":
        return any(agrees(shown[1:], real[k:]) for k in range(len(real) + 1))
    return bool(real) and shown[0] == real[0] and agrees(shown[1:], real[1:])


@pytest.mark.parametrize(
    ("shown", "real", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "…"], ["a", "b", "c"], True),
        (["…", "c"], ["a", "b", "c"], True),
        (["a", "…", "d"], ["a", "b", "c"], False),
        (["a"], ["a", "b"], False),
        ([], ["a"], False),
    ],
)
def test_output_is_compared_line_by_line(shown: list[str], real: list[str], same: bool) -> None:
    assert agrees(shown, real) is same


def multivector(words: list[str]) -> str:
    """Run the command in this process and return what it printed, errors included."""
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        contextlib.suppress(SystemExit),
    ):
        cli.main(words)
    return said.getvalue()


def command(line: str) -> tuple[list[str], str] | None:
    """Check a shell command; return the words of a multivector command that is to be run."""
    words = shlex.split(line, comments=True)
    program, *rest = words
    if program != "multivector":
        assert program in OTHER_PROGRAMS, line
        if program == "make":
            targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
            assert set(rest) <= set(targets), line
        if program == "python":
            assert (ROOT / rest[0]).is_file(), line
        return None
    into = ""
    if ">" in rest:
        into = rest[rest.index(">") + 1]
        rest = rest[: rest.index(">")]
    if rest[0] in NEEDS_MORE:
        cli.app.parse_args(rest, exit_on_error=False, print_error=False)
        return None
    return rest, into


def run_console(block: Block, path: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield shown and real output of each command of a block that is run."""
    del path
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        found = command(line)
        if found is None:
            assert not shown.strip(), f"{line}: shows output but is not run"
            continue
        words, into = found
        real = multivector(words)
        if into:
            (folder / into).write_text(real, "utf-8")
            real = ""
        assert "Traceback" not in real
        if not shown.strip():
            assert not real.startswith("multivector:"), f"{line}: {real}"
            shown = real
        yield shown, real


def run_page(path: Path, folder: Path, module: ModuleType) -> Iterator[tuple[Block, str, str]]:
    """Run a page from top to bottom; yield each block that shows output, with the real one."""
    said = ""
    for block in blocks(path):
        if block.title:
            (folder / block.title).write_text(block.text, "utf-8")
        elif block.language == "python":
            code = "\n" * (block.line - 1) + block.text
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(code, str(path), "exec"), vars(module))
            said = out.getvalue()
        elif block.language == "text" and block.follows and said:
            yield block, block.text, said
        elif block.language == "console":
            for shown, real in run_console(block, path, folder):
                yield block, shown, real


@pytest.fixture
def page_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """Return a fresh module, with the working folder and imports in *tmp_path*."""
    module = ModuleType("page_of_the_docs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setenv("COLUMNS", "80")
    before = set(sys.modules)
    yield module
    for name in set(sys.modules) - before:
        if (tmp_path / f"{name}.py").is_file():
            del sys.modules[name]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_code_runs_and_shows_its_real_output(
    path: Path, page_module: ModuleType, tmp_path: Path
) -> None:
    page_module.__file__ = str(path)
    for block, shown, real in run_page(path, tmp_path, page_module):
        same = agrees(lines(shown), lines(real))
        assert same, f"{name_of(path)}:{block.line} shows\n{shown}\nbut it is\n{real}"


def test_every_python_block_of_a_page_is_seen() -> None:
    for path in PAGES:
        opened = len(re.findall(r"^```\w", path.read_text("utf-8"), re.MULTILINE))
        assert opened == len([b for b in blocks(path) if b.language]), name_of(path)
    assert sum(b.language == "python" for p in PAGES for b in blocks(p)) > 10


# links -------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", h).strip().lower()) for h in heads}


def check_link(page: str, target: str, generated: dict[str, str]) -> str:
    """Return what is wrong with a link, or nothing."""
    if "://" in target:
        good = target.startswith("https://" if page not in generated else ("http://", "https://"))
        doi = "doi.org" not in target or re.search(r"doi\.org/10\.\d{4,}/\S+$", target)
        return "" if good and doi else "no good address"
    place, _, anchor = target.partition("#")
    path = (ROOT / page).parent / place if place else ROOT / page
    path = Path(*path.resolve().relative_to(ROOT).parts)
    inside = page.startswith("docs/") and not path.as_posix().startswith("docs/")
    if inside:
        return "leads out of the site"
    text = generated.get(path.as_posix())
    if text is None:
        if not (ROOT / path).is_file():
            return "no such file"
        text = (ROOT / path).read_text("utf-8") if path.suffix == ".md" else ""
    return "" if not anchor or anchor in anchors(text) else "no such heading"


def test_every_link_resolves(generated: dict[str, str]) -> None:
    texts = {name_of(p): prose(p) for p in PAGES} | {
        page: FENCE.sub("", text) for page, text in generated.items()
    }
    problems = [
        f"{page}: {target}: {why}"
        for page, text in texts.items()
        for target in (a or b for a, b in LINK.findall(text))
        if (why := check_link(page, target, generated))
    ]
    assert problems == []


def test_links_that_lead_nowhere_are_found(generated: dict[str, str]) -> None:
    ask = [
        ("docs/index.md", "nowhere.md"),
        ("docs/index.md", "glossary.md#no-such-term"),
        ("docs/index.md", "../README.md"),
        ("docs/index.md", "https://doi.org/unknown"),
        ("docs/index.md", "http://example.org/"),
    ]
    assert all(check_link(page, target, generated) for page, target in ask)
    assert not check_link("docs/index.md", "reference/measures.md#s_score", generated)


# the elements of the system -----------------------------------------------------------------------


def test_every_element_has_a_status_and_the_headline_counts_what_is_measured(
    generated: dict[str, str],
) -> None:
    rows = reference().elements()
    text = generated["docs/reference/coverage-of-the-system.md"]
    measured = sum(r["status"] == "measured" for r in rows)
    assert f"\n{measured} of the 73 elements" in text
    assert len(re.findall(r"^\| \d+ \|", text, re.MULTILINE)) == 73


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('status = "measured"', 'status = "nearly"', "is no status"),
        ('"partner_share"', '"no_such_step"', "is no step"),
        ('status = "not built"', 'status = "measured"', "with steps"),
        ("row = 73", "row = 72", "the rows are"),
        ('status = "proxied"', 'status = "measured"', "because"),
    ],
)
def test_an_element_without_a_sound_status_is_refused(right: str, wrong: str, why: str) -> None:
    text = (ROOT / "scripts" / "elements.toml").read_text("utf-8")
    assert right in text
    with pytest.raises(ValueError, match=why):
        reference().elements(text.replace(right, wrong, 1))


# the site ----------------------------------------------------------------------------------------


def nav(entries: Any) -> Iterator[str]:
    for entry in entries:
        for value in entry.values():
            if isinstance(value, str):
                yield value
            else:
                yield from nav(value)


def test_the_menu_lists_every_page_once(generated: dict[str, str]) -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
    listed = sorted(nav(config["nav"]))
    there = [p.relative_to(DOCS).as_posix() for p in WRITTEN]
    assert listed == sorted([*there, *(p.removeprefix("docs/") for p in generated)])
    assert config["theme"]["font"] is False


def test_the_site_asks_nothing_of_another_host(tmp_path: Path) -> None:
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("the builder is not installed; `make docs` installs it")
    for path in (*WRITTEN, ROOT / "zensical.toml"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    reference().write(tmp_path / "docs" / "reference")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    built = sorted((tmp_path / "site").rglob("*.html"))
    assert len(built) > len(WRITTEN)
    for page in built:
        assert asked_of_others(page.read_text("utf-8")) == [], page.name


def asked_of_others(html: str) -> list[str]:
    """Return what a browser would fetch from elsewhere while showing *html*."""
    tags = re.findall(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"((?:https?:)?//[^\"]+)", html)
    tags += re.findall(
        r"<link\b(?=[^>]*rel=\"?(?:stylesheet|preconnect|preload|dns-prefetch|icon))"
        r"[^>]*\bhref=\"((?:https?:)?//[^\"]+)",
        html,
    )
    return tags + re.findall(r"(?:url\(|@import\s)[\"']?((?:https?:)?//[^\"')]+)", html)


def test_requests_to_others_are_found() -> None:
    page = (
        '<link rel="stylesheet" href="https://fonts.example/a.css"><a href="https://ok.example">'
        '<script src="//cdn.example/a.js"></script><style>@import "https://css.example/b"</style>'
    )
    assert len(asked_of_others(page)) == 3


# reference ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "page"),
    [
        ("sources", "sources"),
        ("measures", "measures"),
        ("vote_sets", "vote-sets"),
        ("domains", "domains"),
        ("render.charts", "charts"),
    ],
)
def test_everything_registered_has_its_section(
    folder: str, page: str, generated: dict[str, str]
) -> None:
    heads = re.findall(r"^## (\S+)$", generated[f"docs/reference/{page}.md"], re.MULTILINE)
    assert heads == list(everything(folder))


def test_the_reference_names_every_column_file_and_choice(generated: dict[str, str]) -> None:
    sources, measures = (generated[f"docs/reference/{n}.md"] for n in ("sources", "measures"))
    for kind in everything("sources").values():
        assert all(f"| `{v.name}` |" in sources for v in kind.variables), kind.name
        assert all(f"| `{f.name}` | {f.layout} |" in sources for f in kind.files), kind.name
        assert kind.licence.url in sources, kind.name
    parts = re.split(r"^## ", measures, flags=re.MULTILINE)
    sections = {p.partition("\n")[0]: p for p in parts}
    for name, kind in everything("measures").items():
        assert all(f"| `{f.name}` |" in sections[name] for f in fields(kind)), name


def test_formats_never_seen_real_are_named(generated: dict[str, str]) -> None:
    unseen, seen = generated["docs/reference/formats.md"].split("## Seen real")
    for kind in everything("sources").values():
        for file in kind.files:
            place = seen if file.seen_real else unseen
            assert f"| `{file.name}` | {file.layout} |" in place, file


def test_every_command_is_described(generated: dict[str, str]) -> None:
    page = generated["docs/reference/commands.md"]
    names = [name for name in cli.app if not name.startswith("-")]
    assert len(names) >= 6
    assert all(f"multivector {name}" in page for name in names)


def test_no_page_holds_leftovers_of_restructured_text(generated: dict[str, str]) -> None:
    for page, text in generated.items():
        left = re.findall(r":(?:class|func|meth|mod):|``\w", FENCE.sub("", text))
        assert left == [], page


def test_the_build_writes_the_reference_first() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ndocs:")[2].partition("\n\n")[0]
    assert "scripts/reference.py" in recipe.partition("zensical build")[0]


# words -------------------------------------------------------------------------------------------


def glossary() -> dict[str, str]:
    parts = re.split(r"^### (.+)$", (DOCS / "glossary.md").read_text("utf-8"), flags=re.MULTILINE)
    return {parts[k]: parts[k + 1].strip() for k in range(1, len(parts), 2)}


def test_terms_are_in_order_and_in_use() -> None:
    terms = list(glossary())
    assert sorted(terms, key=str.casefold) == terms
    text = " ".join(prose(p) for p in PAGES if p.name != "glossary.md").casefold()
    unused = [t for t in terms if not re.search(rf"\b{t.casefold()}", " ".join(text.split()))]
    assert unused == []


def test_words_that_the_glossary_rules_out_are_not_used(generated: dict[str, str]) -> None:
    ruled_out = [
        word.strip()
        for text in glossary().values()
        for listed in re.findall(r"\*Not:\* ([^.]+)\.", " ".join(text.split()))
        for word in listed.split(",")
    ]
    assert len(ruled_out) > 5
    texts = {name_of(p): prose(p) for p in PAGES if p.name != "glossary.md"}
    for page, text in texts.items():
        flat = " ".join(text.split()).casefold()
        used = [w for w in ruled_out if re.search(rf"\b{re.escape(w)}s?\b", flat)]
        assert used == [], page
    assert generated


def test_neutral_is_said_only_of_a_conflict_set() -> None:
    for path in PAGES:
        for paragraph in re.split(r"\n\s*\n", prose(path)):
            if re.search(r"\bneutral", paragraph, re.IGNORECASE):
                flat = " ".join(paragraph.split())
                assert re.search(r"conflict set|is not neutrality|### Neutrality", flat), flat
