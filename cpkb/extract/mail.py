"""Mails (.eml): the subject and text as a document; what is attached is handed out as files of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Draft, Member
from cpkb.extract.html import HtmlExtractor
from cpkb.extract.plain import PlainExtractor
from cpkb.extract.text import TEXT_LIMIT

PART_LIMIT = 500  # parts of a mail: a long correspondence with all attachments has 60
_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}")
_KNOWN = re.compile(
    rb"^(?:from|to|subject|date|received|message-id|mime-version|return-path):", re.IGNORECASE | re.MULTILINE
)
_LEAST_KNOWN = 3  # headers that only a mail has together
_LOOKED_AT = 16_384  # bytes: the headers of a mail that passed many servers
_NAMING = re.compile(
    rb"^(?:subject:|content-(?:type|disposition):|[ \t]+(?:file)?name=)[^\r\n]*[\x80-\xff][^\r\n]*",
    re.IGNORECASE | re.MULTILINE,
)
"""Header lines with bytes as they came, which the standard does not allow and old programs send (in GBK)."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/<>:"|?*\\]')


class MailExtractor:
    """Reads .eml files."""

    suffixes = (".eml",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft of the text; raises ExtractError for what is no mail or ends before its last part."""
        if len(data) > 4 * TEXT_LIMIT or not is_mail(data, name):
            raise ExtractError(f"{name}：不是完整的邮件（没有发件人、主题等邮件头）；请从邮箱重新导出 .eml")
        mail = _parsed(data)
        _check_whole(mail, name)
        body = mail.get_body(("plain", "html"))
        subject = " ".join(str(mail["subject"] or "").split())
        content = _text(body) if body is not None else ""
        if not content.strip():
            return [Draft((), problems=(f"{name}：邮件没有正文，只读附件",))]
        reader = HtmlExtractor() if body is not None and body.get_content_subtype() == "html" else PlainExtractor()
        draft = reader.read(content.encode(), name)[0]
        return [Draft(draft.blocks, title=subject or draft.title, facts=dict(draft.facts) | _dated(mail))]


def is_mail(data: bytes, name: str) -> bool:
    """Whether the bytes begin with the headers of a mail, or the name says so and they begin with headers."""
    start = data[:_LOOKED_AT]
    if not _HEADERS.match(start):
        return False
    known = {found.lower() for found in _KNOWN.findall(start)}
    return len(known) >= (1 if name.lower().endswith(".eml") else _LEAST_KNOWN)


def attachments(data: bytes) -> Iterator[Member]:
    """The files of a mail, those it forwards as .eml; a file without a name gets a number.

    Raises ExtractError for headers that cannot be read.
    """
    mail = _parsed(data)
    for number, part in enumerate(_parts(mail), 1):
        content = _payload(part)
        forwarded = part.get_content_type() == "message/rfc822"
        name = _UNSAFE.sub("_", part.get_filename() or "").strip(". ") or f"附件{number}{'.eml' * forwarded}"
        yield Member(name, content, "" if content else "附件是空的")


def _parsed(data: bytes) -> EmailMessage:
    try:
        return message_from_bytes(_NAMING.sub(_in_utf8, data), policy=policy.default)
    except RecursionError as error:
        raise ExtractError("邮件套得太深，正文和附件读不出；请从邮箱重新导出 .eml") from error


def _in_utf8(line: re.Match[bytes]) -> bytes:
    """A header line in UTF-8: some names in GBK happen to be valid UTF-8, but not Chinese in it."""
    try:
        if _CHINESE.search(line[0].decode()):
            return line[0]
    except UnicodeDecodeError:
        pass
    return line[0].decode("gb18030", "replace").encode()


def _parts(mail: EmailMessage) -> list[EmailMessage]:
    try:
        found = [part for part in mail.iter_attachments() if isinstance(part, EmailMessage)]
    except (AttributeError, KeyError, MessageError):
        return []  # a mail of one text has none
    except (ValueError, IndexError, TypeError, RecursionError) as error:  # what the library makes of odd headers
        told = "邮件头写坏了或套得太深，附件读不出；请从邮箱重新导出 .eml"
        raise ExtractError(f"{told}（{type(error).__name__}）") from error
    named = [part for part in found if part.get_filename() or part.get_content_maintype() not in ("multipart", "image")]
    return named[:PART_LIMIT]


def _payload(part: MIMEPart) -> bytes:
    try:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
        content = part.get_payload(decode=True)
    except (LookupError, ValueError, IndexError, TypeError, MessageError):
        return b""
    return content if isinstance(content, bytes) else b""


def _text(body: MIMEPart) -> str:
    """The text in the charset it names, mended where that is wrong (gb2312 is meant as GB 18030)."""
    content = _payload(body)
    charset = (body.get_content_charset() or "utf-8").replace("gb2312", "gb18030").replace("gbk", "gb18030")
    for encoding in ("utf-8", charset, "gb18030"):
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace")


def _check_whole(mail: EmailMessage, name: str) -> None:
    cut = {"StartBoundaryNotFoundDefect", "CloseBoundaryNotFoundDefect"}
    if any(type(defect).__name__ in cut for part in mail.walk() for defect in part.defects):
        raise ExtractError(f"{name}：邮件没有下载完整（缺少结尾）；请从邮箱重新导出 .eml")


def _dated(mail: EmailMessage) -> dict[str, str]:
    try:
        return {"issued": parsedate_to_datetime(str(mail["date"])).date().isoformat()} if mail["date"] else {}
    except (ValueError, TypeError, HeaderParseError):
        return {}
