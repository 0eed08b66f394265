"""Home (首页): one search box, where to begin, what is new, how much is known."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import collections
from cpkb.model.query import Query
from cpkb.model.record import work_key
from cpkb.model.results import Hit
from cpkb.model.validity import DATED
from cpkb.pages.links import addressed
from cpkb.pages.parameters import only

pages = Blueprint("home", __name__)
EXAMPLES = ("镀铬漂洗水怎么回用", "老式电机 JO2 还能不能用", "哪些企业必须做清洁生产审核")
"""Questions in an owner's words; a journey test asks each of them."""
TILES = (
    ("technology", "找技术", "省水、省料、少排污的做法，带适用条件和效果", "/collections/technology"),
    ("elimination", "查淘汰限制", "设备型号、工艺、产品在不在淘汰和限制名单里", "/collections/elimination"),
    ("policy", "查法规标准", "法律、条例、通知；哪天施行，废止了没有", "/collections/policy"),
    ("question", "我要咨询", "用自己的话问，回答逐句注明出处；也可以按行业看", "/ask"),
    ("organisation", "找机构", "主管部门、技术中心、标准起草单位", "/collections/organisation"),
    ("guideline", "行业指南", "各行业可行技术指南和技术规范，逐条可引", "/collections/guideline"),
)
"""(icon, name, what is there, where it leads)."""
GUIDES = ("handbook", "行业读本", "一个行业从头读到尾：先做什么、花多少、守哪些规定", "/collections/handbook")
"""Where there are guides to read, they stand before the standards they were made of."""
OF_A_KIND = 2  # of the newest records: a catalogue brings hundreds at once and must not hide the rest
SHOWN = 6
COPIES = 5  # of one text that stand in a row: a code in five parts


@pages.get("/")
def index() -> str:
    """The front page."""
    only()
    kb: KnowledgeBase = g.kb
    counts = kb.store.counts()
    return render_template(
        "home.html",
        examples=EXAMPLES,
        tiles=[GUIDES if icon == "guideline" and counts.get("handbook") else (icon, *tile) for icon, *tile in TILES],
        counts=[(c, counts[name]) for name, c in collections().items() if counts.get(name)],
        total=sum(counts.values()),
        documents=kb.store.count_documents(),
        newest=[addressed(head) for head in kb.store.newest(SHOWN, OF_A_KIND)],
        coming=_by_effect(kb),
    )


def _by_effect(kb: KnowledgeBase) -> tuple[Hit, ...]:
    """Laws and standards by the day they take effect, latest first; the parts and copies of one work once."""
    query = Query(filters=(("collection", DATED),), sort="effective", as_of=g.today, limit=SHOWN * COPIES)
    works = {work_key(hit.record.title): hit for hit in reversed(kb.finder.find(query).hits)}
    return tuple(reversed(works.values()))[:SHOWN]
