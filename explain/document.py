"""Takes facts from the ledger; gives the explanation document: a typed tree with every number that the words use.

Decimals are strings with exactly the digits of the ledger. Where a person reads a shorter figure ("about 5.31"), the
shorter figure stands beside the exact one as ``about``, so that no number in the words is absent from the tree.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import field
from pydantic import Field, PrivateAttr

from tallystick.explain.could_change_document import CouldChange
from tallystick.explain.fact import Fact
from tallystick.explain.part import ByValue, Digits, Outcome, Part
from tallystick.explain.printable import printable_json
from tallystick.explain.tongue import ENGLISH, Tongue, speaking, spoken
from tallystick.rules.audience import Audience

__all__ = ["ByValue", "Digits", "Outcome", "Part", "printable_json"]  # whoever makes a document has these here, too

State = Literal["applies", "not applicable", "missing"]
MeasureState = Literal["value", "missing", "not applicable"]
ValueType = Literal["number", "yes/no", "text", "date", "time", "duration"]

Operator = Literal[
    "number",
    "text",
    "date",
    "time",
    "yes/no",
    "measure",
    "earned",
    "attribute",
    "parameter",
    "field",
    "as of",
    "line",
    "sum of",
    "difference of",
    "product of",
    "quotient of",
    "proportion of",
    "negative of",
    "least of",
    "greatest of",
    "absolute value of",
    "nearest whole number to",
    "rounded down",
    "rounded up",
    "square root of",
    "natural logarithm of",
    "logarithm to base 10 of",
    "exponential of",
    "complementary error function of",
    "linear share of",
    "square root share of",
    "logarithmic share of",
    "log-normal level of",
    "rounded to places",
    "limited to",
    "raised to",
    "first that is known of",
    "if",
    "all of",
    "any of",
    "not",
    "equal to",
    "not equal to",
    "less than",
    "at most",
    "more than",
    "at least",
    "one of",
    "none of",
    "missing",
    "not missing",
    "starts with",
    "ends with",
    "contains",
    "starts with, ignoring case",
    "ends with, ignoring case",
    "contains, ignoring case",
    "days since",
    "years since",
    "days from",
    "seconds from",
    "day of",
    "returned within",
]
"""What a node does with its operands; the first, down to ``line``, have none and are what they name: ``earned`` a
measure of whoever did what a record tells.

