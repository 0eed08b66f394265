"""Kept answers on the site: kept on request, shown as they were, marked where they no longer hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase
from cpkb.store.kept import KeptAnswer
from tests.pages.look import links, one, page, text
from tests.site import ANSWER, HOSTILE

QUESTION = "示例 镀铬漂洗水应当回用"


@pytest.fixture
def keeping(kb: KnowledgeBase) -> Iterator[FlaskClient]:
    """A site where forms need no token; what is kept is forgotten again."""
    before = {answer.id for answer in kb.store.kept.answers()}
    app = create_app(kb)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    for answer in kb.store.kept.answers():
        if answer.id not in before:
            kb.store.kept.forget(answer.id)


def test_an_answer_is_kept_at_an_address_of_its_own(keeping: FlaskClient) -> None:
    offered = page(keeping, f"/ask?q={QUESTION}")
    (address,) = [link for link in links(offered, ".take-along a") if link.startswith("/answers")]
    form = one(page(keeping, address), "main form")
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert fields.pop("csrf_token")
    answer = keeping.post("/answers", data=fields)
    assert answer.status_code == 303
    tree = page(keeping, answer.headers["Location"])
    assert text(tree, "h1") == QUESTION
    assert "今天都还成立" in text(tree, "main")
    asked = page(keeping, f"/ask?q={QUESTION}")
    assert [h.get_text(strip=True) for h in tree.select(".item h3 a")] == [
        h.get_text(strip=True) for h in asked.select(".item h3 > a")
    ]


def test_a_form_without_its_token_keeps_nothing(client: FlaskClient, kb: KnowledgeBase) -> None:
    before = kb.store.kept.answers()
    assert client.post("/answers", data={"q": QUESTION}).status_code == 400
    assert kb.store.kept.answers() == before


def test_what_the_form_says_beside_the_question_is_refused(keeping: FlaskClient) -> None:
    assert keeping.post("/answers", data={"q": QUESTION, "told": "小企业不用审核"}).status_code == 400


def test_where_nothing_is_known_nothing_is_kept(keeping: FlaskClient) -> None:
    assert keeping.post("/answers", data={"q": "石墨烯生产 废酸回收"}).status_code == 400


def test_looking_at_an_answer_sets_no_cookie_only_the_form_does(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get(f"/ask?q={QUESTION}").headers
    assert "Set-Cookie" in client.get(f"/answers?q={QUESTION}").headers


def test_a_kept_answer_marks_what_changed(client: FlaskClient, kb: KnowledgeBase) -> None:
    assert not page(client, f"/answers/{ANSWER}").select(".kept-mark")
    kept = kb.store.kept.answer(ANSWER)
    cited = [replace(c, quoted="应当排放。") for _, c in kb.store.kept.citations(kept.address)]
    shape = _requoted(dict(kept.shape), "应当排放。", cited[0].digest)
    changed = kb.store.kept.keep(KeptAnswer("changed", kept.question, kept.kept, shape), cited)
    tree = page(client, changed.address)
    kb.store.kept.forget("changed")
    assert "要重新看" in tree.select(".kept-mark")[0].get_text()
    assert "文字已经改了" in tree.select(".kept-mark")[0].get_text()
    assert "处引的话现在要重新看" in text(tree, ".unsure")


def _requoted(shape: dict[str, object], quoted: str, digest: str) -> dict[str, object]:
    """The shape of an answer whose first item quoted something else."""
    sections = [dict(section) for section in shape["sections"]]  # type: ignore[attr-defined]
    for section in sections:
        items = section["items"]
        section["items"] = [i | {"citation": i["citation"] | {"text": quoted, "sha256": digest}} for i in items]
    return shape | {"sections": sections}


def test_a_hostile_question_stays_words(keeping: FlaskClient, kb: KnowledgeBase) -> None:
    kb.store.kept.keep(KeptAnswer("hostile", HOSTILE, "2026-11-22", kb.store.kept.answer(ANSWER).shape), ())
    tree = page(keeping, "/answers/hostile")
    assert one(tree, "h1").get_text() == HOSTILE
    assert not tree.select("main script, main img[src=x]")


def test_an_address_that_nobody_was_given_is_not_found(client: FlaskClient) -> None:
    assert client.get("/answers/no-such-answer").status_code == 404


def test_a_site_may_keep_none(kb: KnowledgeBase) -> None:
    closed: Flask = create_app(replace(kb, settings=kb.settings.model_copy(update={"keep_answers": False})))
    client = closed.test_client()
    assert client.get(f"/answers?q={QUESTION}").status_code == 404
    assert "留存，给它" not in client.get(f"/ask?q={QUESTION}").text


def test_the_cited_clause_of_an_ended_text_carries_a_badge(client: FlaskClient) -> None:
    """The shipped guides cite a law that a code ends on 2026-08-15."""
    guide = "/documents/changes-2026-08-15"
    before = page(client, f"{guide}?as_of=2026-01-01").select(".cited .badge")
    after = page(client, f"{guide}?as_of={dt.date(2026, 11, 22).isoformat()}").select(".cited .badge")
    assert before == []
    assert {badge.get_text(strip=True) for badge in after} <= {"已废止", "已被代替"}
    assert after
