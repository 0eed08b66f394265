"""JSON schemas of answers: understood slots, sections, items, citations."""

from __future__ import annotations

from cpkb.api.schema_parts import (
    DAY,
    SWITCH,
    TEXT,
    WHOLE,
    Schema,
    collection_name,
    many,
    one_of,
    or_null,
    ref,
    says,
    thing,
)
from cpkb.model.answer import INTENTS, SECTIONS, SLOTS
from cpkb.model.validity import STATES
from cpkb.search.confidence import LEVELS

_PAGE = or_null(WHOLE)
_IN_WORDS = one_of(["", *STATES.values()])


def answer_components() -> dict[str, Schema]:
    """Every named schema of an answer."""
    return {
        "Answer": _answer(),
        "Rewriting": _rewriting(),
        "Slot": _slot(),
        "Section": _section(),
        "Item": _item(),
        "KeptCitation": _kept_citation(),
        "Cited": _cited(),
    }


def _answer() -> Schema:
    return thing(
        {
            "question": TEXT,
            "as_of": DAY,
            "understood": many(ref("Slot")),
            "confidence": says("把握：sure、perhaps、none", one_of(LEVELS)),
            "lead": says("最多三句，逐字取自所引的段落", many(ref("Item"))),
            "sections": says("问到的一类在前", many(ref("Section"))),
            "citations": says("全部引证，最答得上的在前", many(ref("Cited"))),
            "nearly": says("没有答得上的内容时：最接近的几条，不一定相关", many(ref("Cited"))),
            "absent_numbers": says("问题里本库没有的编号、型号；查不到不等于没有被淘汰", many(TEXT)),
            "none": says("本库没有答得上的内容", SWITCH),
            "rewriting": ref("Rewriting"),
        },
        optional=("rewriting",),
    )


def _rewriting() -> Schema:
    told = many(thing({"text": TEXT, "title": TEXT, "citation": ref("KeptCitation")}))
    return thing(
        {
            "told": says("语言模型的句子里与所引段落核对得上的，只在 rewrite=on 时有", told),
            "dropped": says("核对不上的，不要采用", many(thing({"text": TEXT, "reason": TEXT}))),
            "failure": says("没有改写的原因"),
        }
    )


def _slot() -> Schema:
    return thing(
        {
            "slot": one_of(SLOTS),
            "value": says(f"代码或正式词；想知道什么：{'、'.join(INTENTS)}"),
            "label": TEXT,
            "said": says("问题里说到它的字；手选的是空的"),
        }
    )


def _section() -> Schema:
    helps = says("没有内容时，补充什么会有帮助")
    return thing({"kind": one_of(SECTIONS), "label": TEXT, "items": many(ref("Item")), "helps": helps})


def _item() -> Schema:
    clause = thing({"document": TEXT, "number": TEXT, "locator": TEXT, "page": _PAGE, "url": TEXT})
    return thing(
        {
            "title": TEXT,
            "text": says("段落或字段里的原话，过长时截取"),
            "collection": collection_name(),
            "listed": says("在限制淘汰目录里的类别：eliminated、restricted、high_pollution；不是目录里的为空"),
            "figures": many(thing(dict.fromkeys(("name", "value", "condition"), TEXT))),
            "citation": ref("KeptCitation"),
            "rests_on": says("本库摘编所依据的条款", many(clause)),
            "twins": says("文字基本相同的条文", many(ref("KeptCitation"))),
            "against": says("对同一件事说法不同的", many(ref("KeptCitation"))),
        }
    )


def _kept_citation() -> Schema:
    return thing(
        {
            **dict.fromkeys(("record", "document", "number", "locator"), TEXT),
            "ordinal": WHOLE,
            "page": _PAGE,
            "text": says("逐字引的话"),
            "version": says("所引版本的指纹"),
            "sha256": says("引的话的指纹"),
            "validity": _IN_WORDS,
            "state": one_of(["", *STATES]),
            "as_of": DAY,
            **dict.fromkeys(("authority", "url", "file"), TEXT),
        }
    )


def _cited() -> Schema:
    names = dict.fromkeys(("document", "locator", "text", "title", "record", "file"), TEXT)
    return thing({**names, "validity": _IN_WORDS, "url": TEXT, "cites": many(ref("Cite"))})
