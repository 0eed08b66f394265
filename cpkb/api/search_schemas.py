"""JSON schemas of a page of results and of completions."""

from __future__ import annotations

from cpkb.api.schema_parts import NUMBER, TEXT, WHOLE, Schema, by_name, collection_name, many, one_of, ref, says, thing
from cpkb.model.results import PARTS, ZONE_LABELS
from cpkb.model.validity import STATES
from cpkb.search.confidence import LEVELS
from cpkb.search.names import KINDS

_CONFIDENCE = "把握：sure 答得上，perhaps 不一定答得上，none 没有答得上的（hits 是空的）"


def search_components() -> dict[str, Schema]:
    """Every named schema of results and completions."""
    return {
        "Cite": thing({"document": TEXT, "number": TEXT, "locator": TEXT}),
        "Hit": _hit(),
        "ScorePart": _score_part(),
        "FacetCount": thing({"value": TEXT, "label": TEXT, "count": WHOLE}),
        "Results": _results(),
        "Completion": _completion(),
        "Completions": thing({"completions": many(ref("Completion"))}),
    }


def _results() -> Schema:
    return thing(
        {
            "confidence": says(
                "把握：sure 答得上，perhaps 不一定答得上，none 没有答得上的（hits 是空的）", one_of(LEVELS)
            ),
            "total": says("条目数", WHOLE),
            "passages": says("相符的段落数", WHOLE),
            "hits": many(ref("Hit")),
            "facets": by_name(many(ref("FacetCount"))),
            "suggestions": says("没有结果时：可能想问的，每一条都有结果", many(ref("Completion"))),
            "absent_numbers": says("没有结果时：问题里本库没有的编号", many(TEXT)),
        }
    )


def _hit() -> Schema:
    always = _hit_always()
    parts = says("分数的各部分，大的在前；只在 explain=on 时有", many(ref("ScorePart")))
    return {**always, "properties": always["properties"] | {"parts": parts}}


def _hit_always() -> Schema:
    return thing(
        {
            "id": TEXT,
            "collection": collection_name(),
            "title": TEXT,
            "document": says("所在文件的名称"),
            "file": says("导入的文件"),
            "locator": says("条、款、行，如 第二十七条、6.1.3.2"),
            "text": says("相符的段落，最多 600 字"),
            "score": NUMBER,
            "validity": one_of(["", *STATES.values()]),
            "url": says("本站地址"),
            "twins": says("同样的条文还见于", many(thing({"id": TEXT, "title": TEXT, "url": TEXT}))),
            "cites": many(ref("Cite")),
        }
    )


def _score_part() -> Schema:
    return thing(
        {
            "kind": one_of(PARTS),
            "label": one_of(PARTS.values()),
            "term": says("对上的词、编号、数值；coverage 是问题符合的份额；没有时是空的"),
            "zones": says("词在哪里：标题、条目标题、正文", many(one_of(ZONE_LABELS))),
            "score": says("占的分数，加起来是这一条的 score；ended、draft、aside 是负的", NUMBER),
        }
    )


def _completion() -> Schema:
    return thing(
        {
            "text": says("放进搜索框的内容"),
            "kind": one_of(KINDS),
            "label": one_of(KINDS.values()),
            "note": says("标题的编号、编号的标题、俗词所指的正式词，以及失效的状态"),
        }
    )
