"""A rulebook takes in what it uses of other files of its folder, and no rulebook can have anything else read."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules import limits, load, read
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.format.format import format_file
from tallystick.rules.library import FolderLibrary
from tallystick.rules.load import RulebookError
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source

HEAD = 'rulebook "Main" version 1.0.0\n    owner "O"\n\n'
REST = """
records
    subject text
    actor   text
    kind    one of like
    at      date

measure likes "like" / "likes"
    count like
    halving every fade

rule liked "Liked"
    points 10 * likes
    because "It counts."

score "S"
    sum of all rules
"""
FADE = 'parameter fade = 30 days "how long"\n'
SELF = 'exclude self "your own"\n    when actor = subject\n'


def put(folder: Path, **files: str) -> Path:
    """Write files that use each other; ``parts__a`` is ``parts/a.tally``. Gives the rulebook's own."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.tally"
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return folder / "main.tally"


def told(main: Path) -> tuple[Diagnostic, ...]:
    """Check a file."""
    return read(Source(str(main), main.read_text(encoding="utf-8"), FolderLibrary(main)))[1]


def names(found: tuple[Diagnostic, ...]) -> list[str]:
    """Name what was found."""
    return [each.name for each in found]


def test_what_is_used_stands_where_it_is_used(tmp_path: Path) -> None:
    """The canonical text holds everything and is the one of a rulebook written in one piece; other declarations of a
    used file stay behind, a file that is used twice is taken in once, and the layout keeps the line."""
    main = put(
        tmp_path,
        main=f'use "a.tally"\nuse "b.tally"\n{REST}',
        a=f'use "parts/times.tally"\n{SELF}rule other "Other"\n    points 1\n    because "No."\n',
        b='use "parts/times.tally"\nparameter unread = 3 "nobody reads it"\n',
        parts__times=FADE,
    )
    rulebook = load(main)
    whole = accepted(f'{HEAD}{FADE}{SELF}parameter unread = 3 "nobody reads it"\n{REST}')
    assert (rulebook, rulebook.text) == (whole, whole.text)
    assert told(main) == ()
    assert rulebook.source.text == main.read_text(encoding="utf-8")
    assert rulebook.source.place(rulebook.excludes[0].span.start).line == 4
    written, _ = parse(rulebook.source)
    assert written is not None
    assert 'use "a.tally"\n' in format_file(written)
    again, diagnostics = read(Source("rulebook.tally", rulebook.text))
    assert again == rulebook
    assert names(diagnostics) == ["unused"]


def test_mistakes_are_told_in_the_file_that_they_are_in(tmp_path: Path) -> None:
    """Mistakes of text and of meaning, each with its own file, place and line; what conflicts in another file is named
    with that file."""
    main = put(
        tmp_path,
        main=f'use "a.tally"\n{FADE}{REST}',
        a=f'{FADE}exclude self "own"\n    when actro = subject\nexclude worse\n',
    )
    found = {each.name: each for each in told(main)}
    assert set(found) == {"name-unknown", "name-twice", "line-unfinished"}
    assert {Path(each.source.name).name for each in found.values()} == {"main.tally", "a.tally"}
    unknown, twice = found["name-unknown"], found["name-twice"]
    assert unknown.source.text[unknown.primary.span.start : unknown.primary.span.end] == "actro"
    assert unknown.source.place(unknown.primary.span.start).line == 6
    assert (Path(twice.source.name).name, twice.secondary) == ("main.tally", None)
    assert any("a.tally, line 4" in note for note in twice.notes)
    with pytest.raises(RulebookError, match=r"a\.tally:6:10: error\[name-unknown\]"):
        load(main)


