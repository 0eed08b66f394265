"""Small XLSX, XLS, ZIP and mail files for tests, written byte by byte (示例)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

from tests.extract.documents import archive

Rows = Sequence[Sequence[str | float]]
LIST: Rows = (
    ("示例设备淘汰清单（第一批）", "", "", ""),
    ("序号", "设备", "", "淘汰时间"),
    ("", "名称", "型号", ""),
    (1, "示例电机", "SL-1", "2030年底前"),
    (2, "", "SL-2", "2031年底前"),
    ("注：清单为测试编写。", "", "", ""),
)
MERGED = ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "B4:B5")


def workbook(sheets: Mapping[str, Rows], merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> bytes:
    """An XLSX with these sheets; ``merged`` ranges hold in each."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    space = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    }
    listed = links = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>'
        links += f'<Relationship Id="r{number}" Type="{space}/officeDocument/2006/relationships/worksheet" '
        links += f'Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, merged)
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{space}/spreadsheetml/2006/main" '
        f'xmlns:r="{space}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{space}/package/2006/relationships">{links}</Relationships>'
    )
    return archive(**{name: text.encode() for name, text in parts.items()})


def _sheet(rows: Rows, merged: Sequence[str]) -> str:
    lines = ""
    for at, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{chr(65 + column)}{at}", value) for column, value in enumerate(row) if value != "")
        lines += f'<row r="{at}">{cells}</row>'
    ranges = "".join(f'<mergeCell ref="{found}"/>' for found in merged)
    ranges = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{lines}</sheetData>{ranges}</worksheet>'


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def old_workbook(rows: Rows, merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """An XLS of one sheet; ``merged`` are (first row, last row, first column, last column) from 0."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    name = "清单"
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHH", at, column, 0) + text)
            elif value != "":
                sheet += _record(0x0203, struct.pack("<HHHd", at, column, 0, value))
    if merged:
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *m) for m in merged))
    sheet += _record(0x000A, b"")
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    size = len(start) + 4 + 6 + len(title) + 4
    bound = _record(0x0085, struct.pack("<IBB", size, 0, 0) + title)
    return compound({"Workbook": start + bound + _record(0x000A, b"") + sheet})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file of these streams, as Office wrote them until 2003."""
    sectors: list[bytes] = []
    fat: list[int] = []
    entries = [_entry("Root Entry", 5, 1, -2, 0)]
    for at, (name, content) in enumerate(streams.items(), 1):
        content = content.ljust(4096, b"\0")  # shorter streams would go to a place of their own
        pieces = [content[i : i + 512].ljust(512, b"\0") for i in range(0, len(content), 512)]
        first = len(sectors)
        fat += [*range(first + 1, first + len(pieces)), -2]
        sectors += pieces
        entries.append(_entry(name, 2, at + 1 if at < len(streams) else -1, first, len(content)))
    directory = b"".join(entries).ljust(1024, b"\0")
    start = len(sectors)
    fat += [start + 1, -2, -3]
    sectors += [directory[:512], directory[512:]]
    table = b"".join(struct.pack("<i", at) for at in fat).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIiIIiIiI", 0, 1, start, 0, 4096, -2, 0, -2, 0)
    head += struct.pack("<i", len(sectors)).ljust(436, b"\xff")
    return head + b"".join(sectors) + table


def _entry(name: str, kind: int, child_or_next: int, start: int, size: int) -> bytes:
    child, after = (child_or_next, -1) if kind == 5 else (-1, child_or_next)
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBiii", len(text) + 2, kind, 1, -1, after, child)
    return entry + bytes(36) + struct.pack("<iII", start, size, 0)


def old_word(*paragraphs: str) -> bytes:
    """A DOC of these paragraphs, without fonts and styles."""
    text = "".join(f"{line}\r" for line in paragraphs)
    head = bytearray(0x800)
    struct.pack_into("<HHHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x0804, 0, 0x1200, 0xBF)
    struct.pack_into("<II", head, 0x18, 0x800, 0x800 + 2 * len(text))
    struct.pack_into("<I", head, 0x4C, len(text))
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, 0x800, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", head, 0x1A2, 0, len(table))
    return compound({"WordDocument": bytes(head) + text.encode("utf-16-le"), "1Table": table})


def gbk_archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP with its names in GBK and no word of it, as Windows in China writes them."""
    stand_ins = {name: chr(97 + at) * len(name.encode("gbk")) for at, name in enumerate(members)}
    data = archive(**{stand_ins[name]: content for name, content in members.items()})
    for name, stand_in in stand_ins.items():
        data = data.replace(stand_in.encode(), name.encode("gbk"))
    return data


def mail(subject: str, text: str, attached: Mapping[str, bytes]) -> bytes:
    """A mail with attachments."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", subject
    message["Date"] = "Mon, 06 May 2030 08:00:00 +0800"
    message.set_content(text)
    for name, content in attached.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if attached:
        message.set_boundary("sample")  # the same bytes every time
    return message.as_bytes()
