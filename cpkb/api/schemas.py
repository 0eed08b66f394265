"""JSON schemas of what the API answers, made from the collection declarations and the model's own classes."""

from __future__ import annotations

from pydantic import TypeAdapter

from cpkb.api.answer_schemas import answer_components
from cpkb.api.schema_parts import (
    DAY,
    SWITCH,
    TEXT,
    WHOLE,
    Schema,
    by_name,
    collection_name,
    many,
    one_of,
    or_null,
    ref,
    says,
    thing,
)
from cpkb.api.search_schemas import search_components
from cpkb.api.version_schemas import version_components
from cpkb.model.collection import Collection, Field, collections
from cpkb.model.passage import KINDS, Passage
from cpkb.model.record import Relation
from cpkb.model.source import Citation, Source
from cpkb.model.validity import STATES, Reason


def components() -> dict[str, Schema]:
    """Every named schema."""
    return {
        **{kind.__name__: _of_class(kind) for kind in (Source, Citation, Relation, Reason)},
        **version_components(),
        "Passage": _passage(),
        "Validity": _validity(),
        **search_components(),
        **{f"{name}_fields": _fields(declared) for name, declared in collections().items()},
        "Record": thing(_record()),
        "Document": thing({**_record(), "passages": many(ref("Passage"))}),
        "Collection": _collection(),
        "Catalogue": thing({"collections": many(ref("Collection"))}),
        **answer_components(),
        "Error": thing({"error": thing({"status": WHOLE, "message": TEXT})}),
    }


def _of_class(kind: type) -> Schema:
    schema = TypeAdapter(kind).json_schema()
    return says((kind.__doc__ or "").strip(), thing(schema["properties"]))


def _passage() -> Schema:
    schema = _of_class(Passage)
    schema["properties"]["kind"]["enum"] = list(KINDS)
    return thing({**schema["properties"], "url": TEXT})


def _validity() -> Schema:
    return thing({"state": one_of(STATES), "label": TEXT, "as_of": DAY, "reasons": many(ref("Reason"))})


def _record() -> dict[str, Schema]:
    return {
        "id": TEXT,
        "collection": collection_name(),
        "title": TEXT,
        "locator": TEXT,
        "url": TEXT,
        "is_document": SWITCH,
        "fields": {"anyOf": [ref(f"{name}_fields") for name in collections()]},
        "shown": says("字段名称和值，供人阅读", by_name(TEXT)),
        "validity": or_null(ref("Validity")),
        "sources": many(ref("Source")),
        "citations": many(ref("Citation")),
        "relations": many(ref("Relation")),
    }


def _fields(declared: Collection) -> Schema:
    return {
        "type": "object",
        "description": declared.description,
        "properties": {name: _field(f) for name, f in declared.fields.items()},
        "required": [name for name, f in declared.fields.items() if f.required],
        "additionalProperties": False,
    }


def _field(declared: Field) -> Schema:
    schema: Schema = says(declared.label)
    if declared.kind.name == "date":
        schema["format"] = "date"
    if declared.options:
        schema["enum"] = list(declared.options)
    return many(schema) if declared.many else schema


def _collection() -> Schema:
    field = {**dict.fromkeys(("name", "label", "type"), TEXT), **dict.fromkeys(("many", "facet", "required"), SWITCH)}
    head = dict.fromkeys(("name", "label", "label_en", "description"), TEXT)
    return thing({**head, "count": WHOLE, "fields": many(thing({**field, "options": by_name(TEXT)}))})
