"""Takes the answers to a few questions; gives files to start from: a rulebook that passes, a mapping and a README."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.rules.decimals import divide, multiply, plainly, round_to
from tallystick.rules.format.expressions import quote

FULL = 10
"""How much of one kind gives all points of its rule, until the author knows better."""
_HUNDRED = 100
_SEEN = 3
"""How many records of each kind the person in the example has."""


SOME_DAY = "2026-01-31"
"""The day of the example, and of the commands in the README where no records were looked at."""


class KindAnswer(Struct, frozen=True):
    """A kind of record: what the rulebook calls it, what the file calls it (in each of its spellings), and who does it.

    ``own``: the person does it (posts); else others do it to the person (likes).
    """

    name: str
    in_file: tuple[str, ...]
    own: bool


class Answers(Struct, frozen=True):
    """What the starter files are made of. A column of None: the file has none, or there is no file.

    ``latest`` is the last day that the rows looked at have (``2026-01-31``), for the command in the README.
    """

    name: str
    owner: str
    records: str | None
    subject: str
    actor: str | None
    kind: str
    at: str
    id: str | None
    at_type: Literal["time", "date", 'time in "UTC"']
    kinds: tuple[KindAnswer, ...]
    actor_optional: bool = False
    latest: str = SOME_DAY


def rulebook_text(answers: Answers) -> str:
    """Write a rulebook with one measure and one rule for each kind, and an example that it passes."""
    shares = _weights(len(answers.kinds))
    return (
        "\n\n".join(
            (
                _head(answers),
                _records(answers),
                *_selection(answers),
                *(_measure(each, answers) for each in answers.kinds),
                _rules(answers, shares),
                'score "Score"\n    sum of all rules\n    at least 0\n    at most 100\n    rounded to 1 place',
                'bands\n    from 0  starting    "Getting started"\n    from 50 established "Established"',
                _example(answers, shares),
            )
        )
        + "\n"
    )


def mapping_text(answers: Answers) -> str:
    """Write the mapping from the file's own names to the rulebook's."""
    columns = (
        ("subject", answers.subject),
        ("actor", answers.actor),
        ("kind", answers.kind),
        ("at", answers.at),
        ("id", answers.id),
    )
    renamed = [(spelling, each.name) for each in answers.kinds for spelling in each.in_file if spelling != each.name]
    lines = [
        "# What the rulebook calls a field, and in which column (or dotted path) of your file it is found.",
        "[fields]",
        *(f"{field} = {_toml(column)}" for field, column in columns if column is not None),
    ]
    if renamed:
        lines += ["", "# What your file calls a kind, and what the rulebook calls it.", "[kinds]"]
        lines += [f"{_toml(in_file)} = {_toml(name)}" for in_file, name in renamed]
    return "\n".join(lines) + "\n"


def readme_text(answers: Answers, rulebook: str, mapping: str) -> str:
    """Write what to do next."""
    records = answers.records or "RECORDS"
    return f"""# {answers.name}

- `{rulebook}` is the whole definition of the score. Change it; it is meant to be changed.
- `{mapping}` says where your file keeps what the rulebook asks for.

All commands are for this folder. Does it hold together, and do its examples come out?

    tally check {rulebook}
    tally test {rulebook}

Score your records, as they stand on a day:

    tally score {rulebook} --records {records} --map {mapping} --as-of {answers.latest}

Why does somebody have that score?

    tally explain {rulebook} --records {records} --map {mapping} --as-of {answers.latest} --subject NAME

Before anyone is scored with it: say in `purpose` and `not for` what it is for, give each rule a reason that the people
it scores will accept, and put a second and a third `example` beside the first.
"""


def copied_mapping_text() -> str:
    """Write the mapping of a copied example: its own files need none."""
    return """# The files beside have the rulebook's own names. If yours have others, say here
# which column (or dotted path) holds what the rulebook asks for, and which of your kinds is which of the rulebook's:
#
# [fields]
# subject = "member"
#
# [kinds]
# "WatchEvent" = "like"
"""


def copied_readme_text(
    rulebook: str, mapping: str, records: str | None, subjects: str | None, as_of: str, told: str
) -> str:
    """Write what to do next with a copied example, and what was said of it."""
    given = "".join(
        f" --{what} {file}" for what, file in (("records", records), ("subjects", subjects)) if file is not None
    )
    tables = " and ".join(f"`{file}`" for file in (records, subjects) if file is not None)
    return f"""# A start

- `{rulebook}` is the whole definition of the score, copied from an example. It is yours to change:
  begin with who answers for it and what it is for.
- {tables}: the example's own data. Put yours in their place.
- `{mapping}` is for data whose columns have other names: give it with `--map {mapping}`.

All commands are for this folder. Does it hold together, and do its examples come out?

    tally check {rulebook}
    tally test {rulebook}

Score, as things stand on a day:

    tally score {rulebook}{given} --as-of {as_of}

What its author said of the example follows.

{told}"""


def _head(answers: Answers) -> str:
    return f"""# Made by `tally init`. Every line is a proposal: read it, and change what is not right.
rulebook {quote(answers.name)} version 0.1.0
    owner    {quote(answers.owner)}
    purpose  "Say here which decision the score helps with."
    measures "Say here what a high score means, and what it does not."
    not for  "Say here what it must never be used for."
    noise    1  # a change of a score by fewer points is called no meaningful change"""


