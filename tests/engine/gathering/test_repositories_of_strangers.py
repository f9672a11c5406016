"""A repository that a stranger made runs nothing, asks nobody, shows no other one, and ends; what is wrong is told."""

from __future__ import annotations

import csv
import os
import subprocess
import time
import tracemalloc
from pathlib import Path

import pytest

from tallystick.cli.complaints import FaultyRulebook, Stop
from tallystick.cli.rulebook_files import read_version
from tallystick.engine.gathering import git as git_module
from tallystick.engine.gathering import git_history
from tallystick.engine.gathering.gather import gather
from tallystick.engine.gathering.recipe import load_recipe
from tallystick.engine.refusals import DataRefusal, UsageRefusal

WHO = {f"GIT_{role}_{key}": f"{role.lower()}@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}


def git(folder: Path, *words: str, given: bytes = b"") -> str:
    """Run git with no settings but the repository's."""
    around = {"PATH": os.environ["PATH"], "HOME": str(folder), **WHO}
    done = subprocess.run(("git", "-C", str(folder), *words), check=True, capture_output=True, env=around, input=given)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with a file, a commit and a trailer."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "rules.tally").write_text("rulebook", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "One\n\nReviewed-by: Bob <bob@x>")
    return folder


def credits_in(folder: Path) -> list[tuple[str, str]]:
    """Return for whom each record counts, and its kind."""
    out = folder.parent / "out.csv"
    gather(str(folder), load_recipe("git"), out, lambda _doing, _rows: None)
    with out.open(encoding="utf-8", newline="") as file:
        return sorted((each["subject"], each["kind"]) for each in csv.DictReader(file))


ONE = [("author@x", "commit"), ("bob@x", "reviewed")]


def commit(folder: Path, message: str, *, author: str = "a <a@x> 1700000000 +0000", more: str = "") -> None:
    """Make a commit as no git would."""
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    parent = git(folder, "rev-parse", "HEAD")
    text = f"tree {tree}\nparent {parent}\nauthor {author}\ncommitter x <x> 1 +0000\n{more}\n{message}"
    words = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    git(folder, "update-ref", "HEAD", git(folder, *words, given=text.encode()))


def test_what_is_missing_is_not_fetched(repository: Path, tmp_path: Path) -> None:
    """A repository can say that what it lacks is had from a program, and that this is allowed."""
    ran = tmp_path / "ran"
    hashes = [git(repository, "rev-parse", each) for each in ("HEAD", "HEAD:rules.tally")]
    git(repository, "commit", "-q", "--allow-empty", "-m", "Two")
    for setting in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "other"),
        ("remote.other.promisor", "true"),
        ("remote.other.url", f"ext::touch {ran}"),
        ("protocol.ext.allow", "always"),
    ):
        git(repository, "config", *setting)
    for each in hashes:
        (repository / ".git" / "objects" / each[:2] / each[2:]).unlink()
    with pytest.raises(DataRefusal, match="git cannot read the history"):
        credits_in(repository)
    with pytest.raises(Stop, match="git does not have"):
        read_version(f"{repository}/rules.tally@HEAD")
    assert not ran.exists()


def test_a_revision_runs_no_program(repository: Path, tmp_path: Path) -> None:
    """Nor does that of the index, which git compares with the files as a setting says."""
    ran, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n", encoding="utf-8")
    program.chmod(0o700)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "filter.x.smudge", "gpg.program"):
        git(repository, "config", name, str(program))
    git(repository, "config", "log.showSignature", "true")
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "attributes").write_text("* diff=x filter=x\n", encoding="utf-8")
    for revision in ("HEAD", "main", ":0"):
        assert read_version(f"{repository}/rules.tally@{revision}").text == "rulebook"
    assert credits_in(repository) == ONE
    assert not ran.exists()


def test_a_revision_is_a_file(repository: Path) -> None:
    """A commit that is found by its message is none, and of a file that is too large just enough is read."""
    commit(repository, "found:./rules.tally")
    with pytest.raises(Stop, match="git does not have"):
        read_version(f"{repository}/rules.tally@:/found")
    (repository / "rules.tally").write_bytes(b"x" * 50_000_000)
    git(repository, "commit", "-q", "-a", "-m", "Large")
    tracemalloc.start()
    with pytest.raises(FaultyRulebook) as caught:
        read_version(f"{repository}/rules.tally@HEAD")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert caught.value.diagnostics[0].name == "file-too-large"


def test_names_that_git_takes_for_others(repository: Path) -> None:
    """A file called as the revision, and a branch called as an option."""
    (repository / "HEAD").write_text("", encoding="utf-8")
    git(repository, "update-ref", "refs/heads/-x", "HEAD")
    git(repository, "symbolic-ref", "HEAD", "refs/heads/-x")
    assert credits_in(repository) == ONE


def test_the_log_is_read_as_it_was_asked_for(repository: Path) -> None:
    """Whatever a setting says of how texts are given, and whatever is in a commit."""
    commit(repository, "", author="+AAA-a+AAA- <a@x> 1700000000 +0000", more="encoding UTF-7\n")
    commit(repository, "x\n\nReviewed-by: <>\nReviewed-by: < >\nReviewed-by: x <y\n", author=" <> 99999999999 +0000")
    git(repository, "config", "i18n.logOutputEncoding", "UTF-16LE")
    assert set(ONE) <= set(credits_in(repository))


def test_a_folder_is_not_taken_for_the_repository_above_it(repository: Path) -> None:
    """Where what is in it is none."""
    (repository / "inner" / ".git").mkdir(parents=True)
    with pytest.raises(DataRefusal, match="git cannot read the history"):
        credits_in(repository / "inner")


