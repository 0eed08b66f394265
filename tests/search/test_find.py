"""Finding: the questions that the obvious Chinese search gets wrong, and everything a page of results says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pipeline.reindex import catch_up
from cpkb.store.store import StoredFile
from tests.search.library import RECORDS, Library, build, technique

QUESTIONS = [
    # the table of what usually goes wrong (docs/decisions)
    ("铬", {"chrome-waste", "chrome-six"}),
    ("水", {"chrome-waste", "sewage", "saving", "cement"}),
    ('"清洁生产"', {"promotion", "wrapped", "audit"}),
    ("“清洁生产”", {"promotion", "wrapped", "audit"}),
    ("「清洁生产」", {"promotion", "wrapped", "audit"}),
    ("Y180M-4", {"m-1"}),
    ("y180m—4", {"m-1"}),
    ("JO2-51-4", {"m-3", "m-4"}),
    ("J02-51-4", {"m-3", "m-4"}),
    ("VOCs", {"vocs-half", "vocs-full"}),
    ("ＶＯＣｓ", {"vocs-half", "vocs-full"}),
    ("二恶英", {"dioxin-1", "dioxin-2"}),
    ("二噁英", {"dioxin-1", "dioxin-2"}),
    ("二噁英 -监测", {"dioxin-1"}),
    ("清洁生产 -审核", {"promotion", "wrapped"}),
    # the query language
    ("铬 －六价", {"chrome-waste"}),
    ("含铬 OR 镍", {"chrome-waste", "nickel"}),
    ("六价铬 | 镍回收", {"chrome-six", "nickel"}),
    ('"废水处理" OR "废水分质"', {"chrome-waste", "sewage"}),
    ("标题:废水", {"chrome-waste", "sewage"}),
    ("标题：废水", {"chrome-waste", "sewage"}),
    ("title:废水 -铬", {"sewage"}),
    ("类别:限制淘汰", {"m-1", "m-2", "m-3", "m-4", "m-5"}),
    ("行业:30", {"cement"}),
    ("行业:非金属矿物制品业", {"cement"}),
    ("工序:电镀", {"chrome-waste", "chrome-six"}),
    ('"厂区要清洁，生产"', {"comma"}),
    ('"清洁生产审核"', {"audit"}),
    # numbers
    ("HJ 1306—2023", {"standard", "citing"}),
    ("hj/t1306-2023", {"standard", "citing"}),
    ("编号:HJ1306-2023", {"standard", "citing"}),
    ('"HJ 1306—2023"', {"standard", "citing"}),
    ("环发[2003]60号", {"citing"}),
    ("环发（2003）60 号", {"citing"}),
    # folding
    ("電鍍通知", {"citing"}),
    ("含鉻廢水", {"chrome-waste"}),
    # nothing
    ("锑", set()),
    ('"产生洁清"', set()),
    ("Y999Z-9", set()),
]


@pytest.mark.parametrize(("question", "records"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_a_question_finds_exactly_these(library: Library, question: str, records: set[str]) -> None:
    assert library.ids(question) == records


def test_a_model_is_not_its_neighbour_even_as_part_of_a_question(library: Library) -> None:
    assert library.first("Y180M-4 电动机 淘汰").record.id == "m-1"


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("Y180M", {"m-1", "m-2"}),
        ("JO2", {"m-3", "m-4", "m-5"}),
        ("J02", {"m-3", "m-4", "m-5"}),
        ("Y180", set()),
        ("JO2-5", set()),
        ("Y180M-", {"m-1", "m-2"}),
    ],
)
def test_a_model_without_its_variants_finds_them_all_but_no_part_of_a_code_does(
    library: Library, question: str, records: set[str]
) -> None:
    assert library.ids(question) == records


def test_a_number_lands_on_its_own_document_first(library: Library) -> None:
    assert library.first("HJ 1306—2023").record.id == "standard"


@pytest.mark.parametrize(
    ("title", "record"),
    [
        ("清洁生产促进法", "promotion"),
        ("《中华人民共和国清洁生产促进法》", "promotion"),
        ("環境保護法", "old"),
        ("含铬废水处理", "chrome-waste"),
    ],
)
def test_a_whole_title_lands_on_its_document_first(library: Library, title: str, record: str) -> None:
    assert library.first(title).record.id == record


def test_an_empty_question_browses_everything(library: Library) -> None:
    assert library.ids("") == {record.id for record in RECORDS}


@pytest.mark.parametrize(
    "question",
    [
        "水" * 10_000,
        "清洁生产" * 2_500,
        "😀",
        "水😀",
        "\x00\x01\x02",
        "水\x00\x1b[31m",
        "，。！？……——",
        '"',
        '""""',
        "“”",
        "-",
        "--",
        "OR",
        "OR OR OR",
        "| |",
        ":",
        "标题:",
        "：：：",
        "(((((",
        "[a-z]+(.*)+$",
        ".*",
        "^(水+)+$",
        "*",
        "水*",
        "水?",
        "水~2",
        "水^9",
        "a AND b NOT c",
        "'; DROP TABLE records; --",
        "' OR '1'='1",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "../../etc/passwd",
        "\u202e水",
        "\ud7ff\ue000\uffff",
        "水\u200b",
        "\n\n\n",
        "1" * 500,
        "a" * 5_000,
        "〔" * 300,
        "编号:",
        "编号:没有数字",
        "http://example.org/水",
    ],
    ids=lambda question: repr(question[:20]),
)
def test_any_text_is_answered_normally(library: Library, question: str) -> None:
    results = library.ask(question)
    assert 0 <= results.total <= len(RECORDS)
    assert len(results.hits) == results.total


