"""What a text says of others: 同时废止, 废止《…》, 代替, 修改, 贯彻, 实施条例; with the sentence that says it.

What stands in a form that has one meaning is a relation; what only points to one is proposed, for a person to check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cpkb.extract.heads import HYPHENS, STANDARD, standard_number
from cpkb.extract.statements import sentences, takes_effect
from cpkb.extract.titles import named
from cpkb.model.dates import DAY, find_date
from cpkb.model.passage import Passage
from cpkb.model.record import Relation

_FROM_ITSELF = r"[，,]?自本.{1,8}之日起"
_ENDED = "(?:废止|作废|失效)"
_REPEALS = re.compile(
    rf"(?:同时|予以|即行|一并|相应){_ENDED}|(?<=》){_ENDED}|{_FROM_ITSELF}(?:即行)?{_ENDED}"
    rf"|自\s*(?P<day>{DAY})\s*(?:起\s*)?(?:同时|即行)?{_ENDED}"
)
_STOPS = re.compile(rf"(?:(?<=》)|{_FROM_ITSELF}|同时|即行)(?:停止执行|停止施行|不再执行|不再适用)")
"""It may also be an order to do without the text for a while, or in one place."""
_LIST_OF_REPEALED = re.compile(r"(?:^|[，。：一二三四五六七八九十]、|[）)]|决定[:：]?|现)\s*(?:决定)?废止(?=《)")
_BETWEEN = 60  # characters between listed titles: who passed each, and when
_NOT_LISTED = re.compile(r"[。；：]|根据|依照|按照|依据|违反|适用|执行|规定|第.{1,6}条")
_AMENDING = ("修正的", "修订的", "修改的")
"""After a title: it is the decision that amended the text named next, and stays."""
_ONLY_MENTIONED = re.compile(r"(?:根据|依照|按照|依据|违反|修改|关于|按)\s*$")
_AMENDS = re.compile(r"^(?:.{0,30})关于(?:废止和|废止、)?修改(.+)的决定$")
_MANY_ARE_AMENDED = re.compile(r"修改(?:和废止)?.*(?:部分|有关|一批|等).*的决定$")
_AMENDS_IN_PARTS = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])\s*(?:修改|将|对|删去|删除)\s*(?=《)"
)
_CARRIES_OUT = re.compile(r"(?:贯彻|实施|落实|执行)")
_NOT_CARRIED_OUT = re.compile(r"(?:调整|暂停|停止|中止|废止|修改)(?:实施|执行)|(?:实施|执行)情况")
_UNDER_A_LAW = re.compile(
    r"(?P<law>[^《》]{2,60}?(?:法|条例|办法|规定))(?:的)?(?:实施|施行)(?:条例|细则|办法|规定|意见)(?:[（(].{1,12}[）)])?$"
)
_SAYS_OF_ITSELF = re.compile(r"本(?:标准|文件|部分|规范|导则|指南|次修订).{0,30}$")
_ENDING = ("废止", "作废", "失效", "停止", "不再")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}[〔\[（【]\d{4}[〕\]）】]\s*(?:第\s*)?\d{1,5}\s*号")
_OWN_NUMBER = re.compile(rf"{_DOCUMENT_NUMBER.pattern}(?![）)]?[〉》]?的)")
"""Not that of what an item passes on: 关于转发…（省示例发〔2009〕9号）的通知（示例发〔2010〕1号）."""
_BEFORE_A_NUMBER = re.compile(r"^(?:.*的)?(?:原有?|以及|和|及|与|即)?")
_REPEALING_TITLE = re.compile(
    r"关于(?:废止|公布废止|宣布废止|宣布失效)(?!.*(?:修改|[和、及]修订|继续有效|现行有效|保留)).*的(?:通知|决定|公告|公布)$"
)
_ITEM = re.compile(
    r"(?:\d{1,3}[.．、]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)\s*(?=《|关于)"
)
_SAID = 120  # characters: what a relation quotes, shown beside it


def relations(title: str, passages: Sequence[Passage], effective: str, replaced: Sequence[str]) -> tuple[Relation, ...]:
    """Every relation the text states, in reading order, each once."""
    found = [Relation("replaces", number, effective, "封面", f"代替 {number}") for number in replaced]
    found += _of_title(title, effective)
    for passage in passages:
        if passage.kind == "table" or passage.locator.endswith("题注"):
            continue
        if any(word in passage.text for word in _ENDING):
            found += _repeals(passage, effective, title)
        if _REPEALING_TITLE.search(title):
            found += _listed(passage, effective)
        if _MANY_ARE_AMENDED.search(title):
            found += _amends(passage, effective)
        if passage.kind == "preface" and passage.locator != "封面" and "代替" in passage.text:
            found += _replaces(passage, effective, {relation.target for relation in found})
    return _once(found)


def _once(found: Sequence[Relation]) -> tuple[Relation, ...]:
    """Each (kind, target, day) once, where it is certain rather than proposed."""
    best: dict[tuple[str, str, str], Relation] = {}
    for relation in found:
        key = (relation.kind, relation.target, relation.on)
        if key not in best or (best[key].is_proposed and not relation.is_proposed):
            best[key] = relation
    return tuple(best.values())


def _of_title(title: str, effective: str) -> list[Relation]:
    if match := _AMENDS.match(title):
        return [Relation("amends", target, effective, says=title) for target, _, _ in named(match[1])]
    if match := _UNDER_A_LAW.fullmatch("".join(title.split())):
        return [Relation("implements", match["law"], says=title)]
    found = []
    for target, start, _ in named(title):
        before = title[max(0, start - 12) : start]
        if _CARRIES_OUT.search(before) and not _NOT_CARRIED_OUT.search(title):
            is_direct = bool(_CARRIES_OUT.search(before[-2:]))
            found.append(Relation("implements", target, says=title, is_proposed=not is_direct))
    return found


def _repeals(passage: Passage, effective: str, title: str) -> list[Relation]:
    found, day = [], ""
    place = passage.locator.partition("（续")[0]
    for sentence in sentences([passage]):
        day = takes_effect(sentence)[1] or day
        for target, on, is_proposed in _repealed(sentence):
            known = _told_apart(target, sentence, title)
            found.append(Relation("repeals", known, on or day or effective, place, sentence[:_SAID], is_proposed))
    return found


def _told_apart(target: str, sentence: str, title: str) -> str:
    """The number of an earlier edition that is called as the text itself, or as what the text publishes."""
    is_namesake = target == title or any(target == name for name, _, _ in named(title))
    return (_number_after(target, sentence) or target) if is_namesake else target


def _number_after(title: str, text: str) -> str:
    """The number of a document in the brackets behind its title (《甲》（示例发〔2019〕2号）); ''."""
    match = re.match(r"\s*[（(](.{4,40}?号)[）)]", text.partition(f"《{title}》")[2])
    return "".join(match[1].split()) if match else ""


def _listed(passage: Passage, effective: str) -> list[Relation]:
    """The items of a notice that ends many texts: 1.《甲》（示例发〔2010〕1号）, or without title marks."""
    found = []
    for line in passage.text.split("\n"):
        if not (match := _ITEM.match(line)):
            continue
        titles, number = named(line), _OWN_NUMBER.search(line)
        is_named = bool(titles) and titles[0][1] == match.end()
        target = titles[0][0] if is_named else number[0] if number else ""
        is_part = is_named and line[titles[0][2] :].startswith(("第", "中"))
        if target and not is_part and "继续" not in line:
            place = passage.locator.partition("（续")[0]
            found.append(Relation("repeals", "".join(target.split()), effective, place, line[:_SAID]))
    return found


def _repealed(sentence: str) -> list[tuple[str, str, bool]]:
    """(title or number, day, whether proposed) of each text a sentence ends, before or after the verb."""
    plain = _without_asides(sentence)
    if match := _REPEALS.search(plain):
        date = find_date(match["day"]) if match["day"] else None
        told = [*_before(plain, match.start()), *_numbers_before(plain, match.start())]
        return [(_called(t, sentence), date.isoformat() if date else "", False) for t in told]
    if match := _LIST_OF_REPEALED.search(plain):
        after = plain[match.end() :]
        # What follows a title after other words (《甲》中有关…的规定) is a part of it only.
        return [
            (_called(t, sentence), "", False) for t, _, end in named(after) if after[end : end + 1] not in ("中", "第")
        ]
    if match := _STOPS.search(plain):
        told = [*_before(plain, match.start()), *_numbers_before(plain, match.start())]
        return [(_called(t, sentence), "", True) for t in told]
    return []


def _numbers_before(plain: str, end: int) -> list[str]:
    """The numbers directly before the verb of texts that are not named: 示例发〔2015〕3号文件同时废止."""
    numbers: list[str] = []
    for match in reversed([*_DOCUMENT_NUMBER.finditer(plain, 0, end)]):
        between = plain[match.end() : end]
        if not re.fullmatch(r"(?:文件?|通知)?[、，,和及与]?(?:文件)?\s*", between):
            break
        numbers.insert(0, _BEFORE_A_NUMBER.sub("", "".join(match[0].split())))
        end = match.start()
    return numbers


def _before(plain: str, end: int) -> list[str]:
    """The titles that stand directly before the verb, however many: 《A》、《B》（国务院令第1号）同时废止."""
    titles: list[str] = []
    for target, start, stop in reversed(named(plain[:end])):
        between = _DOCUMENT_NUMBER.sub("", plain[stop:end])
        if len(between) > _BETWEEN or _NOT_LISTED.search(between) or _ONLY_MENTIONED.search(plain[:start]):
            break
        if not between.startswith(_AMENDING):
            titles.insert(0, target)
        end = start
    return titles


def _called(title: str, sentence: str) -> str:
    """The number of a standard that stands in brackets after its title: the new edition has the same title."""
    after = sentence.partition(f"《{title}》")[2].lstrip()
    inside = after[1:].partition("）")[0].partition(")")[0] if after[:1] in ("（", "(") else ""
    return standard_number(inside) or title


def _without_asides(sentence: str) -> str:
    """The sentence without what is in brackets, but for those inside titles: 《…办法（试行）》 is one name."""
    kept, in_title, in_aside = [], 0, 0
    for character in sentence:
        in_title += (character == "《") - (character == "》")
        in_aside += character in "（(" if in_title <= 0 else 0
        if not in_aside:
            kept.append(character)
        in_aside -= character in "）)" and in_aside > 0 if in_title <= 0 else 0
    return "".join(kept)


def _amends(passage: Passage, effective: str) -> list[Relation]:
    """The parts of a decision that amends many texts: 一、修改《甲》; 二、对《乙》作出修改."""
    place = passage.locator.partition("（续")[0]
    return [
        Relation("amends", target, effective, place, sentence[:_SAID])
        for sentence in sentences([passage])
        if (match := _AMENDS_IN_PARTS.match(sentence))
        for target, start, _ in named(sentence)
        if start == match.end()
    ]


def _replaces(passage: Passage, effective: str, known: set[str]) -> list[Relation]:
    found = []
    for sentence in sentences([passage]):
        before, said, after = sentence.translate(HYPHENS).partition("代替")
        for match in STANDARD.finditer(after) if said else ():
            number = standard_number(match[0])
            if number not in known:
                is_proposed = not _SAYS_OF_ITSELF.search(before)
                found.append(Relation("replaces", number, effective, passage.locator, sentence[:_SAID], is_proposed))
                known.add(number)
    return found
