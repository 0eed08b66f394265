"""The smallest parts of JSON schemas."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}


def ref(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Schema) -> Schema:
    """A list of things."""
    return {"type": "array", "items": schema}


def thing(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """An object that always has all of these properties but the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}
