"""Takes a name in an expression; gives the field, attribute, parameter, measure or value that it means there."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.check.names import Site
from tallystick.rules.check.narrowing import apply
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import missing as say_missing
from tallystick.rules.check_errors import names as say
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, Literally, MeasureOf, ParameterOf
from tallystick.rules.value import OneOfType, Type, YesNoType

OPTIONAL = "it is declared `optional`"
NO_ROW = "the person may have no row in `subjects`"
NO_ACTOR_ROW = "the actor may have no row in `subjects`"
NO_ACTOR = "the record may have no actor"
LATER = "it is missing where the date is later than the as-of day"
LATER_OR_MISSING = "it is missing where the date is, or is later than the as-of day"


def name(expr: syntax.Name, here: Here, expected: Type | None) -> Expr | None:
    """Resolve a name: a value of the type expected, else a thing that this place may read."""
    text, names = expr.text, here.check.names
    if isinstance(expected, OneOfType) and text in expected.values:
        return Expr(Literally(text), expected, optional=False, span=expr.span)
    if isinstance(expected, YesNoType) and text in ("yes", "no"):
        return Expr(Literally(text == "yes"), expected, optional=False, span=expr.span)
    here.check.used.add(text)
    site = names.sites.get(text)
    if text in names.twice:
        return None
    if site is not None and not _may_read(site, expr, here):
        return None
    if text in names.fields:
        return _field(expr, here)
    if text in names.attributes:
        return _attribute(expr, here)
    if text in names.parameters:
        thing = names.parameters[text]
        return Expr(ParameterOf(text, thing.parameter.value.value), thing.type, optional=False, span=expr.span)
    if text in names.measures:
        measure = names.measures[text]
        found = Expr(MeasureOf(text), measure.type, measure.optional, expr.span)
        return guarded(expr, found, here, why=measure.why)
    _unknown(expr, here, expected)
    return None


def dotted(expr: syntax.Dotted, here: Here) -> Expr | None:
    """Resolve ``actor.joined``, or a measure of the actor's."""
    check, names = here.check, here.check.names
    check.used.add(expr.name.text)
    if expr.owner.text != "actor":
        check.report(say.owner_unknown(check.source, expr.owner.span, expr.owner.text, expr.name.text, check.names))
        return None
    site = names.sites.get(expr.name.text)
    if here.scope.reads != "record":
        check.report(say.actor_here(check.source, expr.span, check.text(expr.span), here.scope.what))
        return None
    check.used.add("actor")
    if "actor" not in names.fields:
        if not names.is_poison("actor"):
            check.report(say.no_actor(check.source, expr.span, f"`{check.text(expr.span)}` reads"))
            names.silent.add("actor")
        return None
    if expr.name.text in names.twice:
        return None
    if site is not None and site.sort == "measure":
        return _earned(expr, site, here)
    attribute = names.attributes.get(expr.name.text)
    if attribute is None:
        if site is not None and site.sort != "attribute":
            check.report(say.not_an_attribute(check.source, expr.name.span, site))
        elif not names.is_poison(expr.name.text):
            check.unresolved = True
            check.report(say.attribute_unknown(check.source, expr.name.span, expr.name.text, names))
        return None
    found = Expr(AttributeOf(attribute.name, "actor"), attribute.type, optional=True, span=expr.span)
    return guarded(expr, found, here, why=NO_ACTOR_ROW)


def _earned(expr: syntax.Dotted, site: Site, here: Here) -> Expr | None:
    """Resolve a measure of the actor's; only a measure may read one."""
    check, names = here.check, here.check.names
    if not here.scope.measuring:
        check.report(say.measure_here(check.source, expr.span, site, here.scope.what))
        return None
    measure = names.measures.get(expr.name.text)
    if measure is None:
        return None
    of, why = EarnedOf(expr.name.text), measure.why
    optional = measure.optional
    nobody = here.facts.get(syntax.Name("actor"))
    if names.fields["actor"].optional and (nobody is None or not nobody.present):
        optional, why = True, NO_ACTOR
    elif names.has_subjects:
        optional, why = True, NO_ACTOR_ROW
    return guarded(expr, Expr(of, measure.type, optional, expr.span), here, why=why)


def guarded(expr: syntax.Expr, found: Expr, here: Here, *, why: str, declared: Site | None = None) -> Expr:
    """Return a value as known here; where it can be missing and nothing takes care of that, say so, once."""
    narrowed = apply(here.facts, expr, found)
    if not narrowed.optional or here.tolerant:
        return narrowed
    check = here.check
    if not here.doubtful and check.first_complaint(here.scope.what, expr):
        check.report(
            say_missing.may_be_missing(
                check.source, expr.span, check.text(expr.span), why, found.type, here.scope.remedy, declared
            )
        )
    return replace(narrowed, optional=False)


def peek(expr: syntax.Expr, here: Here) -> Type | None:
    """Return the type of a named thing without saying anything about it, so that the other side can be understood."""
    match expr:
        case syntax.Name(text=text):
            return here.check.names.type_of(text)
        case syntax.Dotted(name=of):
            attribute, measure = here.check.names.attributes.get(of.text), here.check.names.measures.get(of.text)
            return attribute.type if attribute is not None else None if measure is None else measure.type
        case syntax.OrElse(value=value):
            return peek(value, here)
        case syntax.If(then=then, otherwise=otherwise):
            return peek(then, here) or peek(otherwise, here)
        case _:
            return None


def _may_read(site: Site, expr: syntax.Name, here: Here) -> bool:
    """Say whether this place may read such a thing; else report it."""
    check = here.check
    match here.scope.reads:
        case "record":
            if site.sort == "measure":
                check.report(say.measure_here(check.source, expr.span, site, here.scope.what))
                return False
        case "person":
            if site.sort == "field":
                kind = check.names.type_of(site.name)
                check.report(say.field_here(check.source, expr.span, site, here.scope.what, kind))
                return False
        case "constant":
            if site.sort != "parameter":
                check.report(say.constant_reads(check.source, expr.span, site, here.scope.what))
                return False
    return True


def _field(expr: syntax.Name, here: Here) -> Expr:
    field = here.check.names.fields[expr.text]
    found = Expr(FieldOf(field.name), field.type, field.optional, expr.span)
    return guarded(expr, found, here, why=OPTIONAL, declared=here.check.names.sites[expr.text])


def _attribute(expr: syntax.Name, here: Here) -> Expr:
    field, scope = here.check.names.attributes[expr.text], here.scope
    whose: Literal["subject"] = "subject"
    no_row = scope.reads == "record" and scope.given
    found = Expr(AttributeOf(field.name, whose), field.type, field.optional or no_row, expr.span)
    declared = here.check.names.sites[expr.text] if field.optional else None
    guarded_value = guarded(expr, found, here, why=OPTIONAL if field.optional else NO_ROW, declared=declared)
    # INVARIANT: an exclusion also looks at records of people without a row; a condition that is missing does not hold.
    known = here.facts.get(expr)
    absent = scope.absent and (known is None or not known.present)
    return replace(guarded_value, optional=guarded_value.optional or absent)


def _unknown(expr: syntax.Name, here: Here, expected: Type | None) -> None:
    check, names = here.check, here.check.names
    if names.is_poison(expr.text):
        return
    if isinstance(expected, OneOfType):
        check.report(say.value_unknown(check.source, expr.span, expr.text, expected.values))
        return
    check.unresolved = True
    check.report(say.name_unknown(check.source, expr.span, expr.text, names, here.scope.reads, expected))
