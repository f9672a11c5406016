"""Holds the parser to its words about mistakes: which it is, what is underlined, what else is still read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tallystick.rules import limits, syntax_errors
from tallystick.rules.parse.parse import parse
from tallystick.rules.parse.words import DECLARATIONS, LINES_OF
from tallystick.rules.source import Source

HEAD = 'rulebook "Test" version 1.0.0\n\n'
RULE = f'{HEAD}rule x "x"\n    points '
DEEP = "(" * (limits.DEPTH + 1) + "1" + ")" * (limits.DEPTH + 1)

# A mistake's name, the text with it, and what of the text is underlined.
MISTAKES = [
    ("block-empty", f'{HEAD}rule x "x"\n', "rule"),
    ("block-unfinished", f'{HEAD}example "x"\n    as of 2026-01-01\n', "example"),
    ("cell-malformed", f'{HEAD}example "x"\n    as of 2026-01-01\n    expect "a"b\n        score 1\n', '"a"b'),
    ("character-hidden", f'{RULE}"a\u202eb"\n', "\u202e"),
    ("character-hidden", f"\ufeff{RULE}1\n", "\ufeff"),
    ("character-unknown", f"{RULE}a & b\n", "&"),
    ("character-unknown", f"{RULE}a ≤ b\n", "≤"),
    ("clause-misplaced", f'{HEAD}rule x "x"\n    within 90 days\n', "within"),
    ("clause-misplaced", f'{HEAD}rulebook "y" version 1.0.0\n', "rulebook"),
    ("clause-unknown", f'{HEAD}mesure x "x"\n    count a\n', "mesure"),
    ("clause-unknown", f'{HEAD}measure x "x"\n    count a\n    wihtin 90 days\n', "wihtin"),
    ("comparison-chained", f"{RULE}a < b < c\n", "<"),
    ("date-malformed", 'rulebook "x" version 1.0.0\n    effective 2026-1-5\n', "2026-1-5"),
    ("date-malformed", f"{RULE}days since 2026-01-05T09\n", "2026-01-05T09"),
    ("date-unknown", f"{RULE}days since 2026-02-30\n", "2026-02-30"),
    ("date-unknown", f"{RULE}days since 0001-01-01T23:59:59Z\n", "0001-01-01T23:59:59Z"),
    ("date-unknown", f"{RULE}days since 9999-12-31T00:00:00Z\n", "9999-12-31T00:00:00Z"),
    ("date-unknown", f"{RULE}days since 2016-12-31T23:59:60Z\n", "2016-12-31T23:59:60Z"),
    ("declarations-too-many", HEAD + 'use "x"\n' * limits.DECLARATIONS, "use"),
    ("escape-unknown", f'{RULE}"a\\qb"\n', "\\q"),
    ("expression-too-deep", f"{RULE}{DEEP}\n", "("),
    ("expression-too-deep", f"{RULE}{'- ' * (limits.DEPTH + 1)}1\n", "1"),
    ("expression-too-deep", f"{RULE}{' + '.join('1' * (limits.DEPTH + 2))}\n", "1"),
    ("file-too-large", " " * (limits.FILE_BYTES + 1), ""),
    ("function-unknown", f"{RULE}sqr(a)\n", "sqr"),
    ("head-missing", "records\n    id text\n", "records"),
    ("head-missing", "", ""),
    ("indentation-tab", f'{HEAD}rule x "x"\n\tpoints 1\n', "\t"),
    ("indentation-unexpected", f"{RULE}1\n        at most 5\n", "at"),
    ("indentation-uneven", f"{RULE}1\n  at most 5\n", "  "),
    ("line-too-long", f"{RULE}{'a' * limits.LINE_LENGTH}\n", "points " + "a" * limits.LINE_LENGTH),
    ("line-unfinished", f'{HEAD}rule x "x"\n    weight\n', "weight"),
    ("mixed-and-or", f"{RULE}a and b or c\n", "or"),
    ("mixed-and-or", f"{RULE}(a or b and c)\n", "and"),
    ("name-malformed", f'{HEAD}rule Tenure "x"\n    points 1\n', "Tenure"),
    ("name-reserved", f'{HEAD}rule days "x"\n    points 1\n', "days"),
    ("name-too-long", f"{RULE}{'a' * (limits.NAME_LENGTH + 1)}\n", "a" * (limits.NAME_LENGTH + 1)),
    ("number-malformed", f"{RULE}1e5\n", "1e5"),
    ("number-malformed", f"{RULE}.5\n", ".5"),
    ("number-malformed", f"{RULE}1,000\n", "1,000"),
    ("number-too-long", f"{RULE}{'1' * (limits.NUMBER_DIGITS + 1)}\n", "1" * (limits.NUMBER_DIGITS + 1)),
    ("operator-unknown", f"{RULE}a == b\n", "=="),
    ("parenthesis-not-closed", f"{RULE}(a + b\n    at most 5\n", "("),
    ("parenthesis-not-opened", f"{RULE}a + b)\n", ")"),
    ("quote-unknown", f"{RULE}“a”\n", "“"),
    ("quote-unknown", f"{RULE}'a'\n", "'"),
    ("rows-too-many", f'{HEAD}example "x"\n    as of 2026-01-01\n    records\n' + "        a\n" * 1001, "a"),
    ("text-expected", f"{RULE}1\n    because a b\n", "a"),
    ("text-not-closed", f'{RULE}"a\n', '"a'),
    ("text-too-long", f'{RULE}"{"a" * (limits.TEXT_LENGTH + 1)}"\n', f'"{"a" * (limits.TEXT_LENGTH + 1)}"'),
    ("version-malformed", 'rulebook "x" version 1.0\n', "1.0"),
    ("word-unexpected", f"{RULE}1 at most 5\n", "at"),
    ("word-unexpected", f'{HEAD}rule x "x"\n    points by a\n        1 to undr 3: 5\n', "undr"),
]


@pytest.mark.parametrize(("name", "text", "underlined"), MISTAKES)
def test_mistake(name: str, text: str, underlined: str) -> None:
    """A text with one mistake gets the one diagnostic that tells of it, at the exact place."""
    _, diagnostics = parse(Source("test.tally", text))
    assert [found.name for found in diagnostics] == [name]
    (found,) = diagnostics
    assert text[found.primary.span.start : found.primary.span.end] == underlined
    assert found.help
    assert "tally fmt" not in found.help, "what cannot be parsed, it leaves as it is"


def test_every_mistake_is_tried() -> None:
    """Every diagnostic that the words of syntax know is tried here, so that none is dead."""
    words = "".join(path.read_text(encoding="utf-8") for path in Path(syntax_errors.__file__).parent.glob("*.py"))
    known = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)",? *(?:$|message|f?")', words, re.MULTILINE))
    assert {"mixed-and-or", "not-utf-8"} <= known
    assert known - {name for name, _, _ in MISTAKES} == {"mistakes-too-many", "not-utf-8"}


@pytest.mark.parametrize("name", sorted({name for name, _, _ in MISTAKES}))
def test_no_jargon(name: str) -> None:
    """No message or help shows a name of the grammar's own."""
    for _, text, _ in (case for case in MISTAKES if case[0] == name):
        for found in parse(Source("test.tally", text))[1]:
            assert not re.search(r"_NL|INDENT|QUOTED|DECIMAL|ISO_|SEMVER|ANON|LPAR", f"{found.message}{found.help}")


