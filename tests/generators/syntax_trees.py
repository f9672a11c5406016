"""Takes Hypothesis' choices; gives random syntax trees of every form that the grammar has, [later] ones included."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from tallystick.rules import syntax
from tallystick.rules.parse import table
from tallystick.rules.parse.words import FUNCTIONS, RESERVED
from tallystick.rules.source import Source

KEYWORDS = sorted(word for word in {*table.load().words, *FUNCTIONS} if word.isidentifier() and word not in RESERVED)
"""Every word of the language that may be a name."""

_HIDDEN = "\x7f\u2028\u2029\ufeff" + "".join(
    map(chr, [*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
_CONTROLS = "".join(map(chr, range(0x20)))

word_texts = st.one_of(
    st.sampled_from(KEYWORDS),
    st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda text: text not in RESERVED),
)
words = st.builds(syntax.Word, word_texts)
text_values = st.text(
    st.one_of(
        st.sampled_from('ab "\\\n\t#(),:é漢'),
        st.characters(exclude_characters=_HIDDEN + _CONTROLS, exclude_categories=["Cs"]),
    ),
    max_size=8,
)
texts = st.builds(syntax.Text, text_values)
optional_texts = st.none() | texts

# ---- expressions


def _listed(
    strategy: st.SearchStrategy[object], least: int = 1, most: int = 3
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


numbers_written = st.from_regex(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?", fullmatch=True).map(Decimal)
numbers = st.builds(syntax.NumberLiteral, numbers_written, st.just(value=False))
percents = st.builds(syntax.NumberLiteral, numbers_written, st.just(value=True))
signed = numbers | st.builds(syntax.Negate, numbers)
durations = st.builds(syntax.DurationLiteral, numbers_written, st.sampled_from(["day", "week"]))
dates = st.builds(syntax.DateLiteral, st.dates(date(1, 1, 1), date(9999, 12, 31)))
moments = st.builds(
    syntax.MomentLiteral,
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30, 23, 59, 59), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0)
    ),
)
text_literals = st.builds(syntax.TextLiteral, text_values)
names = st.builds(syntax.Name, word_texts)
leaves = st.one_of(
    numbers, percents, durations, dates, moments, text_literals, names, st.builds(syntax.Dotted, words, words)
)


def _grown(inner: st.SearchStrategy[syntax.Expr]) -> st.SearchStrategy[syntax.Expr]:
    flags = st.booleans()
    options = _listed(inner)
    return st.one_of(
        st.builds(syntax.Negate, inner),
        st.builds(syntax.Not, inner),
        st.builds(syntax.Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(syntax.Compare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(syntax.Logic, st.sampled_from(["and", "or"]), _listed(inner, 2)),
        st.builds(syntax.In, inner, options, flags),
        st.builds(syntax.IsMissing, inner, flags),
        st.builds(syntax.OrElse, inner, inner),
        st.builds(syntax.If, inner, inner, inner),
        st.builds(syntax.Call, st.builds(syntax.Word, st.sampled_from(FUNCTIONS)), options),
        st.builds(syntax.Since, st.sampled_from(["days", "years"]), inner),
        st.builds(syntax.FromTo, st.sampled_from(["days", "seconds"]), inner, inner),
        st.builds(syntax.TextTest, st.sampled_from(["starts", "ends", "contains"]), inner, inner, flags),
        st.builds(syntax.Returned, inner),
    )


def _beside(
    first: st.SearchStrategy[object], others: st.SearchStrategy[object]
) -> st.SearchStrategy[tuple[object, ...]]:
    """Draw one thing and perhaps others around it."""
    return st.builds(
        lambda one, before, after: (*before, one, *after), first, _listed(others, 0, 1), _listed(others, 0)
    )


expressions = st.recursive(leaves, _grown, max_leaves=8)

# ---- what is read

places = st.builds(syntax.NumberLiteral, st.integers(0, 9).map(Decimal))


@st.composite
def field_types(draw: st.DrawFn) -> syntax.FieldType:
    """Draw a type with the parts that it can have."""
    name = draw(st.sampled_from(["text", "yes/no", "one of", "date", "time", "number", "whole number"]))
    match name:
        case "one of":
            return syntax.FieldType(name, values=draw(_listed(words)))
        case "time":
            return syntax.FieldType(name, zone=draw(optional_texts))
        case "number" | "whole number":
            low = draw(st.none() | signed)
            high = None if low is None else draw(st.none() | signed)
            return syntax.FieldType(name, low, high, draw(st.none() | places))
        case _:
            return syntax.FieldType(name)


fields = st.builds(syntax.Field, words, optional_texts, field_types(), st.booleans(), st.booleans(), optional_texts)
head_items = st.one_of(
    st.builds(
        syntax.HeadText,
        st.sampled_from(["owner", "contact", "purpose", "measures", "not for", "time zone", "source"]),
        texts,
    ),
    st.builds(syntax.HeadEffective, dates),
    st.builds(syntax.HeadNoise, numbers),
)
versions = st.from_regex(r"[0-9]\.[0-9]{1,2}\.[0-9](-rc\.[0-9])?", fullmatch=True)
heads = st.builds(syntax.Head, texts, st.builds(syntax.Word, versions), _listed(head_items, 0))

# ---- clauses

becauses = st.builds(syntax.Because, texts)
whens = st.builds(syntax.When, expressions)
periods = st.sampled_from(["day", "week", "month"])
parameter_clauses = becauses | st.builds(syntax.DatedValue, dates, expressions, texts)
REQUIRE_CLAUSES = (
    whens,
    becauses,
    st.builds(syntax.RequireOutcome, st.sampled_from(["no score", "insufficient data"]), texts),
)
require_clauses = st.one_of(*REQUIRE_CLAUSES)
EXCLUDE_CLAUSES = (whens, becauses, st.builds(syntax.Repeats, _listed(words)))
exclude_clauses = st.one_of(*EXCLUDE_CLAUSES)
DISCOUNT_CLAUSES = (whens, becauses, st.builds(syntax.DiscountTo, expressions))
discount_clauses = st.one_of(*DISCOUNT_CLAUSES)
MEASURE_CLAUSES = (
    whens,
    becauses,
    st.builds(syntax.Within, expressions),
    st.builds(syntax.Diluted),
    st.builds(syntax.Keep, expressions, _listed(words), st.none() | periods),
    st.builds(syntax.Total, expressions, periods),
    st.builds(syntax.Halving, expressions, st.booleans()),
)
measure_clauses = st.one_of(*MEASURE_CLAUSES)
kinds = st.builds(syntax.Kinds, _listed(words), st.booleans())
AGGREGATES = (
    st.builds(syntax.Count, kinds),
    st.builds(syntax.Distinct, _listed(words), kinds),
    st.builds(syntax.Of, st.sampled_from(["sum", "average", "highest", "lowest", "latest"]), expressions, kinds),
    st.builds(syntax.SumByKind, _listed(st.builds(syntax.KindRow, words, expressions))),
    st.builds(syntax.DaysOf, kinds),
    st.builds(syntax.HIndex, kinds, words),
    st.builds(syntax.Formula, expressions),
)
aggregates = st.one_of(*AGGREGATES)
bounds = st.builds(syntax.AtMost, expressions) | st.builds(syntax.AtLeast, expressions)

edges = st.one_of(signed, percents, st.builds(syntax.Negate, percents), dates, moments, text_literals, names)
# `up to 5` and `otherwise` say something else at the beginning of a row: these two words cannot be values there.
first_edges = edges.filter(lambda edge: not (isinstance(edge, syntax.Name) and edge.text in ("up", "otherwise")))


@st.composite
def ranges(draw: st.DrawFn) -> syntax.RangeCells:
    """Draw a range with one end or two."""
    low = draw(st.none() | first_edges)
    high = draw(edges if low is None else st.none() | edges)
    low_open = low is not None and draw(st.booleans())
    return syntax.RangeCells(low, low_open, high, high is not None and draw(st.booleans()))


values = st.builds(lambda first, rest: syntax.ValueCells((first, *rest)), first_edges, _listed(edges, 0))
cells = st.one_of(ranges(), values, st.builds(syntax.MissingCell), st.builds(syntax.OtherwiseCell))
rows = st.builds(syntax.Row, cells, expressions, optional_texts, st.none() | words)
shapes = st.one_of(
    st.builds(syntax.Shape, st.sampled_from(["linear", "square root", "logarithmic"]), expressions),
    st.builds(syntax.Shape, st.just("log normal"), expressions, expressions),
)
RULE_CLAUSES = (
    st.builds(syntax.Weight, expressions),
    st.builds(syntax.Level, expressions, st.none() | shapes),
    st.builds(syntax.Points, expressions),
    st.builds(syntax.Table, expressions, _listed(rows)),
    bounds,
    whens,
    st.just(syntax.Otherwise(None, None)),
    st.builds(syntax.Otherwise, expressions, texts),
    st.builds(syntax.ForActions, st.sampled_from(["own", "others"])),
    st.builds(syntax.Say, texts),
    becauses,
    st.builds(syntax.Baseline, expressions),
)
rule_clauses = st.one_of(*RULE_CLAUSES)
rules = st.builds(syntax.Rule, words, texts, _listed(rule_clauses, 1, 4))

# ---- the score and its examples

SCORE_CLAUSES = (
    st.builds(syntax.SumOfRules),
    st.builds(syntax.MeanOfRules, expressions),
    bounds,
    st.builds(syntax.Rounded, places, st.none() | places),
    st.builds(syntax.ReasonsAtMost, places),
)
score_clauses = st.one_of(*SCORE_CLAUSES)
BANDS = (
    st.builds(syntax.BandFrom, signed, words, texts),
    st.builds(syntax.BandNeeds, words, texts, _listed(st.builds(syntax.Need, expressions, texts))),
)
CLAIMS = (
    st.builds(
        syntax.Claim, st.sampled_from(["one actor moves", "own actions give"]), expressions, st.none(), st.just(())
    ),
    st.builds(syntax.Claim, st.just("silence costs"), expressions, durations, st.just(())),
    st.builds(syntax.Claim, st.just("never falls with"), st.none(), st.none(), _listed(words)),
)
claims = st.one_of(*CLAIMS)
plain_cells = st.text(
    st.characters(exclude_characters=_HIDDEN + _CONTROLS + " ", exclude_categories=["Cs"]), min_size=1, max_size=6
).filter(lambda text: text[0] not in '"#' and text != "-")
people = st.builds(syntax.Cell, plain_cells, st.just(value=False)) | st.builds(
    syntax.Cell, text_values, st.just(value=True)
)
grid_cells = people | st.just(syntax.Cell(None))
grids = st.builds(syntax.Grid, _listed(grid_cells), _listed(_listed(grid_cells), 0))
expectations = st.one_of(
    st.builds(syntax.Expectation, st.just("score"), st.none(), signed),
    # A rule called `score` cannot be told from the score here.
    st.builds(syntax.Expectation, st.just("rule"), words.filter(lambda word: word.text != "score"), signed),
    st.builds(syntax.Expectation, st.sampled_from(["band", "no score", "insufficient data"]), words),
    st.builds(syntax.Expectation, st.just("because"), names=_listed(words)),
)
expects = st.one_of(
    st.builds(syntax.Expect, people, st.none() | people, st.none(), _listed(expectations)),
    st.builds(syntax.Expect, people, st.none() | people, people, _listed(expectations, 0)),
)


def _measure(
    aggregate: st.SearchStrategy[object], clause: st.SearchStrategy[object]
) -> st.SearchStrategy[syntax.Measure]:
    clauses = _beside(clause, measure_clauses) | st.just(())
    return st.builds(syntax.Measure, words, texts, optional_texts, aggregate, clauses)


measures = [
    *(_measure(aggregate, measure_clauses) for aggregate in AGGREGATES),
    *(_measure(aggregates, clause) for clause in MEASURE_CLAUSES),
]
# One branch for each form, so that none of them is rare.
declarations = st.one_of(
    st.builds(syntax.Use, texts),
    st.builds(syntax.Records, _listed(fields, 1, 4)),
    st.builds(syntax.Subjects, _listed(fields, 1, 4)),
    st.builds(syntax.Parameter, words, expressions, texts, st.just(())),
    st.builds(syntax.Parameter, words, expressions, texts, _listed(parameter_clauses)),
    *(st.builds(syntax.Require, words, texts, _beside(clause, require_clauses)) for clause in REQUIRE_CLAUSES),
    *(st.builds(syntax.Exclude, words, texts, _beside(clause, exclude_clauses)) for clause in EXCLUDE_CLAUSES),
    *(st.builds(syntax.Discount, words, texts, _beside(clause, discount_clauses)) for clause in DISCOUNT_CLAUSES),
    *measures,
    *(
        st.builds(syntax.Facet, words, texts, _beside(one, rules | bounds | becauses))
        for one in (rules, bounds, becauses)
    ),
    *(st.builds(syntax.Rule, words, texts, _beside(clause, rule_clauses)) for clause in RULE_CLAUSES),
    *(st.builds(syntax.Score, texts, st.none() | words, _beside(clause, score_clauses)) for clause in SCORE_CLAUSES),
    *(st.builds(syntax.Bands, _beside(band, st.one_of(*BANDS))) for band in BANDS),
    *(st.builds(syntax.Promise, texts, _beside(claim, claims)) for claim in CLAIMS),
    st.builds(syntax.Example, texts, dates, st.none() | grids, st.none() | grids, _listed(expects)),
)
files = st.builds(
    syntax.SyntaxFile,
    heads,
    st.just(()) | _listed(declarations, 4, 8) | _listed(declarations, 4, 8),
    st.just(()),
    st.just(Source("random.tally", "")),
)
