"""Takes a rulebook and the types of the accepted records; gives the query that scores everybody, as named statements
in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.intake.reading import record_fields
from tallystick.engine.pauses import reads_pauses
from tallystick.engine.query.counted import PERSONS, counted_steps, tallies, tallies_name
from tallystick.engine.query.fading import fading_step
from tallystick.engine.query.fates import fate_name, fate_of
from tallystick.engine.query.ledger_rows import LedgerViews, ledger_views
from tallystick.engine.query.macros import called_macros
from tallystick.engine.query.native_ids import SHORT, native_ids
from tallystick.engine.query.pauses import pause_steps
from tallystick.engine.query.people import ADMITTED, ASKED, KNOWN, PEOPLE, KnownSteps, PeopleSteps
from tallystick.engine.query.plan import Plan, plan
from tallystick.engine.query.records import RecordSteps
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.returned import returned_late
from tallystick.engine.query.scores import RESULTS, ScoreSteps
from tallystick.engine.query.sql import indented, quote_comment, quote_name
from tallystick.engine.query.steps import (
    DAYS_OLD,
    EARNED,
    EARNER,
    IN_PLAY,
    NOT_YET,
    RETURNED,
    ROW,
    Step,
    all_group,
    within_column,
)
from tallystick.engine.query.wide import OF_PEOPLE, wide_name
from tallystick.engine.query.zones import Change
from tallystick.rules.questions.earned import levels, measuring
from tallystick.rules.rulebook import Rulebook

WHOLE = "records whole"
"""Every record with all its fields and what leaves it out."""


class Statement(Struct, frozen=True):
    """A statement that makes a table or view: its name, in words what is in it, and the whole of its text.

    ``of_people``: a wide table that is there before rules are worked out. ``passing``: a table that only those of the
    people read. ``part``: what must be worked out before it where the records lie, if they lie elsewhere.
    """

    name: str
    words: str
    text: str
    of_people: bool = False
    passing: bool = False
    part: RecordsPart | None = None


class Query(Struct, frozen=True):
    """The query for a rulebook: ``macros`` first, then ``tables`` in order, then the views of the ``wide``
    tables."""

    plan: Plan
    macros: tuple[Statement, ...]
    tables: tuple[Statement, ...]
    wide: tuple[Statement, ...]
    fates: str
    """The query that gives every accepted record's ``#row``, ``fate`` and ``name`` (of the exclusion); no fate of
    who was not admitted."""
    evidence: str
    """The query that gives the records that touch the person ``$name``: the place of the exclusion that takes it (0:
    none), after how many days it is returned, and the declared fields."""
    evidence_kept: str = ""
    """The query for what ``evidence_of_many`` reads, of everybody: kept once, so that many can be asked for."""
    evidence_of_many: str = ""
    """The query that gives the same as ``evidence`` of everybody in ``$names``, whose name comes first."""
    first: tuple[Statement, ...] = ()
    """The first of the tables: what is known of people, and what actors earned. Evidence reads no other."""
    scores: ScoreSteps | None = None
    """The steps of the last of the tables, by which a rule can be worked out alone."""
    acts: str = ""
    """The query that gives of each ``actor`` how many ``records`` they did that are not later than the day, and how
    many of these are about others; empty where records have no actor."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in order."""
        return (*self.macros, *self.tables, *self.wide)


