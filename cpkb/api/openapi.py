"""The OpenAPI 3.1 description of the API: one line an operation, parameters from what the search accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cpkb import __version__
from cpkb.api.schema_parts import Schema, ref
from cpkb.api.schemas import components
from cpkb.consultation.request import CHOSEN, LONGEST, MOST_VALUES
from cpkb.model.answer import INTENTS, SLOTS
from cpkb.model.collection import collections
from cpkb.model.validity import STATES
from cpkb.search.completion import MOST, MOST_TYPED
from cpkb.search.facets import HIDDEN, facet_labels
from cpkb.search.request import MOST_PER_PAGE, PAGE_SIZE, SORTS
from cpkb.search.text import QUERY_LENGTH


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    description: str
    schema: Schema
    place: str = "query"

    def shape(self) -> dict[str, Any]:
        """As OpenAPI writes it."""
        head = {"name": self.name, "in": self.place, "description": self.description, "schema": self.schema}
        return {**head, "required": True} if self.place == "path" else head


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API; every one is a GET."""

    path: str
    name: str
    summary: str
    answer: Schema
    parameters: tuple[Parameter, ...] = ()


_AS_OF = Parameter("as_of", "按哪一天的效力，如 2026-01-01；不给就是今天", {"type": "string", "format": "date"})
_COLLECTION = Parameter("collection_name", "类别", {"type": "string", "enum": list(collections())}, "path")


def _facet(name: str, label: str) -> Parameter:
    values: Schema = {"type": "string"}
    if name == "collection":
        values["enum"] = list(collections())
    elif name == "validity":
        values["enum"] = list(STATES)
    return Parameter(name, f"按{label}筛选；可以给几次，有一个符合就行", {"type": "array", "items": values})


def _switch(default: str) -> Schema:
    return {"type": "string", "enum": ["on", "off"], "default": default}


SEARCH = (
    Parameter(
        "q", '问题；支持 "短语"、-排除、OR、字段:值，语法见 /help', {"type": "string", "maxLength": QUERY_LENGTH}
    ),
    _AS_OF,
    Parameter("sort", "排序", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
    Parameter("page", "第几页", {"type": "integer", "minimum": 1, "default": 1}),
    Parameter("limit", "每页几条", {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PAGE_SIZE}),
    Parameter("synonyms", "off：不搜近义的说法", _switch("on")),
    Parameter("semantic", "off：只按字面，不按意思", _switch("on")),
    Parameter("explain", "on：每一条带上分数的各部分（parts）", _switch("off")),
    *(_facet(name, label) for name, label in facet_labels().items() if name not in HIDDEN),
)


def _chosen(name: str) -> Parameter:
    values: Schema = {"type": "string"}
    if name == "intent":
        values["enum"] = ["-", *INTENTS]
    says = f"{SLOTS[name]}：代替从问题里读出的；“-”表示问题没有说到"
    return Parameter(name, says, {"type": "array", "items": values, "maxItems": MOST_VALUES})


ASK = (
    Parameter("q", "问题，用大白话", {"type": "string", "maxLength": LONGEST}),
    _AS_OF,
    Parameter("rewrite", "on：再让语言模型写成一段，逐句核对（rewriting）；最多等 8 秒", _switch("off")),
    *map(_chosen, CHOSEN),
)
COMPLETE = (
    Parameter("q", "已输入的内容：汉字、编号或拼音", {"type": "string", "maxLength": MOST_TYPED}),
    Parameter("limit", "最多几条", {"type": "integer", "minimum": 1, "maximum": MOST, "default": MOST}),
)
OPERATIONS = (
    Operation("/api/v1/search", "search", "搜索", ref("Results"), SEARCH),
    Operation("/api/v1/ask", "ask", "咨询：分类的回答，每一句带引证", ref("Answer"), ASK),
    Operation("/api/v1/complete", "complete", "自动补全：标题、编号、术语", ref("Completions"), COMPLETE),
    Operation(
        "/api/v1/records/{collection_name}/{record_id}",
        "record",
        "一个条目",
        ref("Record"),
        (_COLLECTION, Parameter("record_id", "条目编号", {"type": "string"}, "path"), _AS_OF),
    ),
    Operation(
        "/api/v1/documents/{document_id}",
        "document",
        "一份文件和它的每一条",
        ref("Document"),
        (Parameter("document_id", "文件编号", {"type": "string"}, "path"), _AS_OF),
    ),
    Operation(
        "/api/v1/documents/{document_id}/versions",
        "versions",
        "一份文件可以与哪些文本对照",
        ref("Versions"),
        (Parameter("document_id", "文件编号", {"type": "string"}, "path"),),
    ),
    Operation(
        "/api/v1/compare",
        "compare",
        "两份文本逐条对照",
        ref("Comparison"),
        tuple(
            Parameter(name, f"{which}的编号或地址；早先的文本写成 编号@1", {"type": "string"})
            for name, which in (("a", "较早文本"), ("b", "较晚文本"))
        ),
    ),
    Operation("/api/v1/collections", "collections", "类别、字段和条目数", ref("Catalogue")),
    Operation("/api/v1/openapi.json", "openapi", "这份说明", {"type": "object"}),
)


def description() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "清洁生产知识库",
            "version": __version__,
            "description": "只读接口；内容与网页相同。出错时返回 error.message，说明哪里不对、可以怎么写。",
        },
        "paths": {operation.path: {"get": _get(operation)} for operation in OPERATIONS},
        "components": {"schemas": components()},
    }


def _get(operation: Operation) -> dict[str, Any]:
    refused = {"description": "请求不对", "content": _json(ref("Error"))}
    absent = {"description": "没有找到", "content": _json(ref("Error"))}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [parameter.shape() for parameter in operation.parameters],
        "responses": {
            "200": {"description": operation.summary, "content": _json(operation.answer)},
            "400": refused,
            "404": absent,
        },
    }


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
