"""Pictures of pages (.png, .jpg, .tif): recognised like the pages of a scan."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Draft
from cpkb.extract.ocr import LONGEST_SIDE, Picture, missing
from cpkb.extract.pdf.page import Page
from cpkb.extract.pdf.reader import page_draft
from cpkb.extract.pdf.scan import picture_page

FILE_LIMIT = 64 * 1024 * 1024  # bytes: a colour scan of A3 without loss has 30 MB
PIXEL_LIMIT = 60_000_000  # of a picture: A3 at 400 dots an inch has 31 million
PAGE_LIMIT = 100  # pages of a TIFF: some five minutes of reading
_FORMATS = ("PNG", "JPEG", "TIFF")


class PictureExtractor:
    """Reads .png, .jpg and .tif files."""

    suffixes = (".png", ".jpg", ".jpeg", ".tif", ".tiff")

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft; raises ExtractError for damaged and oversized pictures, and where there is no recogniser."""
        if len(data) > FILE_LIMIT:
            raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请降低分辨率后再导入")
        pages = list(_pages(data, name))
        return [page_draft(pages, (), name)]


def _pages(data: bytes, name: str) -> Iterator[Page]:
    for number, picture in enumerate(_pictures(data, name), 1):
        if told := missing():
            raise ExtractError(f"{name}：是图片，要做文字识别才能读；{told}")
        yield picture_page(picture, number)


def _pictures(data: bytes, name: str) -> Iterator[Picture]:
    try:
        with warnings.catch_warnings(), _opened(data) as image:
            frames = getattr(image, "n_frames", 1)
            if image.width * image.height > PIXEL_LIMIT or frames > PAGE_LIMIT:
                size = f"{image.width}×{image.height}，{frames} 页"
                raise ExtractError(
                    f"{name}：图片太大（{size}）；请降到 {PIXEL_LIMIT // 10**6} 百万像素、{PAGE_LIMIT} 页以内"
                )
            for frame in ImageSequence.Iterator(image):
                yield _picture(frame)
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, Image.DecompressionBombError) as error:
        raise ExtractError(f"{name}：图片损坏或没有下载完整（{type(error).__name__}）；请重新下载") from error


def _opened(data: bytes) -> Image.Image:
    warnings.simplefilter("ignore")  # of odd tags, and of a size that has a bound of our own
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _picture(frame: Image.Image) -> Picture:
    """Upright, on white, no larger than is read."""
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    plain = upright.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture: Picture = np.asarray(plain)[:, :, ::-1].copy()
    return picture
