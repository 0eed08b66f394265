"""From a file on the desk to an answer and back, in a browser, on the site as `cpkb run` serves it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from benchmarks.serving import serving
from tests.pipeline.test_ingest import LAW

WAIT = 120_000  # ms: an import comes after everything else that this machine does
SEEN: dict[str, tuple[ViewportSize, bool]] = {
    "desktop with scripts": ({"width": 1280, "height": 900}, True),
    "phone without scripts": ({"width": 390, "height": 844}, False),
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = Path(shutil.copytree(shipped_home, tmp_path_factory.mktemp("upload") / "home"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CPKB_SEMANTIC", "false")
        with serving(home, cached=True) as (_, address):
            yield address


@pytest.fixture(params=SEEN.values(), ids=list(SEEN))
def tab(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    viewport, has_scripts = request.param
    context = browser.new_context(base_url=site, viewport=viewport, java_script_enabled=has_scripts)
    yield context.new_page()
    context.close()


def test_upload_follow_find_undo(tab: Page, tmp_path: Path) -> None:
    (tmp_path / "示例上传办法.txt").write_text(LAW.replace("示例", "示例上传"), encoding="utf-8")
    (tmp_path / "下载不全.docx").write_bytes(b"PK\x03\x04")
    tab.goto("/about")
    tab.get_by_role("link", name="看每次导入的报告").click()
    tab.get_by_label("上传文件").set_input_files([tmp_path / "示例上传办法.txt", tmp_path / "下载不全.docx"])
    tab.get_by_role("button", name="上传并导入").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("完成", timeout=WAIT)
    report = tab.url
    expect(tab.locator("tbody tr", has_text="上传/示例上传办法.txt")).to_contain_text("已入库")
    expect(tab.locator("tbody tr", has_text="上传/下载不全.docx")).to_contain_text("失败")
    found_after(tab, 1)
    tab.goto(report)
    tab.get_by_role("link", name="撤销这次导入").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("撤销第")
    tab.get_by_role("button", name="撤销这次导入").click()
    expect(tab).to_have_url(report)
    expect(tab.get_by_role("status")).to_contain_text("已撤销", timeout=WAIT)
    found_after(tab, 0)
    tab.goto("/imports")
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.evaluate("window.innerWidth")


def found_after(tab: Page, hits: int) -> None:
    """So many texts of that title are found, within a while: the index follows the store."""
    for _ in range(WAIT // 500):
        tab.goto("/search?q=清洁生产示例上传办法")
        if tab.locator(".hit h2", has_text="示例上传办法").count() == hits:
            return
        tab.wait_for_timeout(500)
    pytest.fail(f"not {hits} hits")
