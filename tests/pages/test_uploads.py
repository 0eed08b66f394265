"""Uploading over real HTTP: who may, what is refused with nothing kept, and what becomes of what is taken."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from flask import Flask

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pages import uploading
from cpkb.pages.uploading import _BESIDE_FILES, _files, _parts
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.last_words import LastWords
from cpkb.pipeline.started import NICENESS, start
from cpkb.pipeline.uploads import FILES_LIMIT, receiving
from cpkb.settings import Settings
from tests.extract.documents import archive
from tests.pages.look import one
from tests.pages.look import text as text_of
from tests.pipeline.hostile import SOUND
from tests.pipeline.test_ingest import DECLARATION, LAW, LIST
from tests.site import served

WAIT = 120.0  # seconds: an import comes after everything else that this machine does
LIMIT = 2  # MB a request may have here


class Person:
    """Somebody at this machine with a browser, as far as HTTP goes."""

    def __init__(self, kb: KnowledgeBase, address: str) -> None:
        self.kb, self.address, self.session = kb, address, requests.Session()
        self.jobs = ImportJobs(kb.store, kb.settings.imports)

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", timeout=WAIT)

    def token(self) -> str:
        tree = BeautifulSoup(self.get("/answers?q=漂洗").text, "lxml")  # any form of the site
        return str(one(tree, "main input[name=csrf_token]")["value"])

    def post(self, path: str, *files: tuple[str, bytes], **fields: str) -> requests.Response:
        sent = {"csrf_token": self.token(), **fields}
        parts = [("files", file) for file in files] or [("files", ("", b""))] * (path == "/imports")
        return self.session.post(
            f"{self.address}{path}", data=sent, files=parts or None, timeout=WAIT, allow_redirects=False
        )

    def titles(self, question: str) -> list[str]:
        """What a search finds."""
        tree = BeautifulSoup(self.get(f"/search?q={question}").text, "lxml")
        return ["".join(title.get_text().split()) for title in tree.select(".hit h2 a")]

    def ended(self, answer: requests.Response) -> BeautifulSoup:
        """The page of the import that was begun, once it is over."""
        assert answer.status_code == 303, answer.text
        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            tree = BeautifulSoup(self.get(answer.headers["Location"]).text, "lxml")
            if not tree.select("meta[http-equiv=refresh]"):
                return tree
            time.sleep(0.2)
        pytest.fail("the import does not end")

    def uploaded(self) -> list[int]:
        """Imports of uploaded files."""
        room = str(self.jobs.uploads)
        return [job.number for job in self.jobs.newest(100) if job.paths[0].startswith(room)]

    def kept(self) -> list[str]:
        """What lies in the folder of uploads."""
        return [name for _, folders, files in os.walk(self.jobs.uploads) for name in (*folders, *files)]


@pytest.fixture(scope="module")
def person(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    home = Path(shutil.copytree(shipped_home, tmp_path_factory.mktemp("uploads") / "home"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CPKB_SEMANTIC", "false")  # for the processes that import
        kb = open_knowledge_base(Settings(home=home, upload_limit=LIMIT))
        with served(create_app(kb)) as address:
            yield Person(kb, address)
        kb.close()


def lines(tree: BeautifulSoup) -> dict[str, str]:
    """What a report says of each file."""
    rows = tree.select("main tbody tr")
    return {one(row, "th").get_text(): " ".join(" ".join(cell.get_text(" ") for cell in row.select("td")).split())
            for row in rows}  # fmt: skip


def refusal(answer: requests.Response) -> str:
    return text_of(BeautifulSoup(answer.text, "lxml"), "[role=alert]")


# what is taken


def processes(home: Path) -> list[int]:
    """Processes that import into a home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(home).encode() in words and b"imports" in words:
            found.append(int(folder.name))
    return found


