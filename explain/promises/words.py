"""Takes a step of a derivation, what stood in its way, or what became of a promise; gives the words for its author."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.explain.figures import signed_end
from tallystick.explain.harmless import harmless
from tallystick.explain.promises.document import (
    ClaimTold,
    Derivation,
    DerivedStep,
    ExampleTable,
    PromiseTold,
    Refutation,
)
from tallystick.rules.analysis.derivation import Because, Step
from tallystick.rules.analysis.shifts import Pair, Way
from tallystick.rules.format.checked import keep_text, total_text
from tallystick.rules.format.expressions import quote
from tallystick.rules.measure import Measure
from tallystick.rules.rulebook import Rulebook

MOST_ROWS = 40
_SHOWN_STEPS = 60


def hindrance(way: Way) -> str:  # noqa: C901, PLR0912  one sentence for each
    """Say why a declaration keeps a bound from being narrower."""
    match way.why:
        case "diluted":
            return "what an actor gives in a day is shared out: one more record makes the others count less"
        case "days pass":
            return "it asks how long ago something was, which changes with every day"
        case "returned by others":
            return "`returned` looks at what others did"
        case "returned by own":
            return "`returned` looks at the person's own records: without them, others may count for more"
        case "returned that day":
            return "`returned` looks at other records of that day, too"
        case "another is first":
            return "of repeats the earliest counts: where one record goes or comes, another may be it"
        case "chosen before fading":
            return "a limit chooses the highest values before they fade: what it then leaves out may have faded less"
        case "kept across periods":
            return "`keep` and `total` have different periods: what the one lets in can be taken by the other"
        case "taking away":
            return "records can take away, and nothing bounds how much"
        case "no limit":
            return "nothing limits how many records can count"
        case "window":
            return "records leave its window all at once"
        case "one value of many":
            return "one record can change the value as far as it goes"
        case "measured for some":
            return "it can begin or cease to apply"
        case "worked out" | "other rows":
            return "its value can be another"
        case "weights":
            return "it can begin or cease to count, and then all others weigh more or less"
        case "dated":
            return "it has another value from some day on"
        case "earned":
            return "it reads what the actor earned, which other records decide"
        case _:
            assert_never(way.why)


def reason(rulebook: Rulebook, step: Step, pair: Pair) -> str:
    """Say what a step follows from."""
    measure = next((each for each in rulebook.measures if each.name == step.name), None)
    if step.place == "measure" and measure is not None:
        return _of_measure(measure, step.because, pair)
    return _of_points(step.because)


def _of_measure(measure: Measure, because: Because, pair: Pair) -> str:
    match because:
        case "keep" if measure.keep is not None:
            return f"keeps {keep_text(measure.keep)}{_ageing(measure)}"
        case "total" if measure.total is not None:
            return f"takes in {total_text(measure.total)}{_ageing(measure)}"
        case "fading" if measure.halving is not None:
            return f"halves every {_days(measure.halving.value)}, and {pair.days} pass"
        case "not counted":
            return "none of these records count"
        case "each once":
            return "counts each once, however often"
        case "diluted":
            return f"shares out what an actor gives in a day{_ageing(measure)}"
        case "one":
            return "what one record can count"
        case "window":
            return "records leave its window"
        case "returned":
            return "what is returned counts less, and what comes adds"
        case "ageless":
            return "does not change with time"
        case "no limit":
            return "nothing limits how many records can count"
        case "hindered":
            return "nothing narrower follows: see what stands in the way"
        case _:
            return "worked out from what it reads"


def _ageing(measure: Measure) -> str:
    within = "" if measure.within is None else f", within {_days(measure.within.value)}"
    halving = "" if measure.halving is None else f", halving every {_days(measure.halving.value)}"
    return f"{within}{halving}"


def _days(days: object) -> str:
    return f"{days} {'day' if str(days) == '1' else 'days'}"


def _of_points(because: Because) -> str:
    match because:
        case "same" | "not counted":
            return "nothing that it reads can be another"
        case "first steps":
            return "a step gains the most where the value is least"
        case "shrinking":
            return "what shrinks loses the most where it is full"
        case "rows":
            return "from any row to those that can follow it"
        case "range":
            return "anywhere between nothing and its weight"
        case "added":
            return "added up, within its bounds"
        case "mean":
            return "put on the scale by the weights that apply"
        case _:
            return "worked out from what it reads"


# ---- what became of a promise ----------------------------------------------------------------------------------------


def promise_lines(name: str, told: PromiseTold) -> Iterator[str]:
    """Give the lines that a terminal shows of a promise in the file of a name."""
    yield f"{told.verdict}  {harmless(name)}:{told.line}  {harmless(told.text)}"
    for claim in told.claims:
        yield from (f"      {line}" if line else "" for line in _claim(claim))


def _claim(claim: ClaimTold) -> Iterator[str]:
    yield f"{harmless(claim.claim)}: {_verdict(claim)}"
    if claim.refuted_by is not None:
        yield from (f"  {line}" for line in _refuted(claim.refuted_by))
    for derivation in claim.derivations if claim.verdict != "refuted" else ():
        yield from (f"  {line}" for line in _derived(derivation))
    if claim.verdict == "not settled":
        for way in claim.in_the_way:
            yield f"  in the way: {way.kind} `{way.name}`: {way.words}"
    if claim.verdict == "proved" and claim.most_records is not None:
        yield f"  for anyone of whom no measure counts more than {claim.most_records:,} records"


def _verdict(claim: ClaimTold) -> str:
    falls = "never falls" in claim.claim
    match claim.verdict:
        case "proved":
            return "proved: it cannot fall" if falls else f"proved: at most {claim.bound}"
        case "refuted":
            return f"refuted: it falls by {claim.farthest}" if falls else f"refuted: {claim.farthest} here"
        case "not settled":
            tried = "nothing could be tried" if not claim.tries else _tried(claim, falls=falls)
            derived = f"a fall of {claim.bound}" if falls else claim.bound
            return f"not settled: {tried}; the derivation allows {derived}"
        case _:
            assert_never(claim.verdict)


def _tried(claim: ClaimTold, *, falls: bool) -> str:
    tries = f"{claim.tries:,} tries"
    if falls:
        return f"{tries} found no fall"
    return f"{tries} found none that goes so far, and at most {claim.farthest}"


def _derived(derivation: Derivation) -> Iterator[str]:
    yield f"{_pair(derivation)}: from {signed_end(derivation.least)} to {signed_end(derivation.most)}"
    steps = [step for step in derivation.steps if (step.least, step.most) != ("0", "0")]
    widest = max((len(step.name) for step in steps), default=0)
    ranges = [f"{signed_end(step.least)} to {signed_end(step.most)}" for step in steps]
    across = max((len(each) for each in ranges), default=0)
    for step, between in zip(steps[:_SHOWN_STEPS], ranges, strict=False):
        yield f"  {step.place.ljust(7)} {step.name.ljust(widest)}  {between.ljust(across)}  {step.words}"
    if len(steps) > _SHOWN_STEPS:
        yield f"  and {len(steps) - _SHOWN_STEPS:,} more steps: see `--format json`"
    still = len(derivation.steps) - len(steps)
    if still:
        yield f"  {_still(derivation.steps)} cannot be another"


def _still(steps: tuple[DerivedStep, ...]) -> str:
    names = [f"{step.place} `{step.name}`" for step in steps if (step.least, step.most) == ("0", "0")]
    shown = names[:6]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more


def _pair(derivation: Derivation) -> str:
    match derivation.pair:
        case "another's records":
            return "with one other actor's records, against without"
        case "own records":
            return "with the person's own records, against without"
        case "silence":
            return f"{_days(derivation.days)} later"
        case "one more record":
            return f"with one more `{derivation.kind}` on the as-of day"
        case _:
            assert_never(derivation.pair)


def _refuted(shown: Refutation) -> Iterator[str]:
    if shown.actor is not None:
        yield f"`{shown.person}` has {shown.after}, and {shown.before} without the records of `{shown.actor}`"
    elif shown.last:
        yield f"`{shown.person}` has {shown.before}, and {shown.after} once the last of these records has come"
    else:
        yield f"`{shown.person}` has {shown.before}, and {shown.after} as of {shown.as_of_after.isoformat()}"
    yield "both engines give these scores; as an example:"
    yield f"    as of {shown.as_of_before.isoformat()}"
    for name, table in (("subjects", shown.subjects), ("records", shown.records)):
        if table is not None:
            yield f"    {name}"
            yield from (f"        {line}" for line in _table(table))


def _table(table: ExampleTable) -> Iterator[str]:
    cells = [table.columns, *(tuple(map(_cell, row)) for row in table.rows[:MOST_ROWS])]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.columns))]
    for row in cells:
        yield " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if len(table.rows) > MOST_ROWS:
        yield f"# and {len(table.rows) - MOST_ROWS:,} more: see `--format json`, or `--out`"


def _cell(value: str | None) -> str:
    if value is None:
        return "-"
    plain = value and not any(char in value for char in ' "#\\') and value != "-"
    return value if plain else quote(value)
