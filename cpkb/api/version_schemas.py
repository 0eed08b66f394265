"""JSON schemas of comparisons: the texts of a document, and two of them clause by clause."""

from __future__ import annotations

from cpkb.api.schema_parts import NUMBER, SWITCH, TEXT, WHOLE, Schema, many, one_of, or_null, says, thing
from cpkb.comparison.compare import KINDS
from cpkb.comparison.versions import WHY


def version_components() -> dict[str, Schema]:
    """Every named schema of versions and comparisons."""
    found = {**_text(), "why": one_of(WHY), "share": NUMBER}
    return {"Versions": thing({"versions": many(thing(found))}), "Comparison": _comparison()}


def _text() -> dict[str, Schema]:
    return {
        "key": says("文件编号；早先的文本是 编号@1"),
        "title": TEXT,
        "replaced": says("哪一天起由另一文本代替；空的是现在的文本"),
        "url": TEXT,
    }


def _comparison() -> Schema:
    return thing(
        {
            "a": thing(_text()),
            "b": thing(_text()),
            "summary": TEXT,
            "places": says("改了几处", WHOLE),
            "counts": thing(dict.fromkeys(KINDS, WHOLE)),
            "rows": many(_row()),
        }
    )


def _row() -> Schema:
    side = thing({"locator": TEXT, "anchor": TEXT, "parts": many(thing({"text": TEXT, "is_changed": SWITCH}))})
    return thing(
        {
            "kind": one_of(kind for kind in KINDS if kind != "same"),
            "name": TEXT,
            "places": WHOLE,
            "is_heading": SWITCH,
            "before": or_null(side),
            "after": or_null(side),
        }
    )
