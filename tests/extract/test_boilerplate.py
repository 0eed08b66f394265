"""What stands around the text of a page is left out; title, head, text and attachments are kept."""

from __future__ import annotations

import re
import time

import pytest

from cpkb.extract.formats import extract
from cpkb.extract.html import files_of

TEXT = (
    "<p>一、电镀企业应当采用逆流漂洗，漂洗水逐级回用，并保存用水台账。</p>"
    "<p>二、每年十二月前报送执行情况，逾期的予以通报。</p>"
)
AROUND = {
    "a menu by name": '<div class="main-nav"><span>首页</span><span>政务公开</span></div>',
    "a menu by its links": '<ul><li><a href="/a">首页</a> <a href="/b">新闻</a> <a href="/c">参与</a></li></ul>',
    "where one is": '<div class="crumbs">网站首页 &gt; 通知公告</div>',
    "where one is, in words": "<div>当前位置：首页 &gt; 政策文件 &gt; 通知</div>",
    "a share bar by name": '<div class="bdsharebuttonbox">一键分享</div>',
    "a share bar in words": "<p>分享到：</p>",
    "names of platforms": "<div>微信 | 微博 | QQ空间</div>",
    "sizes of letters": "<div>【<span>字体：大 中 小</span>】</div>",
    "printing": "<p>打印本页</p>",
    "a code to scan": "<p>扫一扫在手机打开当前页</p>",
    "neighbours": "<p>上一篇：关于别的事的通知</p>",
    "counted readers": "<span>浏览次数：123</span>",
    "the foot": '<div id="footer">版权所有 某某局 备案号</div>',
    "the foot by element": "<footer>主办单位</footer>",
    "a search box": '<form><input name="q"><span>站内搜索</span></form>',
    "by role": '<div role="navigation">导航区</div>',
}


def text_of(page: str) -> str:
    (document,), _ = extract(page.encode(), "a.html")
    return "\n".join(passage.text for passage in document.passages)


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_it_is_left_out(around: str) -> None:
    plain = text_of(f"<title>通知</title><body>{TEXT}</body>")
    assert text_of(f"<title>通知</title><body>{around}{TEXT}</body>") == plain
    assert text_of(f"<title>通知</title><body><div>{TEXT}{around}</div></body>") == plain


@pytest.mark.parametrize(
    "kept",
    [
        f'<div class="share-content">{TEXT}</div>',
        f'<form id="aspnetForm">{TEXT}</form>',
        f"<table><tr><td>{TEXT}</td></tr></table>",
        f'{TEXT}<p>附件：<a href="a.pdf">名单.pdf</a></p>',
        f'{TEXT}<div class="related"><a href="/f/list.xls">限制目录</a></div>',
        f'{TEXT}<p>依据<a href="/1">《甲法》</a>和<a href="/2">《乙法》</a>制定本通知的各项要求，请遵照执行。</p>',
        f"{TEXT}<p>打印机生产企业应当申报。</p>",
    ],
    ids=[
        "the text itself",
        "a page in a form",
        "a frame of a table",
        "an attachment",
        "a list of files",
        "references",
        "words",
    ],
)
def test_what_is_text_is_kept(kept: str) -> None:
    words = [word for word in re.split(r"<[^>]*>", kept) if word.strip()]
    read = text_of(f"<title>通知</title><body>{kept}</body>").replace("\n", "")
    assert [word for word in words if word not in read] == []


def test_the_head_of_a_document_is_kept() -> None:
    head = "<h1>关于推进清洁生产的通知</h1><p>某府办发〔2003〕41号</p>"
    page = f"<title>x</title><body><ul class='menu'><li>首页</li></ul>{head}{TEXT}</body>"
    (document,), _ = extract(page.encode(), "a.html")
    assert (document.title, document.fields["number"]) == ("关于推进清洁生产的通知", "某府办发〔2003〕41号")


TITLES = [
    ("<title>关于甲的通知_某市环境局</title>", "关于甲的通知"),
    ("<title>关于甲的通知 - 通知公告 - 某市环境局</title>", "关于甲的通知"),
    ("<title>电镀指南（HJ 1306—2023）</title>", "电镀指南（HJ 1306—2023）"),
    ("<title>公告 - 某市环境局</title>", "公告 - 某市环境局"),
    ("<title>某市环境局</title><h1>关于甲的通知</h1>", "关于甲的通知"),
    ("<title>关于甲的通知（全文）-某局</title><h1>关于甲的通知（全文）</h1>", "关于甲的通知（全文）"),
    ("<title>关于甲的通知</title><h1>某市生态环境局网站</h1>", "关于甲的通知"),
    ('<title>某局</title><meta name="ArticleTitle" content="关于甲的 通知"><h1>栏目标题在这里</h1>', "关于甲的 通知"),
]


@pytest.mark.parametrize(("head", "title"), TITLES)
def test_a_page_is_called_what_its_document_is(head: str, title: str) -> None:
    (document,), _ = extract(f"{head}<body>{TEXT}</body>".encode(), "a.html")
    assert document.title == title


LINKED = f"""<head><base href="https://files.example/x/"></head><body>
<ul class="nav"><li><a href="/menu">首页</a></li><li><a href="/app.zip">客户端</a></li><li><a href="/b">乙</a></li></ul>
<div class="TRS_Editor">{TEXT}
<a href="./W020.pdf">附件1 名单</a> <a href="W020.pdf#page=2">再来一次</a> <a href="/d?id=7">附件2 目录.docx</a>
<a href="http://other.example/%E8%A1%A8.XLS">表</a> <a href="javascript:down(1)">脚本.doc</a>
<a href="news.html">新闻</a> <a href="https://files.zip/">一个网站</a> <a href="//site.md">又一个</a>
<a href="/p.tar.gz">打包</a> <a href="/p.rar">旧打包</a> <a href="/e.eml?x=1">来信</a> <a href="/a.jpg">图</a>
<a href="http://[bad/a.pdf">坏的</a> <a href="ftp://x/a.zip">别的协议</a></div></body>"""


def test_the_files_of_the_text_are_found_and_no_others() -> None:
    assert files_of(LINKED.encode(), "a.html", "https://www.example/a/b.html") == [
        ("https://files.example/x/W020.pdf", "附件1 名单"),
        ("https://files.example/d?id=7", "附件2 目录.docx"),
        ("http://other.example/%E8%A1%A8.XLS", "表"),
        ("https://files.example/p.tar.gz", "打包"),
        ("https://files.example/p.rar", "旧打包"),
        ("https://files.example/e.eml?x=1", "来信"),
    ]


def test_a_deep_page_is_cleaned_in_a_moment() -> None:
    deep = "<div class='x'>" * 300 + "字" * 200_000 + "</div>" * 300
    begun = time.process_time()
    assert text_of(f"<body>{deep}</body>")
    assert time.process_time() - begun < 10  # measured 0.3 s