def test_help_knows_the_names_of_every_file(tmp_path: Path) -> None:
    """A name of another file is no misspelt word of the language, in the rulebook and in what it uses; and one that is
    almost a name of another file is told in which file and line that stands."""
    nit = "    nit     number 0 to 9\n    at "
    nuts = 'require some "some"\n    when nuts > 1\n    otherwise no score "No."\n'
    main = put(
        tmp_path,
        main=f'use "a.tally"\n{REST.replace("    at ", nit).replace("10 * likes", "note likes")}{nuts}',
        a=f'{FADE}parameter note = 3 "a note"\nmeasure nut "nut" / "nuts"\n    count like\n    when nit nit\n',
    )
    found = told(main)
    unexpected = sorted(each.message for each in found if each.name == "word-unexpected")
    assert unexpected == ["`likes` cannot follow `note`", "`nit` cannot follow `nit`"]
    (unknown,) = (each for each in found if each.name == "name-unknown")
    assert unknown.help is not None
    assert unknown.help.endswith("a.tally, line 6) is spelled almost the same")


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "../other.tally", "parts/../../other.tally", "..", "a.txt", ".tally", "parts/.tally",
        "C:/a.tally", "parts\\\\a.tally", "./a.tally", "a//b.tally", ".hidden.tally", "", "a.tally/", "~/a.tally",
        "a b.tally", "ä.tally",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(path: str, tmp_path: Path) -> None:
    """Whatever is no plain path of a `.tally` file below the folder is refused before anything is looked at."""
    inner = tmp_path / "inner"
    inner.mkdir()
    put(tmp_path, other=FADE)
    found = told(put(inner, main=f'use "{path}"\n{REST}'))
    assert names(found) == ["use-path"]
    assert found[0].source.place(found[0].primary.span.start).line == 4


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """No link to a file or a folder is followed, no pipe waited for, no folder and no other spelling taken."""
    outside = tmp_path / "outside"
    folder = tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    put(outside, secret=FADE)
    (folder / "link.tally").symlink_to(outside / "secret.tally")
    (folder / "linked").symlink_to(outside)
    (folder / "folder.tally").mkdir()
    (folder / "Times.tally").write_text(HEAD + FADE)
    os.mkfifo(folder / "pipe.tally")
    said = {
        "link.tally": "is a link",
        "linked/secret.tally": "is a link",
        "folder.tally": "is no file",
        "pipe.tally": "is no file",
        "times.tally": "there is no file",
        "none.tally": "there is no file",
    }
    for path, words in said.items():
        (found,) = told(put(folder, main=f'use "{path}"\n{REST}'))
        assert found.name == "use-missing"
        assert words in found.message
        assert ("Times.tally" in (found.help or "")) == (path == "times.tally")


def test_files_that_use_each_other_are_bounded(tmp_path: Path) -> None:
    """No circle, no row too long, no more files, bytes or declarations than one rulebook may have."""
    circle = put(tmp_path, main=f'use "a.tally"\n{REST}', a='use "b.tally"\n', b='use "a.tally"\n')
    (found,) = told(circle)
    assert (found.name, Path(found.source.name).name) == ("use-circle", "b.tally")
    deep = {f"d{n}": f'use "d{n + 1}.tally"\n' for n in range(limits.USE_DEPTH)}
    assert names(told(put(tmp_path, main=f'use "d0.tally"\n{REST}', **deep))) == ["use-too-much"]
    many = {f"m{n}": f'parameter p{n} = 1 "p"\n' for n in range(limits.USED_FILES + 1)}
    uses = "".join(f'use "{name}.tally"\n' for name in many)
    assert "use-too-much" in names(told(put(tmp_path, main=f"{uses}{FADE}{REST}", **many)))
    large = {f"l{n}": f'parameter l{n} = 1 "p"\n' + f"# {'x' * 9_000}\n" * 60 for n in range(2)}
    assert "use-too-much" in names(told(put(tmp_path, main=f'use "l0.tally"\nuse "l1.tally"\n{FADE}{REST}', **large)))
    half = limits.DECLARATIONS // 2
    both = {f"h{n}": "".join(f'parameter h{n}_{i} = 1 "p"\n' for i in range(half)) for n in range(2)}
    assert names(told(put(tmp_path, main=f'use "h0.tally"\nuse "h1.tally"\n{FADE}{REST}', **both))) == ["use-too-much"]


def test_a_text_alone_uses_nothing() -> None:
    """Where no folder is known, nothing is read and the words say so; nothing else is said for lack of it."""
    rulebook, found = read(Source("<stdin>", f'{HEAD}use "a.tally"\n{REST}'))
    assert rulebook is None
    assert names(found) == ["use-alone"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such file")
def test_a_file_without_end_is_read_no_further_than_to_tell() -> None:
    """From a program as from the command."""
    tracemalloc.start()
    with pytest.raises(RulebookError, match=r"error\[file-too-large\]"):
        load("/dev/zero")
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
