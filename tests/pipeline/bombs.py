"""Files made to cost more than they weigh: archives, XML, PDF, spreadsheets, pictures, mails and texts (示例)."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

from PIL import Image, ImageDraw

from tests.extract.documents import NOTICE, archive, tape, word
from tests.extract.office_writer import LIST, compound, old_workbook, workbook
from tests.extract.pdf_writer import Sheet, as_form, pdf

MB = 1024 * 1024


def picture(kind: str) -> bytes:
    """A small page with a few strokes."""
    page = Image.new("RGB", (160, 90), "white")
    ImageDraw.Draw(page).text((10, 30), "HJ 1306", fill="black")
    stream = io.BytesIO()
    page.save(stream, kind)
    return stream.getvalue()


# archives that unpack into too much, or elsewhere


def _packed(members: list[tuple[zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for info, content in members:
            packed.writestr(info, content, method)
    return stream.getvalue()


def _link(target: str) -> bytes:
    info = zipfile.ZipInfo("链接.txt")
    info.external_attr = 0o120777 << 16
    return _packed([(info, target.encode())])


def _nested(depth: int) -> bytes:
    data = archive(**{"底.txt": NOTICE.encode()})
    for at in range(depth):
        data = archive(**{f"{at}.zip": data})
    return data


def _wide(depth: int, width: int) -> bytes:
    """Every archive holds the same one several times over: 42.zip in small."""
    data = archive(**{"底.txt": b"\0" * (4 * MB)})
    for _ in range(depth):
        data = archive(**{f"{at}.zip": data for at in range(width)})
    return data


def _overlapping(count: int) -> bytes:
    """Many names for one packed member."""
    data = _packed([(zipfile.ZipInfo("a.txt"), b"0" * MB)])
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[at:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, at, 0)
    return data[:at] + entry * count + tail


def _lying(size: int) -> bytes:
    """An archive whose member says another size than it has."""
    data = _packed([(zipfile.ZipInfo("a.txt"), b"0" * 20 * MB)])
    return data.replace(struct.pack("<I", 20 * MB), struct.pack("<I", size))


def _locked() -> bytes:
    return archive(**{"a.txt": b"1"}).replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0").replace(
        b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"
    )  # fmt: skip


# parts of office files

_LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "哈">' + "".join(
    f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 11)
)  # fmt: skip
_FAR = '<!DOCTYPE x [<!ENTITY a10 SYSTEM "file:///etc/passwd">'
_QUADRATIC = f'<!DOCTYPE x [<!ENTITY a10 "{"长" * 60_000}">'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _exchanged(data: bytes, part: str, content: str) -> bytes:
    """An office file with one part exchanged."""
    return archive(**{**parts(data), part: content.encode()})


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of an office file."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _word(head: str, body: str) -> bytes:
    text = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return _exchanged(word(), "word/document.xml", text)


def _cells(head: str, body: str, after: str = "") -> bytes:
    text = f'<?xml version="1.0"?>{head}<worksheet xmlns="{_CELLS}"><sheetData>{body}</sheetData>{after}</worksheet>'
    return _exchanged(workbook({"表": LIST}), "xl/worksheets/sheet1.xml", text)


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _cell(place: str, value: str = "甲") -> str:
    return f'<row><c r="{place}" t="inlineStr"><is><t>{value}</t></is></c></row>'


# pages, and what they draw


def _objects(*objects: str | bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content.encode() if isinstance(content, str) else content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body
        + head
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            len(body),
        )
    )


def _stream(data: bytes, more: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), more.encode(), packed)


_CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"


def _one_page(content: bytes, box: str = "0 0 600 800", more: str = "", *others: bytes) -> bytes:
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R{more}>>"
    return _objects(_CATALOGUE, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content, *others)


def _huge_image(width: int, height: int) -> bytes:
    image = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    resources = "/Resources<</XObject<</I 5 0 R>>>>"
    return _one_page(_stream(b"600 0 0 800 0 0 cm /I Do"), "0 0 600 800", resources, _stream(bytes(MB), image))


def _self_drawing() -> bytes:
    data = as_form(pdf(Sheet().text(60, 700, "示例")))
    return data.replace(b"/Resources<</Font<</F1 3 0 R>>>>/Length", b"/Resources<</XObject<</X1 6 0 R>>>>/Length")


def _many_pages(count: int) -> bytes:
    kids = " ".join("3 0 R" for _ in range(count))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    return _objects(_CATALOGUE, f"<</Type/Pages/Count {count}/Kids[{kids}]>>", page)


def _object_stream(count: int) -> bytes:
    inside = " ".join(f"{at} {at}" for at in range(count)).encode()
    packed = _stream(inside + b"<<>>" * count, f"/Type/ObjStm/N {count}/First {len(inside)}/Extends 4 0 R")
    return _objects(_CATALOGUE, "<</Type/Pages/Count 1/Kids[5 0 R]>>", "null", packed)


# pictures larger than their files


def _png(width: int, height: int, data: bytes = b"", *chunks: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def _noted_png() -> bytes:
    content = b"Comment\0\0" + zlib.compress(bytes(80 * MB), 9)
    note = struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))
    return _png(8, 8, bytes(8 * 25), note)


def _ringed_tiff() -> bytes:
    """A TIFF whose first page is followed by itself."""
    data = bytearray(picture("TIFF"))
    at = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, at)[0]
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    return bytes(data)


def _paged_tiff(pages: int) -> bytes:
    page, stream = Image.new("1", (8, 8)), io.BytesIO()
    page.save(stream, "TIFF", save_all=True, append_images=[page] * (pages - 1))
    return stream.getvalue()


def _large_jpeg() -> bytes:
    data = picture("JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", 65_000, 65_000) + data[at + 9 :]


# mails in mails


def _parts_in_parts(depth: int) -> bytes:
    head = b"From: a\nSubject: b\nMIME-Version: 1.0\n"
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return head + opened + b"Content-Type: text/plain\n\n1\n"


def _mails_in_mails(depth: int) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["To"] = "a@example.com", "示例", "b@example.com"
    made.set_content(NOTICE)
    data = made.as_bytes()
    for _ in range(depth):
        data = b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + data
    return data


def _many_parts(count: int) -> bytes:
    part = b"--x\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt\n\n1\n"
    return (
        b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        + part * count
        + b"--x--\n"
    )


def _ring(data: bytes) -> bytes:
    """An OLE file whose sectors follow one another in a ring."""
    at = len(data) - 512
    return data[:at] + struct.pack("<i", 0) * 128


def _many_filters() -> bytes:
    data = bytes(50 * MB)
    for _ in range(4):
        data = zlib.compress(data, 9)
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(data), b"/FlateDecode" * 4, data)


def _attached(name: str) -> bytes:
    return (
        b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\n1\n--x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="' + name.encode() + b'"\n\n' + base64.b64encode(NOTICE.encode())
        + b"\n--x--\n"
    )  # fmt: skip


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "archives in archives": (".zip", lambda: _nested(8)),
    "archives of archives of the same": (".zip", lambda: _wide(3, 6)),
    "a member of zeros": (".zip", lambda: _packed([(zipfile.ZipInfo("a.txt"), bytes(64 * MB))])),
    "many members": (
        ".zip",
        lambda: _packed([(zipfile.ZipInfo(f"{at}.bin"), b"") for at in range(3_000)], zipfile.ZIP_STORED),
    ),
    "many names for one member": (".zip", lambda: _overlapping(1_500)),
    "a member that says it is small": (".zip", lambda: _lying(10)),
    "a member that says it is large": (".zip", lambda: _lying(0xFFFFFFF0)),
    "a path upwards": (".zip", lambda: archive(**{"../../../../etc/cpkb-out.txt": b"1", "..\\out.txt": b"1"})),
    "an absolute path": (".zip", lambda: archive(**{"/etc/cpkb-out.txt": b"1"})),
    "a link": (".zip", lambda: _link("/etc/passwd")),
    "a long name": (".zip", lambda: archive(**{"长" * 20_000 + ".txt": b"1"})),
    "one name twice": (
        ".zip",
        lambda: _packed([(zipfile.ZipInfo("a.txt"), NOTICE.encode()), (zipfile.ZipInfo("./a.txt"), b"2")]),
    ),
    "a locked member": (".zip", _locked),
    "a tar of zeros": (".tar.gz", lambda: tape({"a.txt": bytes(64 * MB)})),
    "a tar in a tar": (".tgz", lambda: tape({"a.tar": tape({"b.tgz": tape({"c.tar": tape({}, is_zipped=False)})})})),
    "paths upwards in a tar": (
        ".tar",
        lambda: tape({"../../../../etc/cpkb-out.txt": b"1", "/etc/out.txt": b"1"}, is_zipped=False),
    ),
    "nothing": (".zip", archive),
    "laughs in a Word file": (".docx", lambda: _word(_LAUGHS + "]>", _paragraph("&a10;"))),
    "an entity of this machine in a Word file": (".docx", lambda: _word(_FAR + "]>", _paragraph("&a10;"))),
    "a long entity many times": (".docx", lambda: _word(_QUADRATIC + "]>", _paragraph("&a10;" * 5_000))),
    "deep elements in a Word file": (".docx", lambda: _word("", "<w:tbl><w:tr><w:tc>" * 20_000)),
    "tables in tables": (
        ".docx",
        lambda: _word("", "<w:tbl><w:tr><w:tc>" * 80 + _paragraph("底") + "</w:tc></w:tr></w:tbl>" * 80),
    ),
    "a part of zeros": (".docx", lambda: _exchanged(word(), "word/media/a.bin", "0" * 40 * MB)),
    "a part that is elsewhere": (
        ".docx",
        lambda: _exchanged(word(), "word/_rels/document.xml.rels", "<Relationships><Relationship/></Relationships>"),
    ),
    "laughs in a sheet": (".xlsx", lambda: _cells(_LAUGHS + "]>", _cell("A1", "&a10;"))),
    "an entity of this machine in a sheet": (".xlsx", lambda: _cells(_FAR + "]>", _cell("A1", "&a10;"))),
    "a cell far out": (".xlsx", lambda: _cells("", _cell("A1") + _cell("XFD1048576"))),
    "a cell far out in other quotes": (
        ".xlsx",
        lambda: _cells("", _cell("A1") + _cell("XFD1048576").replace(chr(34), chr(39))),
    ),
    "a row far out": (".xlsx", lambda: _cells("", '<row r="4294967295"><c><v>1</v></c></row>')),
    "everything merged": (
        ".xlsx",
        lambda: _cells("", _cell("A1") + _cell("B2"), '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ),
    "a text that is not there": (".xlsx", lambda: _cells("", '<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>')),
    "deep elements in a sheet": (".xlsx", lambda: _cells("", "<row>" * 200_000)),
    "many sheets": (".xlsx", lambda: workbook({f"表{at}": [["甲"]] for at in range(1_000)})),
    "an old sheet with cells far out": (".xls", lambda: old_workbook([["甲"] * 200] * 2, [(0, 65_535, 0, 255)] * 500)),
    "an old file in a ring": (".xls", lambda: _ring(old_workbook(LIST))),
    "an old file of nothing": (".doc", lambda: compound({"WordDocument": b"\xec\xa5" + b"\xff" * 5_000})),
    "a content of zeros": (".pdf", lambda: _one_page(_stream(bytes(200 * MB)))),
    "a content of letters": (".pdf", lambda: _one_page(_stream(b"q BT /F1 1 Tf (a) Tj ET Q\n" * 300_000))),
    "packed over and over": (".pdf", lambda: _one_page(_many_filters())),
    "pages without end": (".pdf", lambda: _objects(_CATALOGUE, "<</Type/Pages/Count 999999999/Kids[2 0 R 2 0 R]>>")),
    "more pages than are read": (".pdf", lambda: _many_pages(2_100)),
    "a page of a kilometre": (".pdf", lambda: _one_page(_stream(b""), "0 0 99999999 99999999")),
    "a page of no size": (".pdf", lambda: _one_page(_stream(b""), "0 0 0 0")),
    "a page of the other side": (".pdf", lambda: _one_page(_stream(b""), "-1e38 -1e38 1e38 1e38")),
    "a picture of a kilometre": (".pdf", lambda: _huge_image(90_000, 90_000)),
    "a form that draws itself": (".pdf", _self_drawing),
    "objects in objects": (".pdf", lambda: _object_stream(20_000)),
    "arrays in arrays": (".pdf", lambda: _objects(_CATALOGUE, "[" * 200_000)),
    "a table before itself": (
        ".pdf",
        lambda: pdf(Sheet().text(60, 700, "示例")).replace(b"trailer<<", b"trailer<</Prev 9 "),
    ),
    "a picture larger than its file": (".png", lambda: _png(60_000, 60_000)),
    "a picture of zeros": (".png", lambda: _png(7_000, 7_000, bytes(7_000 * 21_001))),
    "a picture with a long note": (".png", _noted_png),
    "a narrow picture": (".png", lambda: _png(1, 2_000_000, bytes(4 * 2_000_000))),
    "a JPEG of a kilometre": (".jpg", _large_jpeg),
    "pages that are followed by themselves": (".tif", _ringed_tiff),
    "many small pages": (".tif", lambda: _paged_tiff(2_000)),
    "parts in parts": (".eml", lambda: _parts_in_parts(3_000)),
    "mails in mails": (".eml", lambda: _mails_in_mails(400)),
    "many parts": (".eml", lambda: _many_parts(3_000)),
    "half a character in a name": (".eml", lambda: _attached("=?utf-7?q?+2AA-.txt?=")),
    "a path in a name": (".eml", lambda: _attached("../../../etc/cpkb-out.txt")),
    "a mail of noughts": (".eml", lambda: b"From: a\nTo: b\nSubject: c\n" + b"X: y\n" * 200_000 + b"\n\0" * MB),
    "arrays in a line": (".jsonl", lambda: b'{"title": ' + b"[" * 500_000),
    "a number without end": (".jsonl", lambda: b'{"title": "a", "text": ' + b"9" * 200_000 + b"}"),
    "half a character": (".jsonl", lambda: b'{"title": "\\ud800", "text": "\\udfff \\ud800"}'),
    "a nought in a text": (".jsonl", lambda: b'{"title": "a\\u0000b", "text": "\\u0000"}'),
    "a list of columns": (".tsv", lambda: b"\t".join(b"%d" % at for at in range(200_000)) + b"\n" + b"1\t" * 200_000),
    "quotes that never close": (".csv", lambda: b'"a,b\n' * 200_000),
    "elements in elements": (".html", lambda: b"<div>" * 300_000 + "示例".encode()),
    "cells over everything": (
        ".html",
        lambda: (b"<table>" + b"<tr>" + b"<td rowspan=999999999 colspan=999999999>a</td>" * 300 + b"</tr>") * 30,
    ),
    "a head without end": (".md", lambda: b"---\na: &a [*a, *a]\nb: &b [*a, *a, *b]\n" * 50_000),
    "a quotation in quotations": (".md", lambda: b">" * 300_000 + b" a"),
    "one long word": (".txt", lambda: "电镀".encode() * 4_000_000),
    "only line ends": (".txt", lambda: b"\r" * 5_000_000),
}
"""Files made to cost more than they weigh: what is wrong with each, its suffix, and how it is made."""
