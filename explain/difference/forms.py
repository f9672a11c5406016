"""Takes a change of a part of a rulebook; gives the forms of words for it: the part is another, it came, it went."""

from __future__ import annotations

from datetime import date

from tallystick.explain.tongue import Phrase, day, phrase
from tallystick.rules.diff.change import Change
from tallystick.rules.rulebook import Kind

Forms = tuple[Phrase, Phrase, Phrase]
"""What is said when a part changed, came and went, with ``{old}`` and ``{new}`` where their texts stand."""

_SAID: Forms = (phrase("says {new} instead of {old}"), phrase("says {new}"), phrase("does not say {old} any more"))

_CHANGED: dict[tuple[Kind, str], Forms] = {
    # What is said when a part changed, came, and went.
    ("rule", "weight"): (
        phrase("weighs {new} instead of {old}"),
        phrase("weighs {new}"),
        phrase("has no weight any more"),
    ),
    ("rule", "level"): (
        phrase("looks at {new} instead of {old}"),
        phrase("looks at {new}"),
        phrase("looks at nothing"),
    ),
    ("rule", "shape of the level"): (
        phrase("turns its value into a level {new} instead of {old}"),
        phrase("turns its value into a level {new}; before, the value itself was the level"),
        phrase("takes its value itself as the level; before, {old}"),
    ),
    ("rule", "points"): (
        phrase("gives {new} points instead of {old}"),
        phrase("gives {new} points"),
        phrase("gives no points"),
    ),
    ("rule", "points by"): (
        phrase("goes by {new} instead of {old}"),
        phrase("goes by {new}"),
        phrase("goes by nothing"),
    ),
    ("rule", "how points are worked out"): (
        phrase("works out its points in another way: {new} instead of {old}"),
        phrase("works out points: {new}"),
        phrase("works out no points: {old}"),
    ),
    ("rule", "facet"): (
        phrase("belongs to facet {new} instead of {old}"),
        phrase("belongs to facet {new}"),
        phrase("belongs to no facet"),
    ),
    ("rule", "when"): (
        phrase("applies when {new} instead of when {old}"),
        phrase("applies only when {new}; before, always"),
        phrase("applies always; before, only when {old}"),
    ),
    ("rule", "otherwise"): (
        phrase("gives {new} instead of {old} where it does not apply or a value is missing"),
        phrase("gives {new} where it does not apply or a value is missing"),
        phrase("gives nothing where it does not apply or a value is missing; before, {old}"),
    ),
    ("rule", "words of otherwise"): _SAID,
    ("rule", "say"): _SAID,
    ("rule", "for"): (
        phrase("says that it rests on {new} instead of {old}"),
        phrase("says that it rests on {new}"),
        phrase("no longer says that it rests on {old}"),
    ),
    ("rule", "baseline"): (
        phrase("is compared with {new} points instead of {old} to tell what held a score back"),
        phrase("is compared with {new} points to tell what held a score back; before, with the most that it can give"),
        phrase("is compared with the most that it can give to tell what held a score back; before, with {old} points"),
    ),
    ("measure", "counting"): (phrase("is {new} instead of {old}"), phrase("is {new}"), phrase("is nothing")),
    ("measure", "when"): (
        phrase("has the condition {new} instead of {old}"),
        phrase("has the condition {new}; before, it had none"),
        phrase("has no condition any more; before, {old}"),
    ),
    ("measure", "within"): (
        phrase("looks back {new} instead of {old}"),
        phrase("looks back only {new}; before, over all time"),
        phrase("looks back over all time; before, only {old}"),
    ),
    ("measure", "diluted"): (
        phrase("is diluted {new} instead of {old}"),
        phrase("is diluted {new}: the more its giver gave that day, the less each counts; before, it was not"),
        phrase("is not diluted any more"),
    ),
    ("measure", "keep"): (
        phrase("keeps {new} instead of {old}"),
        phrase("keeps only {new}; before, all"),
        phrase("keeps all; before, only {old}"),
    ),
    ("measure", "total"): (
        phrase("takes in {new} instead of {old}"),
        phrase("takes in only {new}; before, without limit"),
        phrase("takes in all; before, only {old}"),
    ),
    ("measure", "halving every"): (
        phrase("halves every {new} instead of every {old}"),
        phrase("halves every {new}; before, it did not fade"),
        phrase("does not fade any more; before, it halved every {old}"),
    ),
    ("measure", "halving except"): (
        phrase("does not fade during {new} instead of {old}"),
        phrase("does not fade during {new} any more; before, it faded then, too"),
        phrase("fades during {old}, too; before, it did not"),
    ),
    ("parameter", "="): (phrase("is {new} instead of {old}"), phrase("is {new}"), phrase("is nothing")),
    ("require", "when"): (
        phrase("asks for {new} instead of {old}"),
        phrase("asks for {new}"),
        phrase("asks for nothing"),
    ),
    ("require", "words"): (
        phrase("tells who fails it {new} instead of {old}"),
        phrase("tells who fails it {new}"),
        phrase("tells who fails it nothing; before, {old}"),
    ),
    ("require", "otherwise"): (
        phrase("gives who fails it {new} instead of {old}"),
        phrase("gives who fails it {new}"),
        phrase("gives who fails it nothing"),
    ),
    ("exclude", "when"): (
        phrase("takes records with {new} instead of {old}"),
        phrase("takes only records with {new}; before, it had no such condition"),
        phrase("has no condition any more; before, {old}"),
    ),
    ("exclude", "repeats of"): (
        phrase("takes repeats of {new} instead of {old}"),
        phrase("takes only repeats of {new}; before, all that it looked at"),
        phrase("takes all that it looks at; before, only repeats of {old}"),
    ),
    ("discount", "to"): (
        phrase("counts records {new} instead of {old}"),
        phrase("counts records {new}"),
        phrase("counts records in full"),
    ),
    ("discount", "when"): (
        phrase("applies to records with {new} instead of {old}"),
        phrase("applies only to records with {new}; before, to all"),
        phrase("applies to all records; before, only to those with {old}"),
    ),
    ("field", "from"): (
        phrase("is read from column {new} instead of {old}"),
        phrase("is read from {new}"),
        phrase("is not read from {old}"),
    ),
    ("field", "type"): (phrase("is {new} instead of {old}"), phrase("is {new}"), phrase("is not {old}")),
    ("field", "private"): (
        phrase("is {new}"),
        phrase("is private now: its values are shown to nobody but whom they are about alone, and auditors"),
        phrase("is not private any more: its values may be shown to anybody"),
    ),
    ("field", "optional"): (phrase("is {new}"), phrase("may be missing now"), phrase("may not be missing any more")),
    ("band", "from"): (phrase("begins at {new} instead of {old}"), phrase("begins at {new}"), phrase("begins nowhere")),
    ("band", "needs"): (
        phrase("needs {new} instead of {old}"),
        phrase("needs {new}, too"),
        phrase("does not need {old} any more"),
    ),
    ("band", "words of needs"): _SAID,
    ("promise", "says"): (
        phrase("promises {new} instead of {old}"),
        phrase("promises {new}"),
        phrase("promises nothing any more; before, {old}"),
    ),
    ("score", "rules"): (
        phrase("is the {new} instead of the {old}"),
        phrase("is the {new}"),
        phrase("is not the {old}"),
    ),
    ("score", "by"): (
        phrase("is one for each {new} instead of one for each {old}"),
        phrase("is one for each {new}; before, each person had one"),
        phrase("is one for each person; before, one for each {old}"),
    ),
    ("score", "reasons at most"): (
        phrase("is told with at most {new} reasons each way instead of {old}"),
        phrase("is told with at most {new} reasons each way; before, it set no number"),
        phrase("sets no number of reasons any more; before, at most {old} each way"),
    ),
    ("score", "rounded"): (
        phrase("is rounded {new} instead of {old}"),
        phrase("is rounded {new}; before, it was shown with all of its places"),
        phrase("is shown with all of its places; before, it was rounded {old}"),
    ),
    ("score", "lines rounded"): (
        phrase("has its lines rounded {new} instead of {old}"),
        phrase("rounds {new}"),
        phrase("rounds no lines"),
    ),
    ("rulebook", "version"): (
        phrase("has version {new} instead of {old}"),
        phrase("has version {new}"),
        phrase("has no version"),
    ),
    ("rulebook", "name"): (
        phrase("is called {new} instead of {old}"),
        phrase("is called {new}"),
        phrase("has no name"),
    ),
    ("rulebook", "measures"): (
        phrase("says that it measures {new} instead of {old}"),
        phrase("says what it measures: {new}"),
        phrase("does not say what it measures any more; before, {old}"),
    ),
    ("rulebook", "not for"): (
        phrase("says that it is not for {new} instead of {old}"),
        phrase("says that it is not for {new}"),
        phrase("does not say what it is not for any more; before, {old}"),
    ),
    ("rulebook", "effective"): (
        phrase("takes effect on {new} instead of {old}: no earlier day can be scored"),
        phrase("takes effect on {new}: no earlier day can be scored"),
        phrase("can be used for any day; before, from {old}"),
    ),
    ("rulebook", "noise"): (
        phrase("calls a change of the score by less than {new} no meaningful change; before, by less than {old}"),
        phrase("calls a change of the score by less than {new} no meaningful change"),
        phrase("calls no change of the score too small to mean anything; before, one by less than {old}"),
    ),
    ("rulebook", "time zone"): (
        phrase("begins its days in {new} instead of {old}"),
        phrase("begins its days in {new}"),
        phrase("begins its days in UTC"),
    ),
}

