"""What came: which kind of file it is, what it is called, and its text in an encoding every reader knows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from cpkb.model import file_types

KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/x-tar": ".tar",
    "application/x-gtar": ".tar",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "application/x-compressed-tar": ".tgz",
}
"""Content types that are read, and the suffix their files get."""
UNSTATED = (
    "",
    "application/octet-stream",
    "application/x-download",
    "application/force-download",
    "binary/octet-stream",
)
"""Types by which servers say only that it is a file: its name must tell what it is."""
SUFFIXES = (*file_types.PAGES, *file_types.ATTACHED)
TEXTS = (*file_types.PAGES, *file_types.TEXTS, *file_types.LISTS)
_ANY_TEXT = "text/plain"  # what servers call any text they do not know
_LONGEST_NAME = 80  # characters: with the folder above it below what file systems take
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_NAMED = re.compile(r"filename\*\s*=\s*([\w-]*)'[\w-]*'([^;\s]+)", re.IGNORECASE)
_PLAINLY_NAMED = re.compile(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes: where a page declares its encoding


def kind_of(headers: Mapping[str, str]) -> str:
    """The content type, lower case, without parameters."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_read(kind: str) -> bool:
    """Whether a content type is one of files that can be read."""
    return kind in KINDS or kind in UNSTATED


def name_of(address: str, headers: Mapping[str, str], data: bytes) -> str:
    """A file name that is safe to write, ending in the suffix of what the bytes are."""
    stated = PurePosixPath(_stated(headers) or unquote(urlsplit(address).path))
    suffix = _suffix(stated.suffix.lower(), kind_of(headers), data)
    stem = _UNSAFE.sub(
        "-", stated.name.removesuffix(stated.suffix) if stated.suffix.lower() in SUFFIXES else stated.name
    )
    return f"{stem.strip(' .-')[:_LONGEST_NAME] or 'index'}{suffix}"


def _stated(headers: Mapping[str, str]) -> str:
    """The name the server gives: in UTF-8 as the standard has it, or in whatever bytes an old server sends."""
    said = headers.get("Content-Disposition", "")
    if match := _NAMED.search(said):
        return PurePosixPath(_decoded(unquote_to_bytes(match[2]), match[1])).name
    if match := _PLAINLY_NAMED.search(said):
        raw = (match[1] or match[2] or "").encode("latin-1", "replace")
        return PurePosixPath(_decoded(unquote_to_bytes(raw), "")).name
    return ""


def _decoded(raw: bytes, charset: str) -> str:
    for name in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")


def _suffix(named: str, kind: str, data: bytes) -> str:
    start = data[:1024].lstrip().lower()
    if start.startswith(b"%pdf-"):
        return ".pdf"
    if kind in UNSTATED or named not in TEXTS:
        if start.startswith((b"<!doctype html", b"<html")):  # a page that answers for a file: “not found”, “sign in”
            return ".html"
        if named in SUFFIXES:
            return named
    if kind == _ANY_TEXT and named in TEXTS and named not in file_types.PAGES:
        return named
    return KINDS.get(kind, named if named in SUFFIXES else ".html" if b"<" in start else ".bin")


def in_utf8(data: bytes, headers: Mapping[str, str]) -> bytes:
    """A text as UTF-8 where its server or itself declares another encoding than the readers find out by themselves.

    Readers know UTF-8 and GB 18030, declared or not, and pages that declare gb2312 are often neither: what those
    declare is not asked. Only Big5 and other encodings are taken at their word.
    """
    declared = _declared(data, headers)
    if not declared or _is_utf8(data) or declared.startswith(("utf", "gb", "iso8859", "ascii")):
        return data
    try:
        return data.decode(declared).encode()
    except UnicodeDecodeError:
        return data


def _declared(data: bytes, headers: Mapping[str, str]) -> str:
    said = _CHARSET.search(headers.get("Content-Type", ""))
    meta = None if said else _META.search(data[:_LOOKED_AT])
    name = said[1] if said else meta[1].decode("ascii", "replace") if meta else ""
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
