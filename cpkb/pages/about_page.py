"""About and help (关于、帮助): what this is, how to ask, what the words mean."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, g, render_template

from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import collections
from cpkb.model.results import PARTS
from cpkb.model.source import AUTHORITIES
from cpkb.model.validity import STATES
from cpkb.pages.imports_page import is_shown
from cpkb.pages.parameters import only
from cpkb.search.coverage import Coverage, coverage
from cpkb.search.facets import HIDDEN, facet_labels
from cpkb.search.request import MOST_VALUES
from cpkb.store.store import Store

pages = Blueprint("about_page", __name__)
SYNTAX = (
    ("镀铬废水 回用", "空格隔开几个词：符合得越多越靠前"),
    ('"逆流清洗"', "引号里的字必须连在一起；中英文引号都行"),
    ("电镀 -含氰", "减号后面的词不要出现（减号前要有空格）"),
    ("六价铬 OR 三价铬", "两个里有一个就行"),
    ("标题:电镀", "只在标题里找"),
    ("编号:HJ1306", "按文号、标准号找；空格和括号怎么写都行"),
    ("类别:技术 逆流漂洗", "先限定类别，再找词"),
    ("Y180M-4", "型号、代码整个匹配：Y180M-4 不会混进 Y180M-2"),
)
"""(question, what it does): every line is a link that can be tried."""
STATE_MEANS = {
    "draft": "征求意见稿、草案，不能当作规定引用。",
    "not_yet": "已公布，到所选日期还没有施行。",
    "in_force": "到所选日期正在施行，没有查到修改或废止。",
    "amended": "正在施行，但有别的文件改过其中的内容，引用前看修改处。",
    "superseded": "有新的文本代替了它。",
    "repealed": "到所选日期已经不再有效。",
    "unknown": "资料里没有日期也没有状态，或者所选日期早于现有文字而当时的文字这里没有，请自己核对。",
}
AUTHORITY_MEANS = {
    "official": "发布机关自己公布的文本。",
    "repost": "第三方转载的文本，引用前请核对原件。",
    "ocr": "由扫描件识别，个别字、数可能有误。",
    "own_summary": "本库用自己的话摘编的要点，注明了出处。",
    "sample": "演示用的例子，不是真实资料。",
}

PART_MEANS = {
    "words": "问题里的词，和它在标题、条目标题还是正文里。",
    "grams": "问题里的单字和相邻两字，词切得不一样时靠它们。",
    "synonyms": "问题里的词 → 正式的说法，整个或一部分在这里；比原词算得少。",
    "coverage": "问题的内容有多少在这一段里；越全越靠前。",
    "number": "标准号、文号、代码、型号整个对上。",
    "quantity": "带单位的数，大小合于所问。",
    "phrase": "引号里或限定处的字连在一起。",
    "meaning": "整段的意思接近，用词可以不同。",
    "title": "问题就是文件的名称，或者提到了它。",
    "document": "同一份文件里还有别的段落对得上，加一点。",
    "ended": "到所选日期已废止或被代替，减去一些。",
    "aside": "问题没有问限值（或术语的意思），这条是限值（或术语），减去一些。",
    "draft": "草案没有施行，减得更多。",
}
SHADE_SAYS = ("没有", "1～3 项", "4～9 项", "10～24 项", "25 项以上")
"""What each shade of the coverage table stands for."""


@pages.get("/about")
def about() -> str:
    """What this is and where it comes from."""
    only()
    kb: KnowledgeBase = g.kb
    counts = kb.store.counts()
    return render_template(
        "about.html",
        counts=[(c, counts.get(name, 0)) for name, c in collections().items()],
        documents=kb.store.count_documents(),
        asks_model=kb.rewriter is not None,
        keeps_answers=kb.settings.keep_answers,
        counts_questions=kb.settings.log_queries,
        coverage=_covered(kb.store, kb.store.revision()),
        shades=SHADE_SAYS,
        most_values=MOST_VALUES,
        files=len(kb.store.files("imported")),
        shows_imports=is_shown(kb),
        authorities=[(name, AUTHORITY_MEANS[name]) for name in AUTHORITIES],
    )


@lru_cache(1)  # all techniques are looked through
def _covered(store: Store, _revision: int) -> Coverage:
    return coverage(store)


@pages.get("/help")
def help_page() -> str:
    """How to ask, and what the words on the pages mean."""
    only()
    return render_template(
        "help.html",
        syntax=SYNTAX,
        kinds=[(label, PART_MEANS[kind]) for kind, label in PARTS.items()],
        states=[(name, STATE_MEANS[name]) for name in STATES],
        fields=["标题", "编号", *dict.fromkeys(label for name, label in facet_labels().items() if name not in HIDDEN)],
    )