@pytest.mark.parametrize("question", ["，。！？", "😀", "\x00", "怎么办", "-", "OR"])
def test_rubbish_finds_nothing_rather_than_everything(library: Library, question: str) -> None:
    assert library.ids(question) == set()


def test_excluding_punctuation_excludes_nothing(library: Library) -> None:
    assert library.ids("铬 -，") == library.ids("铬")


def test_only_an_exclusion_gives_everything_else(library: Library) -> None:
    assert library.ids("-电动机") == {record.id for record in RECORDS if record.collection != "elimination"}


# help when nothing is found


def test_when_nothing_matches_what_partly_does_is_shown_apart(library: Library) -> None:
    results = library.ask("铬 锑 钒")
    assert (results.hits, results.total) == ((), 0)
    assert {hit.record.id for hit in results.nearly} == {"chrome-waste", "chrome-six"}
    assert library.ask("锑 钒").nearly == ()
    assert library.ask("铬").nearly == ()


def test_lay_words_are_searched_beside_and_shown_and_can_be_switched_off(library: Library) -> None:
    asked = library.ask("水银")
    assert [hit.record.id for hit in asked.hits] == ["mercury"]
    assert asked.also_searched == (("水银", ("汞",)),)
    plain = library.ask("水银", synonyms="off")
    assert (plain.hits, plain.also_searched) == ((), ())


def test_what_matched_is_marked_in_the_title_in_its_own_spelling(library: Library) -> None:
    assert library.first("含鉻").title.parts == (("含铬", True), ("废水处理", False))


# facets, filters, groups, dates


def counts(library: Library, facet: str, q: str = "", **args: str | list[str]) -> dict[str, int]:
    found = {result.name: result for result in library.ask(q, **args).facets}
    return {count.value: count.count for count in found[facet].counts} if facet in found else {}


@pytest.mark.parametrize("question", ["", "铬", "水", "清洁生产", "保护环境", "-电动机"])
@pytest.mark.parametrize("facet", ["collection", "industry", "validity", "year"])
def test_a_count_is_what_choosing_the_value_gives(library: Library, question: str, facet: str) -> None:
    for value, number in counts(library, facet, question).items():
        assert library.ask(question, **{facet: value}).total == number, value


def test_values_of_one_facet_are_alternatives_and_facets_must_all_hold(library: Library) -> None:
    assert library.ids("", industry=["17", "30"]) == {"sewage", "saving", "cement"}
    assert library.ids("", industry=["17", "33"], process="电镀") == {"chrome-waste", "chrome-six"}
    assert library.ids("", industry="33", collection="policy") == set()


def test_codes_and_labels_of_a_facet_are_both_understood(library: Library) -> None:
    assert library.ids("", collection="技术") == library.ids("", collection="technology") != set()
    assert library.ids("", industry="33") == library.ids("", industry="金属制品业") != set()
    assert library.ids("", validity="草案") == library.ids("", validity="draft") == {"draft"}


def test_facets_are_shown_with_labels_and_what_was_chosen_is_marked(library: Library) -> None:
    facets = {facet.name: facet for facet in library.ask("铬", industry="33").facets}
    assert facets["industry"].label == "行业"
    assert [(c.label, c.count, c.chosen) for c in facets["industry"].counts] == [("金属制品业", 2, True)]
    assert [(c.value, c.label) for c in facets["collection"].counts] == [("technology", "技术")]


def test_a_collection_adds_its_own_facets(library: Library) -> None:
    assert "process" not in {facet.name for facet in library.ask("铬").facets}
    facets = {facet.name: facet for facet in library.ask("", collection="elimination").facets}
    assert facets["kind"].label == "对象"
    assert [(c.label, c.count) for c in facets["kind"].counts] == [("设备", 5)]


