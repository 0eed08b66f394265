"""Small texts made up for tests (示例): neutral, nobody's, in the shapes official texts have."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping

from docx import Document

from tests.extract.pdf_writer import Sheet, pdf

LAW = """# 中华人民共和国示例法

2001年5月6日示例会议通过

根据2012年3月4日示例会议《关于修改〈中华人民共和国示例法〉的决定》修正

## 第一章　总则

**第一条**　为了示例，制定本法。

**第二条**　本法所称示例，是指为测试编写的文字。

示例不是真实的规定。

## 第二章　附则

**第三条**　本法自2002年1月1日起施行。《旧示例法》、《示例暂行办法（试行）》（示例令第3号）同时废止。
"""
NOTICE = """示例市人民政府文件
示府〔2020〕5号
关于推进示例工作的若干意见
各区、县人民政府：
为推进示例工作，提出以下意见。
一、明确目标
示例工作到2025年完成，各单位应当按照本意见安排本单位的示例任务，并将进展写入年度报告。
二、落实措施
（一）加强示例的组织。各单位应当指定负责示例的人员，建立台账，记录示例的时间、地点和结果，并妥善保存备查。
（二）加强示例的检查。检查每年不少于一次，检查结果应当告知被检查单位，并在三十日内完成整改，逾期未改的予以通报。
三、其他
本意见自2020年2月1日起施行。
示例市人民政府
2020年1月2日
"""
PAGE = """<html><head><title>示例</title><script>var hidden = "脚本";</script></head><body>
<nav>导航栏</nav>
<table><tr><td>索 引 号：</td><td>示例/2020-1</td><td>主题分类：</td><td>示例</td></tr>
<tr><td>发文机关：</td><td>示例部</td><td>成文日期：</td><td>2020年01月02日</td></tr>
<tr><td>标　　题：</td><td colspan="3">关于示例的通知</td></tr>
<tr><td>发文字号：</td><td>示发〔2020〕5号</td><td>发布日期：</td><td>2020年01月05日</td></tr></table>
<div id="UCAP-CONTENT"><p><b>关于示例</b></p><p>的通知</p><p>示例市：</p><p>一、<b>第一项</b>示例内容。</p>
<p>二、第二项示例内容，供测试使用，不是真实的要求。</p>
<table><tr><th>名称</th><th>数值</th></tr><tr><td rowspan="2">甲</td><td>1</td></tr><tr><td>2</td></tr></table></div>
</body></html>"""
ROWS: list[dict[str, object]] = [
    {
        "id": "S1",
        "title": "上海市示例条例",
        "date": "2020-05-06",
        "category": "地方性法规",
        "region": "上海",
        "info": "上海市示例条例\n\n2020年5月6日 示例会议通过",
        "text": "## 第一章  总则\n\n第一条 为示例制定本条例。\n\n第二条 本条例自2021年1月1日起施行。",
    },
    {
        "id": "S2",
        "title": "示例管理条例",
        "date": None,
        "category": "行政法规",
        "region": "国家",
        "info": "示例管理条例\n\n2013年10月2日 中华人民共和国国务院令第9999号公布\n\n2014年1月1日 施行",
        "text": "第一条 为示例制定本条例。\n\n第二条 示例应当真实。",
    },
]


def rows(*items: object) -> bytes:
    """JSON lines of these values; text is written as is."""
    lines = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items]
    return "\n".join(lines).encode()


def word() -> bytes:
    """A DOCX with a heading, paragraphs and a table between them."""
    document = Document()
    document.add_heading("示例技术规范", 1)
    document.add_paragraph("一、总则")
    document.add_paragraph("本规范为测试编写，不是真实的技术要求，任何单位不得据此设计。")
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("名称", "数值"), ("甲", "1")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("二、方法")
    document.add_paragraph("方法见上表，数值为编造。")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(**members: bytes) -> bytes:
    """A ZIP of these members, the same bytes every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o600 << 16
            packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def tape(members: Mapping[str, bytes], encoding: str = "utf-8", *, is_zipped: bool = True) -> bytes:
    """A TAR of these members, packed with GZIP unless told otherwise; the same bytes every time."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", encoding=encoding, format=tarfile.GNU_FORMAT) as packed:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0) if is_zipped else stream.getvalue()


def guide() -> bytes:
    """A guide of five pages: cover, contents, foreword, clauses with a table that goes on over a page."""
    cover = Sheet().text(200, 700, "中华人民共和国国家示例标准").text(380, 660, "HJ 9901—2031")
    cover.text(60, 640, "代替 HJ/T 9901—2007").text(150, 560, "示例工业污染防治").text(150, 540, "可行技术指南")
    cover.text(60, 100, "2031-05-06 发布").text(400, 100, "2031-08-01 实施").text(220, 60, "示例部 发布")
    contents = _head(Sheet(), "i").text(280, 700, "目 次")
    for at, title in enumerate(("前 言", "1 适用范围", "2 方法", "3 要求")):
        contents.text(60, 660 - 20 * at, f"{title}{'.' * 30}{at + 1}")
    foreword = _head(Sheet(), "ii").text(280, 700, "前 言")
    foreword.text(80, 660, "本标准提出了示例的做法。").text(80, 640, "本标准自 2031 年 8 月 1 日起实施。")
    return pdf(cover, contents, foreword, _clauses(), _rest())


def _head(sheet: Sheet, number: str) -> Sheet:
    return sheet.text(460, 760, "HJ 9901—2031").text(298, 40, number)


def _clauses() -> Sheet:
    sheet = _head(Sheet(), "1").text(60, 720, "1 适用范围").text(80, 700, "本示例适用于测试。").text(60, 680, "2 方法")
    sheet.text(60, 660, "2.1 清洗").text(
        80, 640, "清洗用水宜循环使用，循环的水量一般可以达到总用水量的一半以上，剩余的部"
    )
    sheet.text(60, 620, "分经处理后排放，浓度小于").text(60, 600, "2.2 干燥").text(80, 580, "干燥的温度见表 1，")
    sheet.text(60, 540, "表 1 示例温度").grid([60, 200, 330, 460], [460, 480, 500, 520])
    for y, cells in ((506, ("方法", "温度", "条件")), (486, ("热风", "80", "适用于甲")), (466, ("", "60", "适用于乙"))):
        for x, cell in zip((65, 205, 335), cells, strict=True):
            sheet.text(x, y, cell) if cell else None
    return sheet


def _rest() -> Sheet:
    sheet = _head(Sheet(), "2").text(240, 720, "续表").grid([60, 200, 330, 460], [660, 680, 700])
    for y, cells in ((686, ("方法", "温度", "条件")), (666, ("微波", "40", "适用于丙"))):
        for x, cell in zip((65, 205, 335), cells, strict=True):
            sheet.text(x, y, cell)
    sheet.text(60, 620, "3 要求").text(60, 600, "3.1 浓度应小于 5 mg/m").text(221, 604, "3", 5).text(227, 600, "。")
    return sheet
