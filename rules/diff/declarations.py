"""Takes nothing; names every part of every declaration: its word, what it holds, its text, whether it is only words.

``diff`` compares two rulebooks part by part, so a field that no part covers would be a change that nobody is told of.
INVARIANT: each compared field of a declaration is covered by a part, or compared ``elsewhere``; a test holds it.
"""

from __future__ import annotations

from typing import Any

from tallystick.rules.decimals import plainly
from tallystick.rules.diff.parts import (
    Part,
    Sort,
    because_part,
    bound_text,
    duration_text,
    maybe_text,
    places_text,
    rows_text,
    title_part,
    words_text,
)
from tallystick.rules.format.checked import (
    aggregate_text,
    claim_text,
    constant_text,
    keep_text,
    percent_text,
    text_of,
    total_text,
    type_text,
)
from tallystick.rules.format.expressions import quote
from tallystick.rules.measure import Measure
from tallystick.rules.rule import Facet, Rule
from tallystick.rules.rulebook import (
    Band,
    Discount,
    Example,
    Exclude,
    Field,
    Parameter,
    Promise,
    Require,
    Rulebook,
    Score,
)
from tallystick.rules.source import Span
from tallystick.rules.value import DurationType

_FIELD_PARTS: tuple[Part[Field], ...] = (
    Part("from", ("column",), lambda f: f.column, lambda f: quote(f.column)),
    Part("type", ("type",), lambda f: f.type, lambda f: type_text(f.type)),
    Part("optional", ("optional",), lambda f: f.optional, lambda f: "optional" if f.optional else None),
    Part(
        "private",
        ("private",),
        lambda f: f.private,
        lambda f: "private" if f.private else None,
        words_only=True,
        scope="who may see",
    ),
    title_part(),
)

FIELDS: Sort[Field] = Sort(
    "field",
    "what is read",
    Field,
    lambda r: r.records or (),
    lambda f: f.name,
    lambda f: f.title,
    lambda f: f.span,
    _FIELD_PARTS,
    telling=False,
)
ATTRIBUTES: Sort[Field] = Sort(
    "attribute",
    "what is read",
    Field,
    lambda r: r.subjects or (),
    lambda f: f.name,
    lambda f: f.title,
    lambda f: f.span,
    _FIELD_PARTS,
    telling=False,
)


def _is_duration(parameter: Parameter) -> bool:
    return isinstance(parameter.value.expr.type, DurationType)


