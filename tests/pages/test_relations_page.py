"""Relations that a person decides, as a page: what is shown, what a decision changes for readers, who may decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.passage import Passage
from cpkb.model.record import Relation
from cpkb.model.source import Source
from cpkb.pages.relations_page import A_PAGE
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.store import StoredFile
from tests.extract.pdf_writer import Sheet, pdf
from tests.pages.look import links, one, page, text
from tests.site import HOSTILE
from tests.store.samples import law, put

SHA256 = "ab" * 32
STOPS = Relation("repeals", "示例旧办法", "2026-08-15", "第二条", "《示例旧办法》停止执行。", is_proposed=True)
AS_OF = "as_of=2026-09-01"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A home where the second page of one text may end another text."""
    with opened(Settings(home=tmp_path / "home", semantic=False)) as kb:
        body = (
            Passage(0, "第一条　总则。", "第一条", page=1),
            Passage(1, "第二条　《示例旧办法》停止执行。", "第二条", page=2),
        )
        source = Source("示例新办法", file="in/new.pdf", sha256=SHA256)
        new = replace(law("new", "示例新办法", relations=(STOPS,)), body=body, sources=(source,))
        kb.store.put_file(StoredFile("in/new.pdf", SHA256, 1, "reader-1", "imported"), [new])
        put(kb.store, "in/old.md", law("old", "示例旧办法", "第一条　漂洗水可以排放。", effective="2003-02-01"))
        copy = kb.settings.originals / SHA256[:2] / f"{SHA256}.pdf"
        copy.parent.mkdir(parents=True)
        copy.write_bytes(pdf(Sheet().text(60, 700, "第一页"), Sheet().text(60, 700, "第二页")))
        catch_up(kb.store, kb.engine, kb.analyzer)
        yield kb


@pytest.fixture
def desk(library: KnowledgeBase) -> FlaskClient:
    """Who sits at the machine."""
    return create_app(library).test_client()


def press(client: FlaskClient, address: str, button: str, **more: str) -> TestResponse:
    """Press a button of the first form on a page, as a browser without scripts does."""
    form = page(client, address).select("main form.decide")[0]
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    (pressed,) = [b for b in form.select("button") if str(b["value"]) == button]
    return client.post(str(form["action"]), data=fields | {str(pressed["name"]): button} | more)


def state(client: FlaskClient) -> str:
    """What a reader is told of the old text on a day after its possible end."""
    return text(page(client, f"/documents/old?{AS_OF}"), ".status .today .badge")


def test_a_proposal_is_shown_with_sentence_passage_and_page(desk: FlaskClient) -> None:
    shown = one(page(desk, "/relations"), ".item")
    assert text(shown, "h2") == "《示例新办法》第二条"
    assert "2026年8月15日起废止《示例旧办法》" in text(shown, ".effect")
    assert text(shown, "blockquote") == STOPS.says
    assert links(shown) == [
        "/documents/new#第二条", "/documents/old", "/documents/new#第二条", "/documents/new/original#page=2",
    ]  # fmt: skip
    assert [button.get_text() for button in shown.select("button")] == [
        "接受：2026年8月15日起废止《示例旧办法》", "驳回：2026年8月15日起废止《示例旧办法》",
    ]  # fmt: skip


def test_accepted_the_text_has_ended_for_readers_and_reopened_it_has_not(
    desk: FlaskClient, library: KnowledgeBase
) -> None:
    assert state(desk) == "现行"
    answer = press(desk, "/relations", "accept", note="问过发布机关")
    assert answer.status_code == 303
    tree = page(desk, answer.headers["Location"])
    assert "已接受：《示例新办法》第二条 2026年8月15日起废止《示例旧办法》" in text(tree, "[role=status]")
    assert not tree.select(".item")
    assert state(desk) == "已废止"
    assert "待核对" not in desk.get("/documents/new").text
    catch_up(library.store, library.engine, library.analyzer)
    assert "已废止" in text(page(desk, f"/search?q=漂洗水可以排放&{AS_OF}"), ".hit")
    assert "问过发布机关" in text(page(desk, "/relations?state=accepted"), ".item")
    reopened = press(desk, "/relations?state=accepted", "reopen")
    assert "已重新打开" in text(page(desk, reopened.headers["Location"]), "[role=status]")
    assert state(desk) == "现行"
    catch_up(library.store, library.engine, library.analyzer)
    assert "已废止" not in text(page(desk, f"/search?q=漂洗水可以排放&{AS_OF}"), ".hit")


def test_rejected_readers_see_nothing_of_it(desk: FlaskClient) -> None:
    assert "待核对" in text(page(desk, f"/documents/old?{AS_OF}"), ".reasons")
    answer = press(desk, "/relations", "reject")
    assert (answer.status_code, state(desk)) == (303, "现行")
    for address in ("/documents/old", "/documents/new", "/api/v1/documents/new"):
        told = desk.get(address).text
        assert "待核对" not in told
        assert "repeals" not in told
    # The banner takes it back, too.
    press(desk, answer.headers["Location"], "reopen")
    assert len(page(desk, "/relations").select(".item")) == 1


def test_a_sentence_that_changed_after_the_decision_is_told(desk: FlaskClient, library: KnowledgeBase) -> None:
    press(desk, "/relations", "accept")
    new = library.store.record("new")
    read = replace(STOPS, says="《示例旧办法》自即日起停止执行。")
    file = StoredFile("in/new.pdf", SHA256, 1, "reader-2", "imported")
    library.store.put_file(file, [replace(new, relations=(read,))])
    shown = text(page(desk, "/relations?state=accepted"), ".item")
    assert "判定之后这句话变了，当时是：《示例旧办法》停止执行。" in shown


