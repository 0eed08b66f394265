"""The guarded client (受控的网页读取): one address → its bytes, within limits, at a pace, as the site allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

from cpkb import __version__
from cpkb.errors import FetchError
from cpkb.fetch import content
from cpkb.fetch.connections import Deadline, deadline, session
from cpkb.fetch.guard import Guard
from cpkb.fetch.robots import SIZE_LIMIT, Robots

_IN_TROUBLE = 500
_REDIRECTS = (301, 302, 303, 307, 308)
_MEANS = {
    401: "要登录才能看", 403: "网站拒绝了", 404: "没有这一页", 410: "这一页已经撤下",
    429: "网站要求慢一点，请过一阵再试", 500: "网站出错了", 502: "网站出错了",
    503: "网站暂停服务", 504: "网站没有及时回答",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a site's and one's own time and memory a fetch may take."""

    size: int = 100_000_000  # bytes: the longest guide with pictures has 40 MB
    connect: float = 10.0  # seconds until a connection stands
    read: float = 30.0  # seconds without a byte
    total: float = 180.0  # seconds for one address with all its redirects
    redirects: int = 5  # as many as a move of a site takes, and a loop never ends
    pause: float = 1.0  # seconds between two requests to one site


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said of an address before; empty values are not asked with."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address says."""

    address: str
    """Where it was found, after redirects."""
    name: str
    """A safe file name with the suffix of what it is."""
    data: bytes
    known: Known
    is_unchanged: bool = False
    """The server says it is what was known; there are no data then."""


NOTHING_KNOWN = Known()


