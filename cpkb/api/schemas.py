"""JSON schemas of what the API answers, made from the collection declarations and the model's own classes."""

from __future__ import annotations

from pydantic import TypeAdapter

from cpkb.api.answer_schemas import answer_components
from cpkb.api.schema_parts import TEXT, WHOLE, Schema, many, ref, thing
from cpkb.comparison.compare import KINDS as CHANGES
from cpkb.comparison.versions import WHY
from cpkb.model.collection import Collection, Field, collections
from cpkb.model.passage import KINDS, Passage
from cpkb.model.record import Relation
from cpkb.model.results import PARTS, ZONE_LABELS
from cpkb.model.source import Citation, Source
from cpkb.model.validity import STATES, Reason
from cpkb.search.confidence import LEVELS
from cpkb.search.names import KINDS as KINDS_OF_NAMES


def components() -> dict[str, Schema]:
    """Every named schema."""
    return {
        **{kind.__name__: _of_class(kind) for kind in (Source, Citation, Relation, Reason)},
        **_versions(),
        "Passage": _passage(),
        "Validity": thing(
            {
                "state": {"type": "string", "enum": list(STATES)},
                "label": TEXT,
                "as_of": {"type": "string", "format": "date"},
                "reasons": many(ref("Reason")),
            }
        ),
        "Cite": thing({"document": TEXT, "number": TEXT, "locator": TEXT}),
        "Hit": _hit(),
        "ScorePart": _score_part(),
        "FacetCount": thing({"value": TEXT, "label": TEXT, "count": WHOLE}),
        "Results": thing(
            {
                "confidence": {
                    "type": "string",
                    "enum": list(LEVELS),
                    "description": "把握：sure 答得上，perhaps 不一定答得上，none 没有答得上的（hits 是空的）",
                },
                "total": {**WHOLE, "description": "条目数"},
                "passages": {**WHOLE, "description": "相符的段落数"},
                "hits": many(ref("Hit")),
                "facets": {"type": "object", "additionalProperties": many(ref("FacetCount"))},
                "suggestions": {**many(ref("Completion")), "description": "没有结果时：可能想问的，每一条都有结果"},
                "absent_numbers": {**many(TEXT), "description": "没有结果时：问题里本库没有的编号"},
            }
        ),
        "Completion": thing(
            {
                "text": {**TEXT, "description": "放进搜索框的内容"},
                "kind": {"type": "string", "enum": list(KINDS_OF_NAMES)},
                "label": {"type": "string", "enum": list(KINDS_OF_NAMES.values())},
                "note": {**TEXT, "description": "标题的编号、编号的标题、俗词所指的正式词，以及失效的状态"},
            }
        ),
        "Completions": thing({"completions": many(ref("Completion"))}),
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
    return {**thing(schema["properties"]), "description": (kind.__doc__ or "").strip()}


def _passage() -> Schema:
    schema = _of_class(Passage)
    schema["properties"]["kind"]["enum"] = list(KINDS)
    return thing({**schema["properties"], "url": TEXT})


def _hit() -> Schema:
    always = _hit_always()
    parts: Schema = {**many(ref("ScorePart")), "description": "分数的各部分，大的在前；只在 explain=on 时有"}
    return {**always, "properties": always["properties"] | {"parts": parts}}


def _score_part() -> Schema:
    return thing(
        {
            "kind": {"type": "string", "enum": list(PARTS)},
            "label": {"type": "string", "enum": list(PARTS.values())},
            "term": {**TEXT, "description": "对上的词、编号、数值；coverage 是问题符合的份额；没有时是空的"},
            "zones": {
                **many({"type": "string", "enum": list(ZONE_LABELS)}),
                "description": "词在哪里：标题、条目标题、正文",
            },
            "score": {"type": "number", "description": "占的分数，加起来是这一条的 score；ended、draft、aside 是负的"},
        }
    )


def _versions() -> dict[str, Schema]:
    text = {
        "key": {**TEXT, "description": "文件编号；早先的文本是 编号@1"},
        "title": TEXT,
        "replaced": {**TEXT, "description": "哪一天起由另一文本代替；空的是现在的文本"},
        "url": TEXT,
    }
    side = thing(
        {
            "locator": TEXT,
            "anchor": TEXT,
            "parts": many(thing({"text": TEXT, "is_changed": {"type": "boolean"}})),
        }
    )
    row = {
        "kind": {"type": "string", "enum": [kind for kind in CHANGES if kind != "same"]},
        "name": TEXT,
        "places": WHOLE,
        "is_heading": {"type": "boolean"},
        **{name: {"anyOf": [side, {"type": "null"}]} for name in ("before", "after")},
    }
    found = {**text, "why": {"type": "string", "enum": list(WHY)}, "share": {"type": "number"}}
    return {
        "Versions": thing({"versions": many(thing(found))}),
        "Comparison": thing(
            {
                "a": thing(text),
                "b": thing(text),
                "summary": TEXT,
                "places": {**WHOLE, "description": "改了几处"},
                "counts": thing(dict.fromkeys(CHANGES, WHOLE)),
                "rows": many(thing(row)),
            }
        ),
    }


def _hit_always() -> Schema:
    return thing(
        {
            "id": TEXT,
            "collection": _collection_name(),
            "title": TEXT,
            "document": {**TEXT, "description": "所在文件的名称"},
            "file": {**TEXT, "description": "导入的文件"},
            "locator": {**TEXT, "description": "条、款、行，如 第二十七条、6.1.3.2"},
            "text": {**TEXT, "description": "相符的段落，最多 600 字"},
            "score": {"type": "number"},
            "validity": {"type": "string", "enum": ["", *STATES.values()]},
            "url": {**TEXT, "description": "本站地址"},
            "twins": {**many(thing({"id": TEXT, "title": TEXT, "url": TEXT})), "description": "同样的条文还见于"},
            "cites": many(ref("Cite")),
        }
    )


def _record() -> dict[str, Schema]:
    return {
        "id": TEXT,
        "collection": _collection_name(),
        "title": TEXT,
        "locator": TEXT,
        "url": TEXT,
        "is_document": {"type": "boolean"},
        "fields": {"anyOf": [ref(f"{name}_fields") for name in collections()]},
        "shown": {"type": "object", "additionalProperties": TEXT, "description": "字段名称和值，供人阅读"},
        "validity": {"anyOf": [ref("Validity"), {"type": "null"}]},
        "sources": many(ref("Source")),
        "citations": many(ref("Citation")),
        "relations": many(ref("Relation")),
    }


def _collection_name() -> Schema:
    return {"type": "string", "enum": list(collections())}


def _fields(declared: Collection) -> Schema:
    return {
        "type": "object",
        "description": declared.description,
        "properties": {name: _field(f) for name, f in declared.fields.items()},
        "required": [name for name, f in declared.fields.items() if f.required],
        "additionalProperties": False,
    }


def _field(declared: Field) -> Schema:
    schema: Schema = {"type": "string", "description": declared.label}
    if declared.kind.name == "date":
        schema["format"] = "date"
    if declared.options:
        schema["enum"] = list(declared.options)
    return {"type": "array", "items": schema} if declared.many else schema


def _collection() -> Schema:
    field = thing(
        {
            "name": TEXT,
            "label": TEXT,
            "type": TEXT,
            "many": {"type": "boolean"},
            "facet": {"type": "boolean"},
            "required": {"type": "boolean"},
            "options": {"type": "object", "additionalProperties": TEXT},
        }
    )
    head = dict.fromkeys(("name", "label", "label_en", "description"), TEXT)
    return thing({**head, "count": WHOLE, "fields": many(field)})
