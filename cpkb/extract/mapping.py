"""Import tables (导入清单): the rows of a list file, read as the source's ``source.toml`` declares them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cpkb.errors import DeclarationError, ExtractError
from cpkb.extract.text import decode
from cpkb.model.collection import collection

Cells = dict[str, str]
Table = Mapping[str, Any]
TABLE_KEYS = {
    *("file", "collection", "header", "columns", "heads", "pages", "identity", "repeated", "adds", "title"),
    *("distinguish", "locator", "page", "document", "number", "expected", "carry", "blank", "ignored", "constants"),
    *("derived", "fields", "corrections", "source"),
}
SPEC_KEYS = {"column", "template", "split", "find", "values"}
CORRECTION_KEYS = {"row", "column", "from", "to", "why"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its number, its cells, and the page where the format knows it."""

    number: int
    cells: Sequence[str]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: the line (0 for the whole file), what was found and what was expected."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``fields`` are ready for the collection's ``parse``."""

    line: int
    identity: str
    title: str
    locator: str
    document: str
    number: str
    page: int | None
    fields: Mapping[str, object]


def check_table(table: Table) -> None:
    """Refuse unknown keys, fields and columns, and columns that are neither mapped nor ignored."""
    place, derived, fixes = f"table {table.get('file')!r}", table.get("derived", {}), table.get("corrections", ())
    _refuse(place, "key", table, TABLE_KEYS)
    _refuse(place, "missing key", {"file", "collection", "identity", "locator", "expected", "fields"}, table)
    if ("header" in table) == ("columns" in table) or len({"columns", "heads", "pages"} & table.keys()) not in (0, 3):
        raise DeclarationError(f"{place}: give either 'header', or 'columns' with 'heads' and 'pages'")
    for fix in fixes:
        _refuse(place, "missing key", CORRECTION_KEYS, fix)
    specs = [_spec(spec) for spec in [*derived.values(), *table["fields"].values()]]
    for item, keys in [*((s, SPEC_KEYS) for s in specs), *((c, CORRECTION_KEYS) for c in fixes)]:
        _refuse(place, "key", item, keys)
    texts = [table.get(key, "") for key in ("identity", "title", "locator", "document", "number")]
    used = {column for text in texts for column in _columns(text)} | {column for s in specs for column in _used(s)}
    used |= {*table.get("carry", ()), *(table[key] for key in ("page", "distinguish") if key in table)}
    known = {*_header(table), *derived}
    _refuse(place, "column", used | {c["column"] for c in fixes} | {*table.get("ignored", ())}, known)
    _refuse(place, "unmapped column", known, used | {*table.get("ignored", ())})
    _refuse(place, "field", [*table["fields"], *table.get("constants", ())], collection(table["collection"]).fields)


def read_table(table: Table, lines: Sequence[Line]) -> tuple[list[Row], list[Problem]]:
    """The rows of one declared table from the lines of its file, and what is wrong with them."""
    check_table(table)
    taken, rows, problems = _split(table, lines)
    ids = _identities(table, rows)
    problems += _correct(table, ids, rows)
    _carry(table, ids, rows)
    read = []
    for at, identity, cells in zip(taken, ids, rows, strict=True):
        line = at.number
        cells |= _derived(table, cells)
        texts = {key: table.get(key, "").format_map(cells) for key in ("title", "locator", "document", "number")}
        stated = cells.get(table.get("page", ""), "")
        page = int(stated) if stated.isdigit() else at.page
        fields = _fields(table, cells)
        read.append(Row(line, identity, page=page, fields=fields, **texts))
        needed = [f.name for f in collection(table["collection"]).fields.values() if f.required]
        lost = [name for name in needed if name not in fields and not table.get("adds")]
        problems += [Problem(line, f"{identity} 缺少必填的 {name!r}") for name in lost]
    if "distinguish" in table:
        same = Counter(row.title for row in read)
        details = [_first(cells[table["distinguish"]]) for cells in rows]
        longer = [f"{r.title}{d if same[r.title] > 1 else ''}" for r, d in zip(read, details, strict=True)]
        read = [replace(row, title=title) for row, title in zip(read, longer, strict=True)]
    twice = [i for i, times in Counter(ids).items() if times > 1 and not table.get("adds")]
    problems += [Problem(0, f"{identity!r} 出现在多行；一行一个编号") for identity in twice]
    least, most = table["expected"]
    if not least <= len(read) <= most:
        problems.append(
            Problem(
                0,
                f"有 {len(read)} 行，应有 {least} 行"
                if least == most
                else f"有 {len(read)} 行，应有 {least} 到 {most} 行",
            )
        )
    return read, problems


def unread_lines(tables: Iterable[Table], lines: Iterable[Line]) -> list[Problem]:
    """Lines of a paged file that lie in no table's pages."""
    paged = [t["pages"] for t in tables if "pages" in t]
    known = {str(page) for first, last in paged for page in range(first, last + 1)}
    lost = [(line.number, line.cells[0]) for line in lines if paged and line.cells[0] not in known]
    return [Problem(number, f"第 {page!r} 页不在任何表的页码范围里") for number, page in lost]


def _first(models: str) -> str:
    first, _, others = models.partition("；")
    return f" {first}{'等' * bool(others)}".rstrip()


