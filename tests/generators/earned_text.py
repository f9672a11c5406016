"""Takes a made-up rulebook as far as it is written; adds measures that read what their records' actors earned."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from generators.expression_text import Name, chance, literal

if TYPE_CHECKING:
    from generators.rulebook_text import Draft

_HOW = ("sum", "sum", "sum", "sum by kind", "count", "distinct", "average", "highest", "lowest", "latest")


def earned_measures(draft: Draft, rng: Random) -> None:
    """Add up to three, each of which may read those before it."""
    if draft.field("actor") is None or not draft.measures or not chance(rng, 0.2):
        return
    for place in range(rng.choice([1, 1, 2, 3])):
        _add(draft, rng, f"e{place}")


def _add(draft: Draft, rng: Random, name: str) -> None:
    how = rng.choice(_HOW)
    kinds = ", ".join(rng.sample(draft.kinds, rng.randint(1, len(draft.kinds))))
    kinds += " given" if how != "sum by kind" and chance(rng, 0.15) else ""
    lines = [f'measure {name} "thing" / "things"']
    match how:
        case "count":
            lines.append(f"count {kinds}")
        case "distinct":
            lines.append(f"distinct kind of {kinds}")
        case "sum by kind":
            lines += ["sum by kind", *(f"    {kind}: {_value(draft, rng)}" for kind in draft.kinds)]
        case _:
            lines.append(f"{how} {_value(draft, rng)} of {kinds}")
    if how in {"count", "distinct"} or chance(rng, 0.3):
        lines.append(f"when {_test(draft, rng)}")
    if chance(rng, 0.3):
        lines.append(f"within {rng.choice(['7 days', '90 days'])}")
    actor = draft.field("actor")
    if how == "count" and actor is not None and not actor.optional and chance(rng, 0.4):
        lines.append(rng.choice(["diluted per actor per day", "keep at most 1 per actor"]))
    if how in {"sum", "sum by kind", "count", "distinct"} and chance(rng, 0.3):
        lines.append("halving every 30 days")
    draft.add(*lines)
    draft.measures.append(Name(name, "number", optional=how in {"average", "highest", "lowest", "latest"}))


def _earned(draft: Draft, rng: Random) -> str:
    """Write a measure of the actor's, with something for where it is missing."""
    of, actor = rng.choice(draft.measures[-3:]), draft.field("actor")
    lacks = of.optional or bool(draft.attributes) or (actor is not None and actor.optional)
    return f"(actor.{of.text} or else {literal(rng)})" if lacks else f"actor.{of.text}"


def _value(draft: Draft, rng: Random) -> str:
    held = f"max(min({_earned(draft, rng)}, {rng.choice(['1', '2.5', '0.333333333'])}), {rng.choice(['0', '-1.5'])})"
    return rng.choice([held, held, f"2 - {held}", f"{held} * 0.7", f"(if {_test(draft, rng)} then 1 else {held})"])


def _test(draft: Draft, rng: Random) -> str:
    return f"{_earned(draft, rng)} {rng.choice(['>=', '>', '<'])} {literal(rng)}"