_WORDS: dict[str, Forms] = {
    "title": (
        phrase("is titled {new} instead of {old}"),
        phrase("is titled {new}"),
        phrase("has no title any more; before, {old}"),
    ),
    "because": (
        phrase("gives as its reason {new} instead of {old}"),
        phrase("gives a reason now: {new}"),
        phrase("gives no reason any more; before, {old}"),
    ),
}

_BOUND: dict[str, Forms] = {
    "at most": (
        phrase("gives at most {new} instead of {old}"),
        phrase("gives at most {new}; before, it had no such limit"),
        phrase("has no upper limit any more; before, {old}"),
    ),
    "at least": (
        phrase("gives at least {new} instead of {old}"),
        phrase("gives at least {new}; before, it had no such limit"),
        phrase("has no lower limit any more; before, {old}"),
    ),
}


def forms_of(change: Change) -> tuple[Forms, dict[str, str]]:
    """Return the forms of words for a part, and what fills their other places; a part that has no forms of its own is
    named as the rulebook writes it."""
    kind = "field" if change.kind == "attribute" else change.kind
    known = _CHANGED.get((kind, change.part)) or _BOUND.get(change.part) or _WORDS.get(change.part)
    if known is not None:
        return known, {}
    for start, forms in _SINCE.items():
        if change.kind == "parameter" and change.part.startswith(start):
            return forms, {"day": day(date.fromisoformat(change.part.removeprefix(start)))}
    for start, forms in _OF_A_PART.items():
        if change.part.startswith(start):
            return forms, {"part": _fixed(change.part.removeprefix(start))}
    if change.part.startswith("row "):
        return (_ROW[change.new == "1"][0], _ROW[change.new == "1"][1], _ROW[change.old == "1"][2]), {
            "part": _fixed(change.part.removeprefix("row "))
        }
    return _OTHER, {"part": _fixed(change.part)}


