"""Takes the page about the commands; checks that it says of each command and option what is so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_command_and_option_is_documented() -> None:
    """docs/commands.md has each command with each of its options, as the code has them."""
    script = Path(__file__).with_name("write_pages.py")
    ran = subprocess.run((sys.executable, str(script), "--check"), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
