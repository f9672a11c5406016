"""Takes a run and a key; gives the run a signature, by which others can tell who vouches for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.complaints import Stop
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless

EXAMPLES = """\b
Examples:
  tally sign --new-key key.pem
  tally sign run --key key.pem
  tally verify run --trust key.pem.pub
"""


def sign(
    run: Annotated[Path | None, typer.Argument(metavar="[RUN]", help="A run folder.")] = None,
    *,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Your private key: Ed25519, PEM, without a password.")
    ] = None,
    new_key: Annotated[
        Path | None,
        typer.Option("--new-key", metavar="FILE", help="Make a key in this new file, and its public part beside it."),
    ] = None,
) -> None:
    """Sign a run's receipt, so that others can tell who vouches for it."""
    if (run is None) != (key is None) or (run is None and new_key is None):
        message = "a signature takes a run and a key"
        raise Stop(message, help="write `tally sign RUN --key FILE`, or make a key with `tally sign --new-key FILE`")
    from tallystick.engine.verifying import signature

    if new_key is not None:
        public = signature.new_key(new_key)
        say(f"key written to {harmless(str(new_key))}: keep it to yourself")
        say(f"public part written to {harmless(str(public))}: give it to whoever verifies")
    if run is not None and key is not None:
        made = signature.sign(run, key)
        say(f"{harmless(str(run))} signed with the key {made.key}")