def compile_rulebook(
    rulebook: Rulebook,
    types: Mapping[str, str],
    changes: tuple[Change, ...] = (),
    *,
    voids: bool = True,
    elsewhere: bool = False,
    together: bool = False,
) -> Query:
    """Compile a rulebook. ``types``: of the columns of the accepted records; ``changes``: of the clocks of its time
    zone; ``voids``: corrections may have struck records out; ``elsewhere``: the records lie in another database, and
    what is worked out there stands apart, as the ``part`` of the statement that follows it, ``together``: and what
    adds up of it comes in one table."""
    made = plan(rulebook)
    tables: list[Statement] = []
    if rulebook.subjects is not None:
        about_people = KnownSteps(made, changes)
        tables.append(_table(KNOWN, "what is known about each person", about_people.steps, about_people.known()))
    tables += _earned(rulebook, types, changes, elsewhere=elsewhere)
    first = tuple(tables)
    taking, people = _taking(made, types, changes, voids=voids, elsewhere=elsewhere, together=together)
    tables += taking
    scores = ScoreSteps(made, people.names)
    views = LedgerViews(made, scores.rules)
    tables.append(_table(RESULTS, "the lines and the score of everybody who has one", scores.steps, scores.results()))
    wide = tuple(
        _view(wide_name(each.name), each.query, of_people=each.name in OF_PEOPLE) for each in views.wide.tables.values()
    )
    whole = RecordSteps(made, frozenset(), changes, whole=True)
    fates = evidence = kept = of_many = acts = ""
    if rulebook.records is not None:
        fates = _fates(made, whole)
        acts = "" if made.field("actor") is None else _acts(whole)
        evidence = _evidence(made, whole)
        kept = f"{_whole(whole)}\nSELECT * FROM {quote_name(WHOLE)}"
        of_many = _evidence_of_many(made)
    there = [step.body for each in tables if each.part is not None for step in (*each.part.small, *each.part.steps)]
    called = called_macros("\n".join([*(each.text for each in (*tables, *wide)), *there]) + evidence)
    macros = tuple(
        Statement(each.name, each.words, f"CREATE OR REPLACE MACRO {each.head} AS\n    {each.body}") for each in called
    )
    return Query(made, macros, tuple(tables), wide, fates, evidence, kept, of_many, first, scores, acts)


def _taking(
    made: Plan,
    types: Mapping[str, str],
    changes: tuple[Change, ...],
    *,
    voids: bool,
    actors: bool = False,
    elsewhere: bool = False,
    together: bool = False,
) -> tuple[list[Statement], PeopleSteps]:
    """Return the tables that take in all records and measure everybody, or (``actors``) everybody who acted."""
    native = native_ids(made, dict(types))
    short = frozenset(name for name in native if types[name] == SHORT)
    records = RecordSteps(made, native, changes, short=short)
    people = PeopleSteps(made, native, voids=voids, actors=actors, together=together, apart=elsewhere)
    handed_on = not elsewhere and not people.batches and all_group(people.gathering)
    taken = _taken(made, records) if made.rulebook.records is not None else ()
    small = (*_fadings(made), *(pause_steps() if reads_pauses(made.rulebook) else ()))
    read = "".join(each.body for each in people.gathering)
    late = returned_late(made, apart=not handed_on)
    late = tuple(each for each in late if each.name != RETURNED or quote_name(RETURNED) in read)
    words = "everybody's measures, and the first requirement not met"
    if elsewhere:
        looked_at = (*records.steps, *taken, *late) if taken else ()
        steps = (*looked_at, *people.gathering)
        part = RecordsPart(small, steps, people.gathered) if people.gathered else None
        return [replace(_table(PEOPLE, words, people.steps, people.people()), part=part)], people
    tables: list[Statement] = []
    if taken and handed_on:
        taken = (*records.steps, *taken)
    elif taken:
        in_play, taken = taken[0], taken[1:]
        tables = [_table(in_play.name, in_play.words, records.steps, in_play.body, passing=True)]
    steps = (*small, *taken, *late, *people.gathering, *people.steps)
    if not people.batches:
        return [*tables, _table(PEOPLE, words, steps, people.people())], people
    counted = {step.name for person in PERSONS for step in counted_steps(made, person)}
    apart = {*map(tallies_name, PERSONS), *counted, ASKED, *(step.name for step in people.batches)}
    return [*tables, *_tables_of(steps, apart, Step(PEOPLE, words, people.people()))], people


def _tables_of(steps: tuple[Step, ...], apart: set[str], last: Step) -> Iterator[Statement]:
    """Give a table for each step that stands ``apart``, and for the last: a query of many steps takes the database long
    to plan, and of some thousand it refuses. Each has those of the other steps that it needs."""
    before: dict[str, Step] = {}
    for step in (*steps, last):
        if step is last or step.name in apart:
            needed = _needed(step, before)
            yield _table(step.name, step.words, needed, step.body, passing=step is not last)
        else:
            before[step.name] = step


