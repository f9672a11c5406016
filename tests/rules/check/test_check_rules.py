"""Takes rules, facets, scores and bands that do not hold together; holds what the checker tells of them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tallystick.rules.diagnostics import Severity

R = 'rule r "R"\n    because "x"\n    '
T = R + "points by "
OWN = 'exclude own "own"\n    when actor = subject and kind != post\n'
READ = 'measure likes "l"\n    count like\n'
POSTS = 'measure posts "p"\n    count post\n'
RULE = 'rule plain "Plain"\n    weight 1\n    level size, linear to 10\n    because "x"\n\n'
MEAN = 'score "Score"\n    mean of all rules by weight, out of 100\n'

CASES = {
    # tables
    "rows that overlap": ("rows-overlap", T + "size\n        under 1: 0\n        1 to 3: 5\n        «3 or more»: 10"),
    "rows that overlap in any order": ("rows-overlap", T + "size\n        3 or more: 10\n        «0 to 3»: 5"),
    "a value inside a range": ("rows-overlap", T + "size\n        0 to 9: 1\n        «5»: 5\n        10 or more: 3"),
    "a gap between rows": ("rows-gap", T + "«size»\n        under 1: 0\n        2 or more: 5"),
    "a gap at the end": ("rows-gap", T + "«size»\n        up to 8: 0"),
    "a gap of one value": ("rows-gap", T + "«min(size, 2) * 0.5»\n        under 0.5: 0\n        over 0.5: 1"),
    "a text without otherwise": ("rows-gap", T + '«city»\n        "Bern": 1'),
    "a value that is not named": ("rows-gap", T + "«rank»\n        low: 1\n        mid: 2"),
    "a no that is not named": ("rows-gap", T + "«consent»\n        yes: 1"),
    "days that are left out": ("rows-gap", T + "«born»\n        under 2000-01-01: 1\n        over 2000-01-01: 2"),
    "a value named twice": ("rows-overlap", T + "rank\n        low, mid: 1\n        «low», high: 2"),
    "a text named twice": ("rows-overlap", T + 'city\n        "Bern": 1\n        «"Bern"»: 3\n        otherwise: 2'),
    "a row that ends before it begins": ("range-empty", T + "size\n        «5 to 3»: 0\n        otherwise: 1"),
    "a row of nothing": ("range-empty", T + "size\n        «over 3 to under 3»: 0\n        otherwise: 1"),
    "a row that nothing reaches": ("row-never", T + "size\n        «under 0»: 0\n        0 or more: 1"),
    "a row between two whole numbers": (
        "row-never",
        T + "size\n        up to 3: 0\n        «over 3 to under 4»: 1\n        4 or more: 2",
    ),
    "a missing row of what is there": ("row-never", T + "size\n        0 or more: 0\n        «missing»: 1"),
    "an otherwise that nothing reaches": ("row-never", T + "size\n        0 or more: 0\n        «otherwise»: 1"),
    "missing twice": ("said-twice", T + "share\n        0 or more: 0\n        missing: 1\n        «missing»: 2"),
    "otherwise twice": ("said-twice", T + "size\n        3: 0\n        otherwise: 1\n        «otherwise»: 2"),
    "a text where a number is": ("type-mismatch", T + 'size\n        «"a"»: 0\n        otherwise: 1'),
    "a number where a text is": ("type-mismatch", T + "city\n        «3»: 0\n        otherwise: 1"),
    "a range of texts": ("type-mismatch", T + "city\n        «3 to 5»: 0\n        otherwise: 1"),
    "a table of moments": (
        "type-mismatch",
        T + "«2026-01-31T09:00:00Z»\n        under 2026-01-31T09:00:00Z: 0\n        otherwise: 1",
    ),
    "a measure as a bound": ("not-constant", POSTS + T + "size\n        under «posts»: 0\n        otherwise: 1"),
    # rules
    "no points": ("no-points", 'rule «r» "R"\n    because "x"'),
    "two ways to points": ("two-bodies", R + "points size\n    «points by» size\n        0 or more: 1"),
    "a level and points": ("two-bodies", R + "weight 1\n    level size, linear to 10\n    «points» size"),
    "a level without a weight": ("clause-missing", 'rule «r» "R"\n    because "x"\n    level size, linear to 10'),
    "a weight without a level": ("clause-missing", 'rule «r» "R"\n    because "x"\n    weight 10'),
    "a shape to nothing": ("limit-range", R + "weight 1\n    level size, linear to «0»"),
    "a shape to what is not constant": ("not-constant", R + "weight 1\n    level size, linear to «size»"),
    "a weight that is not constant": ("not-constant", R + "weight «size»\n    level size, linear to 10"),
    "bounds that cross": ("bounds-crossed", R + "points size\n    at most 3\n    at least «5»"),
    "a bound with too many places": (
        "bound-places",
        R + "points size\n    at most «3.25»",
        'score "S"\n    sum of all rules\n    rounded to 1 place\n',
    ),
    "no reason": ("no-reason", 'rule «r» "R"\n    points size + 1'),
    "because twice": ("said-twice", R + 'points size\n    «because "y"»'),
    "no rule in a facet": ("no-rules", 'facet «f» "F"\n    because "x"'),
    "a facet's bound with too many places": (
        "bound-places",
        'facet f "F"\n    at most «2.55»\n    rule s "S"\n        points size\n        because "x"',
        'score "S"\n    sum of all rules\n    rounded to 1 place\n',
    ),
    "a baseline with too many places": (
        "bound-places",
        R + "points size\n    baseline «2.55»",
        'score "S"\n    sum of all rules\n    rounded to 1 place\n',
    ),
    "a baseline that is read": ("not-constant", R + "points size\n    baseline «size»"),
    "two baselines": ("said-twice", R + "points size\n    baseline 3\n    «baseline 4»"),
    # whose actions
    "own likes count": ("actions-not-implied", READ + R + "points likes\n    «for others' actions»"),
    "others' likes count": ("actions-not-implied", READ + R + "points likes\n    «for own actions»"),
    "own posts count through a formula": (
        "actions-not-implied",
        OWN + POSTS + 'measure twice "t"\n    = posts * 2\n' + R + "points twice\n    «for others' actions»",
    ),
    "given likes are own": (
        "actions-not-implied",
        'measure gave "g"\n    count like given\n' + R + "points gave\n    «for others' actions»",
    ),
    "no actions at all": ("actions-not-implied", R + "points size\n    «for own actions»"),
    # later
    "a median of 0": ("limit-range", R + "weight 1\n    level size, log normal 10 to «0»"),
    "a p10 below 0": ("limit-range", R + "weight 1\n    level size, log normal «-1» to 20"),
    "a p10 that is the median": ("limit-range", R + "weight 1\n    level size, log normal «20» to 20"),
    "use": ("use-alone", '«use» "other.tally"'),
    "a measure of the actor": ("measure-here", POSTS + 'exclude x "x"\n    when «actor.posts» > 1'),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_tells_of_a_rule(case: tuple[str, ...], expect_mistake: Callable[..., object]) -> None:
    """One wrong part of a rule gets one diagnostic, at that part."""
    name, text, *score = case
    expect_mistake(name, text, **({"score": score[0]} if score else {}))


SCORES = {
    "neither sum nor mean": ("clause-missing", '«score» "S"\n    at most 10\n'),
    "sum and mean": (
        "said-twice",
        'score "S"\n    sum of all rules\n    «mean of all rules by weight, out of 100»\n',
        RULE,
    ),
    "two scores": ("said-twice", 'score "S"\n    sum of all rules\n«score» "T"\n    sum of all rules\n'),
    "a bound with more places than the score": (
        "bound-places",
        'score "S"\n    sum of all rules\n    at most «99.95»\n    rounded to 1 place\n',
    ),
    "too many places": ("places-range", 'score "S"\n    sum of all rules\n    rounded to «10» places\n'),
    "too many places of lines": (
        "places-range",
        'score "S"\n    sum of all rules\n    rounded to 1 place, lines to «11»\n',
    ),
    "bounds that cross": ("bounds-crossed", 'score "S"\n    sum of all rules\n    at least «10»\n    at most 5\n'),
    "a mean of points": ("mean-needs-weight", MEAN, 'rule p "P"\n    «points» size\n    because "x"\n\n'),
    "a weight below 0": ("negative-weight", MEAN, RULE.replace("weight 1", "weight «-1»")),
    "weights of 0": ("negative-weight", "«score»" + MEAN.removeprefix("score"), RULE.replace("weight 1", "weight 0")),
    "a mean out of nothing": ("limit-range", MEAN.replace("100", "«0»"), RULE),
    "a facet bounded in a mean": (
        "facet-bound-in-mean",
        MEAN,
        'facet f "F"\n    «at most 3»\n    rule s "S"\n        weight 1\n        level size\n        because "x"\n\n',
    ),
    "a sum that is too large": (
        "too-large",
        '«score» "S"\n    sum of all rules\n',
        "".join(
            f'rule {name} "R"\n    weight 900000000000000000000000\n    level size, linear to 1\n    because "x"\n\n'
            for name in ("a", "b")
        ),
    ),
    "no rules": ("no-rules", '«score "S"\n    sum of all rules»\n', ""),
    "by a text": ("by-unfit", 'score "S" by «item»\n    sum of all rules\n'),
    "by the kind": ("by-unfit", 'score "S" by «kind»\n    sum of all rules\n'),
    "by an attribute": ("not-a-field", 'score "S" by «joined»\n    sum of all rules\n'),
    "by nothing there is": ("name-unknown", 'score "S" by «theme»\n    sum of all rules\n'),
    "too many reasons": ("limit-range", 'score "S"\n    sum of all rules\n    reasons at most «5»\n'),
    "no reasons": ("limit-range", 'score "S"\n    sum of all rules\n    reasons at most «0»\n'),
    "half a reason": ("limit-range", 'score "S"\n    sum of all rules\n    reasons at most «1.5»\n'),
    "bands that descend": (
        "bands-order",
        'score "S"\n    sum of all rules\nbands\n    from 20 a "A"\n    from «10» b "B"\n',
    ),
    "bands at one place": (
        "bands-order",
        'score "S"\n    sum of all rules\nbands\n    from 20 a "A"\n    from «20» b "B"\n',
    ),
    "two bands of a name": (
        "name-twice",
        'score "S"\n    sum of all rules\nbands\n    from 20 a "A"\n    from 30 «a» "B"\n',
    ),
    "a band beyond the score": (
        "band-never",
        'score "S"\n    sum of all rules\n    at most 100\nbands\n    from 0 a "A"\n    from 101 «b» "B"\n',
    ),
    "a band beyond what otherwise gives under a mean": (
        "band-never",
        MEAN + 'bands\n    from 600 a "A"\n    from 600.1 «b» "B"\n',
        R + 'weight 5\n    level size, linear to 10\n    when consent\n    otherwise 30 "w"\n',
    ),
    "a band beyond a rule without weight under a mean": (
        "band-never",
        MEAN + 'bands\n    from 250 a "A"\n    from 250.1 «b» "B"\n',
        RULE.replace("weight 1", "weight 2")
        + R
        + 'weight 0\n    level size, linear to 10\n    when consent\n    otherwise 3 "w"\n',
    ),
    "a band with more places": (
        "bound-places",
        'score "S"\n    sum of all rules\n    rounded to 0 places\nbands\n    from «0.5» a "A"\n',
    ),
    "two blocks of bands": (
        "said-twice",
        'score "S"\n    sum of all rules\nbands\n    from 20 a "A"\n«bands»\n    from 30 b "B"\n',
    ),
    "a band with needs behind one by threshold": (
        "bands-mixed",
        'score "S"\n    sum of all rules\nbands\n    from 0 low "L"\n    gold "Gold"\n        «needs» size > 3 "M."\n',
    ),
}


@pytest.mark.parametrize("case", SCORES.values(), ids=SCORES.keys())
def test_tells_of_a_score(case: tuple[str, ...], expect_mistake: Callable[..., object]) -> None:
    """One wrong line of score or bands gets one diagnostic, at that line."""
    name, score, *rule = case
    expect_mistake(name, "", score=score, **({"rule": rule[0]} if rule else {}))


GOOD = {
    "whole numbers without a gap": T + "size\n        0 to 3: 0\n        4 or more: 1",
    "parameters as bounds": 'parameter few = 3 "f"\n'
    + T
    + "size\n        under few: 0\n        few to under 9: 1\n        9 or more: 2",
    "values and a range": T + "size\n        0, 2: 0\n        1: 1\n        3 or more: 2",
    "dates": T + "born\n        under 2000-01-01: 1\n        2000-01-01 or more: 2",
    "dates, day by day": T + "born\n        up to 1999-12-31: 1\n        over 1999-12-31: 2",
    "texts": T + 'city\n        "Bern", "Basel": 1\n        otherwise: 2',
    "named values": T + "rank\n        low, mid: 1\n        high: 2",
    "yes and no": T + "consent\n        yes: 1\n        no: 2",
    "places": T + "share\n        under 0.5: 1\n        0.5 to 0.999: 2\n        over 0.999: 3\n        missing: 0",
    "otherwise for what is missing": T + "rank\n        low, mid: 1\n        high: 2",
    "others' likes": OWN + READ + R + "points likes\n    for others' actions",
    "others' likes by when": 'measure likes "l"\n    count like\n    when actor != subject\n'
    + R
    + "points likes\n    for others' actions",
    "own posts": 'measure posts "p"\n    count post\n    when not (actor != subject)\n'
    + R
    + "points posts\n    for own actions",
    "given is own": 'measure gave "g"\n    count like given\n' + R + "points gave\n    for own actions",
    "negative weight under a sum": R + "weight -5\n    level size, linear to 10",
    "a level alone": R + "weight 5\n    level share\n    otherwise not applicable",
    "a sentence": R + 'points size + 1\n    say "Your size is {size}."',
    "bounds in order": R + "points size\n    at most 10\n    at least -10",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_lets_a_rule_pass(text: str, expect_nothing: Callable[..., object]) -> None:
    """What the language allows is allowed, without a word."""
    expect_nothing(text)


def test_tells_of_more_measures_and_exclusions_than_a_ledger_can_hold(tell: Callable[..., object]) -> None:
    """For each measure and exclusion the ledger holds a number: 2,000 pairs are fine, one measure more is not."""

    def book(measures: int) -> str:
        excludes = "".join(f'exclude x{n} "x"\n    when actor = "a{n}"\n    because "b"\n' for n in range(50))
        counts = "".join(f'measure m{n} "m"\n    count like\n    when amount > {n}\n' for n in range(measures))
        rules = "".join(f'rule r{n} "r{n}"\n    points m{n}\n    because "b"\n' for n in range(measures))
        head = 'rulebook "Big" version 1.0.0\n    owner "o"\n'
        fields = (
            "records\n    subject text\n    actor text\n    kind one of like\n    at date\n    amount number 0 to 99\n"
        )
        return f'{head}{fields}{excludes}{counts}{rules}score "S"\n    sum of all rules\n'

    assert [each.name for each in tell(book(40), whole=True).diagnostics] == []
    (told,) = tell(book(41), whole=True).diagnostics
    assert (told.name, told.message) == (
        "steps-too-many",
        "41 measures times 50 exclusions and discounts are more than 2,000",
    )


def test_tells_of_what_actors_earned_too_many_times_over(tell: Callable[..., object]) -> None:
    """Each level takes in all records again: five are fine, and six are not."""

    def book(levels: int) -> str:
        read = "".join(f'measure m{n} "m"\n    sum min(actor.m{n - 1}, {n}) of like\n' for n in range(1, levels + 1))
        head = 'rulebook "Deep" version 1.0.0\n    owner "o"\n'
        fields = "records\n    subject text\n    actor text\n    kind one of like\n    at date\n"
        rule = f'measure m0 "m"\n    count like\n{read}rule r "r"\n    points m{levels}\n    because "b"\n'
        return f'{head}{fields}{rule}score "S"\n    sum of all rules\n'

    assert [each.name for each in tell(book(5), whole=True).diagnostics] == []
    (told,) = tell(book(6), whole=True).diagnostics
    assert (told.name, told.message) == (
        "steps-too-many",
        "what actors earned is worked out 6 times over, and 5 times are the most",
    )


def test_tells_of_too_many_formulas_in_a_row(tell: Callable[..., object]) -> None:
    """The database can plan some hundreds of steps one after another, and no more: 200 are fine, in any order."""

    def book(formulas: int) -> str:
        each = [f'measure m{n} "m"\n    = min(m{n - 1} + 1, 5)\n' for n in range(formulas, 0, -1)]
        head = 'rulebook "Long" version 1.0.0\n    owner "o"\n'
        fields = "records\n    subject text\n    kind one of like\n    at date\n"
        rule = f'measure m0 "m"\n    count like\nrule r "R"\n    points m{formulas}\n    because "b"\n'
        return f'{head}{fields}{"".join(each)}{rule}score "S"\n    sum of all rules\n'

    assert not any(told.name == "steps-too-many" for told in tell(book(200), whole=True).diagnostics)
    (told,) = (told for told in tell(book(201), whole=True).diagnostics if told.name == "steps-too-many")
    assert told.message == "more than 200 formulas read each other in a row"


def _shape(measures: str, rest: str = "", *, by: str = "") -> str:
    """Return a rulebook with measures called m0 and so on, and what else is declared."""
    fields = "records\n    subject text\n    kind one of like\n    at date\n    topic one of t0, t1, t2, t3, t4\n"
    head = f'rulebook "Large" version 1.0.0\n    owner "o"\n{fields}{rest}{measures}'
    return f'{head}rule r "R"\n    points m0\n    because "b"\nscore "S"{by}\n    sum of all rules\n'


def _too_many(tell: Callable[..., object], text: str) -> list[tuple[str, str]]:
    """Return the mistakes of a rulebook that are no warnings."""
    found = [each for each in tell(text, whole=True).diagnostics if each.severity is Severity.ERROR]
    return [(each.name, each.message) for each in found]


def test_tells_of_more_discounts_than_steps_can_take(tell: Callable[..., object]) -> None:
    """Each discount is a step on the way to each measure: 500 in all are fine, and one more is not."""

    def book(measures: int, discounts: int) -> str:
        each = (
            f'discount d{n} "d"\n    to 50%\n    when topic = t{n % 5}\n    because "b"\n' for n in range(discounts)
        )
        return _shape("".join(f'measure m{n} "m"\n    count like\n' for n in range(measures)), "".join(each))

    assert _too_many(tell, book(5, 100)) == []
    message = "3 measures times 167 discounts are more than 500"
    assert _too_many(tell, book(3, 167)) == [("steps-too-many", message)]


def test_tells_of_more_exclusions_of_what_repeats_than_can_be_looked_for(tell: Callable[..., object]) -> None:
    """Each looks at what the ones before it have left: 400 of them took two minutes over 400 records."""

    def book(repeating: int) -> str:
        of_one = [f'exclude x{n} "x{n}"\n    when topic = t{n % 5}\n    because "b"\n' for n in range(60)]
        each = (f'exclude d{n} "d{n}"\n    repeats of topic\n    because "b"\n' for n in range(repeating))
        return _shape('measure m0 "m"\n    count like\n', "".join((*of_one, *each)))

    assert _too_many(tell, book(50)) == []
    text = book(51)
    assert _too_many(tell, text) == [("steps-too-many", "more than 50 exclusions say `repeats of`")]
    (told,) = (each for each in tell(text, whole=True).diagnostics if each.severity is Severity.ERROR)
    assert told.primary.span.start == told.source.text.index("exclude d50")


def test_tells_of_half_lives_that_take_too_long_tables(tell: Callable[..., object]) -> None:
    """For each half-life there is a table of all ages; measures that fade alike share it."""

    def book(*days: int) -> str:
        fading = (f'measure m{n} "m"\n    count like\n    halving every {each} days\n' for n, each in enumerate(days))
        return _shape("".join(fading))

    assert _too_many(tell, book(600_000, 400_000, 600_000)) == []
    message = "all half-lives together are 1000001 days, and 1,000,000 are the most"
    assert _too_many(tell, book(600_000, 400_001)) == [("steps-too-many", message)]


def test_tells_of_more_than_can_be_worked_out_for_each_value(tell: Callable[..., object]) -> None:
    """By a field, everything is worked out again for each of its values."""

    def book(measures: int) -> str:
        return _shape("".join(f'measure m{n} "m"\n    count like\n' for n in range(measures)), by=" by topic")

    assert _too_many(tell, book(1_999 - 8)) == []
    text = book(1_991).replace("t4\n", "t4, t5\n")
    message = "6 values of `topic` times 1,992 measures and rules are more than 10,000"
    assert _too_many(tell, text) == [("by-too-many", message)]


def test_rows_that_overlap_are_told_in_a_time_that_grows_with_their_number(tell: Callable[..., object]) -> None:
    """Of 8,000 rows in pairs that overlap, each pair is told once; to look for each row among all that were told took a
    minute."""
    rows = "".join(f"        up to {number}: {number}\n" for number in range(8_000))
    start = time.process_time()
    text = _shape('measure m0 "m"\n    count like\n').replace("points m0\n", "points by m0\n" + rows)
    found = [name for name, _ in _too_many(tell, text)]
    assert time.process_time() - start < 10
    assert found.count("rows-overlap") == 4_000


def test_a_mean_may_be_of_no_rule(expect_nothing: Callable[..., object]) -> None:
    """Bands by needs may stand alone under a mean, too, whose score then can be nothing but 0."""
    expect_nothing("", score=MEAN + 'bands\n    gold "Gold"\n        needs size > 3 "More than 3."\n', rule="")
