"""Takes a rulebook's text; gives what it means. ``load`` reads a file, ``read`` a source."""

from __future__ import annotations

# INVARIANT: imported here and not on demand, since the module ``load`` would else take the function's name.
from tallystick.rules.load import RulebookError, load, read
from tallystick.rules.rulebook import Rulebook

__all__ = ["Rulebook", "RulebookError", "load", "read"]
