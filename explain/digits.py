"""Takes nothing; names a decimal as documents have it: a text, of which pydantic is told when a document is
described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema


class _Decimal(Struct, frozen=True):
    """How a decimal is written. INVARIANT: whoever names one loads no pydantic."""

    pattern: str = r"^-?\d+(\.\d+)?$"
    description: str = "A decimal, exact, never a float."

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Say how one is read."""
        from pydantic_core import core_schema  # noqa: PLC0415  only documents need it

        return core_schema.str_schema(pattern=self.pattern)

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe one."""
        return {**handler(core), "description": self.description}


Digits = Annotated[str, _Decimal()]
