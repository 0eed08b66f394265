"""Text recognition: what is read of pictures and scanned pages, how sure it is, and what is told without the extra."""

from __future__ import annotations

import io
import socket

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from cpkb.errors import ExtractError
from cpkb.extract import pictures
from cpkb.extract.extractor import Block
from cpkb.extract.formats import extract, read_drafts
from cpkb.extract.ocr import DOUBT_MARK, DOUBTFUL, Recognised, Stroke, missing
from cpkb.extract.pdf import scan
from cpkb.extract.pdf.reader import page_draft
from cpkb.extract.pdf.scan import doubts, picture_page
from cpkb.extract.pictures import PictureExtractor

needs_ocr = pytest.mark.skipif(bool(missing()), reason="rapidocr (the extra [ocr]) is not installed")
LINES = ("GB 14554-1993", "Limit of ammonia 1.5 mg per litre", "Measured at the boundary of the works")


def page(lines: tuple[str, ...] = LINES, turned: float = 0.0, ruled: bool = False) -> Image.Image:  # noqa: FBT001, FBT002
    image = Image.new("RGB", (900, 600), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=30)
    for number, line in enumerate(lines):
        draw.text((90, 80 + 70 * number), line, fill="black", font=font)
    if ruled:
        for x in (60, 400, 840):
            draw.line((x, 60, x, 340), fill="black", width=3)
        for y in (60, 200, 340):
            draw.line((60, y, 840, y), fill="black", width=3)
    return image.rotate(turned, fillcolor="white", resample=Image.Resampling.BICUBIC)


def stored(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def texts(blocks: tuple[Block, ...]) -> str:
    return "\n".join(block.text for block in blocks)


@needs_ocr
@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("TIFF", "a.tif"), ("PDF", "a.pdf")])
def test_a_picture_of_a_page_is_read(kind: str, name: str) -> None:
    (draft,) = read_drafts(stored(page(), kind), name)
    assert draft.is_recognised
    assert "14554-1993" in texts(draft.blocks)
    assert "Limit of ammonia 1.5 mg per litre" in texts(draft.blocks)
    assert all(0 < block.confidence <= 1 for block in draft.blocks)
    assert "由图像识别（OCR）" in draft.problems[0]


@needs_ocr
def test_a_page_that_lies_crooked_is_turned_before_it_is_read() -> None:
    (draft,) = PictureExtractor().read(stored(page(turned=4.0)), "a.png")
    assert "Limit of ammonia 1.5 mg per litre" in texts(draft.blocks)


@needs_ocr
def test_the_pages_of_a_tiff_keep_their_numbers() -> None:
    first, second = page(("First page of the report of works", "ends here")), page(("Second page of the report",))
    data = stored(first, "TIFF", save_all=True, append_images=[second])
    (draft,) = PictureExtractor().read(data, "a.tif")
    assert {block.page for block in draft.blocks} == {1, 2}


@needs_ocr
def test_a_ruled_table_of_a_picture_is_a_table() -> None:
    image = page((), ruled=True)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=30)
    for x, y, text in ((100, 110, "Name"), (480, 110, "Limit"), (100, 250, "Ammonia"), (480, 250, "15 mg/L")):
        draw.text((x, y), text, fill="black", font=font)
    (draft,) = PictureExtractor().read(stored(image), "a.png")
    assert [(block.kind, block.cells) for block in draft.blocks] == [
        ("header", ("Name", "Limit")),
        ("row", ("Ammonia", "15 mg/L")),
    ]


@needs_ocr
def test_nothing_is_fetched_and_nothing_is_printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("recognition reaches for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    PictureExtractor().read(stored(page()), "a.png")
    assert capfd.readouterr() == ("", "")


@needs_ocr
def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(ExtractError, match="没有认出文字"):
        PictureExtractor().read(stored(page(())), "a.png")


def test_without_the_extra_a_picture_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "missing", lambda: "没有装文字识别；请装上再导入：pip install 'cpkb[ocr]'")
    with pytest.raises(ExtractError, match=r"a\.png：是图片.*pip install 'cpkb\[ocr\]'"):
        PictureExtractor().read(stored(page()), "a.png")


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + b"1" * 64, stored(page())[:400], b"II*\x00" + b"\xff" * 64, b"\xff\xd8\xff" + b"1" * 64],
)
def test_a_damaged_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ExtractError, match="图片损坏"):
        extract(data, "a.png")


def test_a_picture_larger_than_the_bound_is_refused_before_it_is_unpacked() -> None:
    bomb = stored(Image.new("1", (12_000, 12_000)))
    assert len(bomb) < 100_000
    with pytest.raises(ExtractError, match="图片太大（12000×12000"):
        extract(bomb, "a.png")


def seen(monkeypatch: pytest.MonkeyPatch, *lines: Recognised, rules: tuple[Stroke, ...] = ()) -> list[Block]:
    """The blocks of a picture in which the recogniser sees these lines."""
    monkeypatch.setattr(scan, "recognise", lambda _: (list(lines), list(rules)))
    return list(page_draft([picture_page(np.zeros((2000, 1400, 3), np.uint8), 1)], (), "a.png").blocks)


def line(text: str, top: float, sureness: float = 0.99, left: float = 100) -> Recognised:
    return Recognised(text, left, top, left + 30 * len(text), top + 36, sureness)


def test_doubtful_text_is_marked_where_it_stands_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(monkeypatch, line("清楚的一行文字。", 300), line("模糊的一行文字。", 500, DOUBTFUL - 0.01))
    assert [block.text for block in found] == ["清楚的一行文字。", f"模糊的一行文字。{DOUBT_MARK}"]
    assert [block.confidence for block in found] == [0.99, DOUBTFUL - 0.01]
    assert doubts(found, [1], "a.png") == [
        "a.png：第 1 页由图像识别（OCR），用前请核对原件；1 处存疑：第1页“模糊的一行文字。〔识别存疑〕”"
    ]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("渗透系数≤10−7cm/s的粘土层", "渗透系数≤10⁻⁷cm/s的粘土层"),
        ("编号为GB185972001", "编号为GB18597—2001"),
        ("编号为GB 30952012", "编号为GB 3095—2012"),
        ("第10-12条的规定见下", "第10-12条的规定见下"),
        ("见GB 18597的规定为准", "见GB 18597的规定为准"),
    ],
)
def test_what_recognition_is_known_to_lose_is_mended(monkeypatch: pytest.MonkeyPatch, read: str, meant: str) -> None:
    (block,) = seen(monkeypatch, line(read, 300))
    assert block.text.replace(" ", "") == meant.replace(" ", "")


def test_a_centred_caption_gets_the_space_that_makes_it_one(monkeypatch: pytest.MonkeyPatch) -> None:
    caption = line("表1示例污染物标准值", 300, left=565)
    assert [(block.kind, block.text) for block in seen(monkeypatch, caption)] == [("caption", "表1 示例污染物标准值")]
