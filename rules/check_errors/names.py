"""Takes names and what is declared; gives the words for names that mean nothing, the wrong thing, or two things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from tallystick.rules.check.names import Names, Site
from tallystick.rules.check_errors.drawing import error, listed, mended
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near
from tallystick.rules.value import NumberType, TextType, Type, YesNoType

YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_NUMBERS = {"yes": "1", "no": "0"}
_SPANS = ("day", "week", "month", "quarter", "year")
_NOTHING = ("null", "none", "nil", "undefined")
_ARTICLE = {"attribute": "an attribute", "exclusion": "an exclusion"}


def name_unknown(  # the facts of one mistake
    source: Source,
    span: Span,
    text: str,
    names: Names,
    reads: Literal["record", "person", "constant"],
    expected: Type | None = None,
) -> Diagnostic:
    """A name that nothing has; ``expected``: the type of what it is compared with."""
    match reads:
        case "record":
            what, sites = "field or attribute", names.of_sort("field", "attribute", "parameter")
        case "person":
            what, sites = "measure or field", names.of_sort("measure", "attribute", "parameter")
        case "constant":
            what, sites = "parameter", names.of_sort("parameter")
    mistake = _unknown(source, span, text, f"no {what} is called `{text}`", sites)
    if text in YES_NO:
        if isinstance(expected, YesNoType):
            return replace(mistake, help=f"write `{YES_NO[text]}`", fix=None)
        if isinstance(expected, TextType):
            return replace(mistake, help=f'a text is written `"{text}"`', fix=None)
        number = f"write `{_NUMBERS[YES_NO[text]]}` where a number is wanted"
        beside = "" if reads == "constant" else f"; `{YES_NO[text]}` stands beside a yes/no, as in `consent = yes`"
        return replace(mistake, help=number + beside, fix=None)
    if reads == "constant" and text in _SPANS:
        return replace(mistake, help="write it in days or weeks, such as `30 days`")
    if reads == "constant" or mistake.fix is not None:
        return mistake
    if text in ("today", "now"):
        return replace(mistake, help="write `days since …`: it counts to the day of the score")
    if text in _NOTHING:
        return replace(mistake, help="write `… is missing`, or `… is not missing`")
    if text == "score":
        return replace(mistake, help="name measures and attributes: nothing reads the score but `bands` by `from`")
    if (field := names.listing(text)) is not None:
        return replace(
            mistake, help=f"a value stands behind its field: `{field} = {text}`, or `{field} in (…, {text})`"
        )
    return replace(mistake, help=f'{mistake.help}; a text is written `"{text}"`')


def attribute_unknown(source: Source, span: Span, text: str, names: Names) -> Diagnostic:
    """``actor.X`` where no attribute is called X."""
    return _unknown(source, span, text, f"no attribute is called `{text}`", names.of_sort("attribute"))


def field_unknown(source: Source, span: Span, text: str, names: Names) -> Diagnostic:
    """A clause that names a field that there is not."""
    return _unknown(source, span, text, f"no field is called `{text}`", names.of_sort("field"))


def site_unknown(source: Source, span: Span, text: str, sort: str, sites: Iterable[Site]) -> Diagnostic:
    """A rule, band or requirement that there is not."""
    return _unknown(source, span, text, f"no {sort} is called `{text}`", tuple(sites))


def value_unknown(source: Source, span: Span, text: str, values: tuple[str, ...]) -> Diagnostic:
    """A value that the field does not list."""
    best = near(text, values)
    mistake = error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"no value is called `{text}`",
        label="not declared",
        help=f"`{best}` is spelled almost the same" if best is not None else f"there are {listed(values)}",
    )
    return mended(mistake, best)


def kind_unknown(source: Source, span: Span, text: str, kinds: tuple[str, ...], declared: Span | None) -> Diagnostic:
    """A kind of record that is not listed."""
    best = near(text, kinds)
    mistake = error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"no kind is called `{text}`",
        label="not declared",
        second=None if declared is None else (declared, "the kinds are listed here"),
        help=f"`{best}` is spelled almost the same" if best is not None else f"there are {listed(kinds)}",
    )
    return mended(mistake, best)


def measure_here(source: Source, span: Span, site: Site, what: str) -> Diagnostic:
    """A measure where only a record is at hand."""
    return error(
        Mistake.MEASURE_HERE,
        source,
        span,
        f"`{site.name}` is a measure, and {what} looks at one record at a time",
        label="a measure",
        second=(site.span, "declared here"),
        help="use fields, attributes and parameters, or ask for it in a `require` or a rule",
    )


def field_here(source: Source, span: Span, site: Site, what: str, kind: Type | None) -> Diagnostic:
    """A field where no record is at hand."""
    through = f"`sum {site.name} of …`" if isinstance(kind, NumberType) else f"`count …` with `when {site.name} = …`"
    return error(
        Mistake.FIELD_HERE,
        source,
        span,
        f"`{site.name}` is a field of a record, and {what} looks at a person",
        label="a field",
        second=(site.span, "declared here"),
        help=f"read it through a measure, such as {through}",
    )


def constant_reads(source: Source, span: Span, site: Site, what: str) -> Diagnostic:
    """A field, attribute or measure where a constant is needed."""
    return error(
        Mistake.NOT_CONSTANT,
        source,
        span,
        f"{what} must be a constant, and `{site.name}` is {_ARTICLE.get(site.sort, f'a {site.sort}')}",
        second=(site.span, "declared here"),
        help="write a number, a parameter, or arithmetic on them",
    )


def owner_unknown(source: Source, span: Span, owner: str, attribute: str, names: Names) -> Diagnostic:
    """``X.joined`` where X is not ``actor``."""
    both = f"write `{attribute}` for the subject's, or `actor.{attribute}` for the actor's"
    return error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"`{owner}` has no attributes",
        help=f"write `{attribute}`" if attribute in names.fields else both,
    )


def actor_here(source: Source, span: Span, text: str, what: str) -> Diagnostic:
    """``actor.joined`` where no record is at hand."""
    return error(
        Mistake.FIELD_HERE,
        source,
        span,
        f"`{text}` is of a record's actor, and {what} looks at a person",
        help="use it in the `when` of an exclusion, a discount or a measure of records",
    )


def no_actor(source: Source, span: Span, what_reads: str) -> Diagnostic:
    """Something that needs an actor where records have none."""
    return error(
        Mistake.ROLE_MISSING,
        source,
        span,
        f"{what_reads} `actor`, which the records do not have",
        help="declare `actor text` under `records`",
    )


def not_an_attribute(source: Source, span: Span, site: Site) -> Diagnostic:
    """``actor.X`` where X is something else."""
    return error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"`{site.name}` is a {site.sort}, not an attribute",
        second=(site.span, "declared here"),
        help="declare it under `subjects`",
    )


def not_a_field(source: Source, span: Span, site: Site, clause: str) -> Diagnostic:
    """A clause that names something that is not a field."""
    return error(
        Mistake.NOT_A_FIELD,
        source,
        span,
        f"`{site.name}` is {_ARTICLE.get(site.sort, f'a {site.sort}')}, and `{clause}` takes fields of a record",
        second=(site.span, "declared here"),
        help="name a field that is declared under `records`",
    )


def declared_twice(source: Source, span: Span, text: str, first: Site) -> Diagnostic:
    """One name for two things."""
    article = _ARTICLE.get(first.sort, f"a {first.sort}")
    return error(
        Mistake.NAME_TWICE,
        source,
        span,
        f"`{text}` is already the name of {article}",
        label="again here",
        second=(first.span, "first here"),
        help="give one of them another name",
    )


def block_twice(source: Source, span: Span, keyword: str, first: Span) -> Diagnostic:
    """A declaration or a line that may stand once and stands twice."""
    return error(
        Mistake.SAID_TWICE,
        source,
        span,
        f"`{keyword}` stands twice",
        label="again here",
        second=(first, "first here"),
        help="keep one of them",
    )


def _unknown(source: Source, span: Span, text: str, message: str, sites: tuple[Site, ...]) -> Diagnostic:
    best = near(text, (site.name for site in sites))
    if best is not None:
        place = next(site.span.start for site in sites if site.name == best)
        file, line = source.name_at(place), source.place(place).line
        where = f"line {line}" if file == source.name_at(span.start) else f"{file}, line {line}"
        advice = f"`{best}` ({where}) is spelled almost the same"
    else:
        there = listed(site.name for site in sites)
        advice = f"there are {there}" if len(sites) > 1 else f"there is only {there}" if sites else "declare it first"
    mistake = error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        message,
        label="not declared",
        help=advice,
    )
    return mended(mistake, best)