``proportion of`` a, b, c is a x b / c, rounded once. ``days since`` and ``years since`` a day, with the as-of day
second, are missing if
the day is later. ``day of`` a moment has the time zone second.
"""


class Node(Fact, frozen=True, kw_only=True):
    """A step of working: ``value`` is ``operator`` applied to the values of ``operands``, in their order.

    ``value`` is None where it is missing, and where it was not worked out because the answer did not depend on it.
    ``singular`` and ``plural`` are the author's words for what a leaf names.
    """

    operator: Operator
    type: ValueType
    value: str | None
    worked_out: bool = True
    name: str | None = None
    singular: str | None = None
    plural: str | None = None
    operands: tuple[Node, ...] = ()


How = Literal[
    "count", "distinct", "sum", "sum by kind", "average", "highest", "lowest", "latest", "days", "h index", "formula"
]
"""How a measure is taken."""


class NotCounted(Fact, frozen=True, kw_only=True):
    """Records of this person that a stage left out, with the declaration that did and why it exists."""

    reason: Literal["voided", "not yet", "excluded", "outside window", "limit", "unused"]
    name: str | None
    title: str | None
    because: str | None
    records: int


class Absence(Fact, frozen=True, kw_only=True):
    """Days on which the person was away, both ends taken in, none later than the as-of day. None of them overlap."""

    first: date = field(name="from")
    last: date = field(name="to")
    days: int


class Step(Fact, frozen=True, kw_only=True):
    """What one step left out of a measure. ``value`` is what that took from the measure, None where it has no meaning.

    ``title`` and ``because`` are those of the exclusion or discount, or of the parameter that sets the limit or
    duration. ``fading`` is what would have faded without any absence; ``paused`` is what the ``absences`` gave back of
    it, so it takes less than nothing.
    """

    step: Literal["excluded", "window", "discount", "dilution", "keep", "total", "fading", "paused"]
    name: str | None
    title: str | None
    because: str | None
    records: int
    value: Digits | None
    about: Digits | None
    percent: Digits | None = None
    limit: Digits | None = None
    per: tuple[str, ...] = ()
    period: Literal["day", "week", "month"] | None = None
    days: Digits | None = None
    absences: tuple[Absence, ...] = ()


class Given(Fact, frozen=True, kw_only=True):
    """What was read about the person: an attribute, with its value or None for missing."""

    attribute: str
    title: str | None
    type: ValueType
    value: str | None


class EachRecord(Fact, frozen=True, kw_only=True):
    """What a record of these kinds counts, before any step, where it depends on what its actor earned: not worked out,
    because the figures are those of others."""

    kinds: tuple[str, ...]
    value: Node


class Measured(Fact, frozen=True, kw_only=True):
    """A measure, as it came out for this person.

    ``before``: what the records that count add up to before any step takes from their value (None where records have
    no value of their
    own); ``before`` less the ``value`` of all steps but ``excluded`` and ``window`` is ``value``. ``parts``: the
    measures that a formula reads. ``only`` and ``each``: which records are taken, and what each counts, where that
    depends on what its actor earned.
    """

    measure: str
    singular: str
    plural: str
    because: str | None
    how: How
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    given: bool
    within_days: Digits | None
    state: MeasureState
    value: Digits | None
    about: Digits | None
    records: int | None
    before: Digits | None
    before_about: Digits | None
    steps: tuple[Step, ...]
    condition: Node | None
    working: Node | None
    parts: tuple[Measured, ...]
    inputs: tuple[Given, ...]
    only: Node | None = None
    each: tuple[EachRecord, ...] = ()


class TableRow(Fact, frozen=True, kw_only=True):
    """The row of a table that took the value; ``reason`` is the code under which it is told as a reason, if it has one
    of its own."""

    number: int
    text: str
    words: str | None
    reason: str | None


class Line(Fact, frozen=True, kw_only=True, gc=True, weakref=True):
    """A rule's line: ``value`` + ``given`` - ``taken`` + ``rounding`` = ``points``; no points where it does not apply.

    ``of`` is the most that the rule can give, where there is one that means anything. ``effective_weight`` is the part
    of the scale that the rule has here: its weight, or under a mean weight x out of / weights that apply. ``full`` is
    where a shape reaches 1; of ``log normal`` it is the median, where the level is 0.5, and ``p10`` where it is 0.9.
    ``formula`` is how a shape makes the level of x, which all but ``log normal`` hold between 0 and ``full`` first.
    ``looks_at`` is what the rule's level, table or points are worked out from. ``baseline`` is what the rulebook
    compares the points with to tell what held the score back. ``says`` are the author's own words for the line.
    """

    rule: str
    title: str
    facet: str | None
    why: str | None
    state: State
    missing: str | None
    points: Digits | None
    of: Digits | None
    weight: Digits | None
    effective_weight: Digits | None
    effective_weight_about: Digits | None
    shape: Literal["linear", "square root", "logarithmic", "log normal"] | None
    p10: Digits | None
    full: Digits | None
    formula: str | None
    looks_at: Node | None
    level: Digits | None
    row: TableRow | None
    value: Digits | None
    given: Digits | None
    taken: Digits | None
    rounding: Digits | None
    at_least: Digits | None
    at_most: Digits | None
    baseline: Digits | None
    condition: Node | None
    otherwise: str | None
    says: str | None
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]
    counted: int
    not_counted: tuple[NotCounted, ...]
    working: Node | None


class FacetTotal(Fact, frozen=True, kw_only=True):
    """A facet: the sum of its lines, and its subtotal after its bounds."""

    facet: str
    title: str
    because: str | None
    lines: Digits
    subtotal: Digits


class Adjustment(Fact, frozen=True, kw_only=True):
    """A signed amount between the lines and the score: a cap or floor (with its ``limit``), a division, a rounding."""

    place: Literal["facet", "score"]
    facet: str | None
    kind: Literal["division", "cap", "floor", "rounding"]
    limit: Digits | None
    amount: Digits


class Scale(Fact, frozen=True, kw_only=True):
    """What scores there can be: the ends, where the rulebook sets them, and the places printed."""

    title: str
    low: Digits | None = field(name="from")
    high: Digits | None = field(name="to")
    places: int | None
    higher_is_better: bool
    out_of: Digits | None
    weights_that_apply: Digits | None


class NeighbourBand(Fact, frozen=True, kw_only=True):
    """A band beside the person's own, and how many points lead from the score to the border between them; both are
    None of a band by needs."""

    name: str
    title: str
    start: Digits | None = field(name="from")
    distance: Digits | None


class Need(Fact, frozen=True, kw_only=True):
    """What a band asks, in the author's words, and what is there: whether it is met, and the condition worked out."""

    words: str
    met: bool
    condition: Node
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]