MANY = """rulebook "Test" version 1.0
    ownr "x"

records
    id      txt
    subject text
    kind    one of a, b,
    at      time

measure posts "post"
    count a
    wihtin 90 days

mesure likes "like"
    count b

rule one "x"
    points posts > 1 and likes > 2 or posts = 5
    because no quotes

rule two "x"
    points (1 + 2

facet f "x"

    rule three "x"
        weight 5
        level  posts == 3

    rule four "x"
        weight 5

bands
    from 0 low nothing
    from 1 mid "Mid"
"""


def test_all_mistakes_in_one_go() -> None:
    """A file with eleven mistakes gets eleven diagnostics, in the order of the text."""
    source = Source("test.tally", MANY)
    _, diagnostics = parse(source)
    assert [(source.place(found.primary.span.start).line, found.name) for found in diagnostics] == [
        (1, "version-malformed"),
        (2, "clause-unknown"),
        (5, "word-unexpected"),
        (7, "line-unfinished"),
        (12, "clause-unknown"),
        (14, "clause-unknown"),
        (18, "mixed-and-or"),
        (19, "text-expected"),
        (22, "parenthesis-not-closed"),
        (28, "operator-unknown"),
        (34, "text-expected"),
    ]


def test_the_rest_is_still_there() -> None:
    """What parses is returned beside the mistakes, and the names of what does not are kept."""
    file, diagnostics = parse(Source("test.tally", MANY.replace("1.0\n", "1.0.0\n", 1)))
    assert diagnostics
    assert file is not None
    assert [type(one).__name__ for one in file.declarations] == ["Records", "Measure", "Facet", "Bands"]
    broken = {word.text for word in file.broken}
    assert {"ownr", "id", "kind", "a", "b", "posts", "likes", "one", "two", "three", "low"} <= broken
    assert not {"four", "at", "mid"} & broken


