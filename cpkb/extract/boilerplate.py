"""What stands around the text of a page (导航、页脚、分享栏): known by its name, its links or its words, and left out.

What holds a link to a file is kept whatever it is called: attachments (附件) stand in lists that look like menus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString

from cpkb.model.file_types import ATTACHED

_NAMES = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|crumbs?|breadcrumbs?|footer|foot|copyright|sidebar|toolbar|share|bdshare\w*|social|"
    r"qrcode|ewm|erweima|related|recommend|xgyd|hot|rank|comments?|pagination|pager|fontsize|print|login|search|banner|"
    r"friendlinks?|links|skip|accessibility|wza)(?:$|[-_ \d])",
    re.IGNORECASE,
)
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
_BLOCKS = ("div", "ul", "ol", "dl", "table", "section", "p", "span", "li", "header", "td", "form")
_BEFORE_PATH = re.compile(r"^(?:[a-z][a-z\d+.-]*:)?//[^/]*")  # a site is called x.zip, x.md or x.et too
_MOST = 0.4  # share of the page's text: what holds more is the text, whatever it is called
_LINKED = 0.7  # share of its characters that are links: a menu
_LEAST_LINKS = 3  # one link in a paragraph is a reference
_FURNITURE = re.compile(
    r"(?:分享到|分享至|打印本页|打印|关闭窗口|关闭|收藏|返回顶部|扫一扫.{0,20}|字[体号].{0,12}|浏览次数.{0,12}|点击[数量率次].{0,12}|"
    r"责任编辑.{0,20}|(?:上|下)一[篇条].{0,60}|当前位置.{0,80}|您(?:现在)?(?:的|所在)位置.{0,80}|无障碍.{0,10}|相关(?:链接|阅读|新闻|文章).{0,4}|"
    r"[微信博QQ空间朋友圈、|\s]{2,20})[：:。\s]*"
)
_LONGEST_FURNITURE = 90  # characters
_AROUND = "【】[]（）() "
_MOST_INSIDE = 20  # nodes in a link: more is no name of a file


@dataclass(slots=True)
class _Measure:
    """What a tag holds, counted once for the whole page: counting at every level would take hours on a deep one."""

    text: int = 0
    """Characters without blanks."""
    linked: int = 0
    """Those of them in links."""
    links: int = 0
    holds_file: bool = False

    def add(self, inner: _Measure) -> None:
        self.text += inner.text
        self.linked += inner.linked
        self.links += inner.links
        self.holds_file = self.holds_file or inner.holds_file


def without_boilerplate(page: Tag) -> None:
    """Take out of a page what is not its text."""
    measured = _measured(page)
    most = _MOST * measured[id(page)].text
    for tag in list(page.find_all(_BLOCKS)):
        if tag.decomposed:
            continue
        its = measured[id(tag)]
        if not its.holds_file and its.text <= most and (_is_named(tag) or _is_menu(its) or _is_furniture(tag, its)):
            tag.decompose()


def files_linked(root: Tag) -> Iterator[tuple[str, str]]:
    """(reference, words) of every link to a file, in reading order, each once."""
    seen = set[str]()
    for link in root.find_all("a", href=True):
        reference = str(link["href"]).strip()
        if _is_file(link) and reference not in seen:
            seen.add(reference)
            yield reference, " ".join(link.get_text().split())


def _measured(page: Tag) -> dict[int, _Measure]:
    """The measure of every tag, by identity; leaves first."""
    tags = [page, *(node for node in page.descendants if isinstance(node, Tag))]
    found = {id(tag): _Measure() for tag in tags}
    for tag in reversed(tags):
        its = found[id(tag)]
        own = sum(len("".join(child.split())) for child in tag.contents if isinstance(child, NavigableString))
        its.text += own
        if tag.name == "a":
            its.linked, its.links = its.text, its.links + 1
            its.holds_file = its.holds_file or _is_file(tag)
        if tag is not page and tag.parent is not None:
            found[id(tag.parent)].add(its)
    return found


def _is_file(link: Tag) -> bool:
    path = _BEFORE_PATH.sub("", re.split(r"[?#]", str(link.get("href", "")).strip().lower())[0])
    words = link.get_text().strip().lower() if len(link.contents) <= _MOST_INSIDE else ""
    return path.endswith(ATTACHED) or words.endswith(ATTACHED)


def _is_named(tag: Tag) -> bool:
    if (
        tag.name == "form" or str(tag.get("role", "")) in _ROLES
    ):  # some sites put the whole page into a form: it holds most
        return True
    classes = tag.get("class") or []
    names = [str(tag.get("id", "")), *([classes] if isinstance(classes, str) else classes)]
    return any(_NAMES.search(name) for name in names)


def _is_menu(its: _Measure) -> bool:
    return its.links >= _LEAST_LINKS and its.linked >= _LINKED * its.text


def _is_furniture(tag: Tag, its: _Measure) -> bool:
    return 0 < its.text <= _LONGEST_FURNITURE and bool(
        _FURNITURE.fullmatch(" ".join(tag.get_text().split()).strip(_AROUND))
    )