PARAMETERS: Sort[Parameter] = Sort(
    "parameter",
    "parameter",
    Parameter,
    lambda r: r.parameters,
    lambda p: p.name,
    lambda p: p.title,
    lambda p: p.span,
    (
        Part(
            "=",
            ("value",),
            lambda p: p.value,
            lambda p: duration_text(p.value) if _is_duration(p) else bound_text(p.value),
        ),
        title_part(),
        because_part(),
    ),
    elsewhere=("name", "dated"),
    telling=False,
)
REQUIRES: Sort[Require] = Sort(
    "require",
    "who is scored",
    Require,
    lambda r: r.requires,
    lambda q: q.name,
    lambda q: q.title,
    lambda q: q.span,
    (
        Part("when", ("when",), lambda q: q.when, lambda q: text_of(q.when)),
        Part("otherwise", ("outcome",), lambda q: q.outcome, lambda q: q.outcome),
        Part("words", ("words",), lambda q: q.words, lambda q: words_text(q.words), words_only=True),
        title_part(),
        because_part(),
    ),
    elsewhere=("name", "reads_measures"),
)
EXCLUDES: Sort[Exclude] = Sort(
    "exclude",
    "what counts",
    Exclude,
    lambda r: r.excludes,
    lambda x: x.name,
    lambda x: x.title,
    lambda x: x.span,
    (
        Part("when", ("when",), lambda x: x.when, lambda x: maybe_text(x.when)),
        Part(
            "repeats of",
            ("repeats",),
            lambda x: None if x.repeats is None else tuple(sorted(x.repeats)),
            lambda x: None if x.repeats is None else ", ".join(x.repeats),
        ),
        title_part(),
        because_part(),
    ),
)
DISCOUNTS: Sort[Discount] = Sort(
    "discount",
    "what counts",
    Discount,
    lambda r: r.discounts,
    lambda d: d.name,
    lambda d: d.title,
    lambda d: d.span,
    (
        Part("to", ("to",), lambda d: d.to, lambda d: percent_text(d.to)),
        Part("when", ("when",), lambda d: d.when, lambda d: maybe_text(d.when)),
        title_part(),
        because_part(),
    ),
)
MEASURES: Sort[Measure] = Sort(
    "measure",
    "measure",
    Measure,
    lambda r: r.measures,
    lambda m: m.name,
    lambda m: m.plural,
    lambda m: m.span,
    (
        Part("counting", ("aggregate",), lambda m: m.aggregate, lambda m: aggregate_text(m.aggregate)),
        Part("when", ("when",), lambda m: m.when, lambda m: maybe_text(m.when)),
        Part("within", ("within",), lambda m: m.within, lambda m: duration_text(m.within)),
        Part("diluted", ("diluted",), lambda m: m.diluted, lambda m: "per actor per day" if m.diluted else None),
        Part("keep", ("keep",), lambda m: m.keep, lambda m: None if m.keep is None else keep_text(m.keep)),
        Part("total", ("total",), lambda m: m.total, lambda m: None if m.total is None else total_text(m.total)),
        Part("halving every", ("halving",), lambda m: m.halving, lambda m: duration_text(m.halving)),
        Part(
            "halving except",
            ("except_pauses",),
            lambda m: m.except_pauses,
            lambda m: "pauses" if m.except_pauses else None,
        ),
        Part(
            "title",
            ("singular", "plural"),
            lambda m: (m.singular, m.plural),
            lambda m: f"{quote(m.singular)} / {quote(m.plural)}",
            words_only=True,
        ),
        because_part(),
    ),
    elsewhere=("name", "type", "optional"),
)
FACETS: Sort[Facet] = Sort(
    "facet",
    "facet",
    Facet,
    lambda r: r.facets,
    lambda f: f.name,
    lambda f: f.title,
    lambda f: f.span,
    (
        Part("at most", ("at_most",), lambda f: f.at_most, lambda f: bound_text(f.at_most)),
        Part("at least", ("at_least",), lambda f: f.at_least, lambda f: bound_text(f.at_least)),
        title_part(),
        because_part(),
    ),
)
RULES: Sort[Rule] = Sort(
    "rule",
    "rule",
    Rule,
    lambda r: r.rules,
    lambda r: r.name,
    lambda r: r.title,
    lambda r: r.span,
    (
        Part("facet", ("facet",), lambda r: r.facet, lambda r: r.facet),
        Part("at most", ("at_most",), lambda r: r.at_most, lambda r: bound_text(r.at_most)),
        Part("at least", ("at_least",), lambda r: r.at_least, lambda r: bound_text(r.at_least)),
        Part("when", ("when",), lambda r: r.when, lambda r: maybe_text(r.when)),
        Part(
            "otherwise",
            ("otherwise",),
            # No `otherwise` means the same as `otherwise not applicable`.
            lambda r: None if r.otherwise is None else r.otherwise.points,
            lambda r: "not applicable" if r.otherwise is None else maybe_text(r.otherwise.points) or "not applicable",
        ),
        Part(
            "words of otherwise",
            ("otherwise",),
            lambda r: None if r.otherwise is None else r.otherwise.words,
            lambda r: None if r.otherwise is None else words_text(r.otherwise.words),
            words_only=True,
        ),
        Part("for", ("actions",), lambda r: r.actions, lambda r: _ACTIONS.get(r.actions), words_only=True),
        Part("baseline", ("baseline",), lambda r: r.baseline, lambda r: bound_text(r.baseline), words_only=True),
        Part("say", ("say",), lambda r: r.say, lambda r: words_text(r.say), words_only=True),
        title_part(),
        because_part(),
    ),
    elsewhere=("name", "body"),
)
_ACTIONS: dict[str | None, str] = {"own": "own actions", "others": "others' actions"}