def _records(answers: Answers) -> str:
    lines = ["records"]
    if answers.id is not None:
        lines.append("    id      text")
    lines.append('    subject text "whose score it counts toward"')
    if answers.actor is not None:
        lines.append(f'    actor   text{" optional" if answers.actor_optional else ""} "who did it"')
    lines.append(f"    kind    one of {', '.join(each.name for each in answers.kinds)}")
    zone = "" if answers.at_type in {"time", "date"} else "  # the file names no zone: is it this one?"
    lines.append(f"    at      {answers.at_type}{zone}")
    return "\n".join(lines)


def _selection(answers: Answers) -> tuple[str, ...]:
    others = [each.name for each in answers.kinds if not each.own]
    activity = f"""measure activity "record" / "records"
    count {", ".join(each.name for each in answers.kinds)}
    within 365 days"""
    # Of one kind whose records are counted, the kind's own measure is how many records there are.
    alone = len(answers.kinds) == 1 and _is_counted(answers.kinds[0], answers)
    enough = f"""require enough "enough activity to judge"
    when {_measure_name(answers.kinds[0]) if alone else "activity"} >= 3
    otherwise insufficient data "Fewer than 3 records in a year say too little.\""""
    judged = (enough,) if alone else (activity, enough)
    if answers.actor is None or not others:
        return judged
    tests = ["actor is not missing"] if answers.actor_optional else []
    tests.append("actor = subject")
    if len(others) < len(answers.kinds):
        tests.append(f"kind = {others[0]}" if len(others) == 1 else f"kind in ({', '.join(others)})")
    return (
        f"""exclude own "what you did to yourself"
    when {" and ".join(tests)}
    because "Nobody can vouch for themselves.\"""",
        *judged,
    )


def _measure(kind: KindAnswer, answers: Answers) -> str:
    if _is_counted(kind, answers):
        counted, words = f"count {kind.name}", f'"{kind.name}" / "records of {kind.name}"'
    else:
        known = "\n    when actor is not missing" if answers.actor_optional else ""
        counted = f"distinct actor of {kind.name}{known}"
        words = f'"person ({kind.name})" / "people ({kind.name})"'
    first, *rest = counted.split("\n")
    return "\n".join((f"measure {_measure_name(kind)} {words}", f"    {first}", *rest, "    within 365 days"))


def _is_counted(kind: KindAnswer, answers: Answers) -> bool:
    """Say whether the records of a kind count, not the people who did them."""
    return kind.own or answers.actor is None


def _measure_name(kind: KindAnswer) -> str:
    return f"{kind.name}_counted"


def _rules(answers: Answers, shares: tuple[int, ...]) -> str:
    rules = []
    for kind, weight in zip(answers.kinds, shares, strict=True):
        title = f"What you did: {kind.name}" if kind.own else f"What others did: {kind.name}"
        rules.append(
            f"""    rule {kind.name} {quote(title)}
        weight {weight}
        level  {_measure_name(kind)}, linear to {FULL}
        because "Say here why this counts, to the people it scores.\""""
        )
    return 'facet everything "Everything that counts"\n\n' + "\n\n".join(rules)


def _example(answers: Answers, shares: tuple[int, ...]) -> str:
    actor = answers.actor is not None
    heading = [*(["id"] if answers.id is not None else []), "at", "subject", *(["actor"] if actor else []), "kind"]
    day = SOME_DAY if answers.at_type == "date" else f"{SOME_DAY}T09:00:00Z"
    rows: list[list[str]] = []
    for kind in answers.kinds:
        for number in range(_SEEN):
            who = "ada" if kind.own else f"friend{number + 1}"
            identity = [str(len(rows) + 1)] if answers.id is not None else []
            rows.append([*identity, day, "ada", *([who] if actor else []), kind.name])
    points = [_points(weight) for weight in shares]
    total = plainly(sum((round_to(each, 1) for each in points), Decimal(0)))
    lines = [
        f'example "{_SEEN} records of each kind"',
        f"    as of {SOME_DAY}",
        "    records",
        *(f"        {line}" for line in _grid([heading, *rows])),
        "    expect ada",
        *(f"        {line}" for line in _expectations(answers, shares, total)),
    ]
    return "\n".join(lines)


def _expectations(answers: Answers, shares: tuple[int, ...], total: str) -> list[str]:
    lines = [["score", total, "# all of the lines below"]]
    for kind, weight in zip(answers.kinds, shares, strict=True):
        points = plainly(round_to(_points(weight), 1))
        lines.append([kind.name, points, f"# {weight} * {_SEEN} / {FULL}"])
    wide = [max(len(line[place]) for line in lines) for place in (0, 1)]
    return [f"{name:<{wide[0]}} {points:<{wide[1]}} {why}" for name, points, why in lines]


def _points(weight: int) -> Decimal:
    return multiply(Decimal(weight), divide(Decimal(_SEEN), Decimal(FULL)))


def _grid(rows: list[list[str]]) -> list[str]:
    wide = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [" ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def _weights(count: int) -> tuple[int, ...]:
    """Share 100 points out, the first rules taking what is left over."""
    each, left = divmod(_HUNDRED, count)
    return tuple(each + (1 if place < left else 0) for place in range(count))


def _toml(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(char):04x}" if ord(char) < 32 or ord(char) == 127 else char  # noqa: PLR2004 - control characters
        for char in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