def _needed(step: Step, before: Mapping[str, Step]) -> tuple[Step, ...]:
    """Return which of the steps before it a step reads, and which these do, in their order."""
    wanted, left = set[str](), [step]
    while left:
        body = left.pop().body
        more = [name for name in before if name not in wanted and quote_name(name) in body]
        wanted.update(more)
        left += [before[name] for name in more]
    return tuple(each for name, each in before.items() if name in wanted)


def _taken(made: Plan, records: RecordSteps) -> tuple[Step, ...]:
    """Return what is kept of all records: each, and counts of those that are alike."""
    words = "records that are alike, counted by the person they are about"
    steps = [Step(IN_PLAY, "every record, with what leaves it out, read once", records.in_play())]
    steps.append(Step(tallies_name("subject"), words, tallies(made, "subject")))
    if any(each.person == "actor" for each in made.measures):
        words = "the same by the person who did them"
        steps.append(Step(tallies_name("actor"), words, tallies(made, "actor")))
    return tuple(steps)


def _earned(
    rulebook: Rulebook, types: Mapping[str, str], changes: tuple[Change, ...], *, elsewhere: bool
) -> list[Statement]:
    """Return the tables for what actors earned, level by level: each takes in all records with what the levels before
    it found. The last holds them all."""
    tables: list[Statement] = []
    before: list[str] = []
    for names in levels(rulebook.measures):
        level = plan(measuring(rulebook, names), rulebook)
        taken, _ = _taking(level, types, changes, voids=False, actors=True, elsewhere=elsewhere)
        tables += [replace(each, words=f"for what actors earned: {each.words}") for each in taken]
        earner = quote_name(EARNER)
        columns = [f"people.subject AS {earner}"]
        columns += [f"CAST(people.{quote_name(name)} AS DECIMAL(38, 9)) AS {quote_name(name)}" for name in names]
        columns += [f"earned.{quote_name(name)}" for name in before]
        join = f"\nLEFT JOIN {quote_name(EARNED)} AS earned ON earned.{earner} = people.subject" if before else ""
        query = f"SELECT {', '.join(columns)}\nFROM {quote_name(PEOPLE)} AS people{join}"
        tables.append(_table(EARNED, "what everybody earned who acted", (), query))
        before += names
    return tables


def ledger_statements(made: Plan) -> tuple[Statement, ...]:
    """Return the statements that make the tables of the ledger from its wide tables, for who runs the query by hand."""
    return tuple(_view(name, query) for name, query in ledger_views(made).queries.items())


def _view(name: str, query: str, *, of_people: bool = False) -> Statement:
    return Statement(name, "", f"CREATE OR REPLACE VIEW {quote_name(name)} AS\n{query}", of_people)


def with_steps(steps: tuple[Step, ...]) -> str:
    """Write steps as the named parts of a query, each with its words."""
    # Read once, and handed on to all that group them, side by side.
    once = {IN_PLAY: " MATERIALIZED"}
    return ",\n".join(
        f"{quote_comment(each.words)}\n{quote_name(each.name)} AS{once.get(each.name, '')} (\n{indented(each.body)}\n)"
        for each in steps
    )


def _fates(made: Plan, whole: RecordSteps) -> str:
    """Return the query for what became of each record."""
    windows = "".join(f", {DAYS_OLD} < {days} AS {within_column(days)}" for days in made.windows)
    return (
        f"{_whole(whole)}\n"
        f"SELECT {ROW}, CASE WHEN {ADMITTED} THEN {fate_of(made)} END AS fate,\n"
        f"    CASE WHEN {ADMITTED} THEN {fate_name(made)} END AS name\n"
        f'FROM (SELECT *{windows} FROM "records whole") AS this\n'
        f"LEFT JOIN (SELECT subject AS person, {ADMITTED} FROM {quote_name(PEOPLE)}) AS people\n"
        "    ON people.person = this.subject"
    )


