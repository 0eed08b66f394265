"""The tables of a memo: what was asked, figures, what disagrees, what was not found, the texts it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpkb.model.answer import Answer, Citation, Used
from cpkb.model.source import AUTHORITIES
from cpkb.writers.blocks import Run, Table, cell, run
from cpkb.writers.places import LONGEST_NAME, Site, place

LONGEST_CELL = 200  # characters of a figure, its condition or its name: the longest that ships has 198 together
LONGEST_SIDE = 700  # characters of a quotation beside another: an answer quotes 600 of a passage
MOST_PAIRS = 20  # each may take half a page
MOST_REASONS = 3
DIGEST = 12  # hexadecimal digits that tell versions of a text apart, as on the pages


def facts(rows: Iterable[tuple[str, Run]]) -> Table:
    """What the memo is about; empty ones are left out."""
    return Table((16, 84), tuple((cell(Run(name, is_bold=True)), cell(said)) for name, said in rows if said.text))


def figures(answer: Answer) -> Table | None:
    """Every figure with its unit as it is written, the condition it holds under, and the item it was lifted from."""
    rows = tuple(_figures(answer))
    return Table((8, 30, 22, 20, 20), rows, ("条目", "出自", "指标", "数值", "条件")) if rows else None


def _figures(answer: Answer) -> Iterator[tuple[tuple[Run, ...], ...]]:
    for number, item in answer.told():
        for figure in item.figures:
            words = (item.title, figure.name, figure.value, figure.condition)
            yield (cell(str(number)), *(cell(run(word, LONGEST_CELL)) for word in words))


def disagreements(answer: Answer, site: Site) -> Table | None:
    """Passages that say otherwise of the same thing, side by side, each pair once."""
    pairs: dict[frozenset[str], tuple[Citation, Citation]] = {}
    for _, item in answer.told():
        for other in item.against:
            pairs.setdefault(frozenset((item.citation.record_id, other.record_id)), (item.citation, other))
    shown = [(_side(one, site), _side(other, site)) for one, other in [*pairs.values()][:MOST_PAIRS]]
    if len(pairs) > MOST_PAIRS:
        shown.append((cell(f"另有 {len(pairs) - MOST_PAIRS} 处，见网页。"), ()))
    return Table((50, 50), tuple(shown), ("一处说", "另一处说")) if shown else None


def _side(citation: Citation, site: Site) -> tuple[Run, ...]:
    return cell(run(citation.quoted, LONGEST_SIDE), "\n", *place(citation, site))


def unknown(answer: Answer) -> Table | None:
    """Sections without items, and what would help."""
    empty = [section for section in answer.sections if not section.items]
    rows = tuple((cell(section.label), cell(run(section.helps, LONGEST_CELL))) for section in empty)
    return Table((26, 74), rows, ("方面", "怎样问能更准")) if rows else None


def sources(answer: Answer, site: Site) -> Table | None:
    """The texts behind the items: how far each can be trusted, whether it holds and why, which version was quoted."""
    rows = tuple(_source(at, used, site) for at, used in enumerate(answer.sources(), 1))
    return Table((7, 37, 18, 25, 13), rows, ("序号", "文件", "来源性质", "效力", "用在条目")) if rows else None


def _source(at: int, used: Used, site: Site) -> tuple[tuple[Run, ...], ...]:
    name = run(f"《{used.document}》{used.number}", LONGEST_NAME)
    address = (Run("\n"), site.run(used.address)) if used.address else ()
    items = "、".join(map(str, used.items))
    if used.citation is None:
        return cell(str(at)), cell(name, *address), cell("摘编的依据"), cell("请看原文"), cell(items)
    version = f"\n版本 {used.citation.version[:DIGEST]}" if used.citation.version else ""
    nature = AUTHORITIES.get(used.citation.authority, "")
    return (
        cell(str(at)),
        cell(name, *address),
        cell(nature, run(version, LONGEST_CELL)),
        cell(run(_holds(used.citation), LONGEST_NAME)),
        cell(items),
    )


def _holds(citation: Citation) -> str:
    """已废止：2026年8月15日起废止，见《…》第一千二百四十二条."""
    state = citation.validity
    reasons = "；".join(reason.says for reason in state.reasons[:MOST_REASONS])
    return "：".join(part for part in (state.label, reasons) if part) or "不适用"
