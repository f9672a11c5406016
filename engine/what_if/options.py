"""Takes the trials of a person on a day; gives the ways to act that do anything: those that raise a line, the score, or
what the next band needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.query.plan_reading import measures_behind, rule_exprs
from tallystick.engine.what_if.actions import Action, actions_of
from tallystick.engine.what_if.reach_needs import measures_of_needs, next_by_needs
from tallystick.engine.what_if.reached import (
    has_score,
    is_full,
    is_higher,
    lines_raised,
    measures_moved,
    score_in,
    values_in,
)
from tallystick.engine.what_if.trials import Trials
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Rulebook

PROBE = 4
"""With so many records each way to act is tried first."""
MOST_PROBES = 500
"""After so many trials only the likeliest way to fill in a kind's fields is tried."""


class Options(Struct, frozen=True):
    """The ways to act on a day; ``most``: no more actions than that are tried."""

    trials: Trials
    day: date
    most: int

    @property
    def rulebook(self) -> Rulebook:
        """The rules that the person is scored by."""
        return self.trials.stage.near.rulebook

    def after(self, action: Action, times: int) -> SubjectLedger | None:
        """Return the ledger after an action, done so many times."""
        return self.trials.after(action, times, self.day)

    def of(self, kind: str | None) -> Iterator[Action]:
        """Give, for each who can act, the ways to fill in the fields that are the first to raise some line; where these
        raise no score, or there is none, the first that does or brings one; where none raises a line, the first that
        changes a measure. Likewise the first to change what the next band needs."""
        base = self.trials.with_nothing(self.day)
        reading, wanted = self._rules_reading(kind), self._wanted(kind)
        everybody = tuple(actions_of(self.trials.stage.near.at(self.day), kind, own=kind in self.trials.stage.own))
        given: list[Action] = []
        for ways in everybody:
            changing: Action | None = None
            raised: frozenset[str] = frozenset()
            moved: frozenset[str] = frozenset()
            rises = False
            for action in ways:
                ledger = self.after(action, PROBE)
                more, other = lines_raised(base, ledger) - raised, wanted & measures_moved(base, ledger) - moved
                higher = not rises and _is_better(base, ledger)
                if more or other or higher:
                    given.append(action)
                raised, moved, rises = raised | more, moved | other, rises or higher
                if changing is None and values_in(base) != values_in(ledger):
                    changing = action
                enough = raised >= reading and moved >= wanted and changing is not None and (rises or not raised)
                enough |= rises and not has_score(base)
                if enough or len(self.trials.found) > MOST_PROBES:
                    break
            if not raised and not moved and changing is not None:
                given.append(changing)
        yield from given
        if has_score(base):
            yield from self._raising_in_number(everybody[0], given, reading)
        else:
            yield from self._scoring_in_number(everybody[0], given, kind)

    def _raising_in_number(
        self, ways: tuple[Action, ...], given: list[Action], reading: frozenset[str]
    ) -> Iterator[Action]:
        """Give those ways of the likeliest to act that raise a line only when done often, which none ``given`` raises:
        a few records of another value seldom move an average."""
        base = self.trials.with_nothing(self.day)
        lines = () if base is None else (line for line in base.lines if line.rule in reading and not is_full(line))
        open_ = {line.rule for line in lines if not any(self.raises_line(line, each) for each in given)}
        for action in ways:
            if not open_ or len(self.trials.found) > MOST_PROBES:
                return
            more = open_ & lines_raised(base, self.after(action, self.most))
            if more:
                yield action
            open_ -= more

    def _scoring_in_number(self, ways: tuple[Action, ...], given: list[Action], kind: str | None) -> Iterator[Action]:
        """Give the first way of the likeliest to act that brings a score only when done often, where none ``given``
        does, of those that change what is required."""
        required = self._of_kind(kind) & measures_required(self.rulebook)
        if any(has_score(self.after(each, times)) for each in given for times in (PROBE, self.most)):
            return
        base = self.trials.with_nothing(self.day)
        for action in ways:
            if len(self.trials.found) > MOST_PROBES:
                return
            if required & measures_moved(base, self.after(action, PROBE)) and has_score(self.after(action, self.most)):
                yield action
                return

    def _rules_reading(self, kind: str | None) -> frozenset[str]:
        """Return the rules that a record of a kind can bear on."""
        of_kind = self._of_kind(kind)
        return frozenset(
            rule.name for rule in self.rulebook.rules if of_kind.intersection(measures_of(self.rulebook, rule.name))
        )

    def _of_kind(self, kind: str | None) -> frozenset[str]:
        """Return the measures of records of a kind."""
        return frozenset(
            each.name
            for each in self.rulebook.measures
            if not isinstance(each.aggregate, Formula) and (kind is None or kind in each.aggregate.kinds)
        )

    def _wanted(self, kind: str | None) -> frozenset[str]:
        """Return the measures of records of a kind that the needs of the next band read."""
        band = next_by_needs(self.rulebook, self.trials.with_nothing(self.day))
        return frozenset() if band is None else self._of_kind(kind) & measures_of_needs(self.rulebook, band)

    def for_rule(self, rule: str, options: list[Action]) -> list[Action]:
        """Return the actions that change a measure which a rule reads."""
        read, base = measures_of(self.rulebook, rule), values_in(self.trials.with_nothing(self.day))
        return [
            action
            for action in options
            if any(values_in(self.after(action, PROBE)).get(name) != base.get(name) for name in read)
        ]

    def raises_line(self, line: LineRow, action: Action) -> bool:
        """Say whether an action raises a line, done once, a few times or as often as is tried."""
        return any(is_higher(self.after(action, times), line) for times in (1, PROBE, self.most))


def _is_better(base: SubjectLedger | None, ledger: SubjectLedger | None) -> bool:
    """Say whether there is a higher score, or one where there was none."""
    return has_score(ledger) and (not has_score(base) or score_in(ledger) > score_in(base))


def measures_required(rulebook: Rulebook) -> frozenset[str]:
    """Return the measures that decide whether there is a score: those that requirements read and, under a mean, which
    wants a rule that applies, those that rules do."""
    rules = rulebook.rules if rulebook.score.out_of is not None else ()
    exprs = [each.when for each in rulebook.requires] + [expr for rule in rules for expr in rule_exprs(rule)]
    return frozenset(measures_behind(rulebook, exprs))


def measures_of(rulebook: Rulebook, rule: str) -> tuple[str, ...]:
    """Return the measures that a rule reads, also through formulas."""
    of_rule = (expr for each in rulebook.rules if each.name == rule for expr in rule_exprs(each))
    return measures_behind(rulebook, of_rule)
