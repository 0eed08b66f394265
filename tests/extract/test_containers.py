"""Archives and mails: their files by name, nested ones too; what leads elsewhere or grows too far is refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import partial

import pytest

from cpkb.errors import ExtractError
from cpkb.extract import containers
from cpkb.extract.containers import is_container, members
from cpkb.extract.mail import MailExtractor, attachments
from tests.extract.documents import NOTICE, archive, tape, word
from tests.extract.office_writer import gbk_archive, mail
from tests.pipeline.bombs import BOMBS

Pack = Callable[[Mapping[str, bytes]], bytes]


def taken(data: bytes, name: str = "a.zip") -> dict[str, bytes]:
    return {member.path: member.data for member in members(data, name) if not member.refused}


def refused(data: bytes, name: str = "a.zip") -> dict[str, str]:
    return {member.path: member.refused for member in members(data, name) if member.refused}


def zipped(files: Mapping[str, bytes]) -> bytes:
    return archive(**files)


PACKS = [zipped, tape, partial(tape, is_zipped=False)]
each_archive = pytest.mark.parametrize("pack", PACKS, ids=["zip", "tar.gz", "tar"])


@pytest.mark.parametrize("pack", [*PACKS, gbk_archive, partial(tape, encoding="gbk")])
def test_names_in_gbk_and_in_utf_8_are_read(pack: Pack) -> None:
    assert taken(pack({"示例.txt": b"1", "文件夹/二.txt": b"2"})) == {"示例.txt": b"1", "文件夹/二.txt": b"2"}


def test_archives_in_archives_and_attachments_of_mails_are_opened() -> None:
    inner = archive(**{"b.txt": b"1"})
    data = archive(**{"内.zip": inner, "信.eml": mail("示例", NOTICE, {"附.txt": b"2"})})
    found = taken(data)
    assert found["内.zip!/b.txt"] == b"1"
    assert found["信.eml!/附.txt"] == b"2"
    assert taken(tape({"内.zip": inner, "又.tar": tape({"c.txt": b"3"}, is_zipped=False)})) == {
        "内.zip!/b.txt": b"1", "又.tar!/c.txt": b"3"
    }  # fmt: skip


def test_a_word_file_is_no_archive() -> None:
    assert not is_container(word(), "a.zip")


@pytest.mark.parametrize(
    "path",
    ["../a.txt", "/etc/a.txt", "a/../../b.txt", "C:/a.txt", "a\\b.txt", "a//b.txt", "长" * 100 + ".txt", "a\x01.txt"],
)
@each_archive
def test_a_path_that_leads_elsewhere_is_refused_by_name(pack: Pack, path: str) -> None:
    data = pack({path: b"1", "good.txt": b"2"})
    assert taken(data) == {"good.txt": b"2"}
    assert len(refused(data)) == 1


@pytest.mark.parametrize("bomb", ["half a character in a name", "parts in parts"])
def test_a_mail_whose_headers_cannot_be_read_is_refused(bomb: str) -> None:
    with pytest.raises(ExtractError, match="附件读不出；请"):
        list(members(BOMBS[bomb][1](), "a.eml"))


def test_a_link_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert refused(stream.getvalue()) == {"a.txt": "是链接，不读"}


def test_a_member_under_a_password_is_named() -> None:
    data = bytearray(archive(**{"a.txt": b"12345"}))
    for start in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[start] |= 1
    assert "有密码" in refused(bytes(data))["a.txt"]


@each_archive
def test_hidden_files_and_what_macs_add_are_left_out(pack: Pack) -> None:
    assert taken(pack({".DS_Store": b"1", "__MACOSX/a.txt": b"1", "a.txt": b"2"})) == {"a.txt": b"2"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_in_a_tar_is_refused(kind: bytes) -> None:
    info = tarfile.TarInfo("a.txt")
    info.type, info.linkname = kind, "/etc/passwd"
    assert list(refused(of_headers(info))) == ["a.txt"]


def of_headers(*infos: tarfile.TarInfo) -> bytes:
    """A TAR of these headers, with nothing behind them."""
    return b"".join(info.tobuf(tarfile.GNU_FORMAT) for info in infos) + bytes(1024)


def test_a_tar_whose_member_says_it_is_large_is_refused_as_what_is_behind_it() -> None:
    info = tarfile.TarInfo("a.txt")
    info.size = 2 * containers.TOTAL_LIMIT
    assert "展开后超过" in refused(of_headers(info))["a.txt"]


def test_a_tar_cut_short_gives_what_stands_before_the_cut() -> None:
    data = tape({"a.txt": b"1" * 20_000, "b.txt": b"2" * 20_000}, is_zipped=False)[:30_000]
    assert list(taken(data)) == ["a.txt"]
    assert "从这里起损坏" in refused(data)["b.txt!"]


def test_a_zipped_tar_of_zeros_ends_where_it_passes_what_its_size_allows() -> None:
    data = tape({"a.txt": b"1", "zeros.bin": bytes(64 * 1024 * 1024), "b.txt": b"2"})
    assert taken(data) == {"a.txt": b"1"}
    assert "压缩比" in refused(data)["zeros.bin!"]


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"\x1f\x8b\x08" + b"1" * 99, gzip.compress(NOTICE.encode())])
def test_a_gzip_that_holds_no_tar_is_refused(data: bytes) -> None:
    with pytest.raises(ExtractError, match="不是 TAR 归档"):
        list(members(data, "a.gz"))


def test_a_bomb_is_refused_and_the_rest_is_read() -> None:
    data = archive(**{"bomb.txt": b"0" * (32 * 1024 * 1024), "a.txt": b"1"})
    assert len(data) < 100_000
    assert taken(data) == {"a.txt": b"1"}
    assert "压缩比" in refused(data)["bomb.txt"]


@pytest.mark.parametrize(
    ("limit", "value", "path", "message"),
    [
        ("MEMBER_LIMIT", 2, "c.txt", "超过 2 个文件"),
        ("TOTAL_LIMIT", 5, "b.txt", "展开后超过"),
        ("DEPTH_LIMIT", 1, "n.bin!", "超过 1 层"),
    ],
)
@each_archive
def test_beyond_a_bound_the_place_and_the_reason_are_told(
    monkeypatch: pytest.MonkeyPatch, pack: Pack, limit: str, value: int, path: str, message: str
) -> None:
    monkeypatch.setattr(containers, limit, value)
    files = {"a.txt": b"1234", "b.txt": b"5678", "c.txt": b"9"}
    data = pack({"n.bin": pack(files)} if limit == "DEPTH_LIMIT" else files)
    assert message in refused(data)[path]


def test_an_archive_that_holds_itself_ends() -> None:
    data = archive(**{"a.txt": b"1"})
    for _ in range(8):
        data = archive(**{"n.zip": data})
    (last,) = members(data, "a.zip")
    assert last.path.count("!") == containers.DEPTH_LIMIT


def test_an_archive_cut_short_is_refused() -> None:
    with pytest.raises(ExtractError, match="损坏"):
        list(members(archive(**{"a.txt": b"1"})[:-10], "a.zip"))


def test_a_damaged_member_is_named_and_the_rest_is_read() -> None:
    data = bytearray(archive(**{"a.txt": b"example " * 9, "b.txt": b"2"}))
    at = data.find(b"a.txt") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    assert taken(bytes(data)) == {"b.txt": b"2"}
    assert "损坏" in refused(bytes(data))["a.txt"]


def test_a_mail_is_its_subject_date_and_text() -> None:
    (draft,) = MailExtractor().read(mail("关于示例的通知", NOTICE, {}), "a.eml")
    assert draft.title == "关于示例的通知"
    assert draft.facts["issued"] == "2030-05-06"
    assert "一、明确目标" in [block.text for block in draft.blocks]


def test_a_mail_that_declares_gb2312_and_a_page_is_read() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "示例"
    message.set_content(
        "<html><body><p>朱镕 10³ 示例内容。</p><script>x</script></body></html>".encode("gb18030"), "text", "html"
    )
    message.set_param("charset", "gb2312")
    (draft,) = MailExtractor().read(message.as_bytes(), "a.eml")
    assert [block.text for block in draft.blocks] == ["朱镕 10³ 示例内容。"]


@pytest.mark.parametrize("name", ["../../etc/x.txt", "a/b.txt", "..", "a\x00b.txt", 'x"<>.txt'])
def test_the_name_of_an_attachment_is_a_name_and_no_path(name: str) -> None:
    for member in members(mail("示例", NOTICE, {name: b"1"}), "a.eml"):
        assert "/" not in member.path
        assert member.path not in ("", ".", "..")
        assert not member.refused


@pytest.mark.parametrize("name", ["原始名.txt", "示例通知.txt"])
def test_names_of_attachments_that_came_as_plain_gbk_are_read(name: str) -> None:
    part = (
        f'Content-Type: text/plain; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n甲\r\n'
    )
    head = 'From: a@example.org\r\nSubject: 示例\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    text = f"{head}--x\r\nContent-Type: text/plain\r\n\r\n示例。\r\n--x\r\n{part}--x--\r\n"
    assert [member.path for member in attachments(text.encode("gb18030"))] == [name]
