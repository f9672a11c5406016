"""Takes an attack that was found; gives the sentences that say what it is, what it brings and what would stop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.engine.gaming.attacks import AttackName, Deed, deeds_of
from tallystick.engine.gaming.gaming import Attack, Lacking
from tallystick.engine.gaming.remedies import Remedy
from tallystick.explain.gaming.figures import Figures
from tallystick.explain.plain import counted, points

TITLES: dict[AttackName, str] = {
    "self": "Doing it oneself",
    "friend": "One tireless friend",
    "ring": "A ring of accounts",
    "favours": "Returned favours",
    "burst": "A bought burst",
    "topics": "Many small topics",
    "waiting": "Waiting for the as-of day",
}
LACKING: dict[Lacking, str] = {
    "no records": "the rulebook reads no records",
    "no points": "no rule gives points",
    "no actor": "records do not say who did it",
    "no topic": "records do not say what they are about",
}


def attack_words(attack: Attack, figures: Figures, examples: int) -> Iterator[str]:
    """Say what an attack is and what it gains; then what would have stopped it."""
    yield f"{_what(attack)}{_where(attack)}."
    gain = points(figures.score(attack.gain))
    most = points(figures.score(attack.most))
    without = _plain(attack.name) if attack.form.plain is not None else "without it"
    yield (
        f"It brings {gain}: {figures.score(attack.without)} {without}, {figures.score(attack.reached)} with it. "
        f"The most that any form of it brings is {most}."
    )
    if attack.remedy is None:
        yield f"None of {counted(f'{attack.tried:,}', 'declaration', 'declarations')} that were tried takes half of it."
    else:
        yield from _remedy(attack.remedy, figures, examples)


def _what(attack: Attack) -> str:
    """Say who does what how often."""
    actions = counted(f"{attack.actions:,}", "action", "actions")
    kinds = _kinds(deeds_of(attack.form, attack.actions))
    others = f"{attack.accounts:,}"
    match attack.name:
        case "self":
            toward = ", toward others" if any(each.toward_others for each in attack.form.deeds) else ""
            return f"{actions}{kinds} by the person{toward}"
        case "friend":
            return f"{actions}{kinds} by one other account"
        case "ring":
            return f"{actions}{kinds} by {counted(others, 'account', 'accounts')} in turn"
        case "favours":
            with_them = counted(others, "account", "accounts")
            return f"{actions}{kinds} between the person and {with_them}, who each return what is done to them"
        case "burst":
            by = f" by {counted(others, 'account', 'accounts')}" if attack.accounts else ""
            return f"{actions}{kinds}{by}, all on one day"
        case "topics" | "waiting":
            return f"{actions}{kinds} by {counted(others, 'account', 'accounts')}"
        case _:
            assert_never(attack.name)


def _kinds(deeds: tuple[Deed, ...]) -> str:
    names = dict.fromkeys(f"`{each.kind}`" for each in deeds if each.kind is not None)
    fixed = {name: value for each in deeds for name, value in each.values if value is not None}
    told = [", ".join(names) + (" in turn" if len(names) > 1 else "")] if names else []
    told += [f"`{name}` {_value(value)}" for name, value in fixed.items()]
    return f" ({'; '.join(told)})" if told else ""


def _value(value: object) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case _:
            return str(value)


def _where(attack: Attack) -> str:
    """Say on which days, and about what."""
    days = counted(f"{attack.days:,}", "day", "days")
    day = f", {attack.form.ago} days before the as-of day" if attack.form.ago else ""
    spread = "" if attack.name in {"burst", "waiting"} else f", on {days}"
    about = {"one": ", about one thing", "another": "", "square": ", as many about each thing as there are things"}
    each = ", each about something else" if attack.name == "topics" and attack.form.topics == "another" else ""
    return f"{day}{spread}{about[attack.form.topics]}{each}"


def _plain(name: AttackName) -> str:
    match name:
        case "waiting":
            return "with the same actions spread over the year before"
        case _:
            return "with the same actions about one thing"


def _remedy(remedy: Remedy, figures: Figures, examples: int) -> Iterator[str]:
    gain, most = points(figures.score(remedy.gain)), points(figures.score(remedy.most))
    yield (
        f"{_how(remedy)} Then the same actions bring {gain} ({figures.score(remedy.without)} and "
        f"{figures.score(remedy.reached)}), and no form of it that was tried brings more than {most}."
    )
    if examples:
        yield f"Examples of the rulebook that come out otherwise: {remedy.examples:,} of {examples:,}."


def _how(remedy: Remedy) -> str:
    safeguard = remedy.safeguard
    did = "would have stopped it" if remedy.gain <= 0 and remedy.most <= 0 else "would have taken half of it or more"
    if not safeguard.clauses:
        return f"`{safeguard.name}` {did}."
    measures: dict[str, list[str]] = {}
    for measure, clause in safeguard.clauses:
        measures.setdefault(clause, []).append(f"`{measure}`")
    told = " and ".join(f"`{clause}` in {', '.join(names)}" for clause, names in measures.items())
    return f"{told} {did}."
