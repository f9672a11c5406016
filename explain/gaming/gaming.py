"""Takes how a score can be gamed; gives it as the document ``tallystick.gaming/1``: decimals in text."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from tallystick.engine.gaming.attacks import Deed, deeds_of
from tallystick.engine.gaming.gaming import Attack, Gaming
from tallystick.engine.gaming.newcomer import Beginning
from tallystick.engine.gaming.remedies import Remedy
from tallystick.engine.intake.reading import written
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.gaming.document import (
    GamingAttack,
    GamingBeginning,
    GamingClause,
    GamingDeed,
    GamingImpossible,
    GamingOfRulebook,
    GamingPerson,
    GamingRemedy,
)
from tallystick.explain.gaming.figures import Figures
from tallystick.explain.gaming.words import attack_words
from tallystick.rules.rulebook import Rulebook


class OnBehalf(Struct, frozen=True):
    """On whose behalf a score is gamed. ``subject`` of None: the name is withheld; ``scored`` of None: nobody real."""

    subject: str | None
    scored: int | None = None
    beginnings: tuple[Beginning, ...] = ()


def gaming_of(
    rulebook: Rulebook, found: Gaming, person: OnBehalf, as_of: date, value: str | None = None
) -> GamingOfRulebook:
    """Document the attacks; ``value``: of the field that the score is by."""
    figures = Figures(rulebook.score.places)
    return GamingOfRulebook(
        title=title_of(rulebook, value),
        by=by_value(rulebook, value),
        rulebook=rulebook.name,
        version=rulebook.version,
        sha256=rulebook.sha256,
        as_of=as_of,
        person=GamingPerson(
            imagined=person.scored is None,
            subject=person.subject,
            score=figures.score(found.before),
            scored=person.scored,
            beginnings=tuple(
                GamingBeginning(kind=each.kind, own=each.own, records=each.times) for each in person.beginnings
            ),
        ),
        most_actions=found.limits.actions,
        ring=found.limits.accounts,
        examples=len(rulebook.examples),
        scores_worked_out=found.runs,
        attacks=tuple(_attack(each, figures, len(rulebook.examples)) for each in found.attacks),
        idle=found.idle,
        impossible=tuple(GamingImpossible(attack=name, why=why) for name, why in found.impossible),
    )


def _attack(attack: Attack, figures: Figures, examples: int) -> GamingAttack:
    return GamingAttack(
        attack=attack.name,
        points=figures.score(attack.gain),
        without=figures.score(attack.without),
        reached=figures.score(attack.reached),
        against_plain=attack.form.plain is not None,
        most=figures.score(attack.most),
        actions=attack.actions,
        accounts=attack.accounts,
        days=attack.days,
        deeds=tuple(map(_deed, deeds_of(attack.form, attack.actions))),
        spread=attack.form.spread,
        ago=attack.form.ago,
        topics=attack.form.topics,
        safeguards_tried=attack.tried,
        remedy=None if attack.remedy is None else _remedy(attack.remedy, figures),
        words=tuple(attack_words(attack, figures, examples)),
    )


def _deed(deed: Deed) -> GamingDeed:
    fields = {name: written(value) for name, value in deed.values}
    return GamingDeed(kind=deed.kind, toward_others=deed.toward_others, fields=fields)


def _remedy(remedy: Remedy, figures: Figures) -> GamingRemedy:
    safeguard = remedy.safeguard
    return GamingRemedy(
        sort=safeguard.sort,
        name=safeguard.name,
        clauses=tuple(GamingClause(measure=measure, clause=clause) for measure, clause in safeguard.clauses),
        text=safeguard.text,
        without=figures.score(remedy.without),
        reached=figures.score(remedy.reached),
        points=figures.score(remedy.gain),
        most=figures.score(remedy.most),
        examples_changed=remedy.examples,
    )
