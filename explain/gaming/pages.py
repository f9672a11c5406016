"""Takes the document that says how a score can be gamed; gives it as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.gaming.document import GamingAttack, GamingBeginning, GamingOfRulebook, GamingPerson
from tallystick.explain.gaming.words import LACKING, TITLES
from tallystick.explain.harmless import visible
from tallystick.explain.page import Block, Code, Grid, Items, Marked, Page, Paragraph, Section
from tallystick.explain.plain import counted, quoted


def gaming_page(found: GamingOfRulebook) -> Page:
    """Make the page."""
    attacks = tuple(Section(TITLES[each.attack], tuple(_attack(each))) for each in found.attacks)
    sections = (
        Section("", tuple(_summary(found))),
        *attacks,
        Section("How it was found", tuple(_method(found))),
    )
    return Page(f"{found.title}: how it can be gamed", sections)


def _summary(found: GamingOfRulebook) -> Iterator[Block]:
    about = (
        f"{quoted(found.rulebook)} {found.version}, as of {found.as_of.isoformat()}, for {_person(found.person)}. "
        f"Without any attack the score is {found.person.score}."
    )
    yield Paragraph(_marked(about))
    if found.attacks:
        yield Grid(
            ("attack", "points", "actions", "accounts", "takes half or more", "points then"),
            tuple(map(_row, found.attacks)),
            figures=True,
        )
    whys = {each.why for each in found.impossible}
    if "no records" in whys:
        yield Paragraph("The rulebook reads no records, so there is nothing that somebody could do to gain by it.")
        return
    if "no points" in whys:
        yield Paragraph("No rule gives points, so there are none to gain; what attacks do to a band is not looked at.")
        return
    notes = [f"{TITLES[each]}: gains nothing." for each in found.idle]
    notes += [f"{TITLES[each.attack]}: cannot be tried, since {LACKING[each.why]}." for each in found.impossible]
    if notes:
        yield Items(tuple(notes))


def _row(attack: GamingAttack) -> tuple[str, ...]:
    title, remedy = TITLES[attack.attack], attack.remedy
    figures = (attack.points, f"{attack.actions:,}", f"{attack.accounts:,}")
    return (title, *figures, *(("nothing tried", "-") if remedy is None else (remedy.name, remedy.points)))


def _person(person: GamingPerson) -> str:
    if not person.imagined:
        name = "" if person.subject is None else f" (`{visible(person.subject)}`)"
        people = counted(f"{person.scored or 0:,}", "person", "people")
        return f"whoever has the median score of {people}{name}"
    begun = ", ".join(map(_beginning, person.beginnings))
    return f"an imagined newcomer with {begun or 'no records'}"


def _beginning(each: GamingBeginning) -> str:
    what = "" if each.kind is None else f" of `{each.kind}`"
    return f"{counted(f'{each.records:,}', 'record', 'records')}{what} {'of their own' if each.own else 'by others'}"


def _attack(attack: GamingAttack) -> Iterator[Block]:
    yield Items(tuple(map(_marked, attack.words)))
    if attack.remedy is not None:
        yield Code(attack.remedy.text.rstrip("\n"))


def _marked(text: str) -> str:
    """Mark a text in which backticks come in pairs; a name or a value from elsewhere may have one of its own."""
    return Marked(text) if text.count("`") % 2 == 0 else text


def _method(found: GamingOfRulebook) -> Iterator[Block]:
    actions = counted(f"{found.most_actions:,}", "action", "actions")
    limits = (
        f"An attack has up to {actions}, and a ring up to {counted(f'{found.ring:,}', 'account', 'accounts')}. Shown "
        "is the cheapest: the fewest actions that bring nine tenths of the most that was found. Accounts are those "
        "beside the person's own."
    )
    remedies = (
        "A declaration is shown only if it was put into the rulebook, checked and tried: it takes at least half of "
        "what the attack brings, and at least half of the most that any form of it brings. Of several, it is the one "
        "under which the fewest examples come out otherwise."
    )
    figures = (
        f"Each figure is one of {counted(f'{found.scores_worked_out:,}', 'score', 'scores')} that were worked out, or "
        "the difference of two. Forms and declarations that were not tried may do more."
    )
    yield Items((limits, remedies, figures))
