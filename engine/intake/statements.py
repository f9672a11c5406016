"""Takes files of statements and the ledger of the people who make them; gives every statement, or refuses them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.corrections import id_field
from tallystick.engine.intake.additional import take_in_fixed
from tallystick.engine.intake.faults import Faults
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.sources import Inputs
from tallystick.engine.intake.table import Progress
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import wide_name
from tallystick.engine.statements import StatementRow, statement_fields
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import NumberType, TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STATEMENTS = "statements made"
"""The table of statements, with the columns of ``StatementRow``."""
KINDS = {
    **dict.fromkeys(("subject", "rule", "record", "kind", "text"), "VARCHAR"),
    **dict.fromkeys(("since", "answer_by"), "DATE"),
}
COLUMNS = ", ".join(KINDS)


def take_in_statements(workshop: Workshop, rulebook: Rulebook, given: Inputs, progress: Progress) -> TakenIn:
    """Read statements; ``check_statements`` holds them against the ledger once there is one."""
    key = id_field(rulebook)
    record = TextType() if key is None else key.type
    return take_in_fixed(workshop, "statements", statement_fields(record), given, progress, closed=True)


def check_statements(
    workshop: Workshop, rulebook: Rulebook, taken: TakenIn, records: str | None, voided: str | None
) -> None:
    """Make the table ``STATEMENTS``; ``records`` and ``voided`` are queries for the records that stand and those struck
    out. Raises ``DataRefusal`` where any statement names a person, rule or record that is not there."""
    _Checking(workshop, rulebook, taken, records, voided).check()


class _Checking(Struct, frozen=True):
    workshop: Workshop
    rulebook: Rulebook
    taken: TakenIn
    records: str | None
    voided: str | None

    def check(self) -> None:
        faults = Faults("statements", self.taken, self.workshop)
        text = "CAST({} AS VARCHAR)"
        places = {
            "subject": f"subject NOT IN (SELECT subject FROM {quote_name(wide_name('scores'))})",
            "rule": f"rule IS NOT NULL AND rule NOT IN ({self._rules()})",
            "both": "rule IS NOT NULL AND record IS NOT NULL",
            "record": self._unknown(),
            "answer": '"answer by" IS DISTINCT FROM answer_by AND "answer by" IS NOT NULL AND answer_by IS NOT NULL',
            "kind": "kind = 'statement' AND coalesce(\"answer by\", answer_by) IS NOT NULL",
            # A kind that is not listed is read as it is, since in records it may be one for others.
            "sort": "kind NOT IN ('statement', 'contest')",
            "early": 'coalesce("answer by", answer_by) < since',
        }
        tests = ", ".join(f"coalesce({test}, false)" for test in places.values())
        rows = self.workshop.connection.execute(
            f'SELECT "#file", "#line", subject, rule, {text.format("record")}, {tests} FROM ({self._read()}) '
            'ORDER BY "#row"'
        ).fetchall()
        for file, line, subject, rule, record, *wrong in rows:
            found = dict(zip(places, wrong, strict=True))
            for name, is_wrong in found.items():
                if is_wrong and not (name == "record" and found["subject"]):
                    faults.add(file, line, self._words(name, subject, rule, record))
        faults.refuse("write each so that it fits: they are all taken, or none is")
        self.workshop.connection.execute(
            f"CREATE TABLE {quote_name(STATEMENTS)} AS SELECT subject, rule, {_canonical(self._key)} AS record, "
            "coalesce(kind, CASE WHEN coalesce(\"answer by\", answer_by) IS NULL THEN 'statement' ELSE 'contest' END) "
            'AS kind, text, since, coalesce("answer by", answer_by) AS answer_by '
            f"FROM ({self._read()}) ORDER BY ALL"
        )

    @property
    def _key(self) -> Field | None:
        return id_field(self.rulebook)

    def _read(self) -> str:
        """Return a query for the statements; texts that look like numbers to the reader are texts again."""
        texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in ("subject", "rule", "text"))
        return f"SELECT * REPLACE ({texts}) FROM {quote_name('statements read')}"

    def _rules(self) -> str:
        return ", ".join(quote_text(rule.name) for rule in self.rulebook.rules) or "NULL"

    def _unknown(self) -> str:
        """Return SQL for a statement about a record that is neither about the person nor by them."""
        key = self._key
        if key is None or self.records is None:
            return "record IS NOT NULL"
        fields = [quote_name(f.name) for f in self.rulebook.records or () if f.name in ("subject", "actor")]
        columns = ", ".join(fields)
        all_ = " UNION ALL BY NAME ".join(
            f"SELECT CAST({quote_name(key.name)} AS VARCHAR) AS known, {_as_texts(columns)} FROM ({select})"
            for select in (self.records, self.voided)
            if select is not None
        )
        pairs = " UNION ".join(f"SELECT (known, {name}) FROM near" for name in fields)
        return (
            f"record IS NOT NULL AND (CAST(record AS VARCHAR), subject) NOT IN (WITH near AS (SELECT * FROM ({all_}) "
            f"WHERE known IN (SELECT CAST(record AS VARCHAR) FROM {quote_name('statements read')})) {pairs})"
        )

    def _words(self, wrong: str, subject: str, rule: str | None, record: str | None) -> str:
        match wrong:
            case "subject":
                return f"nobody called `{subject[:40]}` was scored; write the name as the data has it"
            case "rule":
                rules = ", ".join(f"`{each.name}`" for each in self.rulebook.rules)
                return f"there is no rule `{(rule or '')[:40]}`; name one of {rules}"
            case "both":
                return "it is about a rule and about a record; make it two statements"
            case "record" if self._key is None:
                return "it is about a record, and records have no `id` here; name a rule, or neither"
            case "record":
                shown = f"`{(record or '')[:40]}` is about `{subject[:40]}` or by them"
                return f"no record {shown}; write its id as the records have it"
            case "answer":
                return "`answer by` and `answer_by` differ; give one of them"
            case "sort":
                return "`kind`: not one of statement, contest; leave it empty, or say one of them"
            case "kind":
                return "a statement is not answered by a day; say `contest`, or leave the day out"
            case _:
                return "it is to be answered before it was made; write `answer by` as a day from `since` on"


def _as_texts(columns: str) -> str:
    return ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in columns.split(", "))


def _canonical(key: Field | None) -> str:
    """Return SQL for a record's id as text, a number without the zeros at its end."""
    text = "CAST(record AS VARCHAR)"
    if key is not None and isinstance(key.type, NumberType) and key.type.places > 0:
        return f"regexp_replace({text}, '[.]?0+$', '')"
    return text


def statements_of(connection: DuckDBPyConnection, subject: str) -> tuple[StatementRow, ...]:
    """Return what one person states, the earliest first."""
    query = f"SELECT {COLUMNS} FROM {quote_name(STATEMENTS)} WHERE subject = ? ORDER BY since, rule, record, text"
    return tuple(StatementRow(*row) for row in connection.cursor().execute(query, [subject]).fetchall())
