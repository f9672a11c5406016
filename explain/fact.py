"""Takes nothing; names the small parts that a document has many of: cheap to make, and described by pydantic all the
same."""

from __future__ import annotations

from contextvars import ContextVar
from inspect import cleandoc
from typing import TYPE_CHECKING, get_type_hints

from msgspec import NODEFAULT, Struct, to_builtins
from msgspec.structs import FieldInfo, fields

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema


class Fact(Struct, frozen=True, kw_only=True, gc=False):
    """A part that never changes, of which an explanation has a hundred: what we make ourselves is not validated again.

    A document that holds facts is still read, validated and described by pydantic, as if they were models.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Say how pydantic reads a fact from JSON; in Python there is nothing to read."""
        from pydantic_core import core_schema  # noqa: PLC0415  only documents need it

        ref = f"{cls.__module__}.{cls.__qualname__}"
        if cls in _described.get():
            return core_schema.definition_reference_schema(ref)
        before = _described.set(_described.get() | {cls})
        try:
            hints = get_type_hints(cls, include_extras=True)
            parts = [_part(each, handler.generate_schema(hints[each.name])) for each in fields(cls)]
        finally:
            _described.reset(before)
        read = core_schema.no_info_after_validator_function(
            lambda found: cls(**found[0]), core_schema.dataclass_args_schema(cls.__name__, parts)
        )
        return core_schema.json_or_python_schema(
            read,
            core_schema.is_instance_schema(cls),
            ref=ref,
            serialization=core_schema.plain_serializer_function_ser_schema(to_builtins),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe a fact as a model is described: with its title and meaning, and holding nothing else."""
        found = handler(core)
        meaning = {} if cls.__doc__ is None else {"description": cleandoc(cls.__doc__)}
        handler.resolve_ref_schema(found).update(title=cls.__name__, additionalProperties=False, **meaning)
        return found


def _part(field: FieldInfo, read: core_schema.CoreSchema) -> core_schema.DataclassField:
    """Return how a part of a fact is read: by its published name, and as its default where it is not there."""
    from pydantic_core import core_schema  # noqa: PLC0415  see above

    if field.default is not NODEFAULT:
        read = core_schema.with_default_schema(read, default=field.default)
    elif field.default_factory is not NODEFAULT:
        read = core_schema.with_default_schema(read, default_factory=field.default_factory)
    name = None if field.encode_name == field.name else field.encode_name
    return core_schema.dataclass_field(field.name, read, serialization_alias=name, validation_alias=name)


_described: ContextVar[frozenset[type[Fact]]] = ContextVar("tallystick_described", default=frozenset())
"""The facts whose parts are being described: one that stands within itself is referred to."""
