"""Takes a difference between two rulebooks; gives it as a page for people, and that as text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain import markdown, text
from tallystick.explain.difference.difference import SCOPES, DocumentedChange, PointsReach, RulebookDifference
from tallystick.explain.difference.moved_pages import moved_sections, moved_summary
from tallystick.explain.difference.words import aspect_sentences, reach_sentence
from tallystick.explain.html import html
from tallystick.explain.page import Block, Grid, Items, Marked, Page, Paragraph, Section
from tallystick.explain.plain import counted
from tallystick.rules.diff.change import Scope
from tallystick.rules.questions.reach import Reach

_HEADINGS: dict[Scope, str] = {
    "the whole score": "The whole score",
    "bands": "Bands",
    "facet": "Facets",
    "rule": "Rules",
    "measure": "Measures",
    "parameter": "Parameters",
    "what counts": "What counts",
    "who is scored": "Who is scored",
    "what is read": "What is read",
    "who may see": "Who may see",
    "words only": "Words only",
    "promises": "Promises",
    "examples": "Examples",
}

_FOLDED: frozenset[Scope] = frozenset({"words only", "promises", "examples"})
"""What changes no score is shown when asked for."""


def difference_text(found: RulebookDifference) -> str:
    """Write a difference for a terminal: what changed, grouped by what it reaches first."""
    return text.draw(difference_page(found, beside=False))


def difference_markdown(found: RulebookDifference) -> str:
    """Write a difference as Markdown: what is short first, and what is long folded away."""
    return markdown.draw(difference_page(found))


def difference_html(found: RulebookDifference) -> str:
    """Write a difference as one self-contained HTML file."""
    return html(difference_page(found))


def difference_page(found: RulebookDifference, *, beside: bool = True) -> Page:
    """Make the page. ``beside``: with old and new side by side, which a terminal has no room for."""
    moved = () if found.moved is None else tuple(moved_sections(found.moved))
    return Page(
        _title(found),
        (
            Section("", tuple(_summary(found))),
            *(
                Section(_HEADINGS[scope], tuple(_changes(scope, changes, beside=beside)), folded=scope in _FOLDED)
                for scope, changes in _groups(found)
            ),
            *moved,
        ),
    )


def _title(found: RulebookDifference) -> str:
    old, new = found.old, found.new
    if old.rulebook == new.rulebook:
        return f"{new.rulebook}: {old.version} and {new.version}"
    return f"{old.rulebook} {old.version} and {new.rulebook} {new.version}"


def _summary(found: RulebookDifference) -> Iterator[Block]:
    yield Paragraph(_counted(found))
    concerned = aspect_sentences((each.kind, each.name, each.aspects) for each in found.changes)
    if concerned:
        yield Items(tuple(map(Marked, concerned)))
    if found.deserves.sentence is not None:
        yield Paragraph(Marked(found.deserves.sentence))
    if found.moved is not None:
        yield from moved_summary(found.moved)
    if found.old_points != found.new_points:
        yield Paragraph(reach_sentence(_reach(found.old_points), _reach(found.new_points)))


def _counted(found: RulebookDifference) -> str:
    """Say how much is different, and where."""
    meant = [each for each in found.changes if each.scope not in _FOLDED]
    others = len(found.changes) - len(meant)
    besides = counted(str(others), "change", "changes")
    if not found.changes:
        return "Nothing is different in meaning."
    if not meant:
        return (
            f"Nothing is different in meaning; there {'is' if others == 1 else 'are'} {besides} of words or examples."
        )
    scopes = ", ".join(_HEADINGS[scope].lower() for scope, _ in _groups(found) if scope not in _FOLDED)
    ends = f", and {besides} of words or examples" if others else ""
    return f"{counted(str(len(meant)), 'change', 'changes')} in meaning ({scopes}){ends}."


def _groups(found: RulebookDifference) -> Iterator[tuple[Scope, list[DocumentedChange]]]:
    for scope in SCOPES:
        changes = [change for change in found.changes if change.scope == scope]
        if changes:
            yield scope, changes


def _changes(scope: Scope, changes: list[DocumentedChange], *, beside: bool) -> Iterator[Block]:
    told: set[tuple[str, str, str]] = set()
    yield Items(tuple(Marked(f"{_said(change, told)}{_where(change)}") for change in changes))
    both = [change for change in changes if change.old is not None and change.new is not None]
    if beside and both and scope != "examples":
        yield Grid(("", "old", "new"), tuple((_what(each), _code(each.old), _code(each.new)) for each in both))


def _said(change: DocumentedChange, told: set[tuple[str, str, str]]) -> str:
    """Say a change and what follows from it; what follows from several changes of a declaration only once."""
    effects = [each for each in change.effects if (change.kind, change.name, each) not in told]
    told.update((change.kind, change.name, each) for each in effects)
    orders = () if change.form != "reordered" else (f"Before: {change.old}. Now: {change.new}.",)
    return " ".join((change.sentence, *effects, *orders)).replace("``", "` `")


def _where(change: DocumentedChange) -> str:
    if change.new_line is not None:
        return f" (line {change.new_line})"
    return "" if change.old_line is None else f" (line {change.old_line} of the old version)"


def _what(change: DocumentedChange) -> str:
    return " ".join(each for each in (change.kind, change.name, change.part) if each not in {"", "rulebook", "score"})


def _code(written: str | None) -> Marked:
    plain = (written or "").replace("`", "'")
    return Marked(f"`{plain}`" if plain else "")


def _reach(points: PointsReach) -> Reach:
    return Reach(
        None if points.least is None else Decimal(points.least),
        None if points.most is None else Decimal(points.most),
    )
