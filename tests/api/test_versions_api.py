"""Two texts compared, for programs."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.site import LAW, TECHNOLOGY


def test_what_changed_is_told_clause_by_clause(client: FlaskClient) -> None:
    found = client.get(f"/api/v1/compare?a={LAW}@1&b=http://localhost/documents/{LAW}").json
    assert found is not None
    assert found["summary"] == "改了 1 处：1 条有改动；3 条没有变化"
    (row,) = found["rows"]
    assert (row["kind"], row["name"], row["places"]) == ("changed", "第二条", 1)
    assert {"text": "可以", "is_changed": True} in row["before"]["parts"]
    assert {"text": "应当", "is_changed": True} in row["after"]["parts"]


def test_a_document_tells_what_it_can_be_compared_with(client: FlaskClient) -> None:
    found = client.get(f"/api/v1/documents/{LAW}/versions").json
    assert found is not None
    assert [(v["key"], v["why"], v["url"]) for v in found["versions"]] == [
        (f"{LAW}@1", "earlier", f"/documents/{LAW}/versions/1")
    ]


def test_what_cannot_be_compared_is_refused(client: FlaskClient) -> None:
    assert client.get(f"/api/v1/compare?a={LAW}").status_code == 400
    assert client.get(f"/api/v1/compare?a={LAW}&b={TECHNOLOGY}").status_code == 400
    assert client.get(f"/api/v1/compare?a={LAW}@7&b={LAW}").status_code == 404
    assert client.get(f"/api/v1/documents/{LAW}/versions?x=1").status_code == 400
