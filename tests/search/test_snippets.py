"""Snippets: what is marked, what is not, and which piece of a long text is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.analyzer import Analyzer
from cpkb.search.questions import Questions
from cpkb.search.request import field_names
from cpkb.search.snippets import LENGTH, marked_terms, snippet
from cpkb.search.text import parse_text
from tests.analysis.shipped import shipped_analyzer
from tests.search.library import Library


@pytest.mark.parametrize(
    ("question", "text", "pieces"),
    [
        ("铬", "含铬废水与六价铬", ["铬", "铬"]),
        ("含铬废水", "处理含铬废水时", ["含铬废水"]),
        ("VOCs", "ＶＯＣｓ治理", ["ＶＯＣｓ"]),
        ("二恶英", "控制二噁英排放", ["二噁英"]),
        ("電鍍", "电镀车间", ["电镀"]),
        ("电镀", "電鍍車間", ["電鍍"]),
        ('"清洁生产"', "推行清洁\n生产。", ["清洁\n生产"]),
        ('"清洁生产"', "清洁，生产", []),
        ("KOD", "KODCr 与 KOD", ["KOD"]),
        ("COD", "CODCr 与 COD", ["CODCr", "COD"]),
        ("r", "采用 RTO 与 r 值", ["r"]),
        ("Y180M-4", "Y180M-4、Y180M-2", ["Y180M-4"]),
        ("HJ 1306—2023", "按 HJ 1306-2023 执行", ["1306-2023"]),
        ("清洁生产 -审核", "清洁生产审核", ["清洁生产"]),
        ("m³", "每 m³ 废水", ["m³"]),
        ("锑", "含铬废水", []),
    ],
)
def test_marks_stand_on_the_original_characters(library: Library, question: str, text: str, pieces: list[str]) -> None:
    node = parse_text(question, field_names())
    terms = marked_terms(node, Questions(library.analyzer, library.engine))
    shown = snippet(text, terms, library.analyzer)
    assert [piece for piece, is_match in shown.parts if is_match] == pieces
    assert shown.text == text


def test_markup_is_left_as_it_is_for_the_template_to_escape(analyzer: Analyzer) -> None:
    shown = snippet("<b>铬</b> & <script>", ("铬",), analyzer)
    assert shown.parts == (("<b>", False), ("铬", True), ("</b> & <script>", False))


def test_overlapping_terms_become_one_mark(analyzer: Analyzer) -> None:
    shown = snippet("含铬废水", ("含铬", "铬废", "含铬废水"), analyzer)
    assert shown.parts == (("含铬废水", True),)


def test_neighbouring_terms_keep_their_own_marks(analyzer: Analyzer) -> None:
    shown = snippet("含铬废水", ("含铬", "废水"), analyzer)
    assert shown.parts == (("含铬", True), ("废水", True))


FILLER = "本条与所问无关。" * 60


def test_a_long_text_is_shown_where_it_matches(analyzer: Analyzer) -> None:
    shown = snippet(f"{FILLER}六价铬应单独处理。{FILLER}", ("六价铬",), analyzer)
    assert ("六价铬", True) in shown.parts
    assert shown.parts[0] == shown.parts[-1] == ("…", False)
    assert len(shown.text) <= LENGTH + 2
    assert shown.text.strip("…").startswith(("六价铬", "本条")), "the piece begins where a sentence does"
    assert shown.text.strip("…").endswith("。")


def test_the_piece_with_the_most_different_terms_is_shown(analyzer: Analyzer) -> None:
    text = f"铬。铬。铬。{FILLER}铬和镍都要回收。{FILLER}"
    shown = snippet(text, ("铬", "镍"), analyzer)
    assert [piece for piece, is_match in shown.parts if is_match] == ["铬", "镍"]


def test_a_long_text_without_a_match_is_shown_from_its_beginning(analyzer: Analyzer) -> None:
    shown = snippet(FILLER, ("锑",), analyzer)
    assert shown.text.startswith("本条")
    assert len(shown.text) <= LENGTH + 1


def test_an_empty_text_has_an_empty_snippet(analyzer: Analyzer) -> None:
    assert snippet("", ("铬",), analyzer).text == ""


@given(
    st.text(alphabet="含铬废水VOCs電鍍ＲＴＯ10³ \n。，", max_size=400),
    st.lists(st.sampled_from(["铬", "废水", "vocs", "电镀", "rto", "10^3"]), max_size=3),
)
def test_a_snippet_is_always_a_piece_of_the_text(text: str, terms: list[str]) -> None:
    shown = snippet(text, terms, shipped_analyzer())
    pieces = [piece for piece, _ in shown.parts]
    inner = pieces[1:] if pieces[:1] == ["…"] else pieces
    inner = inner[:-1] if inner[-1:] == ["…"] else inner
    assert "".join(inner) in text
    assert all(pieces), "no empty pieces"
    assert len(shown.text) <= LENGTH + 2
    if not shown.text.endswith("…") and not shown.text.startswith("…"):
        assert shown.text == text
