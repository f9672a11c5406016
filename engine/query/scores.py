"""Takes a plan; gives the steps from the points of the rules to facets, score and band, a row for each person."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.expression import SHORT_QUOTIENT, Names, Reach, never_missing, sql_of
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.rounding import held, rounded, summed
from tallystick.engine.query.rules import RuleSteps, rule_column, with_columns
from tallystick.engine.query.sql import listed, quote_name, quote_number, quote_text
from tallystick.engine.query.steps import Step
from tallystick.rules.decimals import EXACT, PLACES, places_of
from tallystick.rules.expression import Expr
from tallystick.rules.rule import Facet, Rule, Weighted
from tallystick.rules.rulebook import Band
from tallystick.rules.value import LIMIT

RESULTS = "results"
_LONG = Decimal(10) ** 29


def facet_column(facet: Facet, part: str) -> str:
    """Return a column of a facet."""
    return quote_name(f"facet {facet.name}: {part}")


def need_column(band: Band, place: int) -> str:
    """Return the column that says whether a need of a band is met; ``place`` counts from 1."""
    return quote_name(f"band {band.name}: need {place}")


class ScoreSteps(Struct, frozen=True, dict=True):
    """The steps to ``results``; the query after them takes all columns of the last."""

    plan: Plan
    names: Names

    @cached_property
    def rules(self) -> RuleSteps:
        """The steps before these."""
        return RuleSteps(self.plan, self.names)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps from the people on, in order."""
        facets = self.plan.rulebook.facets
        return with_columns(
            self.rules.steps,
            ("facets added", "the sum of each facet's lines", [[self._facet_lines(each) for each in facets]]),
            ("facets bounded", "each facet's sum held within its bounds", [[self._subtotal(each) for each in facets]]),
            ("scores added", "the sum of everything", [[self._total()]]),
            ("scores divided", "as a mean by weight", [self._mean()]),
            ("scores bounded", "held within the bounds of the score", [[self._bounded()]]),
            ("scores rounded", "rounded last of all", [[self._rounded()]]),
            ("bands asked", "what each band needs", [self._needs()]),
        )

    def results(self) -> str:
        """Return the query after the steps."""
        columns = ["subject"]
        for rule in self.plan.rulebook.rules:
            columns += self.rules.kept(rule)
        for facet in self.plan.rulebook.facets:
            columns += [facet_column(facet, "lines"), facet_column(facet, "subtotal")]
        columns += ['"the sum"', '"the mean"'] if self._is_mean else ['"the sum"']
        columns += [need_column(band, place) for band, place, _ in self._all_needs]
        columns += ['"the bounded"', '"the score"', f'{self._band()} AS "the band"']
        return f"SELECT\n{listed(columns)}\nFROM {quote_name(self.steps[-1].name)}"

    @property
    def _is_mean(self) -> bool:
        return self.plan.rulebook.score.out_of is not None

    def _facet_lines(self, facet: Facet) -> str:
        rules = [rule for rule in self.plan.rulebook.rules if rule.facet == facet.name]
        return f"CAST({self._points_of(rules)} AS DECIMAL(38, 9)) AS {facet_column(facet, 'lines')}"

    def _points_of(self, rules: list[Rule]) -> str:
        """Return SQL for the sum of the points of some rules."""
        reaches = [self.rules.points_reach(rule) for rule in rules]
        most = sum((each.most for each in reaches), Decimal(1))
        return summed(
            [rule_column(rule, "points") for rule in rules],
            Reach(most, max((each.places for each in reaches), default=0)),
        )

    def _subtotal(self, facet: Facet) -> str:
        lines = facet_column(facet, "lines")
        return (
            f"CAST({held(lines, facet.at_least, facet.at_most)} AS DECIMAL(38, 9)) AS {facet_column(facet, 'subtotal')}"
        )

    def _total(self) -> str:
        subtotals = [facet_column(facet, "subtotal") for facet in self.plan.rulebook.facets]
        alone = [rule for rule in self.plan.rulebook.rules if rule.facet is None]
        if not subtotals:
            return f'CAST({self._points_of(alone)} AS DECIMAL(38, 9)) AS "the sum"'
        parts = [*subtotals, *(rule_column(rule, "points") for rule in alone)]
        return f'CAST({summed(parts)} AS DECIMAL(38, 9)) AS "the sum"'

    def _mean(self) -> list[str]:
        """Divide by the weights that apply: one quotient of the exact ``sum * out of`` and their sum."""
        out_of = self.plan.rulebook.score.out_of
        if out_of is None:
            return []
        weights: list[tuple[str, Decimal]] = [
            (rule_column(rule, "points"), rule.body.weight.value)
            for rule in self.plan.rulebook.rules
            if isinstance(rule.body, Weighted)
        ]
        places = places_of(out_of.value)
        whole = EXACT.scaleb(out_of.value, places)
        scale = EXACT.scaleb(Decimal(1), places)
        all_weights = sum((weight for _, weight in weights), Decimal(1))
        apply = summed(
            [f"CASE WHEN {points} IS NOT NULL THEN {quote_number(weight)} END" for points, weight in weights],
            Reach(EXACT.multiply(all_weights, scale), max((places_of(weight) for _, weight in weights), default=0)),
        )
        most = max(EXACT.multiply(self._most_points, abs(whole)), EXACT.multiply(all_weights, scale))
        if most < _LONG:
            macro = "quotient" if most < SHORT_QUOTIENT else "long_quotient"
            mean = f'{macro}("the sum" * {quote_number(whole)}, ({apply}) * {quote_number(scale)})'
        else:
            mean = f'"exactly mean"("the sum", {quote_number(out_of.value)}, {apply})'
        return [f'CASE WHEN {apply} <> 0 THEN {mean} END AS "the mean"']

    @property
    def _most_points(self) -> Decimal:
        """No sum of all lines and facet bounds is further from 0."""
        most = Decimal(1)
        for rule in self.plan.rulebook.rules:
            ways = [rule.body.weight.value] if isinstance(rule.body, Weighted) else []
            ways += [abs(bound.value) for bound in (rule.at_least, rule.at_most) if bound is not None]
            if rule.otherwise is not None and rule.otherwise.points is not None:
                ways.append(sql_of(rule.otherwise.points, self.names).number.most)
            most = EXACT.add(most, max(ways, default=LIMIT))
        for facet in self.plan.rulebook.facets:
            bounds = [abs(bound.value) for bound in (facet.at_least, facet.at_most) if bound is not None]
            most = EXACT.add(most, max(bounds, default=Decimal(0)))
        return most

    @property
    def _unbounded(self) -> str:
        return '"the mean"' if self._is_mean else '"the sum"'

    def _bounded(self) -> str:
        score = self.plan.rulebook.score
        return f'CAST({held(self._unbounded, score.at_least, score.at_most)} AS DECIMAL(38, 9)) AS "the bounded"'

    def _rounded(self) -> str:
        places = self.plan.rulebook.score.places
        return f'{rounded(chr(34) + "the bounded" + chr(34), PLACES if places is None else places)} AS "the score"'

    def _band(self) -> str:
        bands = self.plan.rulebook.bands
        if not bands:
            return "CAST(NULL AS VARCHAR)"
        cases = " ".join(f"WHEN {self._reached(band)} THEN {quote_text(band.name)}" for band in reversed(bands))
        return f"CASE {cases} END"

    def _reached(self, band: Band) -> str:
        if band.start is not None:
            return f'"the score" >= {quote_number(band.start)}'
        return " AND ".join(
            ['"the score" IS NOT NULL', *(need_column(band, place) for place in range(1, len(band.needs) + 1))]
        )

    @property
    def _all_needs(self) -> list[tuple[Band, int, Expr]]:
        return [
            (band, place, need.when)
            for band in self.plan.rulebook.bands
            for place, need in enumerate(band.needs, start=1)
        ]

    def _needs(self) -> list[str]:
        return [
            f"{never_missing(sql_of(when, self.names).safe)} AS {need_column(band, place)}"
            for band, place, when in self._all_needs
        ]
