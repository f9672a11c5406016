"""Takes the example rulebooks; writes the tables of ``docs/gaming.md``: each rulebook's attacks, and those that are
left when the declaration found against the worst of them is put in."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from tallystick.engine.arithmetic import text_of
from tallystick.engine.gaming.gaming import Attack, Gaming, Limits, gaming
from tallystick.engine.gaming.newcomer import newcomer
from tallystick.explain.gaming.words import LACKING, TITLES
from tallystick.rules.load import load
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.variants.safeguards import Safeguard

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "gaming.md"
RULEBOOKS = (
    "community/community.tally",
    "maintainers/maintainers.tally",
    "trust/trust.tally",
    "gallery/stack_exchange/stack_exchange.tally",
    "gallery/h_index/h_index.tally",
    "gallery/kred/kred_influence.tally",
    "gallery/kred/kred_outreach.tally",
    "gallery/klout_like/klout_like.tally",
    "gallery/net_promoter/net_promoter.tally",
    "gallery/wilson/wilson.tally",
)
"""The example rulebooks on which attacks are tried; a test says which others read records, and why not here."""
QUICK = ("gallery/wilson/wilson.tally",)
"""Those of which ``make test`` holds the tables against the page; ``make test-all`` does so for all."""
MADE = re.compile(r"<!-- attacks on (\S+) -->\n(.*?)<!-- end -->", re.DOTALL)


def tables(path: str) -> str:
    """Return what stands on the page about one rulebook."""
    rulebook = load(ROOT / "examples" / path)
    found = _attacks(rulebook)
    stopped = next((each.remedy for each in found.attacks if each.remedy is not None), None)
    lines = [*_before(rulebook, found), ""]
    if stopped is not None:
        after = _attacks(stopped.safeguard.rulebook)
        what = "these measures in place of those of their names" if stopped.safeguard.clauses else "this declaration"
        lines += [f"With {what}, against the worst of them for which there is one:", ""]
        lines += ["```text", stopped.safeguard.text.rstrip("\n"), "```", "", *_after(rulebook, found, after), ""]
    return "\n".join(("", *lines))


def _measures(safeguard: Safeguard) -> str:
    names = [f"`{name}`" for name, _ in safeguard.clauses]
    return f" in {', '.join(names)}" if names else ""


def _attacks(rulebook: Rulebook) -> Gaming:
    whole = load(rulebook.source.name)  # one with a safeguard has lost its examples
    person = newcomer(rulebook, max(each.as_of for each in whole.examples))
    return gaming(person.ground, Limits(), person.under, spared=person.kinds)


def _before(rulebook: Rulebook, found: Gaming) -> Iterator[str]:
    yield "| attack | points | actions | accounts | what takes half or more | the same then | the most then |"
    yield "|---|---:|---:|---:|---|---:|---:|"
    for each in found.attacks:
        remedy = each.remedy
        then = (
            f"`{remedy.safeguard.name}`{_measures(remedy.safeguard)} | "
            f"{_points(rulebook, remedy.gain)} | {_points(rulebook, remedy.most)}"
            if remedy is not None
            else f"none of {each.tried} tried | | "
        )
        yield f"{_row(rulebook, each)} | {then} |"
    yield from (f"| {TITLES[name]} | nothing | | | | | |" for name in found.idle)
    yield from (f"| {TITLES[name]} | cannot be tried: {LACKING[why]} | | | | | |" for name, why in found.impossible)


def _after(rulebook: Rulebook, before: Gaming, after: Gaming) -> Iterator[str]:
    yield "| attack | points before | points | actions | accounts |"
    yield "|---|---:|---:|---:|---:|"
    once = {each.name: each for each in before.attacks}
    for each in after.attacks:
        was = _points(rulebook, once[each.name].gain) if each.name in once else "nothing"
        figures = f"{_points(rulebook, each.gain)} | {each.actions} | {each.accounts}"
        yield f"| {TITLES[each.name]} | {was} | {figures} |"
    for name in after.idle:
        was = _points(rulebook, once[name].gain) if name in once else "nothing"
        yield f"| {TITLES[name]} | {was} | nothing | | |"


def _row(rulebook: Rulebook, each: Attack) -> str:
    return f"| {TITLES[each.name]} | {_points(rulebook, each.gain)} | {each.actions} | {each.accounts}"


def _points(rulebook: Rulebook, value: Decimal) -> str:
    return text_of(value, rulebook.score.places)


def page(text: str) -> str:
    """Return the page with every table made anew."""
    return MADE.sub(lambda match: f"<!-- attacks on {match[1]} -->\n{tables(match[1])}<!-- end -->", text)


def main() -> None:
    """Write the page anew."""
    ArgumentParser(description=__doc__).parse_args()
    text = PAGE.read_text(encoding="utf-8")
    if {match[1] for match in MADE.finditer(text)} != set(RULEBOOKS):
        sys.exit(f"{PAGE.name} does not have a table for each of the rulebooks")
    PAGE.write_text(page(text), encoding="utf-8")


if __name__ == "__main__":
    main()
