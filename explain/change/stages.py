"""Takes the terms of an account; gives what each of its stages is: a step, or an edit of the rules in words."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.between import Between, Stage
from tallystick.explain.change.document import ChangedDeclaration, ChangeStage, DatedChange, RuleEdit
from tallystick.explain.change.terms import Terms
from tallystick.explain.difference.words import sentence
from tallystick.rules.diff.aspects import aspects_together
from tallystick.rules.diff.edits import Edit
from tallystick.rules.epochs import on_day, value_on
from tallystick.rules.rulebook import Kind
from tallystick.rules.translation import Address, texts_of
from tallystick.rules.value import DurationType


def stages_of(terms: Terms) -> tuple[ChangeStage, ...]:
    """Return all stages, numbered from 1."""
    return tuple(_stage(terms, number, stage) for number, stage in enumerate(terms.between.stages, start=1))


def _stage(terms: Terms, number: int, stage: Stage) -> ChangeStage:
    edit = None if stage.edit is None else _rule_edit(terms, terms.edits[number], stage.edit)
    dated = tuple(_dated(terms.between)) if stage.step == "dated values" else ()
    return ChangeStage(stage=number, step=stage.step, as_of=stage.as_of, edit=edit, unread=stage.unread, dated=dated)


def _dated(between: Between) -> Iterator[DatedChange]:
    """Give the parameters to which the earlier rulebook gives another value on the later day."""
    former, then, now = between.edits.former, between.before.as_of, between.after.as_of
    pairs = zip(on_day(former, then).parameters, on_day(former, now).parameters, strict=True)
    for before, after in pairs:
        came = value_on(after, max(then, now))
        if came is None or value_on(after, then) == value_on(after, now):
            continue
        yield DatedChange(
            name=after.name,
            title=after.title,
            unit="duration" if isinstance(after.value.expr.type, DurationType) else "number",
            before=text_of(before.value.value),
            after=text_of(after.value.value),
            since=came.start,
            because=came.because if now > then else None,
        )


def _rule_edit(terms: Terms, name: str, edit: Edit) -> RuleEdit:
    between = terms.between
    return RuleEdit(
        name=name,
        declaration=ChangedDeclaration(kind=edit.kind, name=edit.name),
        together=tuple(ChangedDeclaration(kind=kind, name=each) for kind, each in edit.together),
        title=_title_of(terms, edit),
        aspects=aspects_together(edit.changes, between.before.rulebook, between.after.rulebook),
        sentences=tuple(sentence(change) for change in edit.changes if change.scope != "words only"),
        not_alone=edit.not_alone,
    )


def _title_of(terms: Terms, edit: Edit) -> str | None:
    """Return an edit's title as it is read elsewhere: a declaration has it from one of the rulebooks."""
    if edit.title is None:
        return None
    address = _address(edit.kind, edit.name)
    for book in (terms.between.after.rulebook, terms.between.edits.former):
        if texts_of(book).get(address) == edit.title:
            return texts_of(terms.worded(book))[address]
    return edit.title


def _address(kind: Kind, name: str) -> Address:
    """Return where the title of a declaration stands among a rulebook's texts."""
    match kind:
        case "field":
            return ("record", name, "title")
        case "attribute":
            return ("subject", name, "title")
        case "measure":
            return ("measure", name, "plural")
        case "score":
            return ("score", "title")
        case _:
            return (kind, name, "title")