def test_the_reader_of_a_text_is_led_to_its_proposals_at_this_machine_only(desk: FlaskClient) -> None:
    address = "/relations?record=new"
    assert address in links(page(desk, "/documents/new"), ".effect a")
    assert "只看《示例新办法》说的和说它的" in text(page(desk, address), ".browse-head")
    assert "/relations?record=old" in links(page(desk, f"/documents/old?{AS_OF}"), ".reasons a")
    assert len(page(desk, "/relations?record=old").select(".item")) == 1
    elsewhere = desk.get("/documents/new", headers={"X-Forwarded-For": "10.0.0.1"}).text
    assert "/relations" not in elsewhere
    assert "（待核对，不计入效力）" in elsewhere


@pytest.mark.parametrize(
    "asks",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.7"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
)
def test_another_machine_decides_nothing_even_with_a_token(
    desk: FlaskClient, library: KnowledgeBase, asks: dict[str, dict[str, str]]
) -> None:
    token = str(page(desk, "/relations").select("input[name=csrf_token]")[0]["value"])
    (asked,) = library.store.proposals.listed("proposed")
    sent = {"csrf_token": token, "id": asked.id, "decision": "accept"}
    assert desk.post("/relations", data=sent, **asks).status_code == 404
    assert library.store.proposals.counts() == {"proposed": 1}
    assert desk.post("/relations", data=sent).status_code == 303


def test_without_the_token_nothing_is_decided(desk: FlaskClient, library: KnowledgeBase) -> None:
    (asked,) = library.store.proposals.listed("proposed")
    assert desk.post("/relations", data={"id": asked.id, "decision": "accept"}).status_code == 400
    assert library.store.proposals.counts() == {"proposed": 1}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"id": "0" * 12, "page": "9" * 5000}, 404),
        ({"id": ""}, 404),
        ({"decision": "delete"}, 400),
        ({"note": "长" * 501}, 400),
    ],
)
def test_what_cannot_be_decided_is_refused(
    desk: FlaskClient, library: KnowledgeBase, sent: dict[str, str], status: int
) -> None:
    assert press(desk, "/relations", "accept", **sent).status_code == status
    assert library.store.proposals.counts() == {"proposed": 1}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/relations?state=open", 400),
        ("/relations?state=contradictions&record=new", 400),
        ("/relations?page=2", 400),
        ("/relations?page=x", 400),
        ("/relations?record=nothing", 404),
        ("/relations?done=nothing", 200),
        ("/relations?state=contradictions", 200),
    ],
)
def test_an_address_is_checked(desk: FlaskClient, address: str, status: int) -> None:
    answer = desk.get(address)
    assert answer.status_code == status
    assert status != 200 or answer.headers["Cache-Control"] == "no-store"


def test_they_come_in_pages_and_deciding_stays_on_the_page(desk: FlaskClient, library: KnowledgeBase) -> None:
    many = tuple(replace(STOPS, target=f"示例旧办法{at}", locator=f"第{at}条") for at in range(A_PAGE))
    put(library.store, "in/many.md", law("many", "示例多条", "第一条　多。", relations=many))
    first, second = page(desk, "/relations"), page(desk, "/relations?page=2")
    assert (len(first.select(".item")), len(second.select(".item"))) == (A_PAGE, 1)
    assert text(first, ".chips [aria-current]") == f"待核对 {A_PAGE + 1}"
    back = press(desk, "/relations?page=2", "reject", page="9" * 5000).headers["Location"]
    assert "page=2" not in back
    assert len(page(desk, back).select(".item")) == A_PAGE
    assert len(page(desk, "/relations?record=many").select(".item")) == A_PAGE


def test_texts_that_say_different_things_are_listed(desk: FlaskClient, library: KnowledgeBase) -> None:
    notice = Relation("repeals", "示例旧办法", "2026-12-01", "第1条", "自2026年12月1日起废止。")
    put(library.store, "in/notice.md", law("notice", "示例通知", "第一条　废止。", relations=(notice,)))
    tree = page(desk, "/relations?state=contradictions")
    told = text(tree, ".item")
    assert "2026年12月1日起废止，见《示例通知》第1条" in told
    assert "2026年8月15日起废止，见《示例新办法》第二条（待核对）" in told
    assert "/relations?record=new" in links(tree, ".item a")
    press(desk, "/relations", "reject")
    assert "没有说法不一的" in text(page(desk, "/relations?state=contradictions"), ".empty")


def test_hostile_words_stay_words(desk: FlaskClient, library: KnowledgeBase) -> None:
    hostile = replace(STOPS, target=HOSTILE, locator=HOSTILE, says=HOSTILE)
    put(library.store, "in/hostile.md", law("hostile", HOSTILE, "第一条　坏。", relations=(hostile,)))
    before = page(desk, "/relations")
    answer = press(desk, "/relations?record=hostile", "accept", note=HOSTILE)
    for tree in (before, page(desk, answer.headers["Location"]), page(desk, "/relations?state=accepted")):
        assert "<script>alert(1)" in one(tree, "main").get_text()
        assert not tree.select("main script, main img")


def test_looking_at_a_text_sets_no_cookie_only_the_form_does(desk: FlaskClient) -> None:
    assert "Set-Cookie" not in desk.get("/documents/new").headers
    assert "Set-Cookie" in desk.get("/relations").headers