@dataclass(slots=True)
class Client:
    """Fetches. ``contact`` is told to sites, so that their keepers can write to somebody."""

    guard: Guard = field(default_factory=Guard)
    limits: Limits = field(default_factory=Limits)
    contact: str = ""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _robots: Robots = field(init=False)
    _asked: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._robots = Robots(self._robots_text, self.clock)

    @property
    def agent(self) -> str:
        """How the program names itself to sites."""
        contact = "".join(c for c in self.contact if c.isascii() and c.isprintable())
        return f"cpkb/{__version__} (cleaner production knowledge base; {contact or 'reads pages its editors name'})"

    def get(self, address: str, known: Known = NOTHING_KNOWN) -> Fetched:
        """What an address says; raises FetchError saying why it cannot be read and what would help."""
        with deadline(self.limits.total) as until:
            return self._follow(address, known, until, is_page=True)

    def _follow(self, address: str, known: Known, until: Deadline, *, is_page: bool) -> Fetched:
        begun = address
        for _ in range(self.limits.redirects + 1):
            self.guard.check(address)
            if is_page and not self._robots.allows(address):
                raise FetchError(f"{address}: 网站的 robots.txt 不让程序读这一页；可以用浏览器保存后再导入文件")
            self._pause(address, is_page=is_page)
            found, onward = self._ask(address, known, until, is_page=is_page)
            if found:
                return found
            address = self._onward(address, onward)
        raise FetchError(f"{begun}: 转来转去超过 {self.limits.redirects} 次，没有到头")

    def _onward(self, address: str, onward: str) -> str:
        try:
            return urljoin(address, onward)
        except ValueError as error:
            raise FetchError(f"{address}: 转到的地址不对：{onward[:100]!r}") from error

    def _ask(self, address: str, known: Known, until: Deadline, *, is_page: bool) -> tuple[Fetched | None, str]:
        """(what it says, "") or (None, where it sends on to)."""
        headers = {
            "User-Agent": self.agent,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "If-None-Match": known.etag,
            "If-Modified-Since": known.modified,
        }
        try:
            with session(self.guard, until) as asking:
                answer = asking.get(
                    address,
                    headers={name: value for name, value in headers.items() if value},
                    timeout=(self.limits.connect, self.limits.read),
                    allow_redirects=False,
                    stream=True,
                )
                if answer.status_code in _REDIRECTS and (onward := answer.headers.get("Location", "")):
                    return None, _readable(onward)
                return self._answered(address, answer, known, until, is_page=is_page), ""
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise self._failed(address, error, until) from error

    def _answered(
        self, address: str, answer: requests.Response, known: Known, until: Deadline, *, is_page: bool
    ) -> Fetched:
        if answer.status_code == requests.codes.not_modified and known != NOTHING_KNOWN:
            return Fetched(address, "", b"", known, is_unchanged=True)
        if answer.status_code != requests.codes.ok:
            means = _MEANS.get(answer.status_code, "没有给出这一页")
            raise _StatusError(f"{address}: 服务器回答 {answer.status_code}（{means}）", answer.status_code)
        kind = content.kind_of(answer.headers)
        if is_page and not content.is_read(kind):
            readable = "、".join(dict.fromkeys(content.KINDS.values()))
            raise FetchError(f"{address}: 内容是 {kind[:60]}，不是网页或文件；可以读：{readable}")
        data = self._body(address, answer, until, is_page=is_page)
        name = content.name_of(address, answer.headers, data)
        if name.endswith(content.TEXTS):
            data = content.in_utf8(data, answer.headers)
        said = Known(_short(answer.headers, "ETag"), _short(answer.headers, "Last-Modified"))
        return Fetched(address, name, data, said)

    def _body(self, address: str, answer: requests.Response, until: Deadline, *, is_page: bool) -> bytes:
        """The body as it comes, counted after decompression; of a robots.txt as much as must be read."""
        data = bytearray()
        while piece := answer.raw.read1(65536, decode_content=True):
            data += piece
            if not is_page and len(data) > SIZE_LIMIT:
                break
            if len(data) > self.limits.size:
                raise FetchError(f"{address}: 超过 {self.limits.size / 10**6:.3g} MB，没有读完；请下载后拆小再导入")
        if until.is_over:
            raise TimeoutError
        return bytes(data)

    def _failed(self, address: str, error: Exception, until: Deadline) -> FetchError:
        if until.is_over:
            return FetchError(f"{address}: {self.limits.total:g} 秒还没读完，已放弃；请过一阵再试，或下载后导入")
        if isinstance(error, (requests.Timeout, TimeoutError)):
            return FetchError(
                f"{address}: 网站没有及时回答（连接 {self.limits.connect:g} 秒，读取 {self.limits.read:g} 秒）"
            )
        if isinstance(error, requests.exceptions.SSLError):
            return FetchError(f"{address}: 网站的证书不对，不能确定是它；请核对地址")
        return FetchError(f"{address}: 读不到（{type(error).__name__}）；请核对地址，或检查网络")

    def _pause(self, address: str, *, is_page: bool) -> None:
        """Wait until the site may be asked again."""
        host = self.guard.check(address).hostname or ""
        pause = max(self.limits.pause, self._robots.delay(address) if is_page else 0.0)
        wait = self._asked.get(host, float("-inf")) + pause - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._asked[host] = self.clock()

    def _robots_text(self, address: str) -> tuple[int, bytes]:
        """A robots.txt with its status; raises FetchError where the site does not answer or is itself in trouble."""
        try:
            with deadline(self.limits.connect + self.limits.read) as until:
                return 200, self._follow(address, NOTHING_KNOWN, until, is_page=False).data
        except _StatusError as error:
            if error.status >= _IN_TROUBLE:
                raise
            return error.status, b""


class _StatusError(FetchError):
    """The server answered, but not with what was asked for."""

    def __init__(self, says: str, status: int) -> None:
        super().__init__(says)
        self.status = status


def _readable(location: str) -> str:
    """A Location as text: old servers send its bytes raw, in UTF-8 or GB 18030."""
    try:
        raw = location.encode("latin-1")
    except UnicodeEncodeError:
        return location
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return location


def _short(headers: Mapping[str, str], name: str) -> str:
    """A header to send back later, if it is of a length that servers mean seriously."""
    value = headers.get(name, "")
    return value if len(value) <= 300 else ""