def test_most_frequent_values_come_first(library: Library) -> None:
    numbers = list(counts(library, "industry").values())
    assert numbers == sorted(numbers, reverse=True)


def test_clauses_are_grouped_under_their_document(library: Library) -> None:
    (hit,) = [hit for hit in library.ask("保护 环境").hits if hit.record.id == "old"]
    assert (hit.passage.locator, [more.passage.locator for more in hit.more]) in (
        ("第1条", ["第2条"]),
        ("第2条", ["第1条"]),
    )
    assert hit.address == f"/documents/old#{hit.passage.locator}"
    assert {place for place in library.passages("保护 环境") if place[0] == "old"} == {
        ("old", "第1条"),
        ("old", "第2条"),
    }


def test_a_record_is_shown_without_its_title_twice(library: Library) -> None:
    hit = library.first("镍回收")
    assert hit.snippet.text.startswith("要点：离子交换")
    assert hit.title.text == "镍回收"
    assert hit.address == "/records/technology/nickel"


def labels(library: Library, day: str) -> dict[str, str]:
    return {hit.record.id: hit.validity.label for hit in library.ask("保护和改善环境", as_of=day).hits}


def test_every_text_is_labelled_as_of_the_day_and_none_is_hidden(library: Library) -> None:
    assert labels(library, "2026-08-14") == {
        "old": "现行", "code": "尚未施行", "draft": "草案", "undated": "效力不明",
    }  # fmt: skip
    assert labels(library, "2026年8月15日") == {
        "old": "已废止", "code": "现行", "draft": "草案", "undated": "效力不明",
    }  # fmt: skip


@pytest.mark.parametrize(("day", "record"), [("2026-08-14", "old"), ("2026-08-15", "code")])
def test_filtering_by_validity_follows_the_day(library: Library, day: str, record: str) -> None:
    assert library.ids("保护和改善环境", validity="in_force", as_of=day) == {record}


def test_a_repealed_text_says_by_what_it_was_repealed(library: Library) -> None:
    (hit,) = library.ask("保护和改善环境", validity="repealed", as_of="2026-11-01").hits
    assert ("2026年8月15日起废止，见《生态环境法典》第1条", "/documents/code#第1条") in [
        (reason.says, reason.address) for reason in hit.validity.reasons
    ]


def test_validity_is_no_matter_of_techniques_and_rows(library: Library) -> None:
    assert {hit.validity.label for hit in library.ask("", collection=["technology", "elimination"]).hits} == {""}


def test_newest_first(library: Library) -> None:
    found = [hit.record.id for hit in library.ask("", collection="policy", sort="newest").hits]
    assert found[:3] == ["code", "standard", "wrapped"]
    assert set(found[-2:]) == {"draft", "undated"}


def test_pages_add_up_to_the_whole(library: Library) -> None:
    whole = [hit.record.id for hit in library.ask("").hits]
    paged = [hit.record.id for page in "12345" for hit in library.ask("", page=page, limit="6").hits]
    assert paged == whole


# the index behind the store


def test_what_left_the_store_is_left_out_until_the_index_has_caught_up(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = build(tmp_path_factory.mktemp("behind"))
    library.store.remove_file("samples/all.md")
    assert library.ask("铬").hits == ()
    assert catch_up(library.store, library.engine, library.analyzer) == 0
    assert library.ask("铬").total == 0
    assert library.engine.status().passages == 0
    library.engine.close()
    library.store.close()


def test_another_name_counts_as_the_title_does(tmp_path: Path) -> None:
    library = build(tmp_path, (*RECORDS, technique("rto", "蓄热燃烧", "高温氧化。", aliases=("蓄热焚烧炉", "RTO"))))
    assert library.ids("标题:蓄热焚烧炉") == {"rto"}


def test_shipped_samples_are_found_until_there_is_something_real(tmp_path: Path) -> None:
    library = build(tmp_path)

    def ship(record_id: str, authority: str) -> None:
        source = Source("专家库", file=f"{record_id}.toml", authority=authority, origin="shipped")
        record = Record(record_id, "expert", "陶瓷专家", {"fields": ("陶瓷",), "verified_on": "2026-01-01"}, (source,))
        library.store.put_file(StoredFile(source.file, "0", 1, "test", "shipped"), [record])
        catch_up(library.store, library.engine, library.analyzer)

    ship("made-up", "sample")
    assert library.ids("陶瓷专家") == {"made-up"}
    ship("real", "own_summary")
    assert library.ids("陶瓷专家") == library.ids(collection="expert") == {"real"}
