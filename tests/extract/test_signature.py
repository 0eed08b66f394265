"""落款: who signed and when, however the two are set."""

from __future__ import annotations

import pytest

from cpkb.extract.extractor import Block
from cpkb.extract.formats import extract
from cpkb.extract.signature import signature, titled_by


@pytest.mark.parametrize(
    ("lines", "signed"),
    [
        (["示例市示例局", "2026年3月2日"], ("示例市示例局", "2026-03-02")),
        (["示例市示例局", "示例市样本委员会", "二〇二六年三月二日"], ("示例市示例局、示例市样本委员会", "2026-03-02")),
        (["示例市示例局　　2026年3月2日"], ("示例市示例局", "2026-03-02")),
        (["示 例 局", "2026年3月2日"], ("示例局", "2026-03-02")),
        (["示例市示例局", "2026.3.2"], ("示例市示例局", "2026-03-02")),
        (["示例市示例局", "2026-03-02"], ("示例市示例局", "2026-03-02")),
        (["示例市示例局", "2026年3月2日", "示例市示例局办公室　2026年3月3日印发"], ("示例市示例局", "2026-03-02")),
        (["相关新闻", "2026-03-02"], ("", "")),
        (["会议于2026年3月2日召开。"], ("", "")),
    ],
)
def test_bodies_and_day_of_a_signature(lines: list[str], signed: tuple[str, str]) -> None:
    assert signature([Block(line) for line in lines]) == signed


def test_a_title_names_who_issued_it() -> None:
    assert titled_by("示例市示例局、示例市样本委员会关于示例的通知") == "示例市示例局、示例市样本委员会"
    assert titled_by("关于示例的通知") == ""


def test_the_signature_before_a_long_attachment_is_found() -> None:
    lines = [
        "关于示例的通知",
        "各单位：",
        "请执行。",
        "示例市示例局",
        "2026年3月2日",
        "附件1",
        "示例方案",
        *["示例。"] * 20,
    ]
    (document,), _ = extract("\n\n".join(lines).encode(), "a.txt")
    assert (document.fields["issuer"], document.fields["issued"]) == ("示例市示例局", "2026-03-02")