_SINCE: dict[str, Forms] = {
    "from ": (
        phrase("is {new} from {day} on instead of {old}"),
        phrase("is {new} from {day} on"),
        phrase("does not become {old} on {day} any more"),
    ),
    "because from ": (
        phrase("gives as its reason {new} instead of {old} for the value from {day}"),
        phrase("gives a reason now: {new} for the value from {day}"),
        phrase("gives no reason any more; before, {old}"),
    ),
}
_OF_A_PART: dict[str, Forms] = {
    "words of row ": (
        phrase("says {new} instead of {old} in row `{part}`"),
        phrase("says {new} in row `{part}`"),
        phrase("does not say {old} any more in row `{part}`"),
    ),
    "expect ": (
        phrase("expects {new} instead of {old} for `{part}`"),
        phrase("expects {new} for `{part}`"),
        phrase("expects nothing of `{part}` any more; before, {old}"),
    ),
}
_ROW: dict[bool, Forms] = {
    True: (
        phrase("gives {new} point instead of {old} in row `{part}`"),
        phrase("has a new row `{part}` that gives {new} point"),
        phrase("has no row `{part}` any more; it gave {old} point"),
    ),
    False: (
        phrase("gives {new} points instead of {old} in row `{part}`"),
        phrase("has a new row `{part}` that gives {new} points"),
        phrase("has no row `{part}` any more; it gave {old} points"),
    ),
}
_OTHER: Forms = (
    phrase("has another `{part}`: {new} instead of {old}"),
    phrase("has a `{part}` now: {new}"),
    phrase("has no `{part}` any more; before, {old}"),
)


def _fixed(text: str) -> str:
    """Return a text of the author's for a form, in which backticks mean something else."""
    return text.replace("`", "'")