def test_too_many_mistakes() -> None:
    """After two hundred mistakes one more says that the rest is not told."""
    _, diagnostics = parse(Source("test.tally", HEAD + "nonsense\n" * (limits.MISTAKES + 50)))
    assert len(diagnostics) == limits.MISTAKES + 1
    assert diagnostics[-1].name == "mistakes-too-many"


EXAMPLE = 'example "x"\n    as of 2026-01-01\n'
BLOCKS = {
    "rulebook": [""],
    "parameter": ['parameter x = 1 "x"\n'],
    "require": ['require x "x"\n'],
    "exclude": ['exclude x "x"\n'],
    "discount": ['discount x "x"\n'],
    "measure": ['measure x "x"\n', 'measure x "x"\n    count a\n'],
    "facet": ['facet x "x"\n'],
    "rule": ['rule x "x"\n'],
    "points by": ['rule x "x"\n    points by a\n    '],
    "score": ['score "x"\n'],
    "bands": ["bands\n"],
    "promise": ['promise "x"\n'],
    "example": ['example "x"\n', EXAMPLE],
    "expect": [f"{EXAMPLE}    expect a\n    "],
}


@pytest.mark.parametrize("home", LINES_OF)
def test_the_lines_of_each_declaration_are_those_of_the_grammar(home: str) -> None:
    """What is said of where a line belongs is what the parser has a place for."""
    found: set[str] = set()
    for begun in BLOCKS[home]:
        _, (told,) = parse(Source("test.tally", f'rulebook "Test" version 1.0.0\n{begun}    , 1\n'))
        assert told.help is not None
        found |= {each for each in re.findall("`([^`]+)`", told.help) if each.isalpha()}
    assert found == set(LINES_OF[home].split())


def test_the_declarations_are_those_of_the_grammar() -> None:
    """What is said to begin a declaration does."""
    _, (told,) = parse(Source("test.tally", f"{HEAD}, 1\n"))
    assert set(re.findall("`([a-z]+)`", told.help or "")) == DECLARATIONS


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ('rule x "x"\n    within 90 days\n', ("`within` is a line of `measure`",)),
        ("    repeats of kind\n", ("`repeats` is a line of `exclude`",)),
        ("halving every 9 days\n", ("`halving` is a line of `measure`",)),
        ('measure x "x"\n    count a\n    facet y "y"\n', ("`facet` begins a declaration, with no blanks before it",)),
        ('score "x"\n    bands\n', ("`bands` begins a declaration, with no blanks before it",)),
        (
            'facet x "x"\n    when a\n',
            ("`when` is a line of `require`, `exclude`, `discount`, `measure` or `rule`",),
        ),
        ('measure x "x"\n    count a\n    count b\n', ()),
    ],
)
def test_it_is_said_where_a_line_belongs(text: str, notes: tuple[str, ...]) -> None:
    """Of a line that the language has, the declarations that take it are named, unless it stands in one of them."""
    _, diagnostics = parse(Source("test.tally", f'rulebook "Test" version 1.0.0\n{text}'))
    assert [(each.name, each.notes) for each in diagnostics] == [("clause-misplaced", notes)]
