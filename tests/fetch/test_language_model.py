"""The client of a language model: what it asks, and every way in which an endpoint fails."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from cpkb.errors import FetchError
from cpkb.fetch.language_model import LanguageModel, ModelLimits
from tests.fetch.models import PATIENT, Behaviour, answering, endpoint, hang, model_at, reply

HASTY = ModelLimits(total=0.3, size=20_000)  # for endpoints that never answer, which go on until they are given up
KEY = "sk-sample-0123456789"


def test_it_asks_as_the_api_has_it_and_gives_the_text() -> None:
    with endpoint("好的") as found:
        assert model_at(found, key=KEY).complete("规矩", "问题") == "好的"
        assert found.paths == ["/v1/chat/completions"]
        assert found.headers[0]["Authorization"] == f"Bearer {KEY}"
        (asked,) = found.asked
    assert [said["role"] for said in asked["messages"]] == ["system", "user"]
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("sample-model", 0, False)


def test_without_a_key_none_is_sent() -> None:
    with endpoint("好的") as found:
        model_at(found).complete("规矩", "问题")
        assert "Authorization" not in found.headers[0]


def test_the_whole_address_may_be_given_too() -> None:
    with endpoint("好的") as found:
        LanguageModel(f"{found.url}/chat/completions", "m").complete("规矩", "问题")
        assert found.paths == ["/v1/chat/completions"]


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, without end: no single read ever takes long."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """A body of a gigabyte."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**9))
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 100_000)


def close_early(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')


def speak_nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff rubbish, no HTTP at all\r\n\r\n")


FAILURES: dict[str, tuple[Behaviour, str]] = {
    "it hangs": (hang, "0.3 秒没有答完"),
    "it drips": (drip, "0.3 秒没有答完"),
    "it never ends": (flood, "超过 20 kB"),
    "it closes early": (close_early, "中途断开"),
    "it speaks no HTTP": (speak_nonsense, "连不上或中途断开"),
    "it fails": (answering(b"oops", 500), "状态 500"),
    "it refuses the key": (answering(b"no", 401), "状态 401"),
    "it redirects": (answering(b"", 302, Location="http://127.0.0.1:1/"), "转到了别处"),
    "it sends no JSON": (answering(b"<html>hello</html>"), "读不懂"),
    "it sends rubbish": (answering(bytes(range(256))), "读不懂"),
    "it nests without end": (answering(b"[" * 15_000), "读不懂"),
    "it sends another shape": (answering(b'{"choices": {"message": 1}}'), "读不懂"),
    "it sends a list": (answering(b"[1, 2]"), "读不懂"),
    "it chooses nothing": (answering(b'{"choices": []}'), "读不懂"),
    "it says nothing": (answering(reply("  ")), "读不懂"),
    "it says a number": (answering(b'{"choices": [{"message": {"content": 7}}]}'), "读不懂"),
    "it is packed": (answering(gzip.compress(reply("好")), Content_Encoding="gzip"), "读不懂"),
}


def limits(name: str) -> ModelLimits:
    return HASTY if name in ("it hangs", "it drips") else PATIENT


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_in_words_and_none_is_waited_for_without_end(name: str) -> None:
    behave, says = FAILURES[name]
    with endpoint(behave) as found, pytest.raises(FetchError, match=says):
        model_at(found, limits(name), KEY).complete("规矩", "问题")


def test_a_redirect_is_not_followed() -> None:
    with endpoint("来了") as other:
        behave = answering(b"", 307, Location=f"{other.url}/chat/completions")
        with endpoint(behave) as found, pytest.raises(FetchError, match="转到了别处"):
            model_at(found).complete("规矩", "问题")
        assert other.asked == []


def test_nobody_there_is_told() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # held, but not listened at: no other program gets the port meanwhile
        with pytest.raises(FetchError, match="连不上"):
            LanguageModel(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", "m").complete("规矩", "问题")


def test_a_name_that_is_looked_up_for_ever_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def look_up(*_: object, **__: object) -> None:
        done.wait()
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(FetchError, match="没有答完"):
        LanguageModel("http://model.test/v1", "m", limits=HASTY).complete("规矩", "问题")
    done.set()


def test_more_than_a_few_at_once_are_told_to_come_back() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def take_long(handler: BaseHTTPRequestHandler) -> None:
        begun.set()
        go_on.wait()
        answering(reply("好的"))(handler)

    with endpoint(take_long) as found:
        model = model_at(found, replace(PATIENT, at_once=1))
        first = threading.Thread(target=model.complete, args=("规矩", "问题"), daemon=True)
        first.start()
        assert begun.wait(60)
        with pytest.raises(FetchError, match="正忙"):
            model.complete("规矩", "问题")
        go_on.set()
        first.join()


@pytest.mark.parametrize("name", ["it fails", "it redirects", "it closes early", "it hangs"])
def test_no_error_and_no_line_of_the_log_holds_key_address_or_question(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        endpoint(FAILURES[name][0]) as found,
        pytest.raises(FetchError) as raised,
    ):
        model_at(found, limits(name), KEY).complete("规矩", "张三家的问题")
    told = f"{raised.value!r} {raised.value.__cause__!r} " + " ".join(
        r.getMessage() for r in caplog.records if "cpkb" in r.name
    )
    assert "language model" in told
    for secret in (KEY, "张三", str(found.port)):
        assert secret not in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8080",
        "ftp://127.0.0.1/v1",
        "http://",
        "http://me:secret@host/v1",
        "http://host/v1?key=secret",
        "http://host:99999/",
    ],
)
def test_an_address_that_cannot_work_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(FetchError, match="CPKB_LLM_URL") as raised:
        LanguageModel(address, "m")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("key", ["两个字", "a\nb", " a", "a\x00"])
def test_a_key_that_is_none_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(FetchError, match="CPKB_LLM_KEY") as raised:
        LanguageModel("http://127.0.0.1/v1", "m", key)
    assert key not in str(raised.value)


def test_a_model_needs_a_name() -> None:
    with pytest.raises(FetchError, match="CPKB_LLM_MODEL"):
        LanguageModel("http://127.0.0.1/v1", "")
