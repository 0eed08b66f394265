"""Which addresses are refused: everything that is not of the public internet, however it is written or hidden."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cpkb.errors import FetchError
from cpkb.fetch.client import Client
from cpkb.fetch.guard import Guard, internal
from cpkb.settings import Settings
from tests.fetch.sites import Answer, client_for, names, serving

REPO = Path(__file__).resolve().parents[2]

REFUSED = {
    "a file": ("file:///etc/passwd", "只读 http"),
    "another protocol": ("ftp://example.org/a", "只读 http"),
    "gopher": ("gopher://127.0.0.1:6379/_INFO", "只读 http"),
    "a script": ("javascript:alert(1)", "只读 http"),
    "no protocol": ("www.example.org/a.html", "只读 http"),
    "no host": ("http:///a", "只读 http"),
    "loopback": ("http://127.0.0.1/", "本机"),
    "all of loopback": ("http://127.8.9.10/", "本机"),
    "loopback by name": ("http://localhost/", "本机"),
    "loopback by name with a dot": ("http://localhost./", "本机"),
    "decimal": ("http://2130706433/", "变了写法的 IP"),
    "octal": ("http://0177.0.0.1/", "变了写法的 IP"),
    "hexadecimal": ("http://0x7f000001/", "变了写法的 IP"),
    "hexadecimal parts": ("http://0x7f.0.0.1/", "变了写法的 IP"),
    "short": ("http://127.1/", "变了写法的 IP"),
    "zero": ("http://0/", "变了写法的 IP"),
    "padded": ("http://127.000.000.001/", "变了写法的 IP"),
    "unspecified": ("http://0.0.0.0/", "内部网络"),
    "private 10": ("http://10.0.0.1/", "内部网络"),
    "private 172": ("http://172.16.5.4/", "内部网络"),
    "private 192": ("http://192.168.1.1/", "内部网络"),
    "carrier": ("http://100.64.0.1/", "保留"),
    "metadata of clouds": ("http://169.254.169.254/latest/meta-data/", "链路本地"),
    "metadata of one cloud": ("http://100.100.100.200/latest/meta-data/", "保留"),
    "a cloud's wire server": ("http://168.63.129.16/", "保留"),
    "multicast": ("http://224.0.0.1/", "组播"),
    "broadcast": ("http://255.255.255.255/", "内部网络"),
    "IPv6 loopback": ("http://[::1]/", "本机"),
    "IPv6 unspecified": ("http://[::]/", "内部网络"),
    "IPv6 mapped": ("http://[::ffff:127.0.0.1]/", "不读内部地址"),
    "IPv6 mapped in hexadecimal": ("http://[::ffff:7f00:1]/", "不读内部地址"),
    "IPv6 mapped metadata": ("http://[::ffff:a9fe:a9fe]/", "不读内部地址"),
    "IPv6 compatible": ("http://[::127.0.0.1]/", "不读内部地址"),
    "IPv6 translated": ("http://[64:ff9b::7f00:1]/", "不读内部地址"),
    "IPv6 6to4": ("http://[2002:7f00:1::]/", "不读内部地址"),
    "IPv6 Teredo": ("http://[2001:0:7f00:1::]/", "不读内部地址"),
    "IPv6 unique local": ("http://[fd00:ec2::254]/", "内部网络"),
    "IPv6 link local": ("http://[fe80::1]/", "链路本地"),
    "IPv6 multicast": ("http://[ff02::1]/", "组播"),
    "a user": ("http://admin@site.test/", "用户名和密码"),
    "a user that looks like a host": ("http://www.example.org@127.0.0.1/", "用户名和密码"),
    "an empty user": ("http://@127.0.0.1/", "用户名和密码"),
    "mail": ("http://site.test:25/", "不读端口 25"),
    "port 22": ("https://site.test:22/", "不读端口 22"),
    "no port": ("http://site.test:x/", "不是正确的地址"),
    "a port too high": ("http://site.test:99999/", "不是正确的地址"),
    "a space": ("http://site.test/ a", "空白或控制字符"),
    "a line end": ("http://site.test/\r\nHost: x", "空白或控制字符"),
    "a backslash": ("http://site.test\\@127.0.0.1/", "空白或控制字符"),
    "too long": (f"http://site.test/{'a' * 2000}", "太长"),
    "a name that is private": ("http://private.test/", "192.168.0.9（内部网络）"),
    "a name with one private address of two": ("http://half.test/", "10.1.2.3（内部网络）"),
    "a name that is mapped": ("http://mapped.test/", "不读内部地址"),
    "circled digits": ("http://①②⑦.⓪.⓪.①/", "读不到"),
    "escaped digits": ("http://%31%32%37.0.0.1/", "本机"),
    "a name with a hidden end": ("http://localhost%00.example.org/", "读不到"),
    "the other case": ("HTTP://LOCALHOST/", "本机"),
    "no such name": ("http://nowhere.test/", "找不到这个网站"),
}
NAMES = names(
    private_test="192.168.0.9",
    half_test=("93.184.216.34", "10.1.2.3"),
    mapped_test="::ffff:10.0.0.1",
    localhost="127.0.0.1",
)


def looked_up(host: str, port: int) -> list[str]:
    """Numbers stand for themselves, as the system's resolver has it."""
    bare = host.rstrip(".")
    return [bare] if re.fullmatch(r"[\d.]+|[\da-f:.]*:[\da-f:.]*", bare) else list(NAMES(bare, port))