def _evidence(made: Plan, whole: RecordSteps) -> str:
    """Return the query for the records that touch a person; the filter stands after the last step that reads
    others'."""
    has_actor = made.field("actor") is not None
    touches = "subject = $name" + (" OR actor = $name" if has_actor else "")
    if any(each.measure.diluted for each in made.measures):
        touches += f' OR (actor, {DAYS_OLD}) IN (SELECT (actor, {DAYS_OLD}) FROM "records whole" WHERE {touches})'
    names = ", ".join(quote_name(field.name) for field in record_fields(made.rulebook))
    after = '"returned after"' if made.asks_returned else "NULL"
    return (
        f"{_whole(whole)}\n"
        f'SELECT greatest("left out", 0), {after}, {names}\nFROM "records whole"\nWHERE {touches}\nORDER BY {ROW}'
    )


def _acts(whole: RecordSteps) -> str:
    """Return the query for how much everybody does who acts."""
    return (
        f"{_whole(whole)}\n"
        "SELECT actor, count(*) AS records, count(*) FILTER (actor <> subject) AS others\n"
        f'FROM "records whole" WHERE "left out" <> {NOT_YET} AND actor IS NOT NULL GROUP BY actor'
    )


def _whole(whole: RecordSteps) -> str:
    """Return the steps to every record with all its fields."""
    return f"WITH\n{with_steps((*whole.steps, Step(WHOLE, 'every record with all its fields', whole.in_play())))}"


def _evidence_of_many(made: Plan) -> str:
    """Return the query for the records that touch each of many people, from the table that keeps ``WHOLE``."""
    has_actor = made.field("actor") is not None
    who = quote_name("#name")  # no field can be called so
    whole = f"{quote_name(WHOLE)} AS whole"
    touching = f"SELECT {who}, {ROW} FROM asked JOIN {whole} ON whole.subject = {who}"
    if has_actor:
        touching += f"\nUNION SELECT {who}, {ROW} FROM asked JOIN {whole} ON whole.actor = {who}"
    steps = [Step("asked", "everybody who is asked for", f"SELECT unnest($names) AS {who}")]
    steps.append(Step("touching", "the records that touch each of them", touching))
    if any(each.measure.diluted for each in made.measures):
        beside = (
            f"SELECT {who}, whole.{ROW} FROM (\n"
            f"    SELECT DISTINCT {who}, actor, {DAYS_OLD} FROM touching JOIN {quote_name(WHOLE)} USING ({ROW})\n"
            f") JOIN {whole} USING (actor, {DAYS_OLD})\nUNION SELECT {who}, {ROW} FROM touching"
        )
        steps.append(Step("touching or beside", "and what the same people did on the same days", beside))
    names = ", ".join(quote_name(field.name) for field in record_fields(made.rulebook))
    after = '"returned after"' if made.asks_returned else "NULL"
    return (
        f"WITH\n{with_steps(tuple(steps))}\n"
        f'SELECT {who}, greatest("left out", 0), {after}, {names}\n'
        f"FROM {quote_name(steps[-1].name)} JOIN {whole} USING ({ROW})\nORDER BY {who}, {ROW}"
    )


def _table(name: str, words: str, steps: tuple[Step, ...], query: str, *, passing: bool = False) -> Statement:
    head = f"WITH\n{with_steps(steps)}\n" if steps else ""
    text = f"CREATE OR REPLACE TABLE {quote_name(name)} AS\n{head}{query}"
    return Statement(name, words, text, passing=passing)


def _fadings(made: Plan) -> tuple[Step, ...]:
    ages: dict[Decimal, Decimal | None] = {}
    for each in made.measures:
        halving, within = each.measure.halving, each.measure.within
        if halving is not None:
            before = ages.get(halving.value, Decimal(0))
            longest = None if within is None or before is None else max(before, within.value)
            ages[halving.value] = longest
    return tuple(fading_step(half_life, within) for half_life, within in ages.items())
