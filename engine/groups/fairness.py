"""Takes a run and who belongs to which group; gives how each group fares, exactly, and which rule makes what part of a
gap.

Every number is a count, a score or points of the ledger, or a fraction of sums of such; nothing is scored here.
INVARIANT: the parts of a gap sum to it, since the points of a score's lines and adjustments sum to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tallystick.engine.groups.figures import (
    Comparison,
    Distribution,
    Gap,
    GapPart,
    Group,
    Small,
    Values,
    Without,
)
from tallystick.engine.groups.groups import PLACED, GroupsRead, group_column, place_people
from tallystick.engine.groups.means import is_mean, lines_with_weights, times
from tallystick.engine.intake.sources import Given
from tallystick.engine.ledger import PLACE_KINDS, PlaceKind
from tallystick.engine.query.sql import quote_name, quote_number
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.rules.decimals import EXACT
from tallystick.rules.epochs import on_day
from tallystick.rules.questions.readers import readers

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEWEST_PEOPLE = 10
"""A group with fewer scored people is small: one of them moves its rate by more than a tenth."""
LEAST_SHARE = Fraction(2, 100)
"""A group with a lower share of the scored people is small: so New York City's rules have it for a category."""
MOST_GROUPS = 500
"""So many groups at most are told apart by one column or by several together."""
_SAMPLE = "the sample"


class Fairness(Struct, frozen=True):
    """Everything. ``read_by``: of each column that is called as an attribute of the rulebook, the rules and
    requirements that read that attribute."""

    read: GroupsRead
    people: int
    scored: int
    read_by: tuple[tuple[str, tuple[str, ...]], ...]
    comparisons: tuple[Comparison, ...]


class GapDoesNotAddUpError(AssertionError):
    """The parts of a gap do not sum to it: a mistake of ours, which is never shown as a result."""


def fairness(
    run: FinishedRun,
    groups: Given,
    by: Sequence[str],
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
) -> Fairness:
    """Compare the groups of each column, and, of several columns, also those of all of them crossed.

    Raises ``UsageRefusal`` where the file or a column does not fit, ``DataRefusal`` where it cannot be read.
    """
    read = place_people(run, groups, by, progress)
    places: list[tuple[int, ...]] = [(place,) for place in range(len(by))]
    if len(by) > 1:
        places.append(tuple(range(len(by))))
    comparing = _Comparing(run, tuple(by))
    ((people, scored),) = comparing.all(f"SELECT count(*), count(score) FROM {quote_name(PLACED)}")
    read_by = readers(run.rulebook)
    attributes = {each.name for each in run.rulebook.subjects or ()}
    found: list[Comparison] = []
    for each in places:
        progress(f"comparing by {' and '.join(by[place] for place in each)}", 0)
        found.append(comparing.compare(each))
    return Fairness(
        read,
        people,
        scored,
        tuple((column, read_by.get(("attribute", column), ())) for column in by if column in attributes),
        tuple(found),
    )


