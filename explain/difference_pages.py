"""Takes a difference between two rulebooks; gives it as plain text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain.difference import SCOPES, DocumentedChange, PointsReach, RulebookDifference
from tallystick.explain.difference_words import reach_sentence
from tallystick.explain.harmless import harmless, markdown_text
from tallystick.rules.change import Reach


def difference_text(found: RulebookDifference) -> str:
    """Write a difference for a terminal: what changed, grouped by what it reaches first."""
    lines = [f"{_version(found)}", ""]
    if found.same:
        lines += ["Nothing is different in meaning."]
    for scope, changes in _groups(found):
        lines += [f"{scope}:"]
        for change in changes:
            lines += [f"  - {change.sentence}{_where(change)}"]
            lines += [f"      {each}" for each in change.effects]
            if change.form == "reordered":
                lines += [f"      was: {change.old}", f"      now: {change.new}"]
        lines += [""]
    lines += [*_together(found)]
    return "\n".join(map(harmless, lines)).rstrip("\n") + "\n"


def difference_markdown(found: RulebookDifference) -> str:
    """Write a difference as Markdown: the sentences, and old and new side by side in a table."""
    lines = [f"# {_escaped(_version(found))}", ""]
    if found.same:
        lines += ["Nothing is different in meaning.", ""]
    for scope, changes in _groups(found):
        lines += [f"## {scope.capitalize()}", ""]
        for change in changes:
            lines += [f"- {_escaped(change.sentence)}"]
            lines += [f"  {_escaped(each)}" for each in change.effects]
        beside = [change for change in changes if change.old is not None and change.new is not None]
        if beside:
            lines += ["", "| | old | new |", "|---|---|---|"]
            lines += [f"| {_cell(f'{c.name} {c.part}'.strip())} | {_cell(c.old)} | {_cell(c.new)} |" for c in beside]
        lines += [""]
    lines += [_escaped(each) for each in _together(found)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _version(found: RulebookDifference) -> str:
    old, new = found.old, found.new
    if old.rulebook == new.rulebook:
        return f"{new.rulebook}: {old.version} and {new.version}"
    return f"{old.rulebook} {old.version} and {new.rulebook} {new.version}"


def _groups(found: RulebookDifference) -> Iterator[tuple[str, list[DocumentedChange]]]:
    for scope in SCOPES:
        changes = [change for change in found.changes if change.scope == scope]
        if changes:
            yield scope, changes


def _where(change: DocumentedChange) -> str:
    if change.new_line is not None:
        return f" (line {change.new_line})"
    return "" if change.old_line is None else f" (line {change.old_line} of the old version)"


def _together(found: RulebookDifference) -> list[str]:
    """Say what all rules can give, if that is different; words that are true for every person."""
    if found.old_points == found.new_points:
        return []
    return [reach_sentence(_reach(found.old_points), _reach(found.new_points))]


def _reach(points: PointsReach) -> Reach:
    return Reach(
        None if points.least is None else Decimal(points.least),
        None if points.most is None else Decimal(points.most),
    )


def _escaped(sentence: str) -> str:
    """Keep the author's words from being read as Markdown or HTML; backticks are ours and come in pairs."""
    parts = sentence.split("`")
    shown = [harmless(part) if place % 2 else _between(part) for place, part in enumerate(parts)]
    return "`".join(shown)


def _between(text: str) -> str:
    """Escape a stretch between two texts in backticks, with the blanks at its ends."""
    bare = text.strip(" ")
    return text if not bare else text.replace(bare, markdown_text(bare), 1)


def _cell(text: str | None) -> str:
    plain = harmless(text or "").replace("`", "'").replace("|", "\\|")
    return f"`{plain}`" if plain else ""
