"""JSON schemas of answers: understood slots, sections, items, citations."""

from __future__ import annotations

from cpkb.api.schema_parts import TEXT, WHOLE, Schema, many, ref, thing
from cpkb.model.answer import INTENTS, SECTIONS, SLOTS
from cpkb.model.collection import collections
from cpkb.model.validity import STATES
from cpkb.search.confidence import LEVELS

_PAGE: Schema = {"anyOf": [WHOLE, {"type": "null"}]}
_DAY: Schema = {"type": "string", "format": "date"}


def answer_components() -> dict[str, Schema]:
    """Every named schema of an answer."""
    return {
        "Answer": thing(
            {
                "question": TEXT,
                "as_of": _DAY,
                "understood": many(ref("Slot")),
                "confidence": {"type": "string", "enum": list(LEVELS), "description": "把握：sure、perhaps、none"},
                "lead": {**many(ref("Item")), "description": "最多三句，逐字取自所引的段落"},
                "sections": {**many(ref("Section")), "description": "问到的一类在前"},
                "citations": {**many(ref("Cited")), "description": "全部引证，最答得上的在前"},
                "nearly": {**many(ref("Cited")), "description": "没有答得上的内容时：最接近的几条，不一定相关"},
                "none": {"type": "boolean", "description": "本库没有答得上的内容"},
                "rewriting": ref("Rewriting"),
            },
            optional=("rewriting",),
        ),
        "Rewriting": thing(
            {
                "told": {
                    **many(thing({"text": TEXT, "title": TEXT, "citation": ref("KeptCitation")})),
                    "description": "语言模型的句子里与所引段落核对得上的，只在 rewrite=on 时有",
                },
                "dropped": {**many(thing({"text": TEXT, "reason": TEXT})), "description": "核对不上的，不要采用"},
                "failure": {**TEXT, "description": "没有改写的原因"},
            }
        ),
        "Slot": thing(
            {
                "slot": {"type": "string", "enum": list(SLOTS)},
                "value": {**TEXT, "description": f"代码或正式词；想知道什么：{'、'.join(INTENTS)}"},
                "label": TEXT,
                "said": {**TEXT, "description": "问题里说到它的字；手选的是空的"},
            }
        ),
        "Section": thing(
            {
                "kind": {"type": "string", "enum": list(SECTIONS)},
                "label": TEXT,
                "items": many(ref("Item")),
                "helps": {**TEXT, "description": "没有内容时，补充什么会有帮助"},
            }
        ),
        "Item": thing(
            {
                "title": TEXT,
                "text": {**TEXT, "description": "段落或字段里的原话，过长时截取"},
                "collection": {"type": "string", "enum": list(collections())},
                "figures": many(thing({"name": TEXT, "value": TEXT, "condition": TEXT})),
                "citation": ref("KeptCitation"),
                "rests_on": {
                    **many(thing({"document": TEXT, "number": TEXT, "locator": TEXT, "page": _PAGE, "url": TEXT})),
                    "description": "本库摘编所依据的条款",
                },
                "twins": {**many(ref("KeptCitation")), "description": "文字基本相同的条文"},
                "against": {**many(ref("KeptCitation")), "description": "对同一件事说法不同的"},
            }
        ),
        "KeptCitation": thing(
            {
                **dict.fromkeys(("record", "document", "number", "locator"), TEXT),
                "ordinal": WHOLE,
                "page": _PAGE,
                "text": {**TEXT, "description": "逐字引的话"},
                "version": {**TEXT, "description": "所引版本的指纹"},
                "sha256": {**TEXT, "description": "引的话的指纹"},
                "validity": {"type": "string", "enum": ["", *STATES.values()]},
                "state": {"type": "string", "enum": ["", *STATES]},
                "as_of": _DAY,
                **dict.fromkeys(("authority", "url", "file"), TEXT),
            }
        ),
        "Cited": thing(
            {
                **dict.fromkeys(("document", "locator", "text", "title", "record", "file"), TEXT),
                "validity": {"type": "string", "enum": ["", *STATES.values()]},
                "url": TEXT,
                "cites": many(ref("Cite")),
            }
        ),
    }