def test_files_are_imported_by_a_process_of_their_own_and_reported(person: Person) -> None:
    wicked = archive(
        **{"../../出去.txt": b"1", "C:\\x.txt": b"2", "里面的办法.txt": LAW.replace("示例", "里面").encode()}
    )
    files = {
        "示例办法.txt": LAW.encode(),
        "法.md": SOUND[".md"],
        "规范.docx": SOUND[".docx"],
        "list.csv": LIST.replace("\t", ",").encode(),
        "source.toml": DECLARATION.replace("list.tsv", "list.csv").encode(),
        "坏包.zip": wicked,
        "空.txt": b"",
    }
    answer = person.post("/imports", *files.items())
    (process,) = processes(person.kb.settings.home)
    assert os.getpriority(os.PRIO_PROCESS, process) == NICENESS
    assert os.getsid(process) == process, "it belongs to no terminal and ends with none"
    tree = person.ended(answer)
    told = lines(tree)
    assert "已入库 1 条 2 段" in told["上传/示例办法.txt"]
    assert all(told[f"上传/{name}"].startswith("已入库") for name in ("法.md", "规范.docx", "list.csv")), told
    assert "路径是绝对的、含有 .." in told["上传/坏包.zip!/../../出去.txt"]
    assert "已入库" in told["上传/坏包.zip!/里面的办法.txt"]
    assert "文件是空的（0 字节）" in told["上传/空.txt"]
    assert str(person.kb.settings.home) not in tree.get_text()
    assert waited(lambda: person.kept() == []), "what is imported is kept once, in originals/"
    assert not list(person.kb.settings.home.parent.rglob("出去.txt"))
    assert waited(lambda: "清洁生产里面办法" in person.titles("清洁生产里面办法"))
    assert waited(lambda: not Path("/proc", str(process)).exists()), "it ended, and was asked how"
    assert processes(person.kb.settings.home) == []


def waited(is_so: Callable[[], bool]) -> bool:
    """Whether something comes true within a while."""
    until = time.monotonic() + WAIT
    while not is_so() and time.monotonic() < until:
        time.sleep(0.1)
    return is_so()


def test_the_same_name_is_the_same_file_unchanged_or_in_a_new_version(person: Person) -> None:
    first = person.post(
        "/imports", ("甲规定.txt", LAW.replace("示例", "甲").encode()), ("乙.txt", LAW.replace("示例", "乙").encode())
    )
    person.ended(first)
    changed = LAW.replace("示例", "甲").replace("逆流漂洗", "喷淋清洗").encode()
    told = lines(
        person.ended(person.post("/imports", ("甲规定.txt", changed), ("x/乙.txt", LAW.replace("示例", "乙").encode())))
    )
    assert "新版本，换下了以前同名文件的内容" in told["上传/甲规定.txt"]
    assert told["上传/乙.txt"].startswith("无变化")


def test_an_interrupted_import_is_gone_on_with_and_undone_by_buttons(person: Person) -> None:
    with person.jobs.taken(), receiving(person.jobs.uploads, 1) as upload:
        upload.add("断.txt", [LAW.replace("示例", "断").encode()])
        number = person.kb.store.imports.begin([str(file) for file in upload.files])
    page = f"/imports/{number}"
    tree = BeautifulSoup(person.get(page).text, "lxml")
    assert text_of(tree, "main button") == "接着做"
    tree = person.ended(person.post(page))
    assert lines(tree)["上传/断.txt"].startswith("已入库")
    assert "没有中断" in refusal(person.post(page))
    asks = BeautifulSoup(person.get(f"{page}/undo").text, "lxml")
    assert "它存下的 1 个文件" in text_of(asks, "main ul")
    assert one(asks, "main form")["action"] == f"{page}/undo"
    tree = person.ended(person.post(f"{page}/undo"))
    assert "已撤销" in text_of(tree, "[role=status]")
    assert not person.kb.store.file("上传/断.txt")
    again = person.post(f"{page}/undo")
    assert (again.status_code, refusal(again)) == (409, f"第 {number} 次导入已经撤销了")
    assert person.get(f"{page}/undo").status_code == 409


def test_an_undoing_is_followed_and_one_that_was_cut_off_is_gone_on_with(person: Person) -> None:
    number = person.kb.store.imports.begin(["/nowhere"])
    with person.jobs.taken():
        person.kb.store.imports.end(number, "undoing")
        tree = BeautifulSoup(person.get(f"/imports/{number}").text, "lxml")
        assert "正在撤销" in text_of(tree, "[role=status]")
        assert one(tree, "meta[http-equiv=refresh]")["content"] == "3"
    tree = BeautifulSoup(person.get(f"/imports/{number}").text, "lxml")
    assert "撤销到一半" in text_of(tree, "[role=status]")
    assert text_of(tree, "main form a") == "接着撤销"
    assert "已撤销" in text_of(person.ended(person.post(f"/imports/{number}/undo")), "[role=status]")


def test_what_is_gone_cannot_be_gone_on_with(person: Person) -> None:
    number = person.kb.store.imports.begin(["/nowhere/上传/没了.txt"])
    answer = person.post(f"/imports/{number}")
    assert answer.status_code == 409
    assert "没了.txt 已经不在原处" in refusal(answer)
    assert person.post("/imports/9999").status_code == 404
    person.kb.store.imports.end(number, "undone")


# what is refused