class _Comparing(Struct, frozen=True):
    """The work over one run's connection, in which everybody is placed."""

    run: FinishedRun
    by: Values

    @property
    def connection(self) -> DuckDBPyConnection:
        return self.run.workshop.connection

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def compare(self, places: tuple[int, ...]) -> Comparison:
        """Compare the groups by some of the columns, crossed."""
        by = tuple(self.by[place] for place in places)
        values = self._values(by, places)
        self._sample(places)
        counts = {
            group: (people, scored, total)
            for group, people, scored, total in self.all(
                f'SELECT "group", count(*), count(score), sum(score) FROM {quote_name(_SAMPLE)} GROUP BY ALL'
            )
        }
        unknown, unknown_scored, _ = counts.pop(None, (0, 0, None))
        known = sum(scored for _, scored, _ in counts.values())
        scores = self._distributions(counts)
        median = self._median(known)
        sides = self._sides(median)
        rates = {group: Fraction(sides[group][0], scored) for group, (_, scored, _) in counts.items() if scored > 0}
        small = {group: _small(scored, known) for group, (_, scored, _) in counts.items()}
        highest = _first_highest(rates, small)
        reference = _first_highest({group: each.mean for group, each in scores.items()}, small)
        top = None if highest is None else rates[highest]
        without, bands = self._without(), self._bands()
        groups = tuple(
            Group(
                values[group],
                people,
                scored,
                without.get(group, ()),
                scores.get(group),
                *sides.get(group, (0, 0, 0)),
                rates.get(group),
                None if not top or group not in rates else rates[group] / top,
                tuple((band.name, bands.get((group, band.name), 0)) for band in self.run.rulebook.bands),
                small[group],
            )
            for group, (people, scored, _) in sorted(counts.items())
        )
        return Comparison(
            by,
            sum(people for people, _, _ in counts.values()),
            known,
            unknown,
            unknown_scored,
            median,
            groups,
            None if highest is None else values[highest],
            None if reference is None else values[reference],
            self._gaps(reference, scores, values, {group: scored for group, (_, scored, _) in counts.items()}),
        )

    def _values(self, by: Values, places: tuple[int, ...]) -> list[Values]:
        """Return the groups that there are, in the order of code points."""
        columns = [quote_name(group_column(place)) for place in places]
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        found: list[Values] = self.all(
            f"SELECT DISTINCT {', '.join(columns)} FROM {quote_name(PLACED)} WHERE {known} "
            f"ORDER BY {', '.join(columns)} LIMIT {MOST_GROUPS + 1}"
        )
        shown = " and ".join(f"`{each}`" for each in by)
        if not found:
            message = f"of nobody in the run is the group by {shown} known"
            raise UsageRefusal(message, help="look whether the file calls people as the records do")
        if len(found) > MOST_GROUPS:
            message = f"there are more than {MOST_GROUPS} groups by {shown}"
            raise UsageRefusal(message, help="put values together into fewer groups, such as ages into decades")
        return found

    def _sample(self, places: tuple[int, ...]) -> None:
        """Make the table of everybody with the number of their group, missing where any part of it is unknown."""
        columns = [quote_name(group_column(place)) for place in places]
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        self.all(
            f"CREATE OR REPLACE TEMP TABLE {quote_name(_SAMPLE)} AS SELECT subject, outcome, score, band, requirement, "
            f"CASE WHEN {known} THEN dense_rank() OVER "
            f'(ORDER BY {known} DESC, {", ".join(columns)}) - 1 END AS "group" FROM {quote_name(PLACED)}'
        )

    def _distributions(self, counts: dict[int, tuple[int, int, Decimal]]) -> dict[int, Distribution]:
        places = [
            (group, part, Fraction(part * (scored - 1), 4))
            for group, (_, scored, _) in counts.items()
            if scored > 0
            for part in range(5)
        ]
        if not places:
            return {}
        ranks = {(group, at) for group, _, place in places for at in (int(place), int(place) + 1)}
        wanted = ", ".join(f"({group}, {at})" for group, at in sorted(ranks))
        found = {
            (group, at): Fraction(score)
            for group, at, score in self.all(
                'SELECT "group", place, score FROM (SELECT "group", score, '
                'row_number() OVER (PARTITION BY "group" ORDER BY score) - 1 AS place '
                f'FROM {quote_name(_SAMPLE)} WHERE score IS NOT NULL AND "group" IS NOT NULL) '
                f'SEMI JOIN (VALUES {wanted}) AS wanted("group", place) USING ("group", place)'
            )
        }
        quartiles = {(group, part): _between(found, group, place) for group, part, place in places}
        return {
            group: Distribution(
                quartiles[group, 0],
                quartiles[group, 1],
                quartiles[group, 2],
                quartiles[group, 3],
                quartiles[group, 4],
                Fraction(total) / scored,
            )
            for group, (_, scored, total) in counts.items()
            if scored > 0
        }

    def _median(self, scored: int) -> Fraction | None:
        """Return the median of everybody scored whose group is known."""
        if scored == 0:
            return None
        rows = self.all(
            f'SELECT score FROM {quote_name(_SAMPLE)} WHERE score IS NOT NULL AND "group" IS NOT NULL '
            f"ORDER BY score LIMIT {2 - scored % 2} OFFSET {(scored - 1) // 2}"
        )
        return sum((Fraction(score) for (score,) in rows), Fraction(0)) / len(rows)

    def _sides(self, median: Fraction | None) -> dict[int, tuple[int, int, int]]:
        """Count who is above the median, level with it and below."""
        if median is None:
            return {}
        doubled = quote_number(_decimal(2 * median))
        return {
            group: (above, level, below)
            for group, above, level, below in self.all(
                f'SELECT "group", count(*) FILTER (score + score > {doubled}), '
                f"count(*) FILTER (score + score = {doubled}), count(*) FILTER (score + score < {doubled}) "
                f'FROM {quote_name(_SAMPLE)} WHERE "group" IS NOT NULL GROUP BY ALL'
            )
        }

    def _without(self) -> dict[int, tuple[Without, ...]]:
        order = {each.name: place for place, each in enumerate(self.run.rulebook.requires)}
        found: dict[int, list[Without]] = {}
        for group, outcome, requirement, people in self.all(
            f'SELECT "group", outcome, requirement, count(*) FROM {quote_name(_SAMPLE)} '
            'WHERE score IS NULL AND "group" IS NOT NULL GROUP BY ALL'
        ):
            found.setdefault(group, []).append(Without(outcome, requirement, people))
        return {
            group: tuple(sorted(each, key=lambda one: order.get(one.requirement, len(order))))
            for group, each in found.items()
        }

    def _bands(self) -> dict[tuple[int, str], int]:
        """Count who is in each band or a higher one."""
        found = {
            (group, band): people
            for group, band, people in self.all(
                f'SELECT "group", band, count(*) FROM {quote_name(_SAMPLE)} '
                'WHERE band IS NOT NULL AND "group" IS NOT NULL GROUP BY ALL'
            )
        }
        names = [band.name for band in self.run.rulebook.bands]
        return {
            (group, name): sum(found.get((group, higher), 0) for higher in names[place:])
            for group in {group for group, _ in found}
            for place, name in enumerate(names)
        }

    def _gaps(
        self,
        reference: int | None,
        scores: dict[int, Distribution],
        values: list[Values],
        scored: dict[int, int],
    ) -> tuple[Gap, ...]:
        """Take each group's mean points apart, line by line, against those of the reference group."""
        if reference is None or len(scores) == 1:
            return ()
        sums: dict[tuple[PlaceKind, str], dict[int, Fraction]] = {
            ("rule", each.name): {} for each in self.run.rulebook.rules
        }
        sample, of_rules, others = quote_name(_SAMPLE), *map(self.run.tables.table, ("lines", "adjustments"))
        for group, kind, name, total in self.all(
            f"SELECT \"group\", 'rule', rule, sum(points) FROM {of_rules} JOIN {sample} USING (subject) "
            'WHERE points IS NOT NULL AND score IS NOT NULL AND "group" IS NOT NULL GROUP BY ALL '
            f'UNION ALL SELECT "group", kind, name, sum(amount) FROM {others} JOIN {sample} USING (subject) '
            'WHERE score IS NOT NULL AND "group" IS NOT NULL GROUP BY ALL'
        ):
            sums.setdefault((kind, name), {})[group] = Fraction(total)
        self._divide(sums)
        order = {each.name: place for place, each in enumerate(self.run.rulebook.facets)}
        lines = [key for key in sums if key[0] == "rule"]
        adjustments = sorted(
            (key for key in sums if key[0] != "rule"),
            key=lambda key: (key[1] == "", order.get(key[1], 0), PLACE_KINDS.index(key[0])),
        )

        def mean(key: tuple[PlaceKind, str], group: int) -> Fraction:
            return sums[key].get(group, Fraction(0)) / scored[group]

        gaps: list[Gap] = []
        for group in sorted(scores):
            if group == reference:
                continue
            parts = tuple(GapPart(*key, mean(key, group), mean(key, reference)) for key in (*lines, *adjustments))
            gap = Gap(values[group], scores[group].mean - scores[reference].mean, parts)
            if sum((each.points for each in parts), Fraction(0)) != gap.points:
                raise GapDoesNotAddUpError(gap)
            gaps.append(gap)
        return tuple(gaps)

    def _divide(self, sums: dict[tuple[PlaceKind, str], dict[int, Fraction]]) -> None:
        """Under a mean, take for a rule's points what they make of the score: times the scale, over the weights that
        apply to the person. The division then holds no more than what its rounding left."""
        rulebook = on_day(self.run.rulebook, self.run.as_of)
        if not is_mean(rulebook):
            return
        for group, rule, weights, points in self.all(
            'SELECT "group", rule, weights, sum(points) '
            f"FROM {lines_with_weights(rulebook, self.run.tables.table('lines'))} "
            f"JOIN {quote_name(_SAMPLE)} USING (subject) "
            'WHERE score IS NOT NULL AND "group" IS NOT NULL GROUP BY ALL'
        ):
            more = Fraction(points) * (times(rulebook, weights) - 1)
            sums["rule", rule][group] += more
            division = sums.setdefault(("division", ""), {})
            division[group] = division.get(group, Fraction(0)) - more


def _small(scored: int, sample: int) -> Small | None:
    if scored < FEWEST_PEOPLE:
        return "few people"
    return "small share" if Fraction(scored, sample) < LEAST_SHARE else None


def _first_highest(values: dict[int, Fraction], small: dict[int, Small | None]) -> int | None:
    """Return the group with the highest value: the first of equal ones, and a small one only where all are small."""
    ordered = sorted(values, key=lambda group: (small[group] is not None, -values[group], group))
    return ordered[0] if ordered else None


def _between(found: dict[tuple[int, int], Fraction], group: int, place: Fraction) -> Fraction:
    """Return what stands at a place between two ranks."""
    whole = int(place)
    low = found[group, whole]
    return low if place == whole else low + (place - whole) * (found[group, whole + 1] - low)


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction whose denominator divides a power of ten as a decimal, exactly."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return EXACT.scaleb(Decimal((value * 10**places).numerator), -places)
