"""Takes a change of a part of a rulebook; gives the forms of words for it: the part is another, it came, it went."""

from __future__ import annotations

from tallystick.rules.change import Change, Kind

Forms = tuple[str, str, str]
"""What is said when a part changed, came and went, with ``{old}`` and ``{new}`` where their texts stand."""

_SAID: Forms = ("says {new} instead of {old}", "says {new}", "does not say {old} any more")

_CHANGED: dict[tuple[Kind, str], Forms] = {
    # What is said when a part changed, came, and went.
    ("rule", "weight"): ("weighs {new} instead of {old}", "weighs {new}", "has no weight any more"),
    ("rule", "level"): ("looks at {new} instead of {old}", "looks at {new}", "looks at nothing"),
    ("rule", "shape of the level"): (
        "turns its value into a level {new} instead of {old}",
        "turns its value into a level {new}; before, the value itself was the level",
        "takes its value itself as the level; before, {old}",
    ),
    ("rule", "points"): ("gives {new} points instead of {old}", "gives {new} points", "gives no points"),
    ("rule", "points by"): ("goes by {new} instead of {old}", "goes by {new}", "goes by nothing"),
    ("rule", "how points are worked out"): (
        "works out its points in another way: {new} instead of {old}",
        "works out points: {new}",
        "works out no points: {old}",
    ),
    ("rule", "facet"): ("belongs to facet {new} instead of {old}", "belongs to facet {new}", "belongs to no facet"),
    ("rule", "when"): (
        "applies when {new} instead of when {old}",
        "applies only when {new}; before, always",
        "applies always; before, only when {old}",
    ),
    ("rule", "otherwise"): (
        "gives {new} instead of {old} where it does not apply or a value is missing",
        "gives {new} where it does not apply or a value is missing",
        "gives nothing where it does not apply or a value is missing; before, {old}",
    ),
    ("rule", "words of otherwise"): _SAID,
    ("rule", "say"): _SAID,
    ("rule", "for"): (
        "says that it rests on {new} instead of {old}",
        "says that it rests on {new}",
        "no longer says that it rests on {old}",
    ),
    ("rule", "baseline"): (
        "is compared with {new} points instead of {old} to tell what held a score back",
        "is compared with {new} points to tell what held a score back; before, with the most that it can give",
        "is compared with the most that it can give to tell what held a score back; before, with {old} points",
    ),
    ("measure", "counting"): ("is {new} instead of {old}", "is {new}", "is nothing"),
    ("measure", "when"): (
        "has the condition {new} instead of {old}",
        "has the condition {new}; before, it had none",
        "has no condition any more; before, {old}",
    ),
    ("measure", "within"): (
        "looks back {new} instead of {old}",
        "looks back only {new}; before, over all time",
        "looks back over all time; before, only {old}",
    ),
    ("measure", "diluted"): (
        "is diluted {new} instead of {old}",
        "is diluted {new}: the more its giver gave that day, the less each counts; before, it was not",
        "is not diluted any more",
    ),
    ("measure", "keep"): (
        "keeps {new} instead of {old}",
        "keeps only {new}; before, all",
        "keeps all; before, only {old}",
    ),
    ("measure", "total"): (
        "takes in {new} instead of {old}",
        "takes in only {new}; before, without limit",
        "takes in all; before, only {old}",
    ),
    ("measure", "halving every"): (
        "halves every {new} instead of every {old}",
        "halves every {new}; before, it did not fade",
        "does not fade any more; before, it halved every {old}",
    ),
    ("measure", "halving except"): (
        "does not fade during {new} instead of {old}",
        "does not fade during {new} any more; before, it faded then, too",
        "fades during {old}, too; before, it did not",
    ),
    ("parameter", "="): ("is {new} instead of {old}", "is {new}", "is nothing"),
    ("require", "when"): ("asks for {new} instead of {old}", "asks for {new}", "asks for nothing"),
    ("require", "words"): (
        "tells who fails it {new} instead of {old}",
        "tells who fails it {new}",
        "tells who fails it nothing; before, {old}",
    ),
    ("require", "otherwise"): (
        "gives who fails it {new} instead of {old}",
        "gives who fails it {new}",
        "gives who fails it nothing",
    ),
    ("exclude", "when"): (
        "takes records with {new} instead of {old}",
        "takes only records with {new}; before, it had no such condition",
        "has no condition any more; before, {old}",
    ),
    ("exclude", "repeats of"): (
        "takes repeats of {new} instead of {old}",
        "takes only repeats of {new}; before, all that it looked at",
        "takes all that it looks at; before, only repeats of {old}",
    ),
    ("discount", "to"): ("counts records {new} instead of {old}", "counts records {new}", "counts records in full"),
    ("discount", "when"): (
        "applies to records with {new} instead of {old}",
        "applies only to records with {new}; before, to all",
        "applies to all records; before, only to those with {old}",
    ),
    ("field", "from"): ("is read from column {new} instead of {old}", "is read from {new}", "is not read from {old}"),
    ("field", "type"): ("is {new} instead of {old}", "is {new}", "is not {old}"),
    ("field", "optional"): ("is {new}", "may be missing now", "may not be missing any more"),
    ("band", "from"): ("begins at {new} instead of {old}", "begins at {new}", "begins nowhere"),
    ("score", "rules"): ("is the {new} instead of the {old}", "is the {new}", "is not the {old}"),
    ("score", "reasons at most"): (
        "is told with at most {new} reasons each way instead of {old}",
        "is told with at most {new} reasons each way; before, it set no number",
        "sets no number of reasons any more; before, at most {old} each way",
    ),
    ("score", "rounded"): (
        "is rounded {new} instead of {old}",
        "is rounded {new}; before, it was shown with all of its places",
        "is shown with all of its places; before, it was rounded {old}",
    ),
    ("score", "lines rounded"): ("has its lines rounded {new} instead of {old}", "rounds {new}", "rounds no lines"),
    ("rulebook", "version"): ("has version {new} instead of {old}", "has version {new}", "has no version"),
    ("rulebook", "name"): ("is called {new} instead of {old}", "is called {new}", "has no name"),
    ("rulebook", "measures"): (
        "says that it measures {new} instead of {old}",
        "says what it measures: {new}",
        "does not say what it measures any more; before, {old}",
    ),
    ("rulebook", "not for"): (
        "says that it is not for {new} instead of {old}",
        "says that it is not for {new}",
        "does not say what it is not for any more; before, {old}",
    ),
    ("rulebook", "effective"): (
        "takes effect on {new} instead of {old}: no earlier day can be scored",
        "takes effect on {new}: no earlier day can be scored",
        "can be used for any day; before, from {old}",
    ),
    ("rulebook", "noise"): (
        "calls a change of the score by less than {new} no meaningful change; before, by less than {old}",
        "calls a change of the score by less than {new} no meaningful change",
        "calls no change of the score too small to mean anything; before, one by less than {old}",
    ),
    ("rulebook", "time zone"): (
        "begins its days in {new} instead of {old}",
        "begins its days in {new}",
        "begins its days in UTC",
    ),
}

