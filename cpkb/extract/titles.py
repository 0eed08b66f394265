"""What a title tells: which collection a text belongs to, what kind it is, the region, the texts it names."""

from __future__ import annotations

import re

from cpkb.model.collection import collection
from cpkb.model.field_types import PROVINCES

_BRACKETS = re.compile(r"[（(][^（）()]{0,30}[）)]")
_GUIDELINES = (
    ("可行技术指南", "available_techniques"),
    ("技术政策", "technical_policy"),
    ("指标体系", "indicator_system"),
    ("审核指南", "audit_guide"),
    ("排放标准", "discharge_standard"),
    ("控制标准", "discharge_standard"),
    ("限值", "discharge_standard"),
    ("名录", "catalogue"),
    ("目录", "catalogue"),
    ("技术规范", "technical_specification"),
    ("导则", "technical_specification"),
    ("规范", "technical_specification"),
    ("指南", "technical_specification"),
    ("标准", "other"),
    ("通则", "other"),
    ("规程", "technical_specification"),
    ("清单", "catalogue"),
)
"""How a title ends → kind of a guideline; the first that fits counts, so the longer come first."""
_NOTICES = re.compile(
    r"(?:意见|通知|通告|公告|决定|决议|批复|复函|函|通报|方案|规划|计划|纲要|解答|答复|纪要|工作要点)$"
)
_NATIONAL_LAW = re.compile(r"(?:法|法典)$")
_RULES = ("条例", "办法", "规定", "细则", "规则")
_LOCAL = re.compile(r"^\S{2,12}?(?:省|市|自治区|自治州|州|县|区)\S{0,60}(?:条例|规定|办法)$")
_DRAFT = r"[（(][^（）()]{0,10}(?:(?:征求意见|草案|送审|报批)稿?|(?:讨论|审议)稿)[^（）()]{0,8}[）)]"
"""（审议通过） and （讨论通过） say that a text was passed."""
_IS_DRAFT = re.compile(rf"{_DRAFT}》?$|(?:征求意见|送审|讨论|报批)稿$|征求.{{0,120}}意见的(?:通知|公告|函|公示|启事)$")
_DRAFT_MARK = re.compile(_DRAFT)


def is_draft(title: str) -> bool:
    """Whether a title is that of a draft (征求意见稿), or of a notice that asks for opinions on one."""
    return bool(_IS_DRAFT.search("".join(title.split())))


def is_draft_mark(line: str) -> bool:
    """Whether a line says no more than that the text is a draft: （征求意见稿）."""
    return bool(_DRAFT_MARK.fullmatch("".join(line.split())))


def without_draft_mark(title: str) -> str:
    """The title that the final text will have."""
    return _DRAFT_MARK.sub("", title).strip()


def collection_of(title: str, kind: str, number: str) -> str:
    """guideline for standards, guides and catalogues; policy for laws and notices."""
    for name in ("policy", "guideline"):
        if kind and kind != "other" and kind in collection(name).fields["kind"].options:
            return name
    if is_notice(title):
        return "policy"
    is_standard = bool(re.match(r"(?:GB|HJ|DB|[A-Z]{2})[/ \d]", number))
    return "guideline" if is_standard or _guideline_kind(title) else "policy"


def is_notice(title: str) -> bool:
    """Whether it names a notice, reply or plan: those hold from the day they are signed."""
    return bool(_NOTICES.search(_plain(title)))


def kind_of(title: str, name: str, issuer: str) -> str:
    """The kind of a guideline or policy as its title and issuer tell it; '' when they do not."""
    return _guideline_kind(title) if name == "guideline" else _policy_kind(_plain(title), issuer)


def _plain(title: str) -> str:
    return _BRACKETS.sub("", "".join(title.split()))


def _guideline_kind(title: str) -> str:
    plain = _plain(title)
    for ending, kind in _GUIDELINES:
        if plain.endswith(ending) or (ending == "可行技术指南" and ending in plain):
            return kind
    return ""


def _policy_kind(plain: str, issuer: str) -> str:
    if _NOTICES.search(plain):
        return "normative_document"
    if _NATIONAL_LAW.search(plain) and (plain.startswith("中华人民共和国") or plain.endswith("法典")):
        return "law"
    if not plain.endswith(_RULES):
        return ""
    if issuer.startswith("全国人民代表大会"):
        return "law"
    if "人民代表大会" in issuer:
        return "local_regulation"
    if _LOCAL.match(plain):
        return "local_regulation" if plain.endswith("条例") else ""
    if plain.endswith("条例"):
        return "administrative_regulation" if len(plain) > 4 else ""
    if "国务院" in issuer:
        return "administrative_regulation"
    return "rule" if issuer.endswith(("部", "总局", "委员会")) else ""


def region_of(title: str) -> str:
    """The province a title starts with (上海市…), ''."""
    for name in PROVINCES.values():
        if re.match(rf"{name}(?:省|市|壮族|回族|维吾尔|自治区|特别)", title):
            return name
    return ""


def named(text: str) -> list[tuple[str, int, int]]:
    """(title, start, end) of each 《…》, the outer one where they are nested; the marks are not in the title."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(text):
        if character == "《":
            start = at if depth == 0 else start
            depth += 1
        elif character == "》" and depth:
            depth -= 1
            if depth == 0:
                found.append((text[start + 1 : at].strip(), start, at + 1))
    return found
