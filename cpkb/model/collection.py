"""Collections (知识类别): one TOML each; search, facets, pages, API and import follow from it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cpkb.errors import DeclarationError, FieldError, NotFoundError
from cpkb.model.field_types import FIELD_TYPES, FieldType, Value

FOLDER = Path(__file__).parent / "collections"
_COLLECTION_KEYS = {"name", "label", "label_en", "description", "version", "order", "fields"}
_FIELD_KEYS = {"name", "label", "type", "many", "facet", "required", "options"}
_FACETABLE = {"name", "choice", "industry", "region"}


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field of a collection."""

    name: str
    label: str
    kind: FieldType
    many: bool = False
    facet: bool = False
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    def parse(self, raw: object) -> Value:
        """Check a raw value (or list of them); raises FieldError naming the field."""
        is_list = isinstance(raw, list | tuple)
        if is_list and not self.many:
            raise FieldError(f"field {self.name!r} ({self.label}): is a list, but the field holds one value")
        items = raw if isinstance(raw, list | tuple) else (raw,)
        try:
            values = tuple(dict.fromkeys(self.kind.parse(item, self.options) for item in items))
        except FieldError as error:
            raise FieldError(f"field {self.name!r} ({self.label}): {error}") from None
        return values if self.many else values[0]

    def show(self, value: Value) -> str:
        """The value as a person reads it; many values are joined with 、 or, when long, ；."""
        items = value if isinstance(value, tuple) else (value,)
        shown = [self.kind.show(item, self.options) for item in items]
        return ("；" if any("、" in text or len(text) > 12 for text in shown) else "、").join(shown)


@dataclass(frozen=True, slots=True)
class Collection:
    """A declared kind of record."""

    name: str
    label: str
    label_en: str
    description: str
    version: int
    order: int
    fields: Mapping[str, Field]

    @property
    def facets(self) -> tuple[Field, ...]:
        """The fields results can be counted by."""
        return tuple(f for f in self.fields.values() if f.facet)

    def parse(self, raw: Mapping[str, object]) -> dict[str, Value]:
        """Check all fields of a record; raises FieldError for the first unknown, wrong or missing one."""
        for name in raw:
            if name not in self.fields:
                raise FieldError(f"unknown field {name!r}; {self.name} has: {', '.join(self.fields)}")
        values = {name: self.fields[name].parse(value) for name, value in raw.items()}
        for name, declared in self.fields.items():
            if declared.required and name not in values:
                raise FieldError(f"field {name!r} ({declared.label}) is missing and {self.name} requires it")
        return {name: values[name] for name in self.fields if name in values}


def load_collection(file: Path) -> Collection:
    """Read one declaration; raises DeclarationError naming file, field and what is accepted."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{file.name}: not valid TOML ({error})") from error
    _refuse_unknown(raw, _COLLECTION_KEYS, f"{file.name}")
    for key in ("name", "label", "label_en", "description", "version", "fields"):
        if key not in raw:
            raise DeclarationError(f"{file.name}: {key!r} is missing")
    if raw["name"] != file.stem:
        raise DeclarationError(f"{file.name}: name is {raw['name']!r}; it must be the file's name, {file.stem!r}")
    fields: dict[str, Field] = {}
    for item in raw["fields"]:
        declared = _load_field(item, file.name)
        if declared.name in fields:
            raise DeclarationError(f"{file.name}: field {declared.name!r} is declared twice")
        fields[declared.name] = declared
    head = {key: raw[key] for key in ("name", "label", "label_en", "description", "version")}
    return Collection(**head, order=raw.get("order", 99), fields=fields)


def _load_field(item: dict[str, Any], file: str) -> Field:
    name = item.get("name", "?")
    place = f"{file}: field {name!r}"
    _refuse_unknown(item, _FIELD_KEYS, place)
    for key in ("name", "label", "type"):
        if key not in item:
            raise DeclarationError(f"{place}: {key!r} is missing")
    kind = FIELD_TYPES.get(item["type"])
    if kind is None:
        raise DeclarationError(f"{place}: unknown type {item['type']!r}; accepted: {', '.join(FIELD_TYPES)}")
    if item.get("facet") and kind.name not in _FACETABLE:
        raise DeclarationError(f"{place}: a {kind.name} cannot be a facet; only {', '.join(sorted(_FACETABLE))} can")
    if (kind.name == "choice") != ("options" in item):
        raise DeclarationError(f"{place}: options go with type 'choice', and a choice needs them")
    return Field(
        name=name,
        label=item["label"],
        kind=kind,
        many=item.get("many", False),
        facet=item.get("facet", False),
        required=item.get("required", False),
        options=item.get("options", {}),
    )


def _refuse_unknown(raw: Mapping[str, object], known: set[str], place: str) -> None:
    for key in raw:
        if key not in known:
            raise DeclarationError(f"{place}: unknown key {key!r}; accepted: {', '.join(sorted(known))}")


@cache
def collections() -> Mapping[str, Collection]:
    """All declared collections, in their display order."""
    loaded = [load_collection(file) for file in FOLDER.glob("*.toml")]
    return {c.name: c for c in sorted(loaded, key=lambda c: c.order)}


def declared_facets() -> str:
    """Changes when a collection's version or facets do: what was indexed by other facets is then stale."""
    facets = [(c.name, c.version, [(f.name, *f.options.items()) for f in c.facets]) for c in collections().values()]
    return hashlib.sha256(repr(facets).encode()).hexdigest()[:12]


def collection(name: str) -> Collection:
    """The collection of that name; raises NotFoundError listing the names there are."""
    found = collections().get(name)
    if found is None:
        raise NotFoundError(f"没有“{name}”这个类别；有：{'、'.join(collections())}")
    return found
