"""The analyzer: the same words in, the same terms out, for documents and for questions."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.cutter import STOP_WORDS, read_variants
from tests.analysis.shipped import LEXICON, shipped_analyzer

TEXTS = st.text(alphabet="清洁生产审核含铬废水电镀的和VOCsY180M-4二噁英10³ \n，。〔2003〕60号", max_size=40)


def grams(analyzer: Analyzer, text: str) -> set[str]:
    return {gram for gram, _ in analyzer.terms(text).grams}


@pytest.mark.parametrize("text", ["含铬废水", "六价铬", "三价铬", "含铬污泥", "铬渣"])
def test_a_character_is_a_term_inside_every_longer_word(analyzer: Analyzer, text: str) -> None:
    assert "铬" in grams(analyzer, text)


def test_words_come_with_the_words_inside_them(analyzer: Analyzer) -> None:
    assert {"清洁生产", "清洁", "生产"} <= set(analyzer.terms("推行清洁生产").words)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("含铬废水", {"含铬", "废水"}),
        ("逆流漂洗", {"逆流", "漂洗"}),
        ("挥发性有机物", {"挥发性", "有机", "有机物"}),
        ("蓄热式热力焚化炉", {"蓄热", "热力", "焚化", "焚化炉"}),
        ("危险废物转移联单", {"危险废物", "转移联单"}),
        ("强制性清洁生产审核", {"清洁生产", "清洁生产审核", "审核"}),
        ("污水集中处理设施", {"污水", "集中处理", "污水集中处理", "设施"}),
        ("湿式电除尘器", {"湿式电除尘", "电除尘", "电除尘器", "除尘器"}),
    ],
)
def test_a_long_word_hides_none_of_its_parts(analyzer: Analyzer, text: str, parts: set[str]) -> None:
    assert parts <= set(analyzer.terms(text).words)


@pytest.mark.parametrize(
    "word",
    ["六价铬", "清洁生产", "含铬废水", "二恶英", "氧脱木素", "电石乙炔法", "非甲烷总烃", "双碱法", "裙脚", "未批先建"],
)
def test_the_domain_dictionary_keeps_its_words_whole(analyzer: Analyzer, word: str) -> None:
    assert word in analyzer.terms(f"采用{word}处理").words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("执行大气污染防治法律", {"大气污染防治", "法律"}),  # not …防治法 and a stray 律
        ("水污染物排放总量", {"水污染物", "排放", "总量"}),
        ("亚硫酸盐法制浆", {"亚硫酸盐法", "制浆"}),
        ("冷却水重复利用率", {"冷却水", "重复利用率"}),
        ("地下水环境质量", {"地下水", "环境质量"}),
        ("伴生放射性矿产资源", {"资源"}),
        ("主体功能区划", {"主体功能区划"}),
        ("所有组织", {"所有", "组织"}),
        ("过程中和使用后", {"过程", "使用"}),
        ("不超过滤料", {"超过", "滤料"}),
        ("满足当地面源污染控制要求", {"当地", "面源污染"}),
    ],
)
def test_words_of_the_dictionary_break_no_neighbours(analyzer: Analyzer, text: str, words: set[str]) -> None:
    assert words <= set(analyzer.terms(text).words)


def test_stop_words_are_left_out_of_words_only(analyzer: Analyzer) -> None:
    cut = analyzer.terms("电镀的废水")
    assert not STOP_WORDS & set(cut.words)
    assert ("的", 2) in cut.grams


def test_a_wrapped_line_leaves_no_trace(analyzer: Analyzer) -> None:
    assert analyzer.terms("清洁\n生产") == analyzer.terms("清洁生产")


def test_pairs_never_reach_across_punctuation(analyzer: Analyzer) -> None:
    assert "洁生" in grams(analyzer, "清洁生产")
    assert "洁生" not in grams(analyzer, "清洁，生产")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("清洁生产", (("清洁", 0), ("洁生", 1), ("生产", 2))),
        ("清洁\n生产", (("清洁", 0), ("洁生", 1), ("生产", 2))),
        ("清洁，生产", (("清洁", 0), ("生产", 3))),
        ("清", (("清", 0),)),
        ("，清洁", (("清洁", 0),)),
        ("RTO", (("rto", 0),)),
        ("两室RTO", (("两室", 0), ("rto", 2))),
        ("RTO法", (("rto", 0), ("法", 1))),
        ("水、气", (("水", 0), ("气", 2))),
        ("Y180M-4", (("y180m-4", 0),)),
        ("二噁英", (("二恶", 0), ("恶英", 1))),
        ("", ()),
        ("，。", ()),
    ],
)
def test_a_phrase_is_the_fewest_grams_that_cover_it(
    analyzer: Analyzer, text: str, pairs: tuple[tuple[str, int], ...]
) -> None:
    assert analyzer.phrase(text) == pairs


@given(TEXTS, TEXTS, TEXTS)
def test_a_phrase_is_found_in_every_text_that_contains_it(before: str, phrase: str, after: str) -> None:
    analyzer = shipped_analyzer()
    # Latin runs and superscripts grow together with their neighbours, so the phrase stands between full stops.
    cut = analyzer.terms(f"{before}。{phrase}。{after}")
    held = set(cut.grams)
    pairs = analyzer.phrase(phrase)
    assert not pairs or any(all((g, start + offset) in held for g, offset in pairs) for _, start in held)


@given(TEXTS)
def test_every_pair_that_is_asked_for_stands_in_the_text_itself(text: str) -> None:
    analyzer = shipped_analyzer()
    asked, indexed = analyzer.ask(text), analyzer.terms(text)
    assert set(asked.grams) <= {gram for gram, _ in indexed.grams}
    assert {key for keys in asked.codes for key in keys} <= set(indexed.codes)


@pytest.mark.parametrize("text", ["清洁生产审核", "电镀废水处理", "ＶＯＣｓ去除效率", "電鍍廢水"])
def test_a_plain_question_is_cut_into_the_words_of_the_text(analyzer: Analyzer, text: str) -> None:
    assert set(analyzer.ask(text).words) == set(analyzer.terms(text).words)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("电镀废水", ("电镀", "镀废", "废水")),
        ("电镀 废水", ("电镀", "废水")),
        ("水", ("水",)),
        ("水 气", ("水", "气")),
        ("VOCs 治理", ("vocs", "治理")),
    ],
)
def test_a_space_in_a_question_separates(analyzer: Analyzer, question: str, wanted: tuple[str, ...]) -> None:
    assert analyzer.ask(question).grams == wanted


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("电镀废水怎么办", "电镀废水"),
        ("有没有办法减少含铬废水", "减少含铬废水"),
        ("可不可以用RTO", "用RTO"),
        ("能不能", ""),
        ("怎麼辦", ""),
    ],
)
def test_phrases_that_only_ask_leave_no_terms(analyzer: Analyzer, question: str, words: str) -> None:
    assert replace(analyzer.ask(question), meant="") == replace(analyzer.ask(words), meant="")
    assert analyzer.ask(question).meant == analyzer.fold(question).text, "what is meant is read whole"


def test_phrases_that_only_ask_stay_in_documents_and_in_quotes(analyzer: Analyzer) -> None:
    assert "怎么" in grams(analyzer, "怎么办")
    assert analyzer.phrase("怎么办") == (("怎么", 0), ("么办", 1))


@pytest.mark.parametrize("text", ["HJ 1306—2023", "环发〔2003〕60号", "Y180M-4", "900-041-49"])
def test_a_number_in_a_question_is_asked_whole_and_leaves_no_parts(analyzer: Analyzer, text: str) -> None:
    asked = analyzer.ask(text)
    assert (asked.words, asked.grams) == ((), ())
    assert len(asked.codes) == 1


def test_words_beside_a_number_are_asked_too(analyzer: Analyzer) -> None:
    asked = analyzer.ask("Y180M-4 淘汰")
    assert (asked.words, asked.codes) == (("淘汰",), (("y180m-4", "y180m4"),))


def test_the_fingerprint_names_the_dictionary_and_the_variants(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LEXICON, tmp_path / "index"))
    shipped = shipped_analyzer().fingerprint
    assert Analyzer(folder, tmp_path / "cache").fingerprint == shipped
    with (folder / "lexicon.txt").open("a", encoding="utf-8") as file:
        file.write("逆流漂洗槽 3\n")
    other_words = Analyzer(folder, tmp_path / "cache").fingerprint
    with (folder / "variants.tsv").open("a", encoding="utf-8") as file:
        file.write("镀 鍍\t试\n")
    other_variants = Analyzer(folder, tmp_path / "cache").fingerprint
    assert len({shipped, other_words, other_variants}) == 3


def test_variants_are_read_a_group_a_line(tmp_path: Path) -> None:
    file = tmp_path / "variants.tsv"
    file.write_text("# 说明\n\n恶 噁\t二噁英\n账 帐 賬\n", encoding="utf-8")
    assert read_variants(file) == {"噁": "恶", "帐": "账", "賬": "账"}


def test_the_shipped_dictionary_is_made_of_folded_words_that_stand_once_and_are_kept_whole() -> None:
    lines = [line for line in (LEXICON / "lexicon.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    words = [line.split()[0] for line in lines if line]
    assert len(words) == len(set(words))
    assert [word for word in words if word not in shipped_analyzer().terms(word).words] == []
    unfolded = [word for word in words if shipped_analyzer().fold(word).text != word]
    assert unfolded == [], "a text is folded before it is cut, so these words are never found"
