"""Takes a rulebook; gives every text in it that people read, with its address, and the rulebook with other texts there.

A translation file beside a rulebook (``influence.de.toml`` beside ``influence.tally``) has the same addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.epochs import in_each
from tallystick.rules.measure import Measure
from tallystick.rules.rule import Facet, Rule, Table
from tallystick.rules.rulebook import Band, Discount, Exclude, Field, Parameter, Require, Rulebook

Address = tuple[str, ...]
"""Where a text stands: ``("rule", "amplification", "title")``, written as ``[rule.amplification]`` and ``title``."""
Texts = Callable[[Address, str], str]
"""What gives the text that stands at an address in place of the rulebook's own."""

FORMS = ("zero", "two", "few", "many")
"""The plural forms that a measure can have beside ``singular`` and ``plural``."""
_Titled = TypeVar("_Titled", Exclude, Discount, Facet, Parameter)


class Translation(Struct, frozen=True):
    """A rulebook's words in another language.

    ``language`` is that language, ``of`` the rulebook's own. ``texts`` by address; ``names`` of fields, kinds and other
    names of the rulebook, as they are read. ``forms``: of a measure, those beside singular and plural. ``written`` is
    the file, as it was read.
    """

    language: str
    of: str
    texts: Mapping[Address, str]
    names: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]
    written: bytes = b""


def texts_of(rulebook: Rulebook) -> dict[Address, str]:
    """Return every text of a rulebook that people read, by its address, in the order of the rulebook's parts."""
    found: dict[Address, str] = {}

    def keep(address: Address, text: str) -> str:
        found[address] = text
        return text

    with_texts(rulebook, keep)
    return found


def with_texts(rulebook: Rulebook, texts: Texts) -> Rulebook:
    """Return a rulebook with other words, and nothing else changed: not its canonical text, so that its digest stays.

    INVARIANT: what is scored by it is scored the same, on any day.
    """
    return in_each(rulebook, lambda each: _with_texts(each, texts))


def _with_texts(rulebook: Rulebook, texts: Texts) -> Rulebook:
    """Return a rulebook of one stretch of days with other words."""

    def said(address: Address, text: str | None) -> str | None:
        return None if text is None else texts(address, text)

    head = ("rulebook",)
    return replace(
        rulebook,
        purpose=said((*head, "purpose"), rulebook.purpose),
        measures_what=said((*head, "measures"), rulebook.measures_what),
        not_for=said((*head, "not_for"), rulebook.not_for),
        owner=said((*head, "owner"), rulebook.owner),
        origin=said((*head, "source"), rulebook.origin),
        records=_fields("record", rulebook.records, texts),
        subjects=_fields("subject", rulebook.subjects, texts),
        parameters=tuple(_parameter(each, texts) for each in rulebook.parameters),
        requires=tuple(_require(each, texts) for each in rulebook.requires),
        excludes=tuple(_titled("exclude", each, texts) for each in rulebook.excludes),
        discounts=tuple(_titled("discount", each, texts) for each in rulebook.discounts),
        measures=tuple(_measure(each, texts) for each in rulebook.measures),
        facets=tuple(_titled("facet", each, texts) for each in rulebook.facets),
        rules=tuple(_rule(each, texts) for each in rulebook.rules),
        score=replace(rulebook.score, title=texts(("score", "title"), rulebook.score.title)),
        bands=tuple(_band(each, texts) for each in rulebook.bands),
        promises=tuple(
            replace(each, text=texts(("promise", str(number)), each.text))
            for number, each in enumerate(rulebook.promises, start=1)
        ),
    )


def _fields(of: str, fields: tuple[Field, ...] | None, texts: Texts) -> tuple[Field, ...] | None:
    if fields is None:
        return None
    return tuple(
        each if each.title is None else replace(each, title=texts((of, each.name, "title"), each.title))
        for each in fields
    )


def _titled(of: str, each: _Titled, texts: Texts) -> _Titled:
    because = each.because
    return replace(
        each,
        title=texts((of, each.name, "title"), each.title),
        because=None if because is None else texts((of, each.name, "because"), because),
    )


def _parameter(each: Parameter, texts: Texts) -> Parameter:
    """Put a parameter into other words. ``because`` is that of the value in force: its own, or that of a dated one."""
    dated = tuple(
        replace(one, because=texts(("parameter", each.name, "from", one.start.isoformat()), one.because))
        for one in each.dated
    )
    now = next((there for one, there in zip(each.dated, dated, strict=True) if one.because is each.because), None)
    if now is None:
        return replace(_titled("parameter", each, texts), dated=dated)
    title = texts(("parameter", each.name, "title"), each.title)
    return replace(each, title=title, because=now.because, dated=dated)


def _require(each: Require, texts: Texts) -> Require:
    at = ("require", each.name)
    return replace(
        each,
        title=texts((*at, "title"), each.title),
        words=texts((*at, "words"), each.words),
        because=None if each.because is None else texts((*at, "because"), each.because),
    )


def _measure(each: Measure, texts: Texts) -> Measure:
    at = ("measure", each.name)
    return replace(
        each,
        singular=texts((*at, "singular"), each.singular),
        plural=texts((*at, "plural"), each.plural),
        because=None if each.because is None else texts((*at, "because"), each.because),
    )


def _rule(each: Rule, texts: Texts) -> Rule:
    at, body, otherwise = ("rule", each.name), each.body, each.otherwise
    if isinstance(body, Table):
        rows = (
            row if row.words is None else replace(row, words=texts((*at, "row", row.text), row.words))
            for row in body.rows
        )
        body = replace(body, rows=tuple(rows))
    if otherwise is not None and otherwise.words is not None:
        otherwise = replace(otherwise, words=texts((*at, "otherwise"), otherwise.words))
    return replace(
        each,
        title=texts((*at, "title"), each.title),
        because=None if each.because is None else texts((*at, "because"), each.because),
        say=None if each.say is None else texts((*at, "say"), each.say),
        body=body,
        otherwise=otherwise,
    )


def _band(each: Band, texts: Texts) -> Band:
    at = ("band", each.name)
    return replace(
        each,
        title=texts((*at, "title"), each.title),
        needs=tuple(
            replace(need, words=texts((*at, "needs", str(number)), need.words))
            for number, need in enumerate(each.needs, start=1)
        ),
    )


def names_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the names that explanations read out: of fields and the values they can have, parameters and bands."""
    fields = (*(rulebook.records or ()), *(rulebook.subjects or ()))
    values = (value for each in fields for value in getattr(each.type, "values", ()))
    declared: tuple[Field | Parameter | Band, ...] = (*fields, *rulebook.parameters, *rulebook.bands)
    return tuple(dict.fromkeys((*(each.name for each in declared), *values)))