class Level(Fact, frozen=True, kw_only=True):
    """A band by needs: it is reached if none of them is ``missing``; there are so many ``of`` them.

    Where what it needs is withheld there are none ``of`` them, and it is ``reached`` if it is the person's own.
    """

    name: str
    title: str
    reached: bool
    missing: int
    of: int
    needs: tuple[Need, ...]


class BandPlace(Fact, frozen=True, kw_only=True):
    """Where the score stands among the bands; ``name`` is None below the first band.

    ``above.distance``: the points that lead to the band above. ``below.distance``: the points by which the score stands
    over the border to the band below; with any lower score it is that band. ``levels``: all bands, where they are by
    needs; the person's is the last that is reached.
    """

    name: str | None
    title: str | None
    start: Digits | None = field(name="from")
    above: NeighbourBand | None
    below: NeighbourBand | None
    levels: tuple[Level, ...] = ()


class Requirement(Fact, frozen=True, kw_only=True):
    """A requirement: what it asks for, what there is of that, and the ``words`` for whoever does not meet it."""

    name: str
    title: str
    words: str
    because: str | None
    condition: Node | None
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]


Method = Literal[
    "points given", "the most that the rule can give, less the points given", "the baseline, less the points given"
]
"""How the points of a reason were found."""


class Reason(Fact, frozen=True, kw_only=True):
    """A principal reason: the rule and by how many points it raised the score or kept it lower. ``code`` is that of the
    table's row, if it has one, else the rule's name."""

    direction: Literal["up", "down"]
    rule: str
    code: str
    title: str
    points: Digits
    compared_with: Digits
    method: Method


class MissingValue(Fact, frozen=True, kw_only=True):
    """Something that a rule or requirement looked at and that has no value, and why."""

    name: str
    kind: Literal["attribute", "measure"]
    title: str | None
    state: Literal["missing", "not applicable"]
    rules: tuple[str, ...]


class Evidence(Fact, frozen=True, kw_only=True):
    """A record behind a measure, with what became of it and what it added; ``so_far``: what it and the records of the
    measure that stand before it added together.

    Those of one measure stand with the latest first; ``order`` is the place in the ledger, which goes by day and then
    by fields. ``name`` is the exclusion of those ``excluded``, and of those ``repeated`` the field that is the same.
    """

    measure: str
    singular: str
    plural: str
    order: int
    record: dict[str, str | None]
    fate: Literal["counted", "voided", "excluded", "window", "keep", "total", "repeated"]
    name: str | None
    title: str | None
    effect: Digits | None
    so_far: Digits | None = None


class EvidenceSum(Fact, frozen=True, kw_only=True):
    """What the records behind a measure added together: exactly the measure."""

    measure: str
    value: Digits


