"""Takes the pages about diagnostics; holds that each shows its mistake and the same mended, and that none lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tallystick.rules import limits, read, syntax_errors
from tallystick.rules.check_errors.versions import version_mistakes
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.diff import diff
from tallystick.rules.parse import source_from_bytes
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.versions import judge_version, version_place

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"
BLOCK = re.compile(r"^```tally( \w+)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def syntax_names() -> set[str]:
    """Return the names of all diagnostics of the parser: the kebab-case texts of the file that words them."""
    tree = ast.parse(Path(syntax_errors.__file__).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if KEBAB.fullmatch(text)}


def blocks(name: str) -> dict[str, str]:
    """Return the rulebooks of a page: the failing one under ``wrong`` or ``warned``, the mended one under nothing."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    return {kind.strip(): body for kind, body in BLOCK.findall(text)}


def read_bytes(data: bytes) -> tuple[Diagnostic, ...]:
    """Read a file's bytes as ``load`` does."""
    source, diagnostics = source_from_bytes("huge.tally", data)
    return diagnostics if source is None else read(source)[1]


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
    "text-too-long": lambda: read_bytes(f'rulebook "{"x" * (limits.TEXT_LENGTH + 1)}" version 1.0.0\n'.encode()),
    "line-too-long": lambda: read_bytes((HEAD + "# " + "x" * limits.LINE_LENGTH).encode()),
    "expression-too-deep": lambda: read_bytes(
        (HEAD + "parameter p = " + "(" * (limits.DEPTH + 1) + "1" + ")" * (limits.DEPTH + 1) + ' "p"\n').encode()
    ),
}
"""Mistakes that no page can show in full: a file that makes each."""
AGAINST = ("version-backwards", "version-too-small", "version-unchanged")
"""Mistakes that only an older version shows: their pages have three files, which the test of code blocks runs."""
SHOWN = sorted((syntax_names() | {each.value for each in Mistake}) - set(TOO_MUCH) - set(AGAINST))
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
    folder = Path(syntax_errors.__file__).parent / "check_errors"
    words = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [each.name for each in Mistake if f"Mistake.{each.name}" not in words] == []
