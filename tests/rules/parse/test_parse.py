"""Holds the parser to what a rulebook says: which forms there are, which words may be names, what is kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import parsed
from generators.syntax_trees import KEYWORDS

from tallystick.rules import syntax
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.parse.parse import parse, source_from_bytes
from tallystick.rules.source import Source, Span

HEAD = 'rulebook "Test" version 1.0.0\n\n'
EXAMPLE = Path(__file__).parents[1] / "influence.tally"


def condition(text: str) -> syntax.Expr:
    """Parse an expression by itself."""
    (rule,) = parsed(f'{HEAD}rule x "x"\n    points {text}\n').declarations
    assert isinstance(rule, syntax.Rule)
    (points,) = rule.clauses
    assert isinstance(points, syntax.Points)
    return points.value


def test_example_of_the_language() -> None:
    """The rulebook that the language's page shows parses as a whole, with every declaration in its place."""
    file = parsed(EXAMPLE.read_text(encoding="utf-8"))
    assert [type(one).__name__ for one in file.declarations] == [
        *["Records", "Subjects", "Parameter", "Require", "Require", "Exclude", "Exclude", "Exclude", "Discount"],
        *["Measure", "Measure", "Measure", "Measure", "Measure", "Facet", "Facet", "Score", "Bands"],
        *["Promise", "Promise", "Promise", "Example"],
    ]
    assert file.broken == ()


# One place of each kind in which a name is declared or used; `NAME` is put in each, one at a time.
NAMING_PLACES = [
    "records\n    NAME text\n",
    'records\n    NAME from "column" one of a, b\n',
    "records\n    kind one of NAME, other optional\n",
    "subjects\n    NAME number 0 to 10 with 2 places private optional\n",
    'parameter NAME = 5 "x"\n',
    'parameter x = NAME "x"\n',
    'parameter x = NAME * 2 + NAME "x"\n',
    'require NAME "x"\n    when NAME\n    otherwise no score "x"\n',
    'exclude NAME "x"\n    when NAME = NAME and NAME != 5\n    repeats of NAME, NAME\n',
    'discount NAME "x"\n    to NAME\n    when NAME in (NAME, NAME) or NAME is missing\n',
    'measure NAME "x" / "y"\n    count NAME\n',
    'measure x "x"\n    count a, NAME given\n    keep at most NAME per NAME, NAME per week\n',
    'measure x "x"\n    count NAME given\n    keep at most 2 per NAME\n    total at most NAME per day\n',
    'measure x "x"\n    distinct NAME, NAME of NAME, NAME\n    halving every NAME except pauses\n',
    'measure x "x"\n    sum NAME of NAME\n    within NAME\n',
    'measure x "x"\n    sum NAME + 1 of NAME\n',
    'measure x "x"\n    latest NAME of a given\n    when NAME starts with NAME ignoring case\n',
    'measure x "x"\n    sum by kind\n        NAME: NAME\n',
    'measure x "x"\n    days of NAME\n    when returned within NAME\n',
    'measure x "x"\n    h index of NAME by NAME\n',
    'measure x "x"\n    = if NAME then NAME else NAME\n',
    'measure x "x"\n    = days since NAME or else days from NAME to NAME\n',
    'measure x "x"\n    = min(NAME, NAME.NAME) / -NAME or else NAME\n',
    'facet NAME "x"\n    at most NAME\n    at least -NAME\n',
    'rule NAME "x"\n    weight NAME\n    level NAME\n',
    'rule x "x"\n    level NAME, linear to NAME\n    when not NAME\n',
    'rule x "x"\n    level NAME, log normal NAME to NAME\n',
    'rule x "x"\n    points NAME\n    otherwise NAME "x"\n    baseline NAME\n',
    'rule x "x"\n    points NAME - 1\n    otherwise not NAME "x"\n',
    'rule x "x"\n    points by NAME\n        under NAME: NAME\n        over NAME: NAME "x" reason NAME\n',
    'rule x "x"\n    points by NAME\n        1 to NAME: 1\n        1 to under NAME: 1\n        a, NAME: 1\n',
    'rule x "x"\n    points by NAME\n        over NAME to NAME: 1\n        over NAME to under NAME: 1\n',
    'score "x" by NAME\n    sum of all rules\n    at most NAME\n',
    'score "x"\n    mean of all rules by weight, out of NAME\n',
    'bands\n    from 5 NAME "x"\n    from -5 NAME "x"\n',
    'bands\n    NAME "x"\n        needs NAME "x"\n',
    'promise "x"\n    score never falls with NAME, NAME\n    one actor moves at most NAME\n',
    'example "x"\n    as of 2026-01-01\n    expect NAME\n        band NAME\n        no score NAME\n',
    'example "x"\n    as of 2026-01-01\n    expect ada\n        insufficient data NAME\n        because NAME, NAME\n',
]
# Here one word means something else than a name, so that it cannot be one.
ROW_STARTS = {"up", "otherwise"}


@pytest.mark.parametrize("name", KEYWORDS)
def test_every_word_may_be_a_name(name: str) -> None:
    """A word that is not reserved may be a name in every place that has room for a name."""
    for place in NAMING_PLACES:
        parsed(HEAD + place.replace("NAME", name))
    if name not in ROW_STARTS:
        rows = "\n".join(f"        {cells}: 1" for cells in (name, f"{name}, a", f"{name} or more", f"{name} to 5"))
        parsed(f'{HEAD}rule x "x"\n    points by x\n{rows}\n')
    if name != "score":
        parsed(f'{HEAD}example "x"\n    as of 2026-01-01\n    expect a\n        {name} 5\n        {name} -5\n')


