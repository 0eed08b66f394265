"""The smallest parts of JSON schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cpkb.model.collection import collections

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
SWITCH: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}


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


def one_of(values: Iterable[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": list(values)}


def or_null(schema: Schema) -> Schema:
    """It, or nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


def by_name(schema: Schema) -> Schema:
    """An object whose properties have any names."""
    return {"type": "object", "additionalProperties": schema}


def says(description: str, schema: Schema = TEXT) -> Schema:
    """A schema, with what its values mean."""
    return {**schema, "description": description}


def collection_name() -> Schema:
    """The name of a collection."""
    return one_of(collections())