class AskedMeasure(Fact, frozen=True, kw_only=True):
    """A measure whose records are listed, and a requirement that looks at it."""

    measure: str
    requirement: str
    title: str


class FieldChange(Fact, frozen=True, kw_only=True):
    """A field of a record that a correction replaced: what it was, and what it is now. None is missing."""

    field: str
    title: str | None
    before: str | None
    after: str | None


class Correction(Fact, frozen=True, kw_only=True):
    """A correction of a record about the person, or of what the person did: by whom, when and why.

    ``was`` is the record as it was, which no longer counts; of a ``replace``, ``changes`` is what is otherwise in the
    one that took its place. ``rules`` are those that look at records of its kind, before or after.
    """

    record: str
    action: Literal["void", "replace"]
    reason: str
    who: str
    when: date
    was: dict[str, str | None]
    changes: tuple[FieldChange, ...]
    rules: tuple[str, ...]


class CorrectedLine(Fact, frozen=True, kw_only=True):
    """A line whose points the corrections changed: without them, and with them. None: no points."""

    rule: str
    title: str
    without: Digits | None
    with_them: Digits | None


class Uncorrected(Fact, frozen=True, kw_only=True):
    """The result without the corrections of ``corrections``, all else being the same. ``lines`` are those that differ;
    there are none where either side has no score."""

    outcome: Outcome
    score: Digits | None
    words: str | None
    lines: tuple[CorrectedLine, ...]


class Statement(Fact, frozen=True, kw_only=True):
    """What the person states about the score, or contests: about a rule, a record, or (neither) all of it. It changes
    no number."""

    kind: Literal["statement", "contest"]
    rule: str | None
    title: str | None
    record: str | None
    text: str
    since: date
    answer_by: date | None


class MiddleHalf(Fact, frozen=True, kw_only=True):
    """Where the middle half of those with a score lie: a quarter has ``from`` or less, a quarter ``to`` or more.

    Both are scores that somebody has. It says nothing of where the person stands among them.
    """

    people: int
    low: Digits = field(name="from")
    high: Digits = field(name="to")


class Withheld(Fact, frozen=True, kw_only=True):
    """Something that the audience of this document may not see, and why.

    ``names``, ``values``: the ``fields`` of so many rows that are shown. ``records``: so many that are not; what they
    ``added`` to a ``measure`` that is shown. ``rules``: those whose lines are not, by facet; lines, these ``points``
    and adjustments add up to the score. ``attributes``: the ``fields`` of the person. ``reasons``: which exclusions
    and discounts there were. ``requirement``, ``corrections``, ``statements`` and ``data`` (files and digests) say it
    all.
    """

    what: Literal[
        "names",
        "values",
        "records",
        "rules",
        "attributes",
        "reasons",
        "requirement",
        "corrections",
        "statements",
        "data",
    ]
    fields: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facet: str | None = None
    measure: str | None = None
    plural: str | None = None
    number: int | None = None
    points: Digits | None = None
    added: Digits | None = None
    because: str


class InputFacts(Fact, frozen=True, kw_only=True):
    """A file or frame that was read; ``sha256`` is of the file, None for a frame."""

    role: Literal["records", "subjects", "pauses", "corrections", "statements"]
    name: str
    sha256: str | None
    rows: int


class ReceiptFacts(Fact, frozen=True, kw_only=True):
    """With what anybody can make this score again: the data, what worked it out, and the digest of the whole ledger."""

    inputs: tuple[InputFacts, ...]
    mapping: str | None
    engine: str
    ledger_digest: str


class RulebookFacts(Fact, frozen=True, kw_only=True):
    """Which rules these are, whose, and what they are for."""

    name: str
    version: str
    sha256: str
    effective: date | None
    owner: str | None
    contact: str | None
    purpose: str | None
    measures: str | None
    not_for: str | None
    source: str | None
    time_zone: str


