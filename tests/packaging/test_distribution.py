"""Takes the source tree; checks that the wheel, the sdist and the editable install hold it, whole and once."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "engine", "explain", "cli")
NEVER = ("__pycache__", ".pyc", ".venv")


def tracked() -> set[str]:
    """Return the files that git has, or would have at the next commit."""
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"),
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return {name for name in listed.stdout.decode().split("\0") if name != "" and (ROOT / name).is_file()}


def files_of_rooms() -> set[str]:
    """Return every file of the four rooms, by its path from the root."""
    return {name for name in tracked() if name.split("/")[0] in ROOMS}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the sdist without the network, once for this file."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run(
        (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", str(folder), str(ROOT)),
        check=True,
        capture_output=True,
    )
    return folder


def wheel_files(built: Path) -> set[str]:
    """Return the names in the wheel, its own metadata left out."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return {name for name in wheel.namelist() if ".dist-info/" not in name}


def examples_to_begin_with() -> set[str]:
    """Return the examples that are shipped: their rulebooks, data and words, and no scripts."""
    left = ("examples/sources/", "examples/gallery/figures.toml")
    return {
        name for name in tracked() if name.startswith("examples/") and not name.startswith(left) and name[-3:] != ".py"
    }


def test_the_wheel_holds_the_rooms_and_the_examples_and_nothing_else(built: Path) -> None:
    """The wheel has every file of the four rooms and of the examples that one can begin with, and no other."""
    shipped = files_of_rooms() | examples_to_begin_with()
    expected = {f"tallystick/{name}" for name in shipped} | {"tallystick/__init__.py", "tallystick/py.typed"}
    assert wheel_files(built) == expected


def test_the_wheel_names_the_command_and_the_licence(built: Path) -> None:
    """Whoever installs the wheel gets `tally`, and the licence with it."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "tally = tallystick.cli.entry:main" in wheel.read(points).decode()
        assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_holds_every_tracked_file(built: Path) -> None:
    """The sdist is the tree: whoever has it can read, test and build everything."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    links = {
        f"src/tallystick/{room}" for room in ROOMS
    }  # the build tool leaves links out; the wheel does not need them
    missing = {name for name in tracked() if name not in names and not name.startswith(tuple(links))}
    assert missing == set()


@pytest.mark.parametrize("never", NEVER)
def test_nothing_of_this_machine_is_shipped(built: Path, never: str) -> None:
    """No cache and no environment is in the wheel or in the sdist."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {*sdist.getnames(), *wheel_files(built)}
    assert names, "nothing was built"
    assert [name for name in names if never in name] == []


def test_the_wheel_runs_by_itself(built: Path, tmp_path: Path) -> None:
    """The unpacked wheel answers and begins a rulebook from an example, without the source tree at hand."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "wheel")  # noqa: S202  we have just built it
    for words, told in (
        (["init", "--like", "gallery/kred", "new"], "new/rules.tally"),
        (["schema", "diagnostics"], "diagnostics/1"),
    ):
        program = (
            f"import sys; sys.path.insert(0, {str(tmp_path / 'wheel')!r}); sys.argv = ['tally', *{words!r}];"
            "from tallystick.cli.main import main; main()"
        )
        ran = subprocess.run((sys.executable, "-c", program), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert told in ran.stdout
    assert (tmp_path / "new" / "rules.tally").read_text(encoding="utf-8").count("\nexample ") == 3


def test_an_editable_install_has_one_copy_of_each_type() -> None:
    """A class is the same whichever module it is imported through, and no room is importable by its bare name."""
    program = """
import importlib, sys, tallystick
from tallystick.rules.source import Source
from tallystick.rules.diagnostics import Source as same
assert Source is same and Source.__module__ == 'tallystick.rules.source'
copies = [name for name, module in sys.modules.items() if getattr(module, 'Source', None) is not None
          and getattr(module.Source, '__qualname__', '') == 'Source' and module.Source is not Source]
assert copies == [], copies
print(tallystick.__file__)
"""
    ran = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=False, cwd="/")
    assert ran.returncode == 0, ran.stderr


def test_the_links_lead_to_the_rooms() -> None:
    """src/tallystick has a link to each room, relative, so that a checkout works wherever it lies."""
    for room in ROOMS:
        link = ROOT / "src" / "tallystick" / room
        assert link.is_symlink()
        assert str(link.readlink()) == f"../../{room}"


@pytest.mark.whole
@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_what_is_built_installs_and_scores(built: Path, tmp_path: Path, kind: str) -> None:
    """In a new environment the wheel and the sdist each install and do the main job."""
    venv = tmp_path / "venv"
    subprocess.run((sys.executable, "-m", "venv", str(venv)), check=True)
    pip = (
        str(venv / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--constraint",
        str(ROOT / "constraints.txt"),
    )
    subprocess.run((*pip, str(next(built.glob(kind)))), check=True)
    community = ROOT / "examples" / "community"
    inputs = ("--records", str(community / "records.csv"), "--subjects", str(community / "subjects.csv"))
    asked = ("--as-of", "2026-03-31", "--format", "csv")
    scored = subprocess.run(
        (str(venv / "bin" / "tally"), "score", str(community / "community.tally"), *inputs, *asked),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stderr
    assert scored.stdout.startswith("subject,outcome,score,band,")