_WORDS: dict[str, Forms] = {
    "title": ("is titled {new} instead of {old}", "is titled {new}", "has no title any more; before, {old}"),
    "because": (
        "gives as its reason {new} instead of {old}",
        "gives a reason now: {new}",
        "gives no reason any more; before, {old}",
    ),
}

_BOUND: dict[str, Forms] = {
    "at most": (
        "gives at most {new} instead of {old}",
        "gives at most {new}; before, it had no such limit",
        "has no upper limit any more; before, {old}",
    ),
    "at least": (
        "gives at least {new} instead of {old}",
        "gives at least {new}; before, it had no such limit",
        "has no lower limit any more; before, {old}",
    ),
}


def forms_of(change: Change) -> Forms:
    """Return the forms of words for a part; one that has none of its own is named as the rulebook writes it."""
    kind = "field" if change.kind == "attribute" else change.kind
    known = _CHANGED.get((kind, change.part)) or _BOUND.get(change.part) or _WORDS.get(change.part)
    if known is not None:
        return known
    if change.part.startswith("words of row "):
        row = _fixed(change.part.removeprefix("words of row "))
        changed, came, went = _SAID
        return f"{changed} in row `{row}`", f"{came} in row `{row}`", f"{went} in row `{row}`"
    if change.part.startswith("row "):
        row = _fixed(change.part.removeprefix("row "))
        points = "point" if change.new == "1" else "points"
        gave = "point" if change.old == "1" else "points"
        return (
            f"gives {{new}} {points} instead of {{old}} in row `{row}`",
            f"has a new row `{row}` that gives {{new}} {points}",
            f"has no row `{row}` any more; it gave {{old}} {gave}",
        )
    if change.part.startswith("expect "):
        who = _fixed(change.part.removeprefix("expect "))
        return (
            f"expects {{new}} instead of {{old}} for `{who}`",
            f"expects {{new}} for `{who}`",
            f"expects nothing of `{who}` any more; before, {{old}}",
        )
    part = f"`{change.part}`"
    return (
        f"has another {part}: {{new}} instead of {{old}}",
        f"has a {part} now: {{new}}",
        f"has no {part} any more; before, {{old}}",
    )


def _fixed(text: str) -> str:
    """Return a text of the author's for a form, in which braces and backticks mean something else."""
    return text.replace("`", "'").replace("{", "{{").replace("}", "}}")
