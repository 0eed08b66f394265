"""The API: its shapes are those it describes, and every route is described."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cpkb.api.openapi import description
from cpkb.engines.ranking import ZONES
from cpkb.model.collection import collections
from cpkb.model.results import ZONE_LABELS
from tests.site import GUIDE, LAW, LISTED, OLD_LAW, TECHNOLOGY

JSON_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def get(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json


def check(value: Any, schema: dict[str, Any], place: str = "$") -> None:
    """Whether a value fits a schema, as far as the description uses JSON Schema."""
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        assert any(fits(value, option) for option in schema["anyOf"]), place
        return
    if schema.get("type") == "null":
        assert value is None, place
        return
    assert isinstance(value, JSON_TYPES[schema["type"]]), f"{place}: {value!r}"
    assert value in schema.get("enum", [value]), f"{place}: {value!r}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            check(item, schema["items"], f"{place}[{number}]")
    if isinstance(value, dict):
        _check_object(value, schema, place)


def _check_object(value: dict[str, Any], schema: dict[str, Any], place: str) -> None:
    properties = schema.get("properties", {})
    assert set(schema.get("required", ())) <= set(value), place
    for name, item in value.items():
        rest = schema.get("additionalProperties", not properties)
        assert name in properties or rest is not False, f"{place}.{name}"
        if name in properties or isinstance(rest, dict):
            check(item, properties.get(name, rest), f"{place}.{name}")


def fits(value: Any, schema: dict[str, Any]) -> bool:
    try:
        check(value, schema)
    except AssertionError:
        return False
    return True


def answer_schema(path: str) -> dict[str, Any]:
    schema: dict[str, Any] = description()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    return schema


def test_every_route_is_described(app: Flask) -> None:
    rules = {re.sub(r"<(\w+)>", r"{\1}", r.rule) for r in app.url_map.iter_rules() if r.rule.startswith("/api/")}
    assert rules == set(description()["paths"])


def test_every_reference_leads_somewhere() -> None:
    names = re.findall(r"#/components/schemas/(\w+)", json.dumps(description()))
    assert set(names) <= set(description()["components"]["schemas"])


def test_path_parameters_are_described() -> None:
    for path, item in description()["paths"].items():
        described = {p["name"] for p in item["get"]["parameters"] if p["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path))


def test_described_search_parameters_are_accepted(client: FlaskClient) -> None:
    examples = {"array": "33", "integer": "1", "string": "2026-01-01"}
    for parameter in description()["paths"]["/api/v1/search"]["get"]["parameters"]:
        schema = parameter["schema"]
        inner = schema.get("items", schema)
        value = inner["enum"][0] if "enum" in inner else examples[schema["type"]]
        assert client.get("/api/v1/search", query_string={parameter["name"]: value}).status_code == 200, parameter[
            "name"
        ]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/search", "/api/v1/search?q=示例漂洗&limit=20"),
        ("/api/v1/search", "/api/v1/search?q=毫无此词可寻"),
        ("/api/v1/search", "/api/v1/search?limit=100"),
        ("/api/v1/search", "/api/v1/search?q=示例旧条例&explain=on"),
        ("/api/v1/search", "/api/v1/search?limit=5&explain=on"),
        ("/api/v1/search", "/api/v1/search?q=HJ 9998-2026"),
        ("/api/v1/complete", "/api/v1/complete?q=示例"),
        ("/api/v1/complete", "/api/v1/complete?q=毫无此词可寻"),
        ("/api/v1/complete", "/api/v1/complete"),
        ("/api/v1/records/{collection_name}/{record_id}", f"/api/v1/records/technology/{TECHNOLOGY}"),
        ("/api/v1/records/{collection_name}/{record_id}", f"/api/v1/records/elimination/{LISTED}"),
        ("/api/v1/compare", f"/api/v1/compare?a={LAW}@1&b={LAW}"),
        ("/api/v1/compare", f"/api/v1/compare?a={LAW}&b={OLD_LAW}"),
        ("/api/v1/documents/{document_id}/versions", f"/api/v1/documents/{LAW}/versions"),
        ("/api/v1/documents/{document_id}/versions", f"/api/v1/documents/{GUIDE}/versions"),
        ("/api/v1/records/{collection_name}/{record_id}", f"/api/v1/records/policy/{LAW}"),
        ("/api/v1/documents/{document_id}", f"/api/v1/documents/{GUIDE}"),
        ("/api/v1/collections", "/api/v1/collections"),
        ("/api/v1/openapi.json", "/api/v1/openapi.json"),
    ],
)
def test_answers_are_as_described(client: FlaskClient, path: str, address: str) -> None:
    check(get(client, address), answer_schema(path))


def test_a_hit_says_where_it_stands(client: FlaskClient) -> None:
    hits = get(client, "/api/v1/search?q=示例 镀铬漂洗水应当回用&collection=policy")["hits"]
    hit = next(hit for hit in hits if hit["id"] == LAW)
    assert (hit["document"], hit["file"], hit["locator"]) == ("示例清洁生产条例", "samples/law.md", "第二条")
    assert hit["url"] == f"/documents/{LAW}#第二条"
    assert hit["text"].startswith("第二条　镀铬漂洗水应当回用。")
    assert hit["validity"] == "现行"


def test_a_row_names_the_list_it_stands_in(client: FlaskClient) -> None:
    hit = get(client, "/api/v1/search?q=ZZ9-77")["hits"][0]
    assert (hit["id"], hit["document"], hit["locator"], hit["validity"]) == (LISTED, "示例目录", "7-7", "")
    assert hit["cites"] == [{"document": "示例目录", "number": "", "locator": "7-7"}]


@pytest.mark.parametrize(
    "question",
    [
        "示例 镀铬漂洗水应当回用",
        "锅炉 10蒸吨以下",
        "水银",
        "ZZ9-77",
        "示例旧条例",
        '"示例" 漂洗',
        "标题:示例",
        "电镀 OR 印染",
    ],
)
def test_the_parts_of_a_score_add_up_to_it(client: FlaskClient, question: str) -> None:
    hits = get(client, f"/api/v1/search?q={question}&explain=on")["hits"]
    assert hits
    for hit in hits:
        summed = sum(part["score"] for part in hit["parts"])
        assert summed == pytest.approx(hit["score"], abs=0.0001 * (len(hit["parts"]) + 1)), hit["title"]


def test_parts_are_told_only_where_they_are_asked_for(client: FlaskClient) -> None:
    assert all("parts" not in hit for hit in get(client, "/api/v1/search?q=电镀")["hits"])
    assert all(hit["parts"] == [] for hit in get(client, "/api/v1/search?limit=5&explain=on")["hits"])


def test_a_part_says_what_was_met_and_where(client: FlaskClient) -> None:
    hits = get(client, "/api/v1/search?q=示例旧条例&explain=on")["hits"]
    parts = next(hit["parts"] for hit in hits if hit["id"] == OLD_LAW)
    assert {"kind": "words", "label": "含有的词", "term": "条例", "zones": ["title"]}.items() <= next(
        part for part in parts if part["term"] == "条例" and part["kind"] == "words"
    ).items()
    assert [(p["kind"], p["label"]) for p in parts if p["score"] < 0] == [("ended", "已失效")]


def test_zones_are_labelled_as_the_index_has_them() -> None:
    assert tuple(ZONE_LABELS) == ZONES


def test_confidence_tells_an_answer_from_none(client: FlaskClient) -> None:
    assert get(client, "/api/v1/search?q=示例漂洗")["confidence"] == "sure"
    none = get(client, "/api/v1/search?q=毫无此词可寻")
    assert (none["confidence"], none["hits"]) == ("none", [])


def test_a_document_has_every_passage_with_its_address(client: FlaskClient) -> None:
    passages = get(client, f"/api/v1/documents/{GUIDE}")["passages"]
    assert [p["locator"] for p in passages] == ["封面", "5.1", "5.1.1", "表1"]
    assert passages[2]["url"] == f"/documents/{GUIDE}#5.1.1"


def test_completions_say_what_they_are(client: FlaskClient) -> None:
    found = get(client, "/api/v1/complete?q=示例可行&limit=1")["completions"]
    assert found == [{"text": "示例可行技术指南", "kind": "title", "label": "标题", "note": "HJ 9999—2026"}]


def test_completions_may_be_kept_for_a_minute_and_nothing_is_not_kept(client: FlaskClient) -> None:
    assert client.get("/api/v1/complete?q=示例").headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/api/v1/complete?q=毫无此词可寻").headers["Cache-Control"] == "no-store"


def test_where_nothing_is_found_what_was_perhaps_meant_is_told(client: FlaskClient) -> None:
    near = get(client, "/api/v1/search?q=HJ 9998-2026")
    assert (near["total"], near["absent_numbers"]) == (0, ["HJ 9998-2026"])
    assert [meant["text"] for meant in near["suggestions"]] == ["HJ 9999—2026"]
    found = get(client, "/api/v1/search?q=HJ 9999-2026")
    assert (found["absent_numbers"], found["suggestions"]) == ([], [])


def test_validity_is_for_the_date_asked(client: FlaskClient) -> None:
    now = get(client, f"/api/v1/documents/{OLD_LAW}?as_of=2026-11-01")["validity"]
    then = get(client, f"/api/v1/documents/{OLD_LAW}?as_of=2020-01-01")["validity"]
    assert (now["state"], then["state"]) == ("repealed", "in_force")
    assert now["reasons"][-1]["address"] == f"/documents/{LAW}#第三条"


def test_what_has_no_validity_has_none(client: FlaskClient) -> None:
    assert get(client, f"/api/v1/records/technology/{TECHNOLOGY}")["validity"] is None


def test_counts_are_of_the_results(client: FlaskClient) -> None:
    found = get(client, "/api/v1/search?q=电镀")
    assert sum(count["count"] for count in found["facets"]["collection"]) == found["total"]


def test_the_catalogue_is_the_declarations(client: FlaskClient) -> None:
    shown = get(client, "/api/v1/collections")["collections"]
    assert [c["name"] for c in shown] == list(collections())
    assert all([f["name"] for f in c["fields"]] == list(collections()[c["name"]].fields) for c in shown)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/v1/search?nonsense=1", "“nonsense”"),
        (f"/api/v1/records/technology/{TECHNOLOGY}?q=1", "as_of"),
        (f"/api/v1/documents/{TECHNOLOGY}", f"/records/technology/{TECHNOLOGY}"),
        (f"/api/v1/records/policy/{TECHNOLOGY}", f"/records/technology/{TECHNOLOGY}"),
        ("/api/v1/records/nonsense/x", "nonsense"),
        ("/api/v1/complete?nonsense=1", "“nonsense”；可以用：q、limit"),
        ("/api/v1/complete?q=漂洗&q=漂", "“q”只能给一个"),
        ("/api/v1/complete?q=漂洗&limit=9", "limit 最多 8"),
        ("/api/v1/complete?q=漂洗&limit=0", "limit 应是正整数"),
        ("/api/v1/complete?q=漂洗&limit=x", "limit 应是正整数"),
        (f"/api/v1/complete?q={'漂' * 101}", "最多 100 个字"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_right(client: FlaskClient, address: str, says: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404)
    assert answer.json is not None
    assert says in answer.json["error"]["message"]
