"""What every answer carries, what never appears on a page, and the secret key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cpkb.errors import CpkbError
from cpkb.pages.secret import secret_key
from tests.pages.look import one, page
from tests.site import HOSTILE, HOSTILE_ID

ANSWERS = (
    "/",
    "/search?q=漂洗",
    "/search?nonsense=1",
    "/nothing",
    "/static/site.css",
    "/api/v1/search?q=x",
    "/robots.txt",
    "/relations",
)


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_looking_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/search?q=漂洗").headers


def test_a_cookie_would_be_kept_from_scripts_and_other_sites(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


@pytest.mark.parametrize("host", ["evil.invalid", "127.0.0.1.evil.invalid", "localhost@evil.invalid"])
def test_another_host_name_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:5000"])
def test_own_host_names_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == 200


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert client.post("/search", data=b"x" * 2_000_000).status_code in (400, 405, 413)


@pytest.mark.parametrize(
    "address",
    [
        f"/search?q={HOSTILE}",
        f"/search?q=敌意标题&process={HOSTILE}",
        f"/search?{HOSTILE}=1",
        f"/search?sort={HOSTILE}",
        f"/search?as_of={HOSTILE}",
        f"/records/technology/{HOSTILE_ID}",
        f"/records/technology/{HOSTILE}",
        f"/records/{HOSTILE}/x",
        f"/documents/{HOSTILE}",
        f"/collections/{HOSTILE}",
        f"/collections/technology?process={HOSTILE}",
        f"/collections/technology?q={HOSTILE}",
        "/",
    ],
)
def test_hostile_words_stay_words(client: FlaskClient, address: str) -> None:
    answer = client.get(address.replace("&", "%26", address.count("&") - address.count("&process")))
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


def test_a_hostile_title_is_shown_as_it_is(client: FlaskClient) -> None:
    tree = page(client, f"/records/technology/{HOSTILE_ID}")
    assert one(tree, "h1").get_text() == f"敌意标题{HOSTILE}"


def test_a_hostile_hit_is_marked_and_escaped(client: FlaskClient) -> None:
    tree = page(client, "/search?q=敌意标题")
    assert "敌意" in [mark.get_text() for mark in tree.select(".hit h2 mark")]
    assert not tree.select(".hit script, .hit img")


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret.key"
    key = secret_key(file)
    assert len(key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_key(file) == key
    assert [found.name for found in file.parent.iterdir()] == ["secret.key"]


def test_homes_have_different_keys(tmp_path: Path) -> None:
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_a_broken_key_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(CpkbError, match="删除它"):
        secret_key(tmp_path / "secret.key")
