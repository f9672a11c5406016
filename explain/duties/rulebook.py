"""Takes a rulebook and its text as parsed; gives what it lacks for a clause, each lack with its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from tallystick.explain.duties.lacks import Lack
from tallystick.explain.duties.phrases import Phrase, forbidden, says
from tallystick.explain.person.plans import most_of
from tallystick.rules.rule import Rule
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Span
from tallystick.rules.syntax import (
    BandNeeds,
    Bands,
    Example,
    Facet,
    HeadText,
    Require,
    Score,
    SyntaxFile,
    Text,
    Use,
)
from tallystick.rules.syntax import Field as WrittenField
from tallystick.rules.syntax import Rule as WrittenRule


class PlacedLack(Struct, frozen=True):
    """Something that the rulebook lacks; ``name`` is that of the rule or requirement that lacks it."""

    lack: Lack
    place: Span
    name: str | None = None


class PlacedPhrase(Struct, frozen=True):
    """A phrase in the author's words that is no reason."""

    phrase: Phrase
    place: Span


class Written(Struct, frozen=True):
    """A rulebook and its text as parsed, which has the places."""

    rulebook: Rulebook
    file: SyntaxFile

    @property
    def head(self) -> Span:
        """Where the rulebook's name stands, for what its head lacks."""
        return self.file.head.name.span

    def rules(self) -> Iterator[tuple[Rule, Span]]:
        """Give each rule and where its name stands."""
        names: dict[str, Span] = {}
        for each in self.file.declarations:
            members = each.members if isinstance(each, Facet) else (each,)
            names.update({rule.name.text: rule.name.span for rule in members if isinstance(rule, WrittenRule)})
        for rule in self.rulebook.rules:
            yield rule, names.get(rule.name, self.head)

    @property
    def score(self) -> Span:
        """Where the score's title stands."""
        return next((each.title.span for each in self.file.declarations if isinstance(each, Score)), self.head)


Look = Callable[[Written], Iterator[PlacedLack]]


def _head(member: str, lack: Lack) -> Look:
    """Look for a line of the head."""

    def look(written: Written) -> Iterator[PlacedLack]:
        if not says(getattr(written.rulebook, member)):
            yield PlacedLack(lack, written.head)

    return look


def _all(*looks: Look) -> Look:
    def look(written: Written) -> Iterator[PlacedLack]:
        for each in looks:
            yield from each(written)

    return look


def _each_rule(lack: Lack, has: Callable[[Rule, Rulebook], bool]) -> Look:
    """Look at every rule."""

    def look(written: Written) -> Iterator[PlacedLack]:
        for rule, place in written.rules():
            if not has(rule, written.rulebook):
                yield PlacedLack(lack, place, rule.name)

    return look


def _bands(written: Written) -> Iterator[PlacedLack]:
    if not written.rulebook.bands:
        yield PlacedLack(Lack.BANDS, written.score)


def _compared(rule: Rule, rulebook: Rulebook) -> bool:
    return rule.baseline is not None or most_of(rulebook, rule) is not None


def _always_scored(rule: Rule, rulebook: Rulebook) -> bool:
    """Say whether a rule gives points to everybody, or drops out: under a mean, what does not apply is no reason."""
    if rulebook.score.out_of is not None or (rule.otherwise is not None and rule.otherwise.points is not None):
        return True
    return rule.when is None and rule.otherwise is None


def _own_titles(written: Written) -> Iterator[PlacedLack]:
    titles = [written.rulebook.score.title, *(rule.title for rule in written.rulebook.rules)]
    for rule, place in written.rules():
        if titles.count(rule.title) > 1:
            yield PlacedLack(Lack.OWN_TITLE, place, rule.name)


def _requirement_words(written: Written) -> Iterator[PlacedLack]:
    places = {each.name.text: each.name.span for each in written.file.declarations if isinstance(each, Require)}
    for each in written.rulebook.requires:
        if not says(each.words):
            yield PlacedLack(Lack.REQUIREMENT_WORDS, places.get(each.name, written.head), each.name)
    bands = [band for each in written.file.declarations if isinstance(each, Bands) for band in each.bands]
    for band in bands:
        if isinstance(band, BandNeeds) and not all(says(need.words.value) for need in band.needs):
            yield PlacedLack(Lack.REQUIREMENT_WORDS, band.name.span, band.name.text)


_contact = _head("contact", Lack.CONTACT)

RULEBOOK_CHECKS: dict[str, Look] = {
    "gdpr-15/G1": _head("purpose", Lack.PURPOSE),
    "gdpr-15/G4": _each_rule(Lack.WORDS, lambda rule, _: says(rule.because) or says(rule.say)),
    "gdpr-15/G6": _bands,
    "gdpr-15/G7": _head("origin", Lack.SOURCE),
    "gdpr-15/G8-challenge": _contact,
    "dsa-27/D2": _head("measures_what", Lack.MEASURES),
    "dsa-27/D3-criteria": _each_rule(Lack.MOST, lambda rule, rulebook: most_of(rulebook, rule) is not None),
    "dsa-27/D3-reasons": _each_rule(Lack.BECAUSE, lambda rule, _: says(rule.because)),
    "reg-b/R1": _own_titles,
    "reg-b/R4-scored": _each_rule(Lack.OTHERWISE, _always_scored),
    "reg-b/R4-complete": _each_rule(Lack.MOST, _compared),
    "reg-b/R5": _each_rule(Lack.BASELINE, lambda rule, _: rule.baseline is not None),
    "reg-b/R7": _requirement_words,
    "reg-b/R8-who": _all(_head("owner", Lack.OWNER), _contact),
}
"""What a rulebook must have so that its explanations can have what a clause asks."""
PHRASES = "reg-b/R2"
"""The clause about phrases that are no reason."""


def phrases(written: Written) -> Iterator[PlacedPhrase]:
    """Give the phrases in the author's words that are no reason, in the order of the text."""
    for text in _authors(written.file):
        for phrase in forbidden(text.value):
            yield PlacedPhrase(phrase, _place(text, phrase, written.file.source.text))


_NOT_WORDS = ("owner", "contact", "time zone", "source")


def _authors(node: object) -> Iterator[Text]:
    """Give every text that people read, but no value, no cell, no column and no example."""
    match node:
        case Text():
            yield node
        case Example() | Use():
            return
        case HeadText(key=key) if key in _NOT_WORDS:
            return
        case WrittenField(title=title):
            if title is not None:
                yield title
        case SyntaxFile(head=head, declarations=declarations):
            yield from _authors(head)
            for each in declarations:
                yield from _authors(each)
        case tuple():
            for each in node:
                yield from _authors(each)
        case Struct():
            for name in node.__struct_fields__:
                yield from _authors(getattr(node, name))
        case _:
            return


def _place(text: Text, phrase: Phrase, source: str) -> Span:
    """Return where a phrase stands; the whole text where it is written with escapes, which have other places."""
    start = text.span.start + 1
    if source[start : text.span.end - 1] != text.value:
        return text.span
    return Span(start + phrase.start, start + phrase.end)
