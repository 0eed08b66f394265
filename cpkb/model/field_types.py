"""Kinds of fields (字段类型): how a raw value is checked, kept and shown.

A kept value is JSON-ready: a string, a boolean or an integer; a field declared ``many`` keeps a tuple.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cpkb.errors import FieldError
from cpkb.model.dates import find_date
from cpkb.model.markup import sections

Scalar = str | int | bool
Value = Scalar | tuple[Scalar, ...]

NAME_LIMIT = 200  # a name is a label or a term; the longest product name of the 2021 catalogue has 163 characters
TEXT_LIMIT = 20_000  # characters of a field: the longest list of models has 3,000; more is a document of its own
_HERE = Path(__file__).parent


def _table(file: str, key: str) -> dict[str, str]:
    return dict(tomllib.loads((_HERE / file).read_text(encoding="utf-8"))[key])


DIVISIONS = _table("industries.toml", "divisions")
PROVINCES = _table("regions.toml", "provinces")


@dataclass(frozen=True, slots=True)
class FieldType:
    """Text of any length: the plainest kind, and the shape of the others."""

    name: str = "text"
    hint: str = "text"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """Check one raw value; raises FieldError that says what is accepted."""
        del options
        text = str(raw).strip()
        if len(text) > TEXT_LIMIT:
            raise FieldError(f"has {len(text)} characters; at most {TEXT_LIMIT} fit a field")
        if not text:
            raise FieldError(f"is empty; give {self.hint} or leave the field out")
        return text

    def show(self, value: Scalar, options: Mapping[str, str]) -> str:
        """The value as a person reads it."""
        del options
        return str(value)


@dataclass(frozen=True, slots=True)
class NameType(FieldType):
    """A short label on one line."""

    name: str = "name"
    hint: str = f"one line of at most {NAME_LIMIT} characters"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(FieldType.parse(self, raw, options))
        if "\n" in text or len(text) > NAME_LIMIT:
            raise FieldError(f"{text[:30]!r}… is not {self.hint}")
        return text


@dataclass(frozen=True, slots=True)
class NumberType(NameType):
    """A document, standard or waste number (编号): searchable whole, in any bracket or spacing."""

    name: str = "number"
    hint: str = "a document or standard number such as HJ 1306—2023"


@dataclass(frozen=True, slots=True)
class ModelsType(FieldType):
    """Equipment model codes (型号) as printed, one list or range a value."""

    name: str = "models"
    hint: str = "model codes as printed"


@dataclass(frozen=True, slots=True)
class ChoiceType(FieldType):
    """One of the declared options."""

    name: str = "choice"
    hint: str = "one of the declared options"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(raw).strip()
        for code, label in options.items():
            if text in (code, label):
                return code
        accepted = "、".join(f"{code} ({label})" for code, label in options.items())
        raise FieldError(f"{text!r} is not one of: {accepted}")

    def show(self, value: Scalar, options: Mapping[str, str]) -> str:
        """See `FieldType.show`."""
        return options.get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class DateType(FieldType):
    """A calendar date, kept as ISO 8601."""

    name: str = "date"
    hint: str = "a full date such as 2026-08-15 or 2026年8月15日"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        del options
        date = find_date(str(raw))
        if date is None:
            raise FieldError(f"{str(raw)!r} is not {self.hint}")
        return date.isoformat()


@dataclass(frozen=True, slots=True)
class TableType(FieldType):
    """A code of a fixed table (industry division, province), or its name."""

    table: Mapping[str, str] = field(default_factory=dict)

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        del options
        text = str(raw).strip()
        if text in self.table:
            return text
        for code, label in self.table.items():
            if text == label:
                return code
        raise FieldError(f"{text!r} is not {self.hint}")

    def show(self, value: Scalar, options: Mapping[str, str]) -> str:
        """See `FieldType.show`."""
        del options
        return self.table.get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class AddressType(FieldType):
    """A web address."""

    name: str = "address"
    hint: str = "an address that starts with http:// or https://"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(FieldType.parse(self, raw, options))
        if not re.match(r"https?://\S+$", text):
            raise FieldError(f"{text!r} is not {self.hint}")
        return text


@dataclass(frozen=True, slots=True)
class ReferenceType(NameType):
    """The id of another record."""

    name: str = "reference"
    hint: str = "the id of a record, such as electroplating-counterflow-rinsing"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(FieldType.parse(self, raw, options))
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", text):
            raise FieldError(f"{text!r} is not {self.hint}")
        return text


@dataclass(frozen=True, slots=True)
class FigureType(NameType):
    """A figure (数据) with its name, value, unit and condition: 废水产生量：减少 30%以上（与单级清洗比）."""

    name: str = "figure"
    hint: str = "a figure as 名称：数值和单位（条件）, such as COD 去除率：80%～90%"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(NameType.parse(self, raw, options))
        if not re.match(r"[^：]+：.*(?:\d|[一二两三四五六七八九十百千万半])", text):
            raise FieldError(f"{text!r} is not {self.hint}")
        return text


HAZARDS = {"T": "毒性", "C": "腐蚀性", "I": "易燃性", "R": "反应性", "In": "感染性"}


@dataclass(frozen=True, slots=True)
class HazardType(NameType):
    """Hazards (危险特性) of a waste: T，I has the first and perhaps the others, T/I one or several of all.

    Codes: 国家危险废物名录（2021年版）第五条（四）; what the signs between them mean: note 1 below its table.
    """

    name: str = "hazard"
    hint: str = f"codes of {'、'.join(HAZARDS)}, all parted by ， or all by /, such as T，I or T/C/I/R"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = re.sub(r"\s*[,，]\s*", "，", str(NameType.parse(self, raw, options)))
        codes = re.split("[，/]", text)
        if ("，" in text and "/" in text) or set(codes) - set(HAZARDS) or len(set(codes)) < len(codes):
            raise FieldError(f"{text!r} is not {self.hint}")
        return text

    def show(self, value: Scalar, options: Mapping[str, str]) -> str:
        """See `FieldType.show`; what an earlier import kept apart is shown code by code."""
        del options
        first, *others = (HAZARDS.get(code, code) for code in re.split("[，/]", str(value)))
        if "/" in str(value):
            meaning = f"{'、'.join((first, *others))}里的一种或几种"
        else:
            meaning = f"有{first}，可能还有{'、'.join(others)}" if others else first
        return f"{value}（{meaning}）"


@dataclass(frozen=True, slots=True)
class MarkupType(FieldType):
    """The text of a guide in a small Markdown (see `markup`)."""

    name: str = "markup"
    hint: str = "text in the Markdown of cpkb/model/markup.py"

    def parse(self, raw: object, options: Mapping[str, str]) -> Scalar:
        """See `FieldType.parse`."""
        text = str(FieldType.parse(self, raw, options))
        sections(text)
        return text


def figure_parts(figure: str) -> tuple[str, str, str]:
    """(name, value with unit, condition or '') of a figure; a bracket inside a unit is no condition."""
    name, _, value = figure.partition("：")
    match = re.fullmatch(r"(.*?)\s*（([^（）]*(?:（[^（）]*）[^（）]*)*)）", value.strip())
    return (
        (name.strip(), match[1].strip(), match[2]) if match and match[1].strip() else (name.strip(), value.strip(), "")
    )


FIELD_TYPES: Mapping[str, FieldType] = {
    kind.name: kind
    for kind in (
        FieldType(),
        NameType(),
        NumberType(),
        ModelsType(),
        ChoiceType(),
        DateType(),
        TableType("industry", "a GB/T 4754 division code such as 33, or its name", DIVISIONS),
        TableType("region", "a GB/T 2260 province code such as 31, or its short name", PROVINCES),
        AddressType(),
        ReferenceType(),
        FigureType(),
        HazardType(),
        MarkupType(),
    )
}
