"""Takes an explanation and the names of duties; gives the document that holds the one against the other."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.explain.document import Explanation
from tallystick.explain.duties.checks import EXPLANATION_CHECKS
from tallystick.explain.duties.clauses import DUTIES, Clause, Duty, DutyName
from tallystick.explain.duties.document import (
    ClauseChecked,
    DutiesChecked,
    DutyChecked,
    ForbiddenPhrase,
    MissingThing,
    Standing,
)
from tallystick.explain.duties.lacks import Found, Lacking
from tallystick.explain.duties.words import missing_words


def duties_checked(document: Explanation, names: Iterable[DutyName]) -> DutiesChecked:
    """Return the explanation held against each duty, in the order given, each once."""
    book = document.rulebook
    return DutiesChecked(
        subject=document.subject,
        audience=document.audience,
        outcome=document.outcome,
        rulebook=book.name,
        version=book.version,
        sha256=book.sha256,
        as_of=document.as_of,
        duties=tuple(_checked(document, DUTIES[name]) for name in dict.fromkeys(names)),
    )


def _checked(document: Explanation, duty: Duty) -> DutyChecked:
    clauses = tuple(_clause(document, each) for each in duty.clauses)

    def so_many(standing: Standing) -> int:
        return sum(each.standing == standing for each in clauses)

    return DutyChecked(
        duty=duty.name,
        title=duty.title,
        scope=duty.scope,
        met=so_many("met"),
        missing=so_many("missing"),
        forbidden=so_many("forbidden"),
        for_you=so_many("for you to do"),
        clauses=clauses,
    )


def _clause(document: Explanation, clause: Clause) -> ClauseChecked:
    """Look at one clause; what a program cannot see is for a person, whatever there is."""
    found = Found() if clause.for_you is not None else EXPLANATION_CHECKS[clause.name](document)
    standing = _standing(clause, found)
    return ClauseChecked(
        name=clause.name,
        clause=clause.clause,
        asks=clause.asks,
        source=clause.source,
        standing=standing,
        at=found.pointers if standing == "met" else (),
        missing=tuple(map(_missing, dict.fromkeys(found.lacking))),
        forbidden=tuple(ForbiddenPhrase(at=each.pointer, phrase=each.phrase.text) for each in found.said),
        do=clause.for_you,
    )


def _standing(clause: Clause, found: Found) -> Standing:
    if clause.for_you is not None:
        return "for you to do"
    if found.said:
        return "forbidden"
    return "missing" if found.lacking else "met"


def _missing(lacking: Lacking) -> MissingThing:
    missing, add = missing_words(lacking.lack, lacking.name)
    return MissingThing(lack=lacking.lack, name=lacking.name, missing=missing, add=add)
