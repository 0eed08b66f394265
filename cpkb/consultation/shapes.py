"""Shapes (JSON): an answer as machines read it, the same from the API and the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cpkb.model.answer import Answer, Citation, Item, Rest, Rewriting, Section, Slot
from cpkb.model.validity import Validity

MOST_CITES = 3  # clauses of a summary in own words: what judged runs read
Shape = dict[str, Any]


def answer_shape(answer: Answer) -> Shape:
    """What was understood, what is known of it by sections, and all citations, those that answer best first."""
    return {
        "question": answer.question,
        "as_of": answer.as_of.isoformat(),
        "understood": [_slot(slot) for slot in answer.understood],
        "confidence": answer.confidence,
        "lead": [item_shape(item) for item in answer.lead],
        "sections": [_section(section) for section in answer.sections],
        "citations": [_cited(item) for item in answer.ranked()],
        "nearly": [_cited(item) for item in answer.nearly],
        "absent_numbers": list(answer.absent),
        "none": answer.none,
    }


def kept_shape(answer: Answer) -> Shape:
    """An answer as it is kept: what was told, without the lists that repeat its citations."""
    shape = answer_shape(answer)
    return {name: value for name, value in shape.items() if name not in ("citations", "nearly")}


def rewriting_shape(rewriting: Rewriting) -> Shape:
    """The sentences that hold, each with its citation; those that do not, each with the reason."""
    told = [{"text": t.text, "title": t.title, "citation": citation_shape(t.citation)} for t in rewriting.told]
    dropped = [{"text": d.text, "reason": d.reason} for d in rewriting.dropped]
    return {"told": told, "dropped": dropped, "failure": rewriting.failure}


def item_shape(item: Item) -> Shape:
    """One item with its citation, figures, twins and the clauses it rests on."""
    return {
        "title": item.title,
        "text": item.text.text,
        "collection": item.collection,
        "listed": item.listed,
        "figures": [{"name": f.name, "value": f.value, "condition": f.condition} for f in item.figures],
        "citation": citation_shape(item.citation),
        "rests_on": [_rest(rest) for rest in item.rests],
        "twins": [citation_shape(twin) for twin in item.twins],
        "against": [citation_shape(other) for other in item.against],
    }


def citation_shape(citation: Citation) -> Shape:
    """A citation that can be kept: what `kept_citation` reads back."""
    return {
        "record": citation.record_id,
        "ordinal": citation.ordinal,
        "document": citation.document,
        "number": citation.number,
        "locator": citation.locator,
        "page": citation.page,
        "text": citation.quoted,
        "version": citation.version,
        "sha256": citation.digest,
        "validity": citation.validity.label,
        "state": citation.validity.state,
        "as_of": citation.validity.as_of.isoformat(),
        "authority": citation.authority,
        "url": citation.address,
        "file": citation.file,
    }


def kept_citation(shape: Shape) -> Citation:
    """The citation that was kept as a shape."""
    state = Validity(shape["state"], dt.date.fromisoformat(shape["as_of"]))
    return Citation(
        shape["record"], shape["ordinal"], shape["document"], shape["number"], shape["locator"], shape["page"],
        shape["text"], shape["version"], state, shape["authority"], shape["url"], shape["file"],
    )  # fmt: skip


def _slot(slot: Slot) -> Shape:
    return {"slot": slot.name, "value": slot.value, "label": slot.label, "said": slot.said}


def _section(section: Section) -> Shape:
    items = [item_shape(item) for item in section.items]
    return {"kind": section.kind, "label": section.label, "items": items, "helps": section.helps}


def _rest(rest: Rest) -> Shape:
    cited = rest.citation
    return {
        "document": cited.document,
        "number": cited.number,
        "locator": cited.locator,
        "page": cited.page,
        "url": rest.address,
    }


def _cited(item: Item) -> Shape:
    """What an item cites: the clause, or of a summary in own words the clauses it was read out of."""
    citation = item.citation
    rests = [{"document": r.citation.document, "locator": r.citation.locator} for r in item.rests[:MOST_CITES]]
    own = {"document": citation.document, "locator": citation.locator}
    alike = [{"document": twin.document, "locator": twin.locator} for twin in item.twins]
    return {**(rests[0] if rests else own), "text": citation.quoted, "validity": citation.validity.label} | {
        "url": citation.address, "title": item.title, "record": citation.record_id,
        "file": citation.file, "cites": rests or [own, *alike],
    }  # fmt: skip


def as_lines(answer: Answer) -> list[str]:
    """An answer as it is read in a terminal."""
    understood = " · ".join(slot.label for slot in answer.understood)
    lines = [f"理解为：{understood}（效力按 {answer.as_of.isoformat()}）"]
    lines += [f"没有一份目录写着 {'、'.join(answer.absent)}；查不到不等于没有被淘汰。"] if answer.absent else []
    if answer.none:
        return [*lines, "没有找到答得上的内容。", *(f"  最接近：{_line(item)}" for item in answer.nearly)]
    lines += ["下面的内容不一定答得上。"] if answer.confidence == "perhaps" else []
    for item in answer.lead:
        lines.append(f"  {item.text.text}［{_place(item)}］")
    for section in answer.sections:
        lines += ["", section.label, *(f"  - {_line(item)}" for item in section.items)]
        lines += [f"  没有找到。{section.helps}"] if not section.items else []
    return lines


def rewriting_lines(rewriting: Rewriting) -> list[str]:
    """A rewriting as it is read in a terminal."""
    if rewriting.failure:
        return ["", f"没有改写：{rewriting.failure}"]
    lines = ["", "语言模型改写（逐句核对过，以上面的原文为准）"]
    lines += [f"  {told.title}：{told.text}" for told in rewriting.told] or ["  没有一句核对得上。"]
    return [*lines, *(f"  没有采用：{dropped.text}（{dropped.reason}）" for dropped in rewriting.dropped)]


def _line(item: Item) -> str:
    return f"{item.title}：{item.text.text}［{_place(item)}］"


def _place(item: Item) -> str:
    if item.rests:
        return item.rests[0].citation.in_words()
    citation = item.citation
    place = citation.in_words()
    return f"{place}；{citation.validity.label}" if citation.validity.label else place
