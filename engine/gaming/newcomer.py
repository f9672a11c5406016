"""Takes a rulebook and a day; gives an imagined newcomer on it: the attributes that let somebody in, and the fewest
records with which there is a score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice, product

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import days_before, in_utc
from tallystick.engine.gaming.attacks import Deed, Form, Ground
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.query.plan_reading import record_exprs, rule_exprs, walk
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.what_if.actions import fillings, kinds_read
from tallystick.engine.what_if.neighbourhood import NearRecord, Neighbourhood
from tallystick.engine.what_if.reached import has_score
from tallystick.rules.expression import AttributeOf, Compare, Expr, In, Literally
from tallystick.rules.questions.by import by_none
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

NEWCOMER, ACCOUNT, ACQUAINTANCE = "newcomer", "account", "acquaintance"
"""How the newcomer is called, the accounts that take part in attacks, and who did something before any."""
MOST_ATTRIBUTES = 2_000
"""So many combinations of attributes are tried."""
_TIMES = (*range(1, 13), 20, 50, 100)
_SPREAD = 28
_YEARS = (0, 1, 5, 20, 50)


class Beginning(Struct, frozen=True):
    """Records that the newcomer has before any attack: ``times`` of one kind, ``own``: done by the newcomer."""

    kind: str | None
    own: bool
    times: int


class Newcomer(Struct, frozen=True):
    """An imagined newcomer: where they stand, and what they did to stand there."""

    ground: Ground
    beginnings: tuple[Beginning, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record without which there is no score."""
        return tuple(each.kind for each in self.beginnings if each.kind is not None)

    def under(self, rulebook: Rulebook) -> Neighbourhood:
        """Return the newcomer's rows by other rules; there are no others in this world."""
        return replace(self.ground.near, rulebook=rulebook)


def newcomer(rulebook: Rulebook, as_of: date) -> Newcomer:
    """Imagine a newcomer who has a score.

    Raises ``UsageRefusal`` where no attributes and no records that were tried lead to one.
    """
    attributes = None if rulebook.subjects is None else attributes_of_newcomer(rulebook, as_of)
    people = () if attributes is None else (attributes,)
    ground = Ground(Neighbourhood(rulebook, NEWCOMER, as_of, (), people), ACCOUNT, attributes)
    beginnings: list[Beginning] = []
    while not has_score(ledger := ground.near.ledger()):
        found = _nearer(ground, len(rulebook.requires)) or _nearer(ground, _stage(rulebook, ledger))
        if found is None:
            asked = None if ledger is None else ledger.score.requirement
            message = f"no newcomer could be imagined who {'has a score' if asked is None else f'meets `{asked}`'}"
            raise UsageRefusal(message, help="give real records with `--records` and a day with `--as-of`")
        beginning, near = found
        beginnings.append(beginning)
        ground = replace(ground, near=near)
    return Newcomer(ground, tuple(beginnings))


def _stage(rulebook: Rulebook, ledger: SubjectLedger | None) -> int:
    """Return how far somebody came on the way to a score."""
    if ledger is None:
        return -1
    if ledger.score.score is not None:
        return len(rulebook.requires) + 1
    names = [
        *(each.name for each in rulebook.requires if not each.reads_measures),
        *(each.name for each in rulebook.requires if each.reads_measures),
    ]
    return names.index(ledger.score.requirement) if ledger.score.requirement in names else len(names)


# ---- records that let somebody in ------------------------------------------------------------------------------------


def _nearer(ground: Ground, stage: int) -> tuple[Beginning, Neighbourhood] | None:
    """Return the fewest records of one kind that bring somebody further; of equal ones the first."""
    best: tuple[Beginning, Neighbourhood] | None = None
    for kind in kinds_read(ground.rulebook):
        for own in (True, False) if _acting(ground.rulebook) else (False,):
            for values in islice(fillings(ground.near, kind), 12):
                form = Form((Deed(kind, values),), accounts=0 if own else None, spread=_SPREAD, ago=1, what="earlier")
                for times in _TIMES:
                    if best is not None and times >= best[0].times:
                        break
                    near = _with(ground, form, times)
                    if _stage(ground.rulebook, near.ledger()) > stage:
                        best = (Beginning(kind, own, times), near)
    return best


