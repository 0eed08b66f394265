"""Source declarations (来源声明): corpus/sources/<source>/source.toml, or a source.toml beside the files."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cpkb.errors import DeclarationError
from cpkb.extract.mapping import check_table
from cpkb.model.source import AUTHORITIES

FILE = "source.toml"
SIZE_LIMIT = 1_000_000  # bytes: the longest real one, with all its corrections, has 20,000
_TEXT_KEYS = ("title", "publisher", "number", "address", "licence", "retrieved", "authority")
_KEYS = {*_TEXT_KEYS, "ignore", "tables"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of a folder of files before they are read."""

    name: str
    """The folder it speaks of."""
    about: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Files left out on purpose, with the reason."""
    tables: Sequence[Mapping[str, Any]] = ()
    fingerprint: str = ""

    def tables_of(self, file_name: str, header: Sequence[str]) -> list[Mapping[str, Any]]:
        """The declared tables of a file: by name, or by a header that is the same cell for cell."""
        named = [table for table in self.tables if table["file"] == file_name]
        return named or [table for table in self.tables if list(table.get("header", ())) == list(header)]

    def table_in(self, file_name: str, header: Sequence[str]) -> Mapping[str, Any] | None:
        """The declared table that a table found in a document is: its header cell for cell, of this file first."""
        same = [table for table in self.tables if list(table.get("header", ())) == list(header)]
        return next((table for table in same if table["file"] == file_name), same[0] if same else None)


def load_declaration(file: Path) -> Declaration:
    """Read and check one; raises DeclarationError naming file, key and what is accepted."""
    place = f"{file.parent.name}/{file.name}"
    if file.is_symlink() or file.stat().st_size > SIZE_LIMIT:
        raise DeclarationError(f"{place}: 不能是链接，也不能超过 {SIZE_LIMIT // 1000} KB")
    text = file.read_bytes()
    try:
        raw = tomllib.loads(text.decode("utf-8"))
        return _declaration(raw, text, place, file.parent.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DeclarationError(f"{place}: 不是正确的 TOML（{str(error)[:200]}）") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DeclarationError(f"{place}: 有一项的类型或写法不对（{type(error).__name__}: {error}）；见文档") from error


def _declaration(raw: dict[str, Any], text: bytes, place: str, name: str) -> Declaration:
    for key in raw:
        if key not in _KEYS:
            raise DeclarationError(f"{place}: 不认识 {key!r}；可以用：{'、'.join(sorted(_KEYS))}")
    if raw.get("authority", "repost") not in AUTHORITIES:
        raise DeclarationError(f"{place}: authority 是 {'、'.join(AUTHORITIES)} 之一")
    for key in _TEXT_KEYS:
        if not isinstance(raw.get(key, ""), str):
            raise DeclarationError(f"{place}: {key} 应是一段文字")
    if not re.match(r"https?://\S+$|$", raw.get("address", "")):
        raise DeclarationError(f"{place}: address 应以 http:// 或 https:// 开头")
    for table in raw.get("tables", ()):
        check_table(table)
    return Declaration(
        name=name,
        about={key: raw[key] for key in _TEXT_KEYS if key in raw},
        ignored={item["file"]: item["reason"] for item in raw.get("ignore", ())},
        tables=tuple(raw.get("tables", ())),
        fingerprint=hashlib.sha256(text).hexdigest()[:12],
    )


@cache
def _shipped(folder: Path) -> tuple[Declaration, ...]:
    """They ship with the program and do not change while it runs; every file of an import asks for them."""
    return tuple(load_declaration(file) for file in sorted(folder.glob(f"*/{FILE}")))


class Declarations:
    """The shipped declarations, and those found beside imported files."""

    def __init__(self, folder: Path) -> None:
        self._shipped = _shipped(folder)

    def for_file(self, file: Path, root: Path) -> Declaration:
        """The one beside the file or above it up to ``root``; else a shipped one for a folder of that name."""
        folders = [folder for folder in file.parents if folder == root or root in folder.parents]
        for folder in folders:
            if (folder / FILE).is_file():
                return load_declaration(folder / FILE)
        names = [folder.name for folder in (*folders, root.parent)]
        return next((d for d in self._shipped if d.name in names), Declaration(""))

    def for_header(self, header: Sequence[str]) -> Declaration:
        """A shipped one that declares a table with exactly this header, wherever the file lies."""
        return next((d for d in self._shipped if d.tables_of("", header)), Declaration(""))