def _refuse(place: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in sorted({*names} - {*known}):
        raise DeclarationError(f"{place}: {what} {name!r}; accepted: {', '.join(sorted(known))}")


def _header(table: Table) -> list[str]:
    return list(table.get("header") or table["columns"])


def _split(table: Table, given: Sequence[Line]) -> tuple[list[Line], list[Cells], list[Problem]]:
    """(lines, their cells by column, problems) without the heads."""
    columns, heads, skip = _header(table), table.get("heads", [_header(table)]), int("pages" in table)
    lines = [replace(line, cells=list(line.cells)) for line in given]
    if skip:  # no header line: the first cell is the page, and the heads repeat on every page
        first, last = table["pages"]
        lines = [ln for ln in lines if ln.cells[0].isdigit() and first <= int(ln.cells[0]) <= last]
    if not lines or lines[0].cells[skip:] != heads[0]:
        return [], [], [Problem(lines[0].number if lines else 0, f"表头应是 {' | '.join(heads[0])}")]
    body = [replace(ln, cells=[cell.strip() for cell in ln.cells]) for ln in lines if ln.cells[skip:] not in heads]
    wide = [line for line in body if len(line.cells) == len(columns)]
    ragged = [ln for ln in body if len(ln.cells) != len(columns)]
    problems = [Problem(line.number, f"有 {len(line.cells)} 格，应有 {len(columns)} 格") for line in ragged]
    return wide, [dict(zip(columns, line.cells, strict=True)) for line in wide], problems


def _identities(table: Table, rows: Sequence[Cells]) -> list[str]:
    copies, seen = [dict(cells) for cells in rows], Counter[str]()
    _carry(table, [""] * len(copies), copies)
    for cells in copies:
        cells |= _derived(table, cells)
    ids = []
    for identity in (table["identity"].format_map(cells) for cells in copies):
        seen[identity] += 1
        ids.append(f"{identity}-{seen[identity]}" if table.get("repeated") and seen[identity] > 1 else identity)
    return ids


def _derived(table: Table, cells: Cells) -> Cells:
    return {name: "；".join(_values(spec, cells)) for name, spec in table.get("derived", {}).items()}


def _carry(table: Table, ids: Sequence[str], rows: Sequence[Cells]) -> None:
    above = dict.fromkeys(table.get("carry", ()), "")
    for identity, cells in zip(ids, rows, strict=True):
        if identity not in table.get("blank", ()):
            cells |= {column: cells[column] or value for column, value in above.items()}
        above = {column: cells[column] for column in above}


def _correct(table: Table, ids: Sequence[str], rows: Sequence[Cells]) -> list[Problem]:
    problems = []
    for fix in table.get("corrections", ()):
        column, wrong = fix["column"], fix["from"].removesuffix("…")
        meant = [cells for i, cells in zip(ids, rows, strict=True) if i == fix["row"]]
        meant = [c for c in meant if c[column] == wrong] or [c for c in meant if wrong and c[column].count(wrong) == 1]
        if len(meant) != 1:
            problems.append(Problem(0, f"对 {fix['row']!r} 的更正对不上了：{column} 里没有 {wrong!r}"))
            continue
        before, _, after = meant[0][column].partition(wrong) if wrong else ("", "", "")
        meant[0][column] = before + fix["to"] + ("" if fix["from"].endswith("…") else after)
    return problems


def _fields(table: Table, cells: Cells) -> dict[str, object]:
    fields: dict[str, object] = dict(table.get("constants", {}))
    for name, spec in table["fields"].items():
        if values := _values(spec, cells):
            many = collection(table["collection"]).fields[name].many
            fields[name] = values if many else "；".join(values)
    return fields


def _spec(spec: str | Mapping[str, Any]) -> Mapping[str, Any]:
    return {"column": spec} if isinstance(spec, str) else spec


def _pieces(spec: Mapping[str, Any]) -> list[str]:
    text = spec["template"]
    return [text] if isinstance(text, str) else list(text)


def _used(spec: Mapping[str, Any]) -> list[str]:
    """The columns of a recipe; a column's own name may hold anything (限值（mg/L）), a template's only letters."""
    return [c for piece in _pieces(spec) for c in _columns(piece)] if "template" in spec else [spec["column"]]


def _columns(template: str) -> list[str]:
    """The columns a template names; raises DeclarationError for anything but bare names in braces."""
    if re.sub(r"\{\w+\}", "", template).count("{"):
        raise DeclarationError(f"template {template!r}: only {{column}} may stand in braces")
    return re.findall(r"\{(\w+)\}", template)


def _values(declared: str | Mapping[str, Any], cells: Cells) -> list[str]:
    spec = _spec(declared)
    if "template" in spec:
        text = "".join(p.format_map(cells) for p in _pieces(spec) if any(cells[c] for c in _columns(p)))
    else:
        text = cells[spec["column"]]
    values = [part.strip() for part in (text.split(spec["split"]) if "split" in spec else [text])]
    if "find" in spec:
        values = [m[m.lastindex or 0] for value in values for m in re.finditer(spec["find"], value)]
    if "values" in spec:  # a value not listed is kept, so that the field's own check reports it
        values = [spec["values"].get(value, value) for value in values]
    return [value for value in dict.fromkeys(values) if value]


def lines_of(data: bytes, name: str) -> list[Line]:
    """The lines of a TSV or CSV that are not empty; TSV knows no quoting."""
    text = decode(data, name)
    if not name.lower().endswith(".csv"):
        numbered = [(number, line.split("\t")) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        return [Line(number, cells) for number, cells in numbered]
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise ExtractError(f"{name}：引号或分隔符有误（{error}）；请按 CSV 规则成对使用引号") from error
    lines = [Line(number, [" ".join(cell.split()) for cell in row]) for number, row in enumerate(rows, 1)]
    return [line for line in lines if any(line.cells)]
