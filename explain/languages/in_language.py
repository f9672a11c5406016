"""Takes a run or a rulebook, and a language; gives it in words of that language, which is spoken meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar, cast

from msgspec.structs import replace

from tallystick.engine.run import FinishedRun
from tallystick.explain.languages.language import tongue_of
from tallystick.explain.tongue import ENGLISH, OwnWords, Tongue, foreign, speaking
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation, texts_of, with_texts


class _HasRules(Protocol):
    @property
    def rulebook(self) -> Rulebook: ...


_Run = TypeVar("_Run", bound=_HasRules)


Wording = Callable[[Rulebook], Rulebook]
"""What gives a rulebook with its words in the language that is spoken."""


@contextmanager
def run_in_language(run: _Run, language: str | None) -> Iterator[_Run]:
    """Speak a language until the block ends; give the run with the rulebook's words in it.

    None: English, and the rulebook's words as they are. Raises ``UnknownLanguage``.
    """
    with wording_of(language, run) as worded:
        yield with_rulebook(run, worded(run.rulebook))


def with_rulebook(run: _Run, rulebook: Rulebook) -> _Run:
    """Return a run with a rulebook that is the same but for its words."""
    if rulebook is run.rulebook:
        return run
    if isinstance(run, FinishedRun):
        return replace(run, rulebook=rulebook)
    return cast("_Run", _Worded(run, rulebook))


class _Worded:
    """A run of the reference, in all but its rulebook's words."""

    def __init__(self, run: _HasRules, rulebook: Rulebook) -> None:
        self._run = run
        self.rulebook = rulebook

    def __getattr__(self, name: str) -> object:
        return getattr(self._run, name)


@contextmanager
def wording_of(language: str | None, *runs: _HasRules) -> Iterator[Wording]:
    """Speak a language until the block ends; give what puts any rulebook into words of it that the runs have kept."""
    with wording(language, [(each.rulebook, _kept(each)) for each in runs] if language is not None else []) as worded:
        yield worded


def _kept(run: _HasRules) -> Sequence[Translation]:
    """Return the translations that a run has kept; a run of the reference keeps none."""
    kept = getattr(run, "translations", None)
    return () if kept is None else kept()


@contextmanager
def wording(language: str | None, translated: Sequence[tuple[Rulebook, Sequence[Translation]]]) -> Iterator[Wording]:
    """Speak a language until the block ends; give what puts a rulebook into words of it.

    ``translated``: rulebooks with what there is of them in other languages. A text has a translation where one of them
    has the same text in the same place; else it stays as it is, between marks that whatever draws it knows. None:
    English, and words as they are. Raises ``UnknownLanguage``.
    """
    found = [(book, each) for book, all_of_it in translated for each in all_of_it if each.language == language]
    # A file for any language tells in which the rulebook itself is written; without one it is English.
    of = next((each.of for _, all_of_it in translated for each in all_of_it), ENGLISH)
    tongue = _tongue(language, of, [each for _, each in found])
    with speaking(tongue):
        if tongue is None:
            yield lambda rulebook: rulebook
            return
        known = {
            (address, text): each.texts[address]
            for book, each in reversed(found)
            for address, text in texts_of(book).items()
            if address in each.texts
        }
        made: dict[int, tuple[Rulebook, Rulebook]] = {}

        def worded(rulebook: Rulebook) -> Rulebook:
            # The rulebook is kept beside its words, so that no other can have its number.
            if id(rulebook) not in made:
                words = with_texts(rulebook, lambda address, text: known.get((address, text)) or foreign(text))
                made[id(rulebook)] = (rulebook, words)
            return made[id(rulebook)][1]

        yield worded


def _tongue(language: str | None, of: str, translations: Sequence[Translation]) -> Tongue | None:
    if language is None or (not translations and language == of == ENGLISH):
        return None
    names = {name: read for each in reversed(translations) for name, read in each.names.items()}
    forms = {plural: forms for each in reversed(translations) for plural, forms in _forms(each)}
    return tongue_of(language, OwnWords(of, names, forms))


def _forms(translation: Translation) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the forms of each measure that has more than two, by its word for several."""
    for name, forms in translation.forms.items():
        plural = translation.texts.get(("measure", name, "plural"))
        if plural is not None:
            singular = translation.texts.get(("measure", name, "singular"), plural)
            yield plural, {"one": singular, **forms, "other": plural}
