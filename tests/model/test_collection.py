"""Collections: every shipped declaration loads, and a wrong one is refused with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpkb.errors import DeclarationError, FieldError, NotFoundError
from cpkb.model.collection import FOLDER, Collection, collection, collections, load_collection
from cpkb.model.field_types import FIELD_TYPES

HEAD = """
name = "sample"
label = "样品"
label_en = "Samples"
description = "只用来试。"
version = 1
"""
NAME = '[[fields]]\nname = "summary"\nlabel = "要点"\ntype = "text"\n'


def written(folder: Path, text: str, name: str = "sample.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def elimination() -> Collection:
    return collection("elimination")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_every_shipped_collection_loads(file: Path) -> None:
    declared = load_collection(file)
    assert declared.name == file.stem
    assert declared.fields
    assert all(field.kind is FIELD_TYPES[field.kind.name] for field in declared.fields.values())


def test_all_shipped_collections_are_there_in_their_order() -> None:
    assert set(collections()) == {file.stem for file in FOLDER.glob("*.toml")}
    orders = [declared.order for declared in collections().values()]
    assert orders == sorted(set(orders)), "every collection has its own place in the order"


def test_labels_tell_collections_apart() -> None:
    labels = [declared.label for declared in collections().values()]
    assert len(set(labels)) == len(labels)


def test_a_declaration_becomes_fields_with_their_marks(tmp_path: Path) -> None:
    text = HEAD + NAME + '[[fields]]\nname = "industry"\nlabel = "行业"\ntype = "industry"\nmany = true\nfacet = true\n'
    declared = load_collection(written(tmp_path, text))
    assert list(declared.fields) == ["summary", "industry"]
    assert [field.name for field in declared.facets] == ["industry"]
    assert declared.order == 99
    assert declared.fields["industry"].many
    assert not declared.fields["summary"].required


WRONG = {
    "unknown key": (HEAD + 'colour = "red"\n' + NAME, ["sample.toml", "'colour'", "accepted", "label_en"]),
    "missing key": (HEAD.replace("version = 1\n", "") + NAME, ["sample.toml", "'version' is missing"]),
    "wrong file name": (HEAD.replace('"sample"', '"other"') + NAME, ["sample.toml", "'other'", "'sample'"]),
    "duplicate field": (HEAD + NAME + NAME, ["sample.toml", "'summary'", "declared twice"]),
    "unknown key of a field": (HEAD + NAME + "boost = 2\n", ["sample.toml", "'summary'", "'boost'", "facet"]),
    "field without a label": (
        HEAD + '[[fields]]\nname = "summary"\ntype = "text"\n',
        ["sample.toml", "'summary'", "'label' is missing"],
    ),
    "unknown type": (
        HEAD + NAME.replace('"text"', '"colour"'),
        ["sample.toml", "'summary'", "'colour'", *FIELD_TYPES],
    ),
    "impossible facet": (HEAD + NAME + "facet = true\n", ["sample.toml", "'summary'", "text", "choice", "region"]),
    "facet of a date": (
        HEAD + NAME.replace('"text"', '"date"') + "facet = true\n",
        ["sample.toml", "'summary'", "a date cannot be a facet"],
    ),
    "choice without options": (
        HEAD + NAME.replace('"text"', '"choice"'),
        ["sample.toml", "'summary'", "options", "choice"],
    ),
    "options without choice": (HEAD + NAME + 'options = { a = "甲" }\n', ["sample.toml", "'summary'", "options"]),
    "not TOML": (HEAD + "= =\n", ["sample.toml", "not valid TOML"]),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_declaration_is_refused_by_file_field_and_what_is_accepted(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(DeclarationError) as refused:
        load_collection(file)
    for words in said:
        assert words in str(refused.value)


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "sample.toml"
    file.write_bytes((HEAD + NAME).encode("gb18030"))
    with pytest.raises(DeclarationError, match=r"sample\.toml: not valid TOML"):
        load_collection(file)


def test_an_unknown_collection_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"plants.*technology.*elimination"):
        collection("plants")


def test_a_record_is_checked_and_put_in_declared_order(elimination: Collection) -> None:
    parsed = elimination.parse(
        {"models": ["Y180M-4"], "kind": "设备", "class": "eliminated", "stop_using": "2015年12月31日"}
    )
    assert parsed == {"class": "eliminated", "kind": "equipment", "models": ("Y180M-4",), "stop_using": "2015-12-31"}
    assert list(parsed) == ["class", "kind", "models", "stop_using"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"class": "eliminated", "kind": "equipment", "colour": "red"}, ["'colour'", "elimination has", "models"]),
        ({"kind": "equipment"}, ["'class'", "类别", "requires it"]),
        ({"class": "banned", "kind": "equipment"}, ["'class'", "'banned'", "eliminated (淘汰)"]),
        ({"class": "eliminated", "kind": "equipment", "note": ""}, ["'note'", "is empty"]),
        ({"class": "eliminated", "kind": "equipment", "note": ["a", "b"]}, ["'note'", "is a list"]),
        ({"class": "eliminated", "kind": "equipment", "industry": ["33", "00"]}, ["'industry'", "'00'", "4754"]),
    ],
)
def test_a_wrong_record_is_refused_by_field(elimination: Collection, raw: dict[str, object], said: list[str]) -> None:
    with pytest.raises(FieldError) as refused:
        elimination.parse(raw)
    for words in said:
        assert words in str(refused.value)


def test_many_values_lose_doubles_and_keep_their_order(elimination: Collection) -> None:
    assert elimination.fields["industry"].parse(["33", "金属制品业", "17"]) == ("33", "17")


def test_one_value_of_a_many_field_is_kept_as_a_tuple(elimination: Collection) -> None:
    assert elimination.fields["models"].parse("JO2-51-4") == ("JO2-51-4",)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (("33",), "金属制品业"),
        (("33", "17"), "金属制品业、纺织业"),
        (("33", "37"), "金属制品业；铁路、船舶、航空航天和其他运输设备制造业"),
    ],
)
def test_many_values_are_joined_so_that_they_stay_apart(
    elimination: Collection, value: tuple[str, ...], shown: str
) -> None:
    assert elimination.fields["industry"].show(value) == shown
