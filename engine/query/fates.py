"""Takes a plan; gives what can become of a record, as SQL: struck out, not yet, excluded, taken in, outside a window,
unused. The columns of a person's accounts are called after these fates."""

from __future__ import annotations

from tallystick.engine.query.plan import Plan
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.steps import LEFT_IN, NOT_YET, UNLISTED, passes, texts, window_of, within_column


def accounts_of(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the fates that a record can meet, each with the exclusion's name, in order."""
    if plan.rulebook.records is None:
        return ()
    excluded = (("excluded", each.name) for each in plan.rulebook.excludes)
    return (("voided", ""), ("not yet", ""), *excluded, ("taken in", ""), ("outside window", ""), ("unused", ""))


def account_column(fate: str, name: str) -> str:
    """Return the column with how many of a person's records met a fate."""
    return quote_name(f"records {fate} {name}".rstrip())


def fate_of(plan: Plan) -> str:
    """Return SQL for the fate of a record that was not struck out, with the columns of a record in play."""
    cases = f"WHEN \"left out\" = {NOT_YET} THEN 'not yet' WHEN \"left out\" = {UNLISTED} THEN 'unused' "
    cases += f"WHEN \"left out\" > {LEFT_IN} THEN 'excluded' "
    cases += f"WHEN {is_unused(plan)} THEN 'unused' WHEN {is_outside(plan)} THEN 'outside window' "
    return f"CASE {cases}ELSE 'taken in' END"


def fate_name(plan: Plan) -> str:
    """Return SQL for the name of the exclusion that took a record; else empty."""
    excludes = enumerate(plan.rulebook.excludes, start=1)
    names = " ".join(f"WHEN {place} THEN {quote_text(each.name)}" for place, each in excludes)
    return f"CASE \"left out\" {names} ELSE '' END" if names else "''"


def _reading(plan: Plan, *, window: bool) -> dict[str, set[str]]:
    """Return what a record that nothing leaves out must pass to be taken in by a measure that a rule or requirement
    reads, or without ``window`` to be looked at by one; with the kinds of which that is asked."""
    kinds: dict[str, set[str]] = {}
    for each in plan.measures:
        if each.read:
            days = window_of(each)
            tests = [] if each.measure.when is None else [passes(each)]
            tests += [within_column(days)] if window and days is not None else []
            kinds.setdefault(" AND ".join(tests), set()).update(each.aggregate.kinds)
    always = kinds.get("", set())
    return {test: of - always if test else of for test, of in kinds.items()}


def _any(asked: dict[str, set[str]]) -> str:
    parts = [f"kind IN ({texts(sorted(of))}){f' AND {test}' if test else ''}" for test, of in asked.items() if of]
    return " OR ".join(f"({part})" for part in parts) or "false"


def is_unused(plan: Plan) -> str:
    """Return the condition that no measure that is read looks at a record that nothing leaves out."""
    looked_at = _reading(plan, window=False)
    if any(test and of for test, of in looked_at.items()):
        return f"NOT ({_any(looked_at)})"
    return _any({"": set(plan.rulebook.kinds) - looked_at.get("", set())}) if plan.rulebook.kinds else "true"


def is_outside(plan: Plan) -> str:
    """Return the condition that a record that is looked at lies outside the window of each measure that does."""
    inside = {test: of for test, of in _reading(plan, window=True).items() if test}
    if all(window_of(each) is None for each in plan.measures):
        return "false"
    kinds = set().union(*inside.values())
    if len(inside) == 1 and all(each.measure.when is None for each in plan.measures if each.read):
        ((test, of),) = inside.items()
        return f"kind IN ({texts(sorted(of))}) AND NOT {test}" if of else "false"
    looked_at = {test: of & kinds for test, of in _reading(plan, window=False).items()}
    return f"({_any(looked_at)}) AND NOT ({_any(inside)})"
