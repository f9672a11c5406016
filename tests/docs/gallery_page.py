"""Takes the rulebooks of the gallery and the figures that were published; writes ``docs/gallery.md``."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from tallystick.engine.arithmetic import text_of
from tallystick.engine.examples import run_examples
from tallystick.engine.ledger import Run
from tallystick.explain import explain
from tallystick.rules.load import load

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "examples" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
HEAD = """# The gallery: scores that people know, as rulebooks

Scores whose rules were published, written in the language of Tallystick, with every figure that a source gives or
that follows from its rules. Each is a folder of [`examples/gallery`](../examples/gallery): the rulebook, made-up
records, its sources, and what it leaves out. `tally test` runs the figures; this page is made from them, and a test
compares it.

"Published" is a figure that a source prints; "worked out" one that we derived from rules or code that the source
prints. Where ours is another, both stand here, with the reason.

What different rulebooks make of the same people: [one community](../examples/gallery/one_community/README.md) has
one file of records, scored in the way of three of these.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a source, and the example in which a rulebook is to reproduce it.

    ``rule`` names a line, empty for the score; with ``codes`` it is the reason codes of what held the score back, with
    ``band`` the band, with ``above`` whether the score is higher than that person's.
    ``reason`` says why ours is another, empty where it is the same.
    """

    system: str
    rulebook: str
    example: str
    subject: str
    published: str
    how: str
    source: str
    rule: str = ""
    codes: bool = False
    band: bool = False
    above: str = ""
    reason: str = ""

    @property
    def in_words(self) -> bool:
        """Whether what was published is no number."""
        return self.codes or self.band or self.above != ""

    def same_as(self, ours: str) -> bool:
        """Tell whether what came is what was published, however many zeros stand behind it."""
        return self.published == ours if self.in_words else Decimal(self.published) == Decimal(ours)


def figures() -> tuple[Figure, ...]:
    """Return what the sources say, in the order of the file."""
    content = tomllib.loads((GALLERY / "figures.toml").read_text(encoding="utf-8"))
    return tuple(Figure(**each) for each in content["figure"])


def reproduced(figure: Figure, runs: dict[tuple[str, str], Run]) -> str:
    """Return what the rulebook gives: the score of the example's person, one line of it, or its reason codes."""
    run = runs[figure.rulebook, figure.example]
    if figure.codes:
        reasons = explain(run, figure.subject).principal_reasons
        return ", ".join(each.code for each in reasons if each.direction == "down")
    ledger = run.subject(figure.subject)
    if ledger is None or ledger.score.score is None:
        message = f"{figure.rulebook}: {figure.subject} has no score in the example {figure.example}"
        raise LookupError(message)
    if figure.above:
        other = run.subject(figure.above)
        than = None if other is None else other.score.score
        return "above" if than is not None and ledger.score.score > than else "not above"
    if figure.band:
        return ledger.score.band or "none"
    if not figure.rule:
        return text_of(ledger.score.score, run.rulebook.score.places)
    (points,) = [line.points for line in ledger.lines if line.rule == figure.rule and line.points is not None]
    return text_of(points, run.rulebook.score.line_places)


def runs_of(rulebooks: set[str]) -> dict[tuple[str, str], Run]:
    """Run every example of the rulebooks."""
    return {
        (rulebook, result.example.title): result.runs[None]
        for rulebook in sorted(rulebooks)
        for result in run_examples(load(GALLERY / rulebook))
    }


def page() -> str:
    """Return the page: a table for each system."""
    every = figures()
    runs = runs_of({each.rulebook for each in every})
    parts = [HEAD]
    for system, of_it in groupby(every, key=lambda each: each.system):
        rows = tuple(of_it)
        version = load(GALLERY / rows[0].rulebook).version
        link = f"../examples/gallery/{rows[0].rulebook}"
        readme = f"../examples/gallery/{Path(rows[0].rulebook).parent}/README.md"
        parts += [
            f"## {system}",
            "",
            f"[{Path(link).name}]({link}), version {version}; [its page]({readme}).",
            "",
            "| example | of the source | ours | |",
            "|---|---:|---:|---|",
            *(_row(each, reproduced(each, runs)) for each in rows),
            "",
        ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _row(figure: Figure, ours: str) -> str:
    same = figure.same_as(ours)
    what = figure.example if figure.subject in figure.example else f"{figure.example} ({figure.subject})"
    part = ", reason codes" if figure.codes else ", band" if figure.band else ""
    part = f", than {figure.above}" if figure.above else part
    line = f", line `{figure.rule}`" if figure.rule else part
    told = f"{figure.how}: {figure.source}"
    if same == bool(figure.reason):
        message = f"{figure.rulebook}, {figure.example}: {figure.published} is published and {ours} came"
        raise ValueError(message)
    shown = ours if same else f"**{ours}**"
    return (
        f"| {what}{line} | {figure.published} | {shown} | {told}{'' if same else f'. **Another**: {figure.reason}'} |"
    )


def main() -> None:
    """Write the page."""
    ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
