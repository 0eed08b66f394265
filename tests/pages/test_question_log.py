"""Counting questions without answer: pages that a person asked for, and never at the cost of the answer."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.settings import Settings

HTMX = {"HX-Request": "true"}


@pytest.fixture
def question() -> str:
    """One that nobody asked before and nothing answers."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex[:12])
    return f"z{letters}"


def asked(client: FlaskClient, question: str, **headers: str) -> int:
    """The status of the whole answer, closed as a server closes it."""
    with client.get("/search", query_string={"q": question}, headers=headers) as answer:
        return answer.status_code


def times(kb: KnowledgeBase, question: str) -> int:
    return sum(found.times for found in kb.store.questions.listed() if found.text == question)


def test_a_page_without_an_answer_is_counted(client: FlaskClient, kb: KnowledgeBase, question: str) -> None:
    assert asked(client, question) == 200
    assert asked(client, question.upper()) == 200
    assert times(kb, question) == 2


@pytest.mark.parametrize("headers", [HTMX, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_half_typed_words_and_pages_loaded_ahead_are_not(
    client: FlaskClient, kb: KnowledgeBase, question: str, headers: dict[str, str]
) -> None:
    assert asked(client, question, **headers) == 200
    assert times(kb, question) == 0


@pytest.mark.parametrize("more", [{"explain": "on"}, {"semantic": "off"}, {"synonyms": "off"}])
def test_the_same_question_explained_or_narrowed_is_not(
    client: FlaskClient, kb: KnowledgeBase, question: str, more: dict[str, str]
) -> None:
    client.get("/search", query_string={"q": question, **more}).close()
    assert times(kb, question) == 0


def test_the_interface_for_programs_is_not_counted(client: FlaskClient, kb: KnowledgeBase, question: str) -> None:
    client.get("/api/v1/search", query_string={"q": question}).close()
    client.head("/search", query_string={"q": question}).close()
    assert times(kb, question) == 0


def test_a_locked_database_does_not_keep_the_answer(client: FlaskClient, kb: KnowledgeBase, question: str) -> None:
    with sqlite3.connect(kb.settings.database) as other:
        other.execute("BEGIN IMMEDIATE")
        assert asked(client, question) == 200
        other.rollback()
    other.close()
    assert times(kb, question) == 0


def test_counting_can_be_switched_off_and_the_site_says_which(
    client: FlaskClient, tmp_path: Path, question: str
) -> None:
    with opened(Settings(home=tmp_path, log_queries=False)) as silent:
        there = create_app(silent).test_client()
        assert asked(there, question) == 200
        assert times(silent, question) == 0
        assert "没搜到的问题会数一数" not in there.get("/about").text
    assert "没搜到的问题会数一数" in client.get("/about").text
