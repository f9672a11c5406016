"""Takes the pages about diagnostics; holds that each shows its mistake and the same mended, and that none lacks."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tallystick.explain.duties.clauses import DutyName
from tallystick.explain.duties.diagnostics import with_duties
from tallystick.rules import limits, read, syntax_errors
from tallystick.rules.check_errors.versions import version_mistakes
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.versions import judge_version, version_place
from tallystick.rules.library import FolderLibrary
from tallystick.rules.parse.parse import source_from_bytes
from tallystick.rules.read_translation import read_translation
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"
BLOCK = re.compile(r"^```tally( \w+)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def syntax_names() -> set[str]:
    """Return the names of all diagnostics of the parser: the kebab-case texts of the folder that words them."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(syntax_errors.__file__).parent.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if KEBAB.fullmatch(text)}


def blocks(name: str) -> dict[str, str]:
    """Return the rulebooks of a page: the failing one under ``wrong`` or ``warned``, the mended one under nothing."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    return {kind.strip(): body for kind, body in BLOCK.findall(text)}


def read_bytes(data: bytes) -> tuple[Diagnostic, ...]:
    """Read a file's bytes as ``load`` does."""
    source, diagnostics = source_from_bytes("huge.tally", data)
    return diagnostics if source is None else read(source)[1]


def used(name: str, files: dict[str, str]) -> tuple[Diagnostic, ...]:
    """Check files that use each other, the first of which is ``main``."""
    with tempfile.TemporaryDirectory(prefix=name) as folder:
        for each, text in files.items():
            Path(folder, f"{each}.tally").write_text(f"{HEAD}{text}", encoding="utf-8")
        main = Path(folder, "main.tally")
        return read(Source(str(main), main.read_text(encoding="utf-8"), FolderLibrary(main)))[1]


