"""Takes a run or a rulebook and the language asked for; gives it in words of that, which is spoken meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tallystick.cli.complaints import Stop

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.languages.in_language import Wording
    from tallystick.rules.rulebook import Rulebook
    from tallystick.rules.translation import Translation


@contextmanager
def worded(run: FinishedRun, language: str | None) -> Iterator[FinishedRun]:
    """Speak a language until the block ends; give the run with its rulebook's words in it."""
    if language is None:
        yield run
        return
    refuse_unknown(language)
    from tallystick.explain.languages.in_language import run_in_language

    with run_in_language(run, language) as told:
        yield told


@contextmanager
def wording_of(language: str | None, *runs: FinishedRun) -> Iterator[Wording]:
    """Speak a language until the block ends; give what puts any rulebook into words of it that the runs have kept."""
    refuse_unknown(language)
    from tallystick.explain.languages.in_language import wording_of as of_runs

    with of_runs(language, *runs) as found:
        yield found


@contextmanager
def worded_rulebook(
    rulebook: Rulebook, language: str | None, translations: Sequence[Translation]
) -> Iterator[Rulebook]:
    """Speak a language until the block ends; give the rulebook with its words in it."""
    if language is None:
        yield rulebook
        return
    refuse_unknown(language)
    from tallystick.explain.languages.in_language import wording

    with wording(language, [(rulebook, translations)]) as found:
        yield found(rulebook)


def refuse_unknown(language: str | None) -> None:
    """Refuse a language that nothing is written in, and list those that there are."""
    if language is None:
        return
    from tallystick.explain.languages.language import PSEUDO, languages, meant

    known = languages()
    if language not in (*known, PSEUDO):
        message = f"there are no words in the language `{language}`"
        best = meant(language)
        raise Stop(message, help=f"there are: {', '.join(known)}" if best is None else f"write `{best}`")