def test_the_repository_is_the_one_that_is_named(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a hook of another, in which git names that one."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert credits_in(repository) == ONE
    assert read_version(f"{repository}/rules.tally@HEAD").text == "rulebook"


def test_a_hook_takes_what_is_about_to_be_committed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git names the index of a commit that is being made; that of another repository is nobody's here."""
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    (repository / "rules.tally").write_text("staged")
    made = repository / ".git" / "next-index.lock"
    made.write_bytes((repository / ".git" / "index").read_bytes())
    subprocess.run(
        ["git", "-C", str(repository), "add", "rules.tally"],
        check=True,
        env={**os.environ, "GIT_INDEX_FILE": str(made)},
    )
    assert read_version(f"{repository}/rules.tally@:0").text == "rulebook"
    monkeypatch.setenv("GIT_INDEX_FILE", str(made))
    assert read_version(f"{repository}/rules.tally@:0").text == "staged"
    (repository / "elsewhere").mkdir()
    monkeypatch.setenv("GIT_INDEX_FILE", str(made.rename(repository / "elsewhere" / "index")))
    assert read_version(f"{repository}/rules.tally@:0").text == "rulebook"


def test_below_a_folder_that_git_cannot_be_told_of(repository: Path) -> None:
    """It would look above: so nothing is read there."""
    inner = repository / f"a{os.pathsep}b" / "in"
    (inner / ".git").mkdir(parents=True)
    with pytest.raises(UsageRefusal, match="lies below a folder with"):
        credits_in(inner)


def test_a_repository_that_was_cloned_in_part(repository: Path, tmp_path: Path) -> None:
    """Nothing is fetched; who asks reads what to do."""
    (repository / "rules.tally").write_text("later")
    git(repository, "commit", "-q", "-a", "-m", "later")
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", repository.as_uri(), "part")
    with pytest.raises(Stop, match="git does not have") as stopped:
        read_version(f"{tmp_path}/part/rules.tally@HEAD~1")
    assert "cloned in part" in str(stopped.value.help)
    assert read_version(f"{tmp_path}/part/rules.tally@HEAD").text == "later"


def test_a_hash_is_of_what_is_read(repository: Path) -> None:
    """Another commit, or another parent, can be put in the place of one."""
    first = git(repository, "rev-parse", "HEAD")
    commit(repository, "Forged", author="mallory <mallory@x> 1700000000 +0000")
    forged = git(repository, "rev-parse", "HEAD")
    git(repository, "update-ref", "HEAD", first)
    git(repository, "replace", first, forged)
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "grafts").write_text(f"{first} {forged}\n", encoding="utf-8")
    assert credits_in(repository) == ONE


def test_many_complaints_do_not_stop_git(repository: Path) -> None:
    """What it says on stderr fills no pipe that nobody reads meanwhile."""
    code = "import sys; sys.stderr.write('x' * 1_000_000); sys.stderr.flush(); sys.stdout.write('done')"
    program = repository.parent / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec python3 -c "{code}"\n', encoding="utf-8")
    program.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        with git_module.git(repository, "log") as asked:
            assert asked.content(100) == b"done"
            assert asked.done()


def test_what_never_comes_is_not_waited_for(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the end of a pipe in the place of a file."""
    monkeypatch.setattr(git_module, "SECONDS", 1)
    os.mkfifo(repository / ".mailmap")
    with pytest.raises(DataRefusal, match="git cannot read the history") as caught:
        credits_in(repository)
    assert caught.value.notes[0] == "it took more than 1 seconds for a piece of it, and was stopped"


def test_a_mailmap_names_people_as_it_likes(repository: Path) -> None:
    """Also with signs that end lines elsewhere."""
    (repository / ".mailmap").write_text("Bo\u2028\x85b\x0c <rob@x> <bob@x>\n", encoding="utf-8")
    assert credits_in(repository) == [("author@x", "commit"), ("rob@x", "reviewed")]


def test_long_trailers_take_little_time_and_memory(repository: Path) -> None:
    """Blanks in the place of a name, or a line of megabytes: what is read of each is bounded."""
    blanks = "".join(f"Reviewed-by: a{n}{' ' * 9_900}b <b@x>\n" for n in range(100))
    commit(repository, f"x\n\n{blanks}Reviewed-by: {'y' * 20_000_000} <c@x>\n")
    begun = time.process_time()
    tracemalloc.start()
    assert set(ONE) <= set(credits_in(repository))
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert time.process_time() - begun < 5


def test_a_commit_that_would_fill_the_memory_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git holds a commit whole, and one of a terabyte can be packed small."""
    commit(repository, "x" * 3_000_000)
    monkeypatch.setitem(git_module.AROUND, "GIT_ALLOC_LIMIT", "2000000")
    with pytest.raises(DataRefusal, match="git cannot read the history") as caught:
        credits_in(repository)
    assert "over limit" in " ".join(caught.value.notes)


def test_a_commit_that_credits_more_than_anybody_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All trailers of a commit are held at once; as many as are allowed are read, and with one more none is."""
    thanks = "".join(f"Reviewed-by: P{n} <p{n}@x>\n" for n in range(4))
    commit(repository, f"x\n\n{thanks}")
    monkeypatch.setattr(git_history, "MOST_TRAILERS", 4)
    assert len(credits_in(repository)) == len(ONE) + 1 + 4
    (repository.parent / "out.csv").unlink()
    commit(repository, f"x\n\n{thanks}Reviewed-by: P <p@x>\n")
    with pytest.raises(DataRefusal, match="has more than 4 trailers") as caught:
        credits_in(repository)
    assert git(repository, "rev-parse", "HEAD") in caught.value.message
