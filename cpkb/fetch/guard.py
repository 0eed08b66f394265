"""Which addresses may be asked: public ones only, decided on the very address that is then connected to.

Whoever names a page must not reach through this program what only this machine can reach (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from cpkb.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
"""A name and a port to IP addresses; raises OSError when there are none."""
LONGEST = 2000  # characters: longer addresses carry data, and servers refuse them
PORTS = (80, 443)
_FIRST_FREE_PORT = 1024  # below it stand services of the system (SSH, mail, databases' helpers), and two for the web
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_UNCLEAN = re.compile(r"[\s\\\x00-\x1f\x7f]")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_SPECIAL = tuple(
    ipaddress.ip_network(net)
    for net in (
        "192.88.99.0/24",  # relays that carry packets on into other networks
        "168.63.129.16/32",  # a cloud's own service for its machines, with a public look
        "2001::/23",  # protocols' own, Teredo among them: an IPv4 address hides inside
        "2002::/16",  # 6to4: the same
    )
)


@dataclass(frozen=True, slots=True)
class Guard:
    """Says no, with the reason, before anything is sent."""

    resolve: Resolver = field(default_factory=lambda: system_resolver)
    open_to_tests: frozenset[tuple[str, int]] = frozenset()
    """For tests alone: (IP, port) of a server on this machine. No setting leads here."""

    def check(self, address: str) -> SplitResult:
        """The parts of an address that may be asked; its name is looked up when connecting. Raises FetchError."""
        shown = _UNCLEAN.sub("�", address)[:200]
        if len(address) > LONGEST or _UNCLEAN.search(address):
            raise FetchError(f"{shown}: 地址里有空白或控制字符，或者太长（最多 {LONGEST} 个字符）")
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port or PORTS[parts.scheme == "https"]
        except ValueError as error:
            raise FetchError(f"{shown}: 不是正确的地址；应形如 https://网站/页面") from error
        if parts.scheme not in ("http", "https") or not host:
            raise FetchError(f"{shown}: 只读 http:// 和 https:// 开头的地址")
        if parts.username is not None or parts.password is not None:
            raise FetchError(f"{parts.scheme}://…@{host}: 地址里不能带用户名和密码")
        if port not in PORTS and port < _FIRST_FREE_PORT:
            raise FetchError(f"{shown}: 不读端口 {port}；网页在 80、443 或 {_FIRST_FREE_PORT} 以上的端口")
        if _NUMERIC.fullmatch(host) and not _is_plain(host):
            raise FetchError(f"{shown}: {host} 是变了写法的 IP 地址；请写域名")
        return parts

    def connect(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """A connection to a name, looked up once: what was checked is connected to. Raises FetchError and OSError."""
        failure: OSError | None = None
        for ip in self.allowed(host, port):
            try:
                return socket.create_connection((ip, port), timeout)
            except OSError as error:
                failure = error
        raise failure or OSError(f"{host}: no address")

    def allowed(self, host: str, port: int) -> list[str]:
        """The addresses of a name; raises FetchError if one is internal, for then the others cannot be trusted."""
        try:
            found = list(dict.fromkeys(self.resolve(host, port)))
        except OSError as error:
            raise FetchError(f"{host}: 找不到这个网站（域名解析失败）；请核对地址，或检查网络") from error
        for ip in found:
            if (ip, port) not in self.open_to_tests and (why := internal(ip)):
                raise FetchError(f"{host}: 它指向 {ip}（{why}），不读内部地址")
        return found


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def internal(ip: str) -> str:
    """Why an address is not of the public internet; '' when it is."""
    try:
        found = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "不是 IP 地址"
    kinds = (
        ("is_loopback", "本机"),
        ("is_link_local", "链路本地"),
        ("is_multicast", "组播"),
        ("is_private", "内部网络"),
    )
    for kind, label in kinds:
        if getattr(found, kind):
            return label
    if isinstance(found, ipaddress.IPv6Address) and found not in _GLOBAL_UNICAST:
        return "不是公网的 IPv6 地址"
    if (
        not found.is_global
        or found.is_reserved
        or any(found in net for net in _SPECIAL if net.version == found.version)
    ):
        return "保留的地址"
    return ""


def _is_plain(host: str) -> bool:
    with suppress(ValueError):
        return str(ipaddress.IPv4Address(host)) == host
    return False
