"""Takes a plan; gives the steps that find, for records that ask whether they are returned, how long before them their
subject had last done the same to their actor."""

from __future__ import annotations

from msgspec import structs

from tallystick.engine.query.plan import Plan
from tallystick.engine.query.sql import indented, listed, quote_name
from tallystick.engine.query.steps import ANSWERED, DAYS_OLD, IN_PLAY, LEFT_IN, MOMENT, NOT_ASKED, RETURNED, Step, texts

_LAST_DONE = "how many days before a record its subject had last done the same to its actor"
_AND_ANSWERED = f"UNION ALL BY NAME\nSELECT * FROM {quote_name(ANSWERED)}"
_TIMES, _WHICH = '"how many"', '"which one"'
_OF_ALL = "the same of all that ask; of most there is none"
_ONE_WAY, _OTHER_WAY = '"one way"', '"the other way"'
"""Of two people, how many days ago the lesser was last done it to, and the greater."""


def returned_before(plan: Plan, before: str) -> tuple[Step, ...]:
    """Return the steps for all records of the step ``before``, before anything is left out of them."""
    asking = f"{_of_kinds(plan)} AND {DAYS_OLD} >= 0"
    both, answered, unanswered = _last_done(plan, before, asking, asking)
    others = f"{NOT_ASKED} FROM {quote_name(before)} WHERE NOT coalesce({asking}, false)"
    of_all = f"{unanswered}\n{_AND_ANSWERED}\nUNION ALL BY NAME\n{others}"
    return (both, answered, Step(RETURNED, _OF_ALL, of_all))


def returned_late(plan: Plan, *, apart: bool) -> tuple[Step, ...]:
    """Return the steps for the records in play that nothing leaves out, where only discounts ask for it.

    ``apart``: each step is worked out by itself, and records in play are kept.
    """
    if not plan.returned_late:
        return ()
    kinds = _of_kinds(plan)
    asking, answering = f'{kinds} AND "left out" = {LEFT_IN}', f'{kinds} AND "left out" >= {LEFT_IN}'
    if apart:
        both, answered, unanswered = _last_done(plan, IN_PLAY, asking, answering)
        return (both, answered, Step(RETURNED, _OF_ALL, f"{unanswered}\n{_AND_ANSWERED}"))
    # A grouping need not keep the records in play; what is grouped is a fraction of them.
    alike = Step(
        "records alike",
        "records of the kinds that are returned, those that are the same in everything as one",
        f"SELECT *, count(*) AS {_TIMES}\nFROM {quote_name(IN_PLAY)}\nWHERE {answering}\nGROUP BY ALL",
    )
    both, answered, unanswered = _last_done(plan, alike.name, asking, answering)
    answered = structs.replace(answered, body=_each(answered.body))
    return (alike, both, answered, Step(RETURNED, _OF_ALL, f"{_each(unanswered)}\n{_AND_ANSWERED}"))


def _of_kinds(plan: Plan) -> str:
    return f"kind IN ({texts(sorted(plan.returned_kinds))})"


def _last_done(plan: Plan, source: str, asking: str, answering: str) -> tuple[Step, Step, str]:
    """Return the steps to the records between two people who did it both ways and to the answers of those of them
    that ask, and the query for the others that ask. Whatever asks can answer, too.

    Most records have none that could answer, and need not be put in order.
    """
    name = quote_name(source)
    many = len(plan.returned_kinds) > 1
    both = Step(
        "records both ways",
        "records between two people, each of whom did the same to the other",
        f"SELECT one.*\nFROM (SELECT * FROM {name} WHERE {answering}) AS one\n"
        f"SEMI JOIN (SELECT subject, actor, kind FROM {name} WHERE {answering}) AS other\n"
        "    ON other.subject = one.actor AND other.actor = one.subject"
        f"{' AND other.kind = one.kind' if many else ''}",
    )
    # The least age of all before, not that of the last: where clocks are put back, what is later can lie on an
    # earlier day.
    two = f"least(subject, actor), greatest(subject, actor){', kind' if many else ''}"
    pair = f"PARTITION BY {two} ORDER BY {MOMENT}"
    columns = [
        "*",
        f"min(CASE WHEN subject <= actor THEN {DAYS_OLD} END) OVER ({pair}) AS {_ONE_WAY}",
        f"min(CASE WHEN subject > actor THEN {DAYS_OLD} END) OVER ({pair}) AS {_OTHER_WAY}",
    ]
    by_other = f"CASE WHEN subject < actor THEN {_OTHER_WAY} ELSE {_ONE_WAY} END"
    answered = Step(
        ANSWERED,
        _LAST_DONE,
        f'SELECT * EXCLUDE ({_ONE_WAY}, {_OTHER_WAY}), {by_other} - {DAYS_OLD} AS "returned after"\n'
        f"FROM (\n    SELECT\n{indented(listed(columns))}\n    FROM {quote_name(both.name)}\n)\nWHERE {asking}",
    )
    same = "earlier.subject = this.actor AND earlier.actor = this.subject"
    either = f"{quote_name(both.name)} AS earlier\n    ON {same}{' AND earlier.kind = this.kind' if many else ''}"
    unanswered = (
        f'SELECT this.*, CAST(NULL AS INTEGER) AS "returned after"\n'
        f"FROM (SELECT * FROM {name} WHERE {asking}) AS this\nANTI JOIN {either}"
    )
    return both, answered, unanswered


def _each(alike: str) -> str:
    """Return a query that gives each of the records again that another has as one."""
    each = f"SELECT *, unnest(range({_TIMES})) AS {_WHICH}\nFROM (\n{indented(alike)}\n)"
    return f"SELECT * EXCLUDE ({_TIMES}, {_WHICH})\nFROM (\n{indented(each)}\n)"
