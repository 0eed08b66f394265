"""Taking an answer along: the memo of the very question, day and choices; a citation to copy; an address that lasts."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from docx import Document
from flask.testing import FlaskClient

from tests.pages.look import links, one, page, text
from tests.site import HOSTILE

QUESTION = "示例 镀铬漂洗水应当回用"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"docx": DOCX, "pdf": "application/pdf"}


def text_of(ending: str, written: bytes) -> str:
    """All text of a memo without spaces and breaks."""
    told = _docx_text(Document(io.BytesIO(written))) if ending == "docx" else _pdf_text(written)
    return "".join(c for c in told if not c.isspace() and c != "\ufffe")


def _docx_text(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _pdf_text(written: bytes) -> str:
    with pypdfium2.PdfDocument(written) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("ending", TYPES)
def test_a_memo_is_a_download_of_its_type_named_after_the_day(client: FlaskClient, ending: str) -> None:
    answer = client.get(f"/ask.{ending}?q={QUESTION}&as_of=2026-06-01")
    assert answer.status_code == 200
    assert answer.mimetype == TYPES[ending]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cpkb-memo-2026-06-01.{ending}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ending", TYPES)
def test_a_memo_names_every_citation_of_the_answer(client: FlaskClient, ending: str) -> None:
    asked = f"q={QUESTION}&as_of=2026-11-22&intent=duty"
    told = text_of(ending, client.get(f"/ask.{ending}?{asked}").data)
    shape = client.get(f"/api/v1/ask?{asked}").json
    assert shape is not None
    items = [item for section in shape["sections"] for item in section["items"]]
    assert len(items) >= 3
    for item in items:
        cited = item["citation"]
        assert "".join(f"《{cited['document']}》{cited['number']}{cited['locator']}".split()) in told
    assert "第二条镀铬漂洗水应当回用。" in told
    assert "2026年11月22日现行" in told


@pytest.mark.parametrize("ending", TYPES)
def test_the_day_and_the_choices_are_those_of_the_page(client: FlaskClient, ending: str) -> None:
    told = text_of(ending, client.get(f"/ask.{ending}?q={QUESTION}&as_of=2026-01-01&industry=17").data)
    assert "效力按2026年1月1日" in told
    assert "行业：纺织业" in told


@pytest.mark.parametrize("ending", TYPES)
def test_a_question_without_answer_gives_a_memo_that_says_so(client: FlaskClient, ending: str) -> None:
    told = text_of(ending, client.get(f"/ask.{ending}?q=石墨烯生产 废酸回收").data)
    assert "本库没有答得上这个问题的内容" in told


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize("question", [HOSTILE, "怎么" * 1500, "\x00\u202e漂洗\U0002ffff"])
def test_a_hostile_question_is_text_of_a_bounded_file(client: FlaskClient, ending: str, question: str) -> None:
    answer = client.get(f"/ask.{ending}?q={quote(question)}")
    assert answer.status_code == 200
    assert len(answer.data) < 2_000_000
    assert text_of(ending, answer.data)


@pytest.mark.parametrize("ending", TYPES)
def test_nothing_asked_is_told_with_what_would_be_right(client: FlaskClient, ending: str) -> None:
    answer = client.get(f"/ask.{ending}")
    assert answer.status_code == 400
    assert "先提一个问题" in answer.text


def test_the_page_links_to_the_memos_of_this_very_answer(client: FlaskClient) -> None:
    tree = page(client, f"/ask?q={QUESTION}&as_of=2026-06-01&industry=17")
    asked = f"?q={QUESTION}&as_of=2026-06-01&industry=17"
    assert {f"/ask.docx{asked}", f"/ask.pdf{asked}"} <= set(links(tree, ".take-along a"))


def test_the_address_to_share_holds_the_day_even_if_it_was_today(client: FlaskClient) -> None:
    field = one(page(client, f"/ask?q={QUESTION}"), "#ask-address")
    address = str(field["value"])
    assert address.startswith("http://localhost/ask?q=%E7%A4%BA%E4%BE%8B")
    assert "&as_of=20" in address
    assert page(client, address.removeprefix("http://localhost")).select(".dated-note")


def test_a_citation_to_copy_is_text_that_needs_no_script(client: FlaskClient) -> None:
    cited = page(client, f"/ask?q={QUESTION}&intent=duty").select(".cite p")
    assert any(
        one.get_text().startswith("“第二条　镀铬漂洗水应当回用。")
        and "——《示例清洁生产条例》示例令第1号 第二条（" in one.get_text()
        and "/documents/sample-law#第二条" in one.get_text()
        for one in cited
    )


def test_a_citation_to_copy_tells_of_which_day_its_validity_is(client: FlaskClient) -> None:
    def states(day: str) -> str:
        asked = f"/ask?q={QUESTION}&intent=duty{day}"
        return next(p.get_text() for p in page(client, asked).select(".cite p") if "示例令第1号 第二条" in p.get_text())

    assert "第二条（现行；" in states("")
    assert "第二条（2025-12-31 尚未施行；" in states("&as_of=2025-12-31")


def test_a_whole_quotation_has_its_decisive_words_marked(client: FlaskClient) -> None:
    tree = page(client, f"/ask?q={QUESTION}&intent=duty")
    assert tree.select(".quoted mark")


def test_the_page_lists_its_sources_and_says_what_is_possible_today(client: FlaskClient) -> None:
    tree = page(client, f"/ask?q={QUESTION}&intent=duty")
    assert any("《示例清洁生产条例》示例令第1号" in entry.get_text() for entry in tree.select(".sources li"))
    assert "还没有开通" in text(tree, ".onward p:first-of-type")


def test_a_long_question_is_seen_to_be_cut(client: FlaskClient) -> None:
    shown = text(page(client, f"/ask?q={'怎么' * 1500}"), "#ask-q")
    assert len(shown) == 500
    assert shown.endswith("…")


def test_robots_do_not_read_memos(client: FlaskClient) -> None:
    assert "Disallow: /ask.pdf" in client.get("/robots.txt").text