class DatedFigure(Fact, frozen=True, kw_only=True):
    """A parameter whose value changes on days that the rulebook names: the one in force on the day of the score, since
    when (None: from the beginning) and why; and the next. Durations are in days."""

    name: str
    title: str
    unit: Literal["number", "duration"]
    value: Digits
    since: date | None
    because: str | None
    next_value: Digits | None
    next_from: date | None
    next_because: str | None


class DataFacts(Fact, frozen=True, kw_only=True):
    """What was read: of this person (``records`` = ``taken_in`` + all ``not_counted``), and by the whole run.

    ``titles``: what the rulebook says that a field is, where it does.
    """

    fields: tuple[str, ...]
    attributes: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...]
    records: int | None
    taken_in: int | None
    latest_record: str | None
    run_rows: int
    run_rejected: int
    run_skipped: int
    run_copies: int
    run_subject_rows: int
    run_subject_rejected: int


class Explanation(Part):
    """Why one person's score is what it is, or why there is none, as its audience may see it.

    Lines, the points of what is withheld, and adjustments add up to the score exactly. ``language``: of its words; its
    figures are written the same in every language.
    """

    _tongue: Tongue | None = PrivateAttr(default_factory=spoken)
    schema_name: Literal["tallystick.explanation/1"] = Field(
        default="tallystick.explanation/1", serialization_alias="schema", validation_alias="schema"
    )
    language: str = "en"
    audience: Audience = Audience.AUDITOR
    subject: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    outcome: Outcome
    score: Digits | None
    scale: Scale
    band: BandPlace | None
    as_of: date
    computed_at: datetime | None
    rulebook: RulebookFacts
    requirement: Requirement | None
    met: tuple[Requirement, ...]
    lines: tuple[Line, ...]
    facets: tuple[FacetTotal, ...]
    adjustments: tuple[Adjustment, ...]
    working: Node | None
    principal_reasons: tuple[Reason, ...]
    not_counted: tuple[NotCounted, ...]
    missing: tuple[MissingValue, ...]
    pauses: tuple[Absence, ...] = ()
    corrections: tuple[Correction, ...] = ()
    uncorrected: Uncorrected | None = None
    statements: tuple[Statement, ...] = ()
    could_change: tuple[CouldChange, ...] = ()
    since: tuple[Part, ...] = ()
    records: tuple[Evidence, ...] = ()
    records_added: tuple[EvidenceSum, ...] = ()
    asked: tuple[AskedMeasure, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    middle: MiddleHalf | None = None
    dated: tuple[DatedFigure, ...] = ()
    data: DataFacts
    receipt: ReceiptFacts | None = None

    def _spoken(self) -> Tongue | None:
        """Return the language of the words; one that was read from JSON has the rulebook's names as they are."""
        if self._tongue is not None or self.language == ENGLISH:
            return self._tongue
        from tallystick.explain.languages import tongue_of  # noqa: PLC0415  (not needed for English)

        return tongue_of(self.language)

    def text(self, *, width: int = 78) -> str:
        """Return the explanation as plain text for a person, safe to print on a terminal."""
        from tallystick.explain.text import text  # noqa: PLC0415  (the words know the document, not the reverse)

        with speaking(self._spoken()):
            return text(self, width=width)

    def markdown(self) -> str:
        """Return the explanation as Markdown in which no text of a rulebook or record can become HTML or a link."""
        from tallystick.explain.markdown import markdown  # noqa: PLC0415

        with speaking(self._spoken()):
            return markdown(self)

    def html(self) -> str:
        """Return the explanation as one HTML file that loads nothing and in which no text becomes markup."""
        from tallystick.explain.html import html  # noqa: PLC0415
        from tallystick.explain.wording import page  # noqa: PLC0415

        with speaking(self._spoken()):
            return html(page(self), private=True)

    def json(self, *, indent: int | None = 2) -> str:  # type: ignore[override]  # pydantic's own is deprecated
        """Return the document as JSON, with ``indent`` None on one line; what a terminal could take as a command is
        escaped."""
        with speaking(self._spoken()):
            return printable_json(self, indent=indent)
