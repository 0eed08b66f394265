"""Small pieces of HTML: what they hold is escaped, whatever texts hold."""

from __future__ import annotations

import pytest

from cpkb.pages.display import Badge
from cpkb.pages.markup import badge, marked
from cpkb.pages.tables import Parts


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((("含", False), ("铬", True), ("废水", False)), "含<mark>铬</mark>废水"),
        ((("<b>", False), ("a&b", True)), "&lt;b&gt;<mark>a&amp;b</mark>"),
        ((('"', True), ("'", False)), "<mark>&#34;</mark>&#39;"),
        ((("\x01a\x02", True), ("b\x01", False)), "<mark>a</mark>b"),
        ((), ""),
    ],
)
def test_marked_texts_are_escaped(parts: Parts, shown: str) -> None:
    assert str(marked(parts)) == shown


def test_what_a_badge_says_is_escaped() -> None:
    told = badge(Badge("<i>", "plain", hint='可能是"0"'))
    assert str(told) == '<span class="badge plain" title="可能是&#34;0&#34;">&lt;i&gt;</span>'
