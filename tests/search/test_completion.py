"""Completion: what is offered while something is typed, and what is suggested when nothing was found."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.spelling import is_slip
from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pipeline.reindex import catch_up
from cpkb.search.completion import MOST, Completer, Completion, Completions
from cpkb.search.names import Name, names
from cpkb.search.prefixes import Prefixes
from cpkb.search.request import parse_request
from cpkb.search.suggestions import Suggester
from cpkb.store.store import StoredFile
from tests.search.library import RECORDS, Library, build, motor, technique, text

MORE = (
    text("named", "HJ 1306—2023 电镀污染防治可行技术指南", "本标准适用于电镀。", issued="2023-07-01"),
    text("law", "中华人民共和国清洁生产促进法", "国家鼓励和促进清洁生产。", effective="2003-01-01"),
    text("ended", "清洁生产促进法实施办法", "旧的办法。", issued="2005-01-01", repealed="2010-01-01"),
    text("old-rule", "畜禽养殖业污染防治技术规范", "要点。", number="HJ/T 81—2001", issued="2001-12-19"),
    Record("waste", "hazardous_waste", "336-054-17 使用镍和电镀化学品进行镀镍产生的废槽液", {"code": "336-054-17"}),
    motor("m-6", "3W-0.9/7"),
    technique("audit-way", "审核方案", "清洁生产审核。镀铬产生含铬废水、六价铬。电镀废水的回用。"),
)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return build(tmp_path_factory.mktemp("stocked"), RECORDS + MORE)


@pytest.fixture(scope="session")
def completer(stocked: Library) -> Completer:
    completer = Completer(stocked.store, stocked.engine, stocked.analyzer)
    completer.read()
    return completer


def texts(found: tuple[Completion, ...]) -> list[str]:
    return [name.text for name in found]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        # the beginning of a title, of a word inside it, and what people leave out before it
        ("电镀可", "电镀可行技术指南"),
        ("可行", "电镀可行技术指南"),
        ("电镀污染", "HJ 1306—2023 电镀污染防治可行技术指南"),
        ("清洁生产促", "中华人民共和国清洁生产促进法"),
        ("中华人民共和国清", "中华人民共和国清洁生产促进法"),
        ("使用镍", "336-054-17 使用镍和电镀化学品进行镀镍产生的废槽液"),
        # folding
        ("電鍍可行", "电镀可行技术指南"),
        ("ＶＯＣｓ收", "VOCs 收集"),
        ("vocs收", "VOCs 收集"),
        ("二噁英监", "二恶英监测"),
        # numbers in any spacing and brackets
        ("hj13", "HJ 1306—2023"),
        ("HJ 13", "HJ 1306—2023"),
        ("HJ1306-2", "HJ 1306—2023"),
        ("1306", "HJ 1306—2023"),
        ("hj81", "HJ/T 81—2001"),
        ("hj/t 81", "HJ/T 81—2001"),
        ("环发〔2003", "环发〔2003〕60号"),
        ("环发[2003]6", "环发〔2003〕60号"),
        ("环发 2003", "环发〔2003〕60号"),
        ("336-0", "336-054-17"),
        ("336054", "336-054-17"),
        ("y180m", "Y180M-4"),
        ("3w-0.9", "3W-0.9/7"),
        # terms of the field, and lay words
        ("含铬废", "含铬废水"),
        ("镀铬水", "镀铬水"),
        # pinyin: in full, begun, by initials, mixed, as plants say it
        ("diandu", "电镀可行技术指南"),
        ("diandukexing", "电镀可行技术指南"),
        ("diand", "电镀可行技术指南"),
        ("ddkx", "电镀可行技术指南"),
        ("dianduk", "电镀可行技术指南"),
        ("ddkexing", "电镀可行技术指南"),
        ("dkx", None),
        ("kexingjishu", "电镀可行技术指南"),
        ("liujiage", "六价铬还原"),
        ("liujialuo", "六价铬还原"),
        ("ljg", "六价铬还原"),
        ("zhongshuihuiyong", None),
        # the last word of several
        ("漂洗 含铬废", "漂洗 含铬废水"),
        ("漂洗  feis", "漂洗  废水"),
        ("淘汰 y180m", "淘汰 Y180M-4"),
    ],
)
def test_what_is_typed_is_completed(completer: Completer, typed: str, completed: str | None) -> None:
    found = texts(completer.complete(typed))
    assert completed in found if completed else found == []


def test_the_initials_of_two_characters_complete_a_word(completer: Completer) -> None:
    assert {"电镀", "电动机"} <= set(texts(completer.complete("dd")))


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "h", "，", "的呢", "殿堵", "店镀", "惦度",  # never what Chinese input sounds like
        '"电镀', "“电镀", "标题:电", "标题：电", "漂洗 -电", "-电", "漂洗 OR 电", "漂洗 | 电",  # nor the search syntax
        "qqqq", "v", "电镀" * 50, "diandu" * 16, "\n", "\x00\x00", "😀",
    ],
)  # fmt: skip
def test_nothing_is_offered_rather_than_something_silly(completer: Completer, typed: str) -> None:
    assert completer.complete(typed) == ()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hj1306", Completion("HJ 1306—2023", "number", "电镀可行技术指南")),
        ("电镀可行", Completion("电镀可行技术指南", "title", "HJ 1306—2023")),
        ("336-054", Completion("336-054-17", "number", "使用镍和电镀化学品进行镀镍产生的废槽液")),
        ("清洁生产促进法实", Completion("清洁生产促进法实施办法", "title", "已废止")),
        ("镀铬水", Completion("镀铬水", "term", "→ 含铬废水")),
        ("生态环境法典（草", Completion("生态环境法典（草案）", "title", "草案")),
    ],
)
def test_a_completion_says_what_it_is(completer: Completer, typed: str, first: Completion) -> None:
    assert completer.complete(typed)[0] == first


def test_what_holds_comes_before_what_ended_and_shorter_before_longer(completer: Completer) -> None:
    titles = [name.text for name in completer.complete("清洁生产") if name.kind == "title"]
    assert titles == ["清洁生产促进法", "清洁生产审核办法", "中华人民共和国清洁生产促进法", "清洁生产促进法实施办法"]


def test_titles_that_begin_as_typed_come_before_those_with_it_inside(completer: Completer) -> None:
    titles = [name.text for name in completer.complete("废水") if name.kind == "title"]
    assert titles == ["废水分质收集", "含铬废水处理"]


def test_titles_and_numbers_keep_half_of_the_room(completer: Completer) -> None:
    found = completer.complete("电", 4)
    assert len(found) == 4
    assert {name.kind for name in found} == {"term", "title"}


def test_at_most_as_many_as_asked_for_and_always_the_same(completer: Completer) -> None:
    assert len(completer.complete("水")) <= MOST
    assert len(completer.complete("水", 3)) == 3
    assert completer.complete("dd") == completer.complete("dd")


def test_words_that_no_text_holds_are_not_offered(completer: Completer) -> None:
    assert texts(completer.complete("丝光")) == []


def test_what_was_typed_whole_is_offered_only_with_something_to_say(completer: Completer) -> None:
    assert "含铬废水" not in texts(completer.complete("含铬废水"))
    assert "HJ 1306—2023" in texts(completer.complete("HJ 1306—2023"))


def kept(*titles: str, analyzer: Analyzer) -> Completions:
    return Completions((Name(title, "title") for title in titles), analyzer)


@given(
    st.lists(st.text("电镀水铬ab1", min_size=1, max_size=6), min_size=1, max_size=12),
    st.text("电镀水铬ab1", max_size=3),
)
def test_written_prefixes_are_exactly_those_at_which_a_word_begins(
    analyzer: Analyzer, titles: list[str], typed: str
) -> None:
    spelt = [analyzer.typed(title) for title in titles]
    prefixes = Prefixes(([one], 0) for one in spelt)
    wanted = {at for at, one in enumerate(spelt) if any(one.key.startswith(typed, start) for start in one.starts)}
    assert {int(rank) % len(titles) for rank in prefixes.written(typed)} == wanted


@given(
    st.lists(st.text("电镀水铬废a1", min_size=1, max_size=5), min_size=1, max_size=10),
    st.text("dianushfegl", min_size=1, max_size=8),
)
def test_letters_spell_exactly_what_they_can_be_cut_into(analyzer: Analyzer, titles: list[str], letters: str) -> None:
    spelt = [analyzer.typed(title) for title in titles]
    prefixes = Prefixes(([one], 0) for one in spelt)
    found = {int(rank) % len(titles) for ranks in prefixes.sounding(letters) for rank in ranks}
    assert found == {
        at for at, one in enumerate(spelt) if any(spells(letters, one.sounds[start:]) for start in one.starts)
    }


def spells(letters: str, sounds: tuple[tuple[str, ...], ...]) -> bool:
    """The rule itself: a character is its whole sound or its initial, and the last may break off."""
    if not letters or not sounds:
        return not letters
    heard = {piece for sound in sounds[0] for piece in (sound, sound[:1], sound[:2] if sound[1:2] == "h" else sound)}
    if any(sound.startswith(letters) for sound in sounds[0]):
        return True
    return any(letters.startswith(piece) and spells(letters[len(piece) :], sounds[1:]) for piece in heard)


def test_an_empty_knowledge_base_completes_nothing(analyzer: Analyzer) -> None:
    assert kept(analyzer=analyzer).complete("电镀", MOST) == ()
    assert kept(analyzer=analyzer).complete("dd", MOST) == ()


def test_new_records_are_completed_and_meanwhile_the_old_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = build(tmp_path)
    completer = Completer(library.store, library.engine, library.analyzer)
    assert completer.complete("镍回") == ()  # nothing is read yet, and nobody waits
    completer.read()
    begun, go_on = threading.Event(), threading.Event()

    def slowly(*given: object) -> list[Name]:
        begun.set()
        assert go_on.wait(60)
        return names(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("cpkb.search.completion.names", slowly)
    completer._looking = 0.0
    new = replace(technique("new", "镍回用新法", "膜分离"), sources=(Source("新", file="samples/new.md"),))
    library.store.put_file(StoredFile("samples/new.md", "1" * 64, 1, "test", "imported"), [new])
    catch_up(library.store, library.engine, library.analyzer)
    assert texts(completer.complete("镍回")) == ["镍回收"]
    assert begun.wait(60)
    assert texts(completer.complete("镍回")) == ["镍回收"]
    go_on.set()
    completer.read()  # waits for the reading that is under way
    assert texts(completer.complete("镍回")) == ["镍回收", "镍回用新法"]


@pytest.mark.parametrize(
    ("typed", "word", "slipped"),
    [
        ("镀电", "电镀", True),
        ("洁清生产", "清洁生产", True),
        ("清浩生产", "清洁生产", True),
        ("清生产", "清洁生产", True),
        ("清洁的生产", "清洁生产", True),
        ("hj1360", "hj1306", True),
        ("电视", "电镀", False),
        ("水泥厂", "水泥窑", False),
        ("水", "水泥", False),
        ("清洁生产", "清洁生产", False),
        ("产生洁清", "清洁生产", False),
        ("", "水", False),
    ],
)
def test_a_slip_is_one_exchange_or_in_longer_words_one_character(typed: str, word: str, *, slipped: bool) -> None:
    assert is_slip(typed, word) is slipped


@pytest.fixture(scope="session")
def suggester(stocked: Library, completer: Completer) -> Suggester:
    return Suggester(completer, stocked.finder, stocked.engine, stocked.analyzer)


@pytest.mark.parametrize(
    ("question", "meant", "absent"),
    [
        ("镀电", ["电镀"], []),
        ("镍收回", ["镍回收"], []),
        ("洁清生产", ["清洁生产"], []),
        ("HJ 1306-2019", ["HJ 1306—2023"], ["HJ 1306-2019"]),
        ("HJ 1360-2023", ["HJ 1306—2023"], ["HJ 1360-2023"]),
        ("HJ 9999-2024", [], ["HJ 9999-2024"]),
        ("环发〔2003〕61号", ["环发〔2003〕60号"], ["环发〔2003〕61号"]),
        ("336-054-18", ["336-054-17"], ["336-054-18"]),
        ("毫无此词可寻", [], []),
        ("xyzxyz", [], []),
        ("漂洗 -镀电", [], []),
        ("", [], []),
    ],
)
def test_what_was_perhaps_meant(suggester: Suggester, question: str, meant: list[str], absent: list[str]) -> None:
    given_ = suggester.help(question, parse_request({"q": [question]}).query)
    assert (texts(given_.meant), list(given_.absent)) == (meant, absent)


def test_the_other_words_of_a_question_are_kept(suggester: Suggester) -> None:
    question = "镍收回 离子交换"
    assert texts(suggester.help(question, parse_request({"q": [question]}).query).meant) == ["镍回收 离子交换"]


def test_what_is_suggested_finds_something_under_the_same_conditions(suggester: Suggester) -> None:
    query = parse_request({"q": ["镍收回"], "collection": ["policy"]}).query
    assert suggester.help("镍收回", query).meant == ()
