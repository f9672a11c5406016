"""Takes other surroundings than a fresh machine's; checks that the tests do not hang on them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = """\
[commit]
    gpgsign = true
[gpg]
    program = false
[core]
    autocrlf = true
    hooksPath = {hooks}
    excludesFile = {ignored}
"""
ASKED = (
    "tests/cli/test_other_commands.py::test_an_older_version_comes_from_git",
    "tests/cli/test_fmt_command.py::test_the_diff_can_be_applied",
    "tests/cli/test_score_command.py::test_several_files_may_follow_records_in_any_order",
    "tests/packaging/test_clean_tree.py::test_no_path_of_one_machine_and_no_registry_is_named",
)


def test_the_tests_pass_in_a_hook_of_git_with_other_settings(tmp_path: Path) -> None:
    """Git names another repository to them, whoever runs them signs commits, ignores rulebooks and has a hook that
    refuses, no language and a wide terminal are set, and folders for a while have a blank in their names."""
    hook, ignored, temporary = tmp_path / "hooks" / "pre-commit", tmp_path / "ignored", tmp_path / "a blank"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o700)
    ignored.write_text("*.tally\n", encoding="utf-8")
    temporary.mkdir()
    (tmp_path / ".gitconfig").write_text(SETTINGS.format(hooks=hook.parent, ignored=ignored), encoding="utf-8")
    other = {"GIT_DIR": str(tmp_path / "none"), "GIT_INDEX_FILE": str(tmp_path / "none" / "index"), "COLUMNS": "300"}
    around = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(temporary), "LC_ALL": "C", **other}
    asked = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ASKED)
    done = subprocess.run(asked, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