HEAD = 'rulebook "T" version 1.0.0\n    owner "o"\n\n'
TOO_MUCH: dict[str, Callable[[], tuple[Diagnostic, ...]]] = {
    "file-too-large": lambda: read_bytes(b"# " + b"x" * limits.FILE_BYTES),
    "not-utf-8": lambda: read_bytes(b'rulebook "M\xfcller" version 1.0.0\n'),
    "mistakes-too-many": lambda: read_bytes((HEAD + "colour 3\n" * (limits.MISTAKES + 2)).encode()),
    "declarations-too-many": lambda: read_bytes(
        (HEAD + "".join(f'parameter p{n} = 1 "p"\n' for n in range(limits.DECLARATIONS + 1))).encode()
    ),
    "rows-too-many": lambda: read_bytes(
        (
            f'{HEAD}example "e"\n    as of 2026-01-01\n    subjects\n        subject\n'
            + "        ada\n" * (limits.GRID_ROWS + 1)
            + "    expect ada\n        score 1\n"
        ).encode()
    ),
    "steps-too-many": lambda: read_bytes(
        (
            f"{HEAD}records\n    subject text\n    actor text\n    kind one of a\n    at date\n"
            + "".join(f'exclude x{n} "x"\n    when actor = "{n}"\n    because "b"\n' for n in range(50))
            + "".join(f'measure m{n} "m"\n    count a\n' for n in range(limits.STEPS // 50 + 1))
        ).encode()
    ),
    "dates-too-many": lambda: read_bytes(
        (
            f'{HEAD}parameter p = 1 "p"\n'
            + "".join(f'    from {2000 + year}-01-01 = {year} because "b"\n' for year in range(limits.DATES + 1))
        ).encode()
    ),
    "text-too-long": lambda: read_bytes(f'rulebook "{"x" * (limits.TEXT_LENGTH + 1)}" version 1.0.0\n'.encode()),
    "line-too-long": lambda: read_bytes((HEAD + "# " + "x" * limits.LINE_LENGTH).encode()),
    "expression-too-deep": lambda: read_bytes(
        (HEAD + "parameter p = " + "(" * (limits.DEPTH + 1) + "1" + ")" * (limits.DEPTH + 1) + ' "p"\n').encode()
    ),
}
"""Mistakes that no page can show in full: a file that makes each."""
TOO_MUCH |= {
    name: lambda name=name, files=files: used(name, files)  # type: ignore[misc]  the loop's own values
    for name, files in {
        "use-circle": {"main": 'use "a.tally"\n', "a": 'use "main.tally"\n'},
        "use-missing": {"main": 'use "a.tally"\n'},
        "use-path": {"main": 'use "../a.tally"\n'},
        "use-too-much": {
            "main": 'use "f0.tally"\n',
            **{f"f{n}": f'use "f{n + 1}.tally"\n' for n in range(limits.USE_DEPTH + 1)},
        },
    }.items()
}
AGAINST = ("version-backwards", "version-too-small", "version-unchanged")
"""Mistakes that only an older version shows: their pages have three files, which the test of code blocks runs."""
DUTIES = ("duty-forbidden", "duty-missing")
"""Mistakes that only a duty makes one: their pages have two files, which the test of code blocks runs."""
TRANSLATIONS = ("translation-form", "translation-missing", "translation-placeholder", "translation-unknown")
"""Mistakes in a file beside a rulebook: their pages have it twice, and the rulebook."""
SHOWN = sorted(
    (syntax_names() | {each.value for each in Mistake}) - {*TOO_MUCH, *AGAINST, *DUTIES, *TRANSLATIONS},
)
FILE = re.compile(r"^```tally file=(\w+)\.tally\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_shows_its_mistake_and_the_same_mended(name: str) -> None:
    """The failing rulebook of a page gives just the page's diagnostic, and the mended one none."""
    found = blocks(name)
    assert set(found) in ({"wrong", ""}, {"warned", ""})
    failing = found.get("wrong") or found["warned"]
    rulebook, diagnostics = read(Source(f"{name}.md", failing))
    assert [each.name for each in diagnostics] == [name], [each.message for each in diagnostics]
    assert (rulebook is None) == ("wrong" in found)
    mended, nothing = read(Source(f"{name}.md", found[""]))
    assert [each.message for each in nothing] == []
    assert mended is not None


@pytest.mark.parametrize("name", AGAINST)
def test_a_page_shows_a_version_that_hides_a_change(name: str) -> None:
    """Against the page's old version, the new one gets just the page's diagnostic, and the mended one none."""
    texts = dict(FILE.findall((PAGES / f"{name}.md").read_text(encoding="utf-8")))
    assert set(texts) == {"old", "new", "mended"}
    old, new, mended = (read(Source(f"{name}.md", texts[each]))[0] for each in ("old", "new", "mended"))
    assert old is not None
    assert new is not None
    assert mended is not None
    assert [each.name for each in since(old, new)] == [name]
    assert since(old, mended) == ()


@pytest.mark.parametrize("name", DUTIES)
def test_a_page_shows_what_stands_in_the_way_of_a_duty(name: str) -> None:
    """Held against the page's duty, the failing rulebook gets just the page's diagnostic, and the mended one none."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    texts = dict(FILE.findall(text))
    assert set(texts) == {"failing", "mended"}
    duty = DutyName(re.findall(r"--duty (\S+)$", text, re.MULTILINE)[0])
    found = {}
    for which, written in texts.items():
        rulebook, diagnostics = read(Source(f"{name}.md", written))
        assert rulebook is not None
        found[which] = with_duties(diagnostics, rulebook, [duty])
    assert [each.name for each in found["failing"]] == [name]
    assert found["mended"] == ()


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_page_shows_what_is_wrong_with_a_translation(name: str) -> None:
    """The failing translation of a page gets just the page's diagnostic at a place in it, and the mended one none."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    rulebook, _ = read(Source(f"{name}.md", dict(FILE.findall(text))["rules"]))
    assert rulebook is not None
    failing, mended = re.findall(r"^```toml file=rules\.de\.toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    translation, told = read_translation("rules.de.toml", failing.encode(), "de", rulebook)
    assert [each.name for each in told] == [name], [each.message for each in told]
    assert (translation is None) == (name != "translation-missing")
    assert told[0].primary.span.start < told[0].primary.span.end <= len(failing)
    whole, nothing = read_translation("rules.de.toml", mended.encode(), "de", rulebook)
    assert nothing == ()
    assert whole is not None


def since(old: Rulebook, new: Rulebook) -> tuple[Diagnostic, ...]:
    """Tell of a version number that hides what was changed."""
    judged = judge_version(old, new, diff(old, new))
    return version_mistakes(judged, new.source, version_place(new.source), ["It is another."])


@pytest.mark.parametrize("name", sorted(TOO_MUCH))
def test_a_limit_is_told_by_its_name(name: str) -> None:
    """A file beyond a limit gets the diagnostic that its page is about, and the page's own rulebook is mended."""
    assert name in {each.name for each in TOO_MUCH[name]()}
    mended, nothing = read(Source(f"{name}.md", blocks(name)[""]))
    assert mended is not None
    assert nothing == ()


def test_every_diagnostic_has_a_page_and_every_page_a_diagnostic() -> None:
    """The names that the parser and the checker can give, the pages, and the list of pages are the same."""
    names = syntax_names() | {each.value for each in Mistake}
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    listed = re.findall(
        r"^- \[([a-z0-9-]+)\]\(\1\.md\): ", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pages == names
    assert listed == sorted(names)
    assert not syntax_names() & {each.value for each in Mistake}


def test_every_name_of_the_checker_is_given_somewhere() -> None:
    """No name is kept that nothing can give."""
    folder = Path(syntax_errors.__file__).parents[1] / "check_errors"
    words = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [each.name for each in Mistake if f"Mistake.{each.name}" not in words] == []