def test_a_word_means_what_its_place_says() -> None:
    """Where a keyword and a name are both possible, what follows decides."""
    (measure,) = parsed(f'{HEAD}measure of "x"\n    sum by of of\n').declarations
    assert isinstance(measure, syntax.Measure)
    assert measure.aggregate == syntax.Of("sum", syntax.Name("by"), syntax.Kinds((syntax.Word("of"),)))
    (bands,) = parsed(f'{HEAD}bands\n    from 1 from "x"\n    from "y"\n        needs from "z"\n').declarations
    assert isinstance(bands, syntax.Bands)
    assert [type(band) for band in bands.bands] == [syntax.BandFrom, syntax.BandNeeds]
    (rule,) = parsed(
        f'{HEAD}rule x "x"\n    points by\n    points by - x\n    points by -x\n        over: 1\n'
    ).declarations
    assert isinstance(rule, syntax.Rule)
    name, difference, table = rule.clauses
    assert name == syntax.Points(syntax.Name("by"))
    assert difference == syntax.Points(syntax.Arithmetic("-", syntax.Name("by"), syntax.Name("x")))
    cells = syntax.ValueCells((syntax.Name("over"),))
    row = syntax.Row(cells, syntax.NumberLiteral(Decimal(1)), None, None)
    assert table == syntax.Table(syntax.Negate(syntax.Name("x")), (row,))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("-a * b", "(-a) * b"),
        ("a or else 0 + b", "(a or else 0) + b"),
        ("-a or else b", "-(a or else b)"),
        ("a or else -b", "a or else (-b)"),
        ("years since a or else 0", "(years since a) or else 0"),
        ("days from a to b or else 0", "(days from a to b) or else 0"),
        ("not a = b and c", "(not (a = b)) and c"),
        ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
        ("returned within 2 weeks and a", "(returned within 2 weeks) and a"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    """Operators hold as tightly as the language says: what is written without parentheses is the same with them."""
    assert condition(text) == condition(same)


def test_a_chain_of_and_is_one_node() -> None:
    """``a and b and c`` is one conjunction; with parentheses it is one inside another."""
    assert condition("a and b and c") == syntax.Logic("and", tuple(map(syntax.Name, "abc")))
    assert condition("(a and b) and c") != condition("a and b and c")


def test_spans_are_what_was_written() -> None:
    """A node stands exactly where it was written, parentheses inside it included."""
    text = f'{HEAD}measure x "y"\n    = (a + b) * 2 # so\n'
    (measure,) = parsed(text).declarations
    assert isinstance(measure, syntax.Measure)
    assert isinstance(measure.aggregate, syntax.Formula)
    written = [measure.name.span, measure.aggregate.value.span, measure.aggregate.span]
    assert [text[span.start : span.end] for span in written] == ["x", "(a + b) * 2", "= (a + b) * 2"]


def test_values_of_literals() -> None:
    """Numbers are exact, escapes are resolved, durations keep their unit."""
    assert condition("0.10") == syntax.NumberLiteral(Decimal("0.1"))
    assert condition("40%") == syntax.NumberLiteral(Decimal(40), percent=True)
    assert condition("2 weeks") == syntax.DurationLiteral(Decimal(2), "week")
    assert condition(r'"a \"b\" \\ \n"') == syntax.TextLiteral('a "b" \\ \n')


def test_line_endings() -> None:
    """CRLF, and a file without a last newline, read like any other."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert parsed(text.replace("\n", "\r\n")) == parsed(text.rstrip("\n")) == parsed(text)


def test_a_carriage_return_alone_ends_no_line() -> None:
    """A file with the line ends of long ago is told of once, with what to save it as."""
    found = parse(Source("old.tally", EXAMPLE.read_text(encoding="utf-8").replace("\n", "\r")))[1]
    assert [each.message for each in found] == ["U+000D alone ends no line"]
    assert found[0].help == "save the file with the line ends of Unix (LF) or Windows (CRLF)"


def test_a_line_breaks_inside_parentheses() -> None:
    """Inside parentheses a line may break, with blank lines and comments between; they may close at the margin."""
    broken = f'{HEAD}exclude x "x"\n    when kind in (\n        a, # one\n\n  # two\n        b\n    ) and c\n'
    file = parsed(broken)
    assert file == parsed(f'{HEAD}exclude x "x"\n    when kind in (a, b) and c\n')
    assert [comment.text for comment in file.comments] == ["# one", "# two"]


def test_cells_are_anything_without_blanks() -> None:
    """A cell is anything without blanks, or quoted text; ``-`` is missing; rows may be ragged."""
    text = f'{HEAD}example "x"\n    as of 2026-01-01\n    records\n        a b\n        (é#1 "b c" - "-" # so\n'
    (example,) = parsed(f"{text}    expect Ada-1 above @bob\n").declarations
    assert isinstance(example, syntax.Example)
    assert example.records is not None
    (row,) = example.records.rows
    assert [(cell.value, cell.quoted) for cell in row] == [("(é#1", False), ("b c", True), (None, False), ("-", True)]
    (expect,) = example.expects
    assert expect == syntax.Expect(syntax.Cell("Ada-1"), None, syntax.Cell("@bob"), ())


def test_bytes() -> None:
    """UTF-8 is read with or without its mark; other bytes are a mistake with a place, never an exception."""
    source, none = source_from_bytes("x", "\ufeffrulebook é".encode())
    assert (source, none) == (Source("x", "rulebook é"), ())
    source, (found,) = source_from_bytes("x", b"rulebook \xff\xfe")
    assert source is None
    assert isinstance(found, Diagnostic)
    assert (found.name, found.primary.span) == ("not-utf-8", Span(9, 9))