def _with(ground: Ground, form: Form, times: int) -> Neighbourhood:
    """Return the rows with records, whose ids say that they were there before any attack."""
    names = [each.name for each in record_fields(ground.rulebook)]
    there = len(ground.near.records)
    rows = []
    for number, row in enumerate(replace(ground, account=ACQUAINTANCE).records(form, times), start=1):
        values = dict(zip(names, row, strict=True))
        if "id" in values:
            numbered = isinstance(values["id"], Decimal)
            values["id"] = _lowest(ground.rulebook) + there + number if numbered else f"before {there + number}"
        rows.append(NearRecord(there + number, tuple(values.values())))
    return replace(ground.near, records=(*ground.near.records, *rows))


def _lowest(rulebook: Rulebook) -> Decimal:
    field = next(each for each in record_fields(rulebook) if each.name == "id")
    return field.type.low if isinstance(field.type, NumberType) else Decimal(0)


def _acting(rulebook: Rulebook) -> bool:
    return any(each.name == "actor" for each in record_fields(rulebook))


# ---- attributes that let somebody in ---------------------------------------------------------------------------------


def attributes_of_newcomer(rulebook: Rulebook, as_of: date) -> Row:
    """Return the first attributes with which every requirement of attributes is met: missing before anything else. Of
    a rulebook that reads no records, the first with which there is a score, since nothing else brings one."""
    fields = subject_fields(rulebook)
    named = tuple(_named(rulebook))
    choices = [tuple(dict.fromkeys(_choices(each, named, as_of))) for each in fields]
    asked = {each.name for each in rulebook.requires if not each.reads_measures}
    rulebook = by_none(rulebook)  # by a field, who has no record yet is nobody
    for row in islice(product(*choices), MOST_ATTRIBUTES):
        ledger = Neighbourhood(rulebook, NEWCOMER, as_of, (), (row,)).ledger()
        enough = has_score(ledger) if rulebook.records is None else True
        if ledger is not None and ledger.score.requirement not in asked and enough:
            return row
    message = "no attributes were found with which an imagined newcomer would be scored"
    raise UsageRefusal(message, help="give real records with `--records`, and `--subjects`")


def _choices(field: Field, named: tuple[Scalar, ...], as_of: date) -> Iterator[Scalar | None]:
    if field.name == "subject":
        yield NEWCOMER
        return
    if field.optional:
        yield None
    match field.type:
        case YesNoType():
            yield from (False, True)
        case OneOfType(values=values):
            yield from values
        case TextType():
            yield from (f"{field.name} 1", *(each for each in named if isinstance(each, str)))
        case NumberType(low=low, high=high, places=places):
            numbers = (Decimal(0), low, *(each for each in named if isinstance(each, Decimal)), high)
            near = (each + by for each in numbers for by in (0, 1, -1))
            yield from (each for each in near if low <= each <= high and each == round(each, places))
        case DateType():
            yield from (days_before(as_of, 366 * years) for years in _YEARS)
        case TimeType():
            days = (days_before(as_of, 366 * years) for years in _YEARS)
            yield from (in_utc(datetime.combine(day, time())) for day in days)
        case _:
            raise AssertionError(field.type)


def _named(rulebook: Rulebook) -> Iterator[Scalar]:
    """Give the values with which anything compares an attribute."""
    exprs = (
        *record_exprs(rulebook),
        *(each.when for each in rulebook.requires),
        *(expr for rule in rulebook.rules for expr in rule_exprs(rule)),
    )
    for expr in exprs:
        for each in walk(expr):
            match each.op:
                case Compare(left=left, right=right):
                    yield from _literals((left, right))
                case In(value=value, options=options):
                    yield from _literals((value, *options))
                case _:
                    pass


def _literals(exprs: tuple[Expr, ...]) -> Iterator[Scalar]:
    if any(isinstance(part.op, AttributeOf) for each in exprs for part in walk(each)):
        yield from (each.op.value for each in exprs if isinstance(each.op, Literally))