SCORES: Sort[Score] = Sort(
    "score",
    "the whole score",
    Score,
    lambda r: (r.score,),
    lambda _: "score",
    lambda s: s.title,
    lambda s: s.span,
    (
        Part(
            "rules",
            ("out_of",),
            lambda s: s.out_of,
            lambda s: (
                "sum of all rules"
                if s.out_of is None
                else f"mean of all rules by weight, out of {constant_text(s.out_of)}"
            ),
        ),
        Part("by", ("by",), lambda s: s.by, lambda s: s.by),
        Part("at most", ("at_most",), lambda s: s.at_most, lambda s: bound_text(s.at_most)),
        Part("at least", ("at_least",), lambda s: s.at_least, lambda s: bound_text(s.at_least)),
        Part("rounded", ("places",), lambda s: s.places, lambda s: None if s.places is None else places_text(s.places)),
        Part("lines rounded", ("line_places",), lambda s: s.line_places, lambda s: places_text(s.line_places)),
        Part(
            "reasons at most",
            ("reasons",),
            lambda s: s.reasons,
            lambda s: None if s.reasons is None else str(s.reasons),
            words_only=True,
        ),
        title_part(),
    ),
    elsewhere=(),
)
BANDS: Sort[Band] = Sort(
    "band",
    "bands",
    Band,
    lambda r: r.bands,
    lambda b: b.name,
    lambda b: b.title,
    lambda b: b.span,
    (
        Part("from", ("start",), lambda b: b.start, lambda b: None if b.start is None else plainly(b.start)),
        title_part(),
    ),
    elsewhere=("name", "needs"),
)
PROMISES: Sort[Promise] = Sort(
    "promise",
    "promises",
    Promise,
    lambda r: r.promises,
    lambda p: p.text,
    lambda _: None,
    lambda p: p.span,
    (Part("says", ("claims",), lambda p: p.claims, lambda p: "; ".join(map(claim_text, p.claims))),),
    elsewhere=("text",),
)
EXAMPLES: Sort[Example] = Sort(
    "example",
    "examples",
    Example,
    lambda r: r.examples,
    lambda e: e.title,
    lambda _: None,
    lambda e: e.span,
    (
        Part("as of", ("as_of",), lambda e: e.as_of, lambda e: e.as_of.isoformat()),
        Part(
            "subjects",
            ("subjects",),
            lambda e: e.subjects,
            lambda e: rows_text(len(e.subjects.rows) if e.subjects else 0),
        ),
        Part(
            "records",
            ("records",),
            lambda e: e.records,
            lambda e: rows_text(len(e.records.rows) if e.records else 0),
        ),
    ),
    elsewhere=("title", "expects"),
)
HEAD: Sort[Rulebook] = Sort(
    "rulebook",
    "the whole score",
    Rulebook,
    lambda r: (r,),
    lambda _: "rulebook",
    lambda r: r.name,
    lambda _: Span(0, 0),
    (
        Part("name", ("name",), lambda r: r.name, lambda r: quote(r.name), words_only=True),
        Part("version", ("version",), lambda r: r.version, lambda r: r.version, words_only=True),
        Part("owner", ("owner",), lambda r: r.owner, lambda r: words_text(r.owner), words_only=True),
        Part("contact", ("contact",), lambda r: r.contact, lambda r: words_text(r.contact), words_only=True),
        Part("purpose", ("purpose",), lambda r: r.purpose, lambda r: words_text(r.purpose), words_only=True),
        Part(
            "measures",
            ("measures_what",),
            lambda r: r.measures_what,
            lambda r: words_text(r.measures_what),
            words_only=True,
        ),
        Part("not for", ("not_for",), lambda r: r.not_for, lambda r: words_text(r.not_for), words_only=True),
        Part("source", ("origin",), lambda r: r.origin, lambda r: words_text(r.origin), words_only=True),
        Part(
            "effective",
            ("effective",),
            lambda r: r.effective,
            lambda r: r.effective.isoformat() if r.effective else None,
        ),
        Part("time zone", ("time_zone",), lambda r: r.time_zone, lambda r: quote(r.time_zone)),
        Part(
            "noise",
            ("noise",),
            lambda r: r.noise,
            lambda r: None if r.noise is None else plainly(r.noise),
            words_only=True,
        ),
    ),
    elsewhere=(
        "records",
        "subjects",
        "parameters",
        "requires",
        "excludes",
        "discounts",
        "measures",
        "facets",
        "rules",
        "score",
        "bands",
        "promises",
        "examples",
    ),
)
SORTS: tuple[Sort[Any], ...] = (
    *(FIELDS, ATTRIBUTES, PARAMETERS, REQUIRES, EXCLUDES, DISCOUNTS, MEASURES, FACETS, RULES, SCORES, BANDS),
    *(PROMISES, EXAMPLES),
)
"""All that a rulebook declares, in the order in which it is compared."""