@pytest.mark.parametrize(("address", "why"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_before_anything_is_sent(address: str, why: str) -> None:
    with pytest.raises(FetchError, match=re.escape(why)):
        Client(Guard(looked_up)).get(address)


@pytest.mark.parametrize("ip", ["93.184.216.34", "223.5.5.5", "202.106.0.20", "2400:3200::1", "2606:4700::1111"])
def test_public_addresses_are_not(ip: str) -> None:
    assert internal(ip) == ""


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "file:///etc/passwd"]
)
def test_a_redirect_leads_to_nothing_internal(target: str) -> None:
    with serving({"/": Answer(status=302, headers={"Location": target})}) as site:
        with pytest.raises(FetchError, match=r"不读内部地址|只读 http"):
            client_for(site, looked_up).get(site.url())
        assert site.paths() == ["/"]


def test_a_redirect_to_another_port_of_this_machine_is_refused() -> None:
    with serving({"/": Answer(b"secret")}) as other, serving({}) as site:
        site.pages["/"] = Answer(status=302, headers={"Location": other.url()})
        with pytest.raises(FetchError, match="本机"):
            client_for(site).get(site.url())
        assert other.asked == []


def test_a_name_that_changes_its_address_is_refused_when_it_becomes_internal() -> None:
    """DNS rebinding: each connection goes to the very address that was checked, and each is checked."""
    with serving({"/": Answer(b"<p>text</p>")}) as other, serving({"/robots.txt": Answer(status=404)}) as site:
        answers = iter(["127.0.0.1", "10.0.0.1"])
        asked: list[str] = []

        def changing(host: str, _port: int) -> list[str]:
            asked.append(host)
            return [next(answers)]

        with pytest.raises(FetchError, match=r"10\.0\.0\.1（内部网络）"):
            client_for(site, changing).get(site.url())
        assert asked == ["site.test", "site.test"]  # once for robots.txt, once for the page: one look a connection
        assert other.asked == []


def test_no_setting_opens_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [name for name in Settings.model_fields if "open" in name or "allow" in name or "internal" in name]
    monkeypatch.setenv("CPKB_OPEN_TO_TESTS", "127.0.0.1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Guard().open_to_tests == frozenset()
    with pytest.raises(FetchError, match="本机"):
        Client().get("http://127.0.0.1/")


def test_only_tests_open_it() -> None:
    naming = {
        file.name for file in (REPO / "cpkb").rglob("*.py") if "open_to_tests" in file.read_text(encoding="utf-8")
    }
    assert naming == {"guard.py"}
