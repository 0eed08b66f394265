"""A few PDF pages for tests: Chinese text at places, ruling lines, no fonts inside (示例)."""

from __future__ import annotations

from dataclasses import dataclass, field

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
_DOWNWARDS = _FONT.replace(b"UCS2-H", b"UCS2-V")


@dataclass(slots=True)
class Sheet:
    """One page of 600 × 800 points."""

    operations: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        """Set a line of text; every character is one ``size`` wide."""
        code = text.encode("utf-16-be").hex()
        self.operations.append(f"BT /F1 {size} Tf {x} {y} Td <{code}> Tj ET")
        return self

    def downwards(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        """Set a text downwards, its type small and made larger by a matrix, as printers do."""
        code = text.encode("utf-16-be").hex()
        self.operations.append(f"BT /F2 {20 * size} Tf 0.05 0 0 0.05 {x} {y} Tm <{code}> Tj ET")
        return self

    def white(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Draw a line that is not seen."""
        self.operations.append(f"q 1 1 1 RG {x0} {y0} m {x1} {y1} l S Q")
        return self

    def grid(self, xs: list[float], ys: list[float]) -> Sheet:
        """Rule a table with these edges."""
        self.operations += [f"{x} {min(ys)} m {x} {max(ys)} l S" for x in xs]
        self.operations += [f"{min(xs)} {y} m {max(xs)} {y} l S" for y in ys]
        return self


def pdf(*sheets: Sheet) -> bytes:
    """The bytes of a PDF with these pages."""
    streams = ["\n".join(sheet.operations).encode() for sheet in sheets]
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(sheets)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>".encode(),
        _FONT,
        _DOWNWARDS,
    ]
    for at, stream in enumerate(streams):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {6 + 2 * at} 0 R"
        objects.append(f"{page}/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    return _written(objects)


def as_form(document: bytes) -> bytes:
    """The PDF of one page with all it draws inside a form, made smaller and moved, as some printers do."""
    stream = document.split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0]
    content = b"q 0.9 0 0 0.9 20 30 cm /X1 Do Q"
    return _written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
            _FONT,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</XObject<</X1 6 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Length %d>>"
            b"stream\n%s\nendstream" % (len(stream), stream),
        ]
    )


def _written(objects: list[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + trailer
