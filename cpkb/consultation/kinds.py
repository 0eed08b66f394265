"""Which section a passage belongs to, which sections come first, and what would help where one is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cpkb.model.answer import SECTIONS
from cpkb.model.record import Record
from cpkb.model.results import Hit

ORDER: Mapping[str, tuple[str, ...]] = {
    "technique": ("technique", "case", "ban", "limit", "duty", "money", "person", "definition"),
    "ban": ("ban", "technique", "duty", "limit", "money", "case", "person", "definition"),
    "duty": ("duty", "ban", "money", "limit", "technique", "person", "definition", "case"),
    "limit": ("limit", "technique", "duty", "ban", "money", "case", "person", "definition"),
    "money": ("money", "technique", "duty", "case", "ban", "limit", "person", "definition"),
    "person": ("person", "technique", "case", "duty", "ban", "limit", "money", "definition"),
    "definition": ("definition", "technique", "duty", "ban", "limit", "money", "case", "person"),
    "comparison": ("technique", "case", "money", "ban", "limit", "duty", "person", "definition"),
}
"""The sections of an answer by what is wanted."""
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "technique": ("technology",),
    "ban": ("elimination", "duty"),
    "duty": ("duty", "policy"),
    "limit": ("limit",),
    "money": ("duty", "policy"),
    "case": ("case",),
    "person": ("expert", "organisation"),
    "definition": ("term", "hazardous_waste"),
}
"""Where more of a kind is looked for."""
_OF_COLLECTION: Mapping[str, str] = {
    "technology": "technique",
    "elimination": "ban",
    "limit": "limit",
    "case": "case",
    "expert": "person",
    "organisation": "person",
    "term": "definition",
    "hazardous_waste": "definition",
    "question": "technique",
}
_OF_DUTY = {"duty": "duty", "ban": "ban", "incentive": "money", "penalty": "duty", "service": "person", "power": "duty"}
_MONEY = re.compile("减征|免征|减按|奖励|补贴|补助|专项资金|税收优惠|抵免|资金支持|信贷|即征即退|贴息")
_BAN = re.compile("禁止|淘汰|不得(?:生产|使用|销售|进口|采用)|限制类")
_DEFINITION = re.compile("术语|定义")
_DEFINES = re.compile("是指|，指|：指|本法所称|本办法所称|本条例所称")
_LIMIT = re.compile(r"限值|排放浓度(?:应|不)|特别排放|基准排水量")
HELPS: Mapping[str, str] = {
    "technique": "说出工序（漂洗、喷漆、退浆）和要减少的东西（废水、六价铬、VOCs），就能按技术找。",
    "ban": "写上设备型号、工艺或产品的全名再查。未列入清单不等于合规。",
    "duty": "说出所在省份和具体的事（清洁生产审核、排污许可、危险废物台账），才能对上条文。",
    "limit": "限值要有行业、污染物和排到哪里（直接排放、进污水厂）才能查准；本库没有的，以排放标准原文为准。",
    "money": "说出所在省份和要做的改造；地方资金每年不同，以主管部门当年的通知为准。",
    "case": "本库还没有这方面的案例。",
    "person": "说出所在省份和行业；也可以向当地生态环境部门的清洁生产管理人员打听。",
    "definition": "写出要解释的那个词。",
}
"""What would help where a section has nothing, by its kind."""
assert set(HELPS) == set(SECTIONS)  # noqa: S101 — a section without words would be an empty page


def kind_of(hit: Hit) -> str:
    """The section a passage belongs to."""
    record = hit.record
    if record.collection == "duty":
        return _OF_DUTY.get(record.value("kind"), "duty")
    if record.collection in _OF_COLLECTION:
        return _OF_COLLECTION[record.collection]
    return _of_policy(hit) if record.collection == "policy" else _of_guideline(hit)


def _of_policy(hit: Hit) -> str:
    text = hit.passage.text
    if _DEFINES.search(text[:60]):
        return "definition"
    if _MONEY.search(text):
        return "money"
    return "ban" if _BAN.search(text) else "duty"


def _of_guideline(hit: Hit) -> str:
    if any(_DEFINITION.search(heading) for heading in hit.passage.headings):
        return "definition"
    if hit.record.collection == "handbook":  # its sections say what they are about; a limit named in passing is none
        return "limit" if "限值" in f"{hit.record.title}{hit.passage.locator}" else "technique"
    return "limit" if _LIMIT.search(hit.passage.text) and "技术" not in hit.passage.text[:40] else "technique"


_TREATS = re.compile("处理|治理|除尘|脱硫|脱硝|达标|去除|净化|吸附|燃烧|生化|压下去|用什么收|怎么收|怎样治|怎么治")
_RANKS = {"prevention": 0, "management": 1, "recovery": 1, "": 1, "treatment": 2, "equipment": 2}


def precedence(kind: str, question: str) -> int:
    """Prevention stands before treatment (《清洁生产促进法》第二条), unless treatment is what is asked for."""
    return 0 if _TREATS.search(question) else _RANKS[kind]


def technique_kind(record: Record, headings: tuple[str, ...]) -> str:
    """Whether a technique prevents or treats, by its field or by the heading its clause stands under."""
    if record.collection == "technology":
        return record.value("kind")
    if any("预防" in heading or "减量" in heading for heading in headings):
        return "prevention"
    return "treatment" if any("治理" in heading for heading in headings) else ""
