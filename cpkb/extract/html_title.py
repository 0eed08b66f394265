"""What a page is called: its document's title, not the site's name."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

_SITE = re.compile(r"\s+[-–—|]+\s*|\s*[|_]+\s*")
"""Between a title and the name of the site. A dash without a blank before it is part of a number (HJ 1306—2023)."""
_DOCUMENT = re.compile(
    r"关于|[法例则]$|(?:通知|意见|办法|规定|公告|通告|方案|指南|规范|标准|目录|名录|决定|批复|函|规划|计划)(?:[（(].*)?$"
)
_SHORTEST = 6  # characters: a shorter first part is a section of the site (通知公告 - 某局)


def title_of(page: BeautifulSoup) -> str:
    """The title its publisher declares (ArticleTitle), else its one heading if that names a document, else <title>."""
    declared = page.find("meta", attrs={"name": re.compile("^ArticleTitle$", re.IGNORECASE)})
    if isinstance(declared, Tag) and (stated := _squeezed(str(declared.get("content", "")))):
        return stated
    whole = _squeezed(page.title.get_text()) if page.title else ""
    headings = [text for heading in page.find_all("h1") if (text := _squeezed(heading.get_text()))]
    if len(headings) == 1 and (headings[0] in whole or _DOCUMENT.search(headings[0])) and len(headings[0]) >= _SHORTEST:
        return headings[0]
    first = _SITE.split(whole)[0]
    return first if len(first) >= _SHORTEST else whole


def _squeezed(text: str) -> str:
    return " ".join(text.split())
