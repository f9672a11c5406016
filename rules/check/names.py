"""Takes the declarations of a file; gives what each name means and where it was declared."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from tallystick.rules.rulebook import Field, Parameter
from tallystick.rules.source import Span
from tallystick.rules.value import NumberType, OneOfType, Type

Sort = Literal["field", "attribute", "parameter", "measure"]
Namespace = Literal["rule", "facet", "band", "exclusion", "discount", "requirement"]


class Site(Struct, frozen=True):
    """Where a name was declared, and as what."""

    name: str
    sort: Sort | Namespace
    span: Span


class ParameterThing(Struct, frozen=True):
    """A parameter with the type of its value."""

    parameter: Parameter
    type: Type


class MeasureThing(Struct, frozen=True):
    """A measure's number; ``why`` says when it is missing."""

    type: NumberType
    optional: bool
    why: str


class Names(Struct):
    """What the names of a file mean. A name with a site and nothing else was declared wrongly: it poisons silently."""

    broken: frozenset[str] = frozenset()
    open: bool = False
    """Whether other names may come from elsewhere (``use``), so that none is unknown for certain."""
    sites: dict[str, Site] = field(default_factory=dict)
    spaces: dict[Namespace, dict[str, Site]] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    attributes: dict[str, Field] = field(default_factory=dict)
    parameters: dict[str, ParameterThing] = field(default_factory=dict)
    measures: dict[str, MeasureThing] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    """Names of two things: whoever reads one, nobody knows which."""
    silent: set[str] = field(default_factory=set)
    """Names whose lack was told."""
    has_records: bool = False
    has_subjects: bool = False
    discounted: bool = False

    def is_poison(self, name: str) -> bool:
        """Say whether a name that means nothing was declared all the same, or may be."""
        return self.open or name in self.broken or name in self.sites or name in self.silent

    def is_poison_in(self, space: Namespace, name: str) -> bool:
        """Say the same of a name in a space of its own."""
        return self.open or name in self.broken or name in self.spaces.get(space, {})

    def enter(self, space: Namespace, name: str, span: Span) -> Site | None:
        """Enter a name into a space of its own; return the first site where it is taken."""
        sites = self.spaces.setdefault(space, {})
        first = sites.setdefault(name, Site(name, space, span))
        return first if first.span != span else None

    def of_sort(self, *sorts: Sort) -> tuple[Site, ...]:
        """Return the declared names of some sorts, in the order of the text."""
        return tuple(site for site in self.sites.values() if site.sort in sorts)

    def listing(self, value: str) -> str | None:
        """Return the first field or attribute that lists a value."""
        for each in (*self.fields.values(), *self.attributes.values()):
            if isinstance(each.type, OneOfType) and value in each.type.values:
                return each.name
        return None

    @property
    def kind(self) -> OneOfType | None:
        """The type of the records' kind, if it lists its kinds."""
        declared = self.fields.get("kind")
        return declared.type if declared is not None and isinstance(declared.type, OneOfType) else None

    def type_of(self, name: str) -> Type | None:
        """Return the type of whatever has a name, or None."""
        if name in self.fields:
            return self.fields[name].type
        if name in self.attributes:
            return self.attributes[name].type
        if name in self.parameters:
            return self.parameters[name].type
        if name in self.measures:
            return self.measures[name].type
        return None