@pytest.fixture
def kept_nothing(person: Person) -> Iterator[None]:
    """Nothing is kept of what is refused: no file, no import, no lock."""
    before = person.uploaded()
    yield
    assert person.kept() == []
    assert person.uploaded() == before
    assert not person.jobs.is_running()


A = ("a.txt", b"1")
REFUSED: dict[str, tuple[list[tuple[str, bytes]], int, str]] = {
    "no file": ([], 400, "没有选文件"),
    "a field without a name": ([("", b"x")], 400, "没有名字"),
    "too many": ([(f"{number}.txt", b"1") for number in range(FILES_LIMIT + 1)], 400, "一次最多上传 100 个文件"),
    "too big": ([("a.txt", b"1" * (LIMIT * 10**6 + _BESIDE_FILES))], 413, "一次最多 2 MB"),
    "one name twice": ([A, ("b/a.txt", b"2")], 400, "两个文件都叫“a.txt”"),
    "no name": ([A, ("..", b"2")], 400, "“..”不能作文件名"),
    "control characters only": ([("\x01\x02", b"2")], 400, "“??”不能作文件名"),
}


@pytest.mark.usefixtures("kept_nothing")
@pytest.mark.parametrize(("files", "status", "why"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_what_to_do(person: Person, files: list[tuple[str, bytes]], status: int, why: str) -> None:
    answer = person.post("/imports", *files)
    assert answer.status_code == status
    assert why in refusal(answer)
    assert 'name="files"' in answer.text, "the form is there to try again"


@pytest.mark.usefixtures("kept_nothing")
@pytest.mark.parametrize("fields", [{"csrf_token": ""}, {"csrf_token": "forged"}, {"csrf_token": "x" * 400_000}])
def test_without_the_token_of_the_form_nothing_is_changed(person: Person, fields: Mapping[str, str]) -> None:
    number = person.kb.store.imports.begin(["/nowhere"])
    person.kb.store.imports.end(number, "interrupted")
    for path in (f"/imports/{number}", f"/imports/{number}/undo"):
        assert person.post(path, **fields).status_code == 400
    answer = person.post("/imports", A, **fields)
    assert (answer.status_code, "表单已过期" in answer.text) == (400, True)
    assert person.jobs.get(number).state == "interrupted"


class Long:
    """A body that nobody holds as a whole."""

    def __init__(self, size: int) -> None:
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        self.pieces = [head, *[b"\0" * 50_000] * (size // 50_000), b"\r\n--b--\r\n"]
        self.size = sum(map(len, self.pieces))
        self.given = 0

    def read(self, _size: int = -1) -> bytes:
        piece = self.pieces.pop(0) if self.pieces else b""
        self.given += len(piece)
        return piece


def test_a_file_is_passed_on_as_it_comes() -> None:
    body = Long(20_000_000)
    sent = {"wsgi.input": body, "CONTENT_LENGTH": str(body.size), "CONTENT_TYPE": "multipart/form-data; boundary=b"}
    with Flask("cpkb").test_request_context(method="POST", environ_overrides=sent):
        read = most = 0
        for chunk in (chunk for _, content in _files(_parts()) for chunk in content):
            read += len(chunk)
            most = max(most, body.given - read)
    assert read == 20_000_000
    assert most < 1_000_000, "what is held at a time"


@pytest.mark.usefixtures("kept_nothing")
def test_a_file_before_the_token_is_not_taken(person: Person) -> None:
    parts = [("files", A), ("csrf_token", (None, person.token().encode()))]
    answer = person.session.post(f"{person.address}/imports", files=parts, timeout=WAIT)
    assert answer.status_code == 400
    assert "表单已过期" in answer.text


@pytest.mark.usefixtures("kept_nothing")
def test_what_the_form_does_not_have_is_refused(person: Person) -> None:
    assert "不认识的一项" in refusal(person.post("/imports", A, folder="/etc"))
    plain = person.session.post(f"{person.address}/imports", data={"csrf_token": person.token()}, timeout=WAIT)
    assert "请用“导入任务”页上的表单" in refusal(plain)
    assert person.session.post(f"{person.address}/imports?x=1", timeout=WAIT).status_code == 400


@pytest.mark.usefixtures("kept_nothing")
def test_while_another_import_runs_nothing_is_taken_and_it_is_said(person: Person) -> None:
    done = person.kb.store.imports.begin(["/nowhere"])
    person.kb.store.imports.end(done, "done")
    with person.jobs.taken():
        going_on = person.kb.store.imports.begin(["/nowhere"])
        for path, files in (("/imports", [A]), (f"/imports/{done}", []), (f"/imports/{done}/undo", [])):
            answer = person.post(path, *files)
            assert answer.status_code == 409, path
            assert "另一个导入正在进行" in refusal(answer)
        assert "有导入正在进行" in person.get("/imports").text
        assert person.kept() == []
        person.kb.store.imports.end(going_on, "done")


@pytest.mark.usefixtures("kept_nothing")
def test_who_comes_while_a_finished_import_tidies_up_is_not_refused(person: Person) -> None:
    with ExitStack() as tidying:
        tidying.enter_context(person.jobs.taken())
        threading.Timer(1.5, tidying.close).start()  # longer than who only looks holds the lock
        assert "没有选文件" in refusal(person.post("/imports"))


def test_an_import_is_followed_file_by_file(person: Person) -> None:
    with person.jobs.taken():
        number = person.kb.store.imports.begin(["/nowhere"])
        person.kb.store.imports.expect(number, 2)
        tree = BeautifulSoup(person.get(f"/imports/{number}").text, "lxml")
        person.kb.store.imports.end(number, "done")
    assert "0 / 2 个文件有了结果" in text_of(tree, "[role=status]")
    assert one(tree, "meta[http-equiv=refresh]")["content"] == "3"


@pytest.mark.usefixtures("kept_nothing")
@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 proxy"}])
def test_behind_a_proxy_nothing_is_taken(person: Person, headers: dict[str, str]) -> None:
    data = {"csrf_token": person.token()}
    for path in ("/imports", "/imports/1", "/imports/1/undo"):
        answer = person.session.post(
            f"{person.address}{path}", data=data, files={"files": A}, headers=headers, timeout=WAIT
        )
        assert answer.status_code == 404, path


@pytest.mark.usefixtures("kept_nothing")
def test_another_machine_can_change_nothing(person: Person) -> None:
    app = create_app(person.kb)
    app.config["WTF_CSRF_ENABLED"] = False
    for path in ("/imports", "/imports/1", "/imports/1/undo"):
        assert app.test_client().post(path, environ_base={"REMOTE_ADDR": "192.168.1.7"}).status_code == 404
    closed = replace(person.kb, settings=person.kb.settings.model_copy(update={"import_pages": False}))
    assert create_app(closed).test_client().post("/imports").status_code == 404


@pytest.mark.usefixtures("kept_nothing")
def test_an_upload_that_breaks_off_leaves_nothing(person: Person) -> None:
    place = urlsplit(person.address)
    token = person.token()
    cookie = "; ".join(f"{name}={value}" for name, value in person.session.cookies.items())
    field = 'Content-Disposition: form-data; name="{}"'
    start = f"--b\r\n{field.format('csrf_token')}\r\n\r\n{token}\r\n--b\r\n"
    start += f'{field.format("files")}; filename="a.txt"\r\n\r\n'
    head = f"POST /imports HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookie}\r\nContent-Length: 1000000\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    with socket.create_connection((str(place.hostname), place.port or 0)) as client:
        client.sendall((head + start).encode() + b"1" * 100_000)
        assert waited(lambda: "a.txt" in person.kept())
    assert waited(lambda: person.kept() == [] and not person.jobs.is_running())


@pytest.mark.usefixtures("kept_nothing")
def test_every_other_address_takes_short_forms_only(person: Person) -> None:
    for path in ("/answers", "/imports/1", "/imports/1/undo"):
        assert person.post(path, ("a.txt", b"1" * 1_500_000)).status_code == 413, path


@pytest.mark.usefixtures("kept_nothing")
def test_a_full_disk_is_told(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    answer = person.post("/imports", A)
    assert answer.status_code == 507
    assert "磁盘只剩 0 MB" in refusal(answer)


def test_of_two_at_once_one_is_taken(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[requests.Response] = []
    begun: list[tuple[Path, Sequence[str], int, LastWords]] = []
    # It begins when all are answered: over before, another would be taken.
    monkeypatch.setattr(
        uploading, "start", lambda home, words, lock, why: begun.append((home, words, os.dup(lock), why))
    )
    people = [Person(person.kb, person.address) for _ in range(3)]
    threads = [
        threading.Thread(target=lambda one=one, at=at: answers.append(one.post("/imports", (f"同时{at}.xyz", b"?"))))
        for at, one in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    ((home, words, lock, why),) = begun
    start(home, words, lock, why)
    os.close(lock)
    told = lines(person.ended(next(answer for answer in answers if answer.status_code == 303)))
    assert [re.sub(r"\d", "", name) for name in told] == ["上传/同时.xyz"]
