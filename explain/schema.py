"""Takes a document's model; gives its JSON Schema as published: with the names and form that are written."""

from __future__ import annotations

import json

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: type[BaseModel]) -> JsonSchemaValue:
    """Return the schema of what a model writes."""
    return {"$schema": _DIALECT, **model.model_json_schema(by_alias=True, mode="serialization")}


def schema_text(model: type[BaseModel]) -> str:
    """Return the schema as indented JSON."""
    return json.dumps(schema_of(model), indent=2, ensure_ascii=False) + "\n"
