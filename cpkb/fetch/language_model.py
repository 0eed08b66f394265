"""A language model (语言模型) behind an OpenAI-compatible address: two texts in, one text out, within limits.

The operator names the address, so it may be on this machine or in the internal network, unlike addresses that users
name (`guard`). Nothing is believed of what comes back: `consultation.checking` decides. No message of an error holds
the address, the key or what was asked, for users and logs see it.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from cpkb import __version__
from cpkb.errors import FetchError
from cpkb.fetch.connections import Deadline, deadline, session

PATH = "/chat/completions"
_REDIRECTS = range(300, 400)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """How long people wait for a model, and how much of it is read."""

    total: float = 8.0  # seconds from asking to the last byte: longer, nobody waits for a paragraph
    size: int = 200_000  # bytes: a hundred times what is asked for
    tokens: int = 800  # of the reply: a dozen sentences of law
    at_once: int = 2  # questions in one process: of its eight threads most stay free for pages


class _Direct:
    """Connects to whatever the operator named."""

    def connect(self, host: str, port: int, timeout: float | None) -> socket.socket:
        return socket.create_connection((host, port), timeout)


class LanguageModel:
    """Asks one model. ``address`` is the base of an OpenAI-compatible API (http://127.0.0.1:11434/v1)."""

    def __init__(self, address: str, name: str, key: str = "", limits: ModelLimits | None = None) -> None:
        """Raises FetchError if the settings cannot work; it repeats neither address nor key."""
        self._url = _checked(address)
        if not name:
            raise FetchError("设了 CPKB_LLM_URL，还要用 CPKB_LLM_MODEL 写明用哪个模型")
        if not (key.isascii() and key.isprintable() and key == key.strip()):
            raise FetchError("CPKB_LLM_KEY 里有空白、换行或非 ASCII 字符，不能当密钥用")
        self.name = name
        self._key = key
        self.limits = limits or ModelLimits()
        self._free = threading.BoundedSemaphore(self.limits.at_once)

    def complete(self, rules: str, asked: str) -> str:
        """What the model writes; raises FetchError in words for users, after ``limits.total`` seconds at the latest."""
        if not self._free.acquire(blocking=False):
            raise FetchError("语言模型正忙，请过一会儿再试")
        answered: SimpleQueue[str | FetchError] = SimpleQueue()
        # In a thread: looking a name up cannot be cut off, and who asked must not wait for it.
        threading.Thread(target=self._ask, args=(_body(self, rules, asked), answered), daemon=True).start()
        try:
            found = answered.get(timeout=self.limits.total)
        except Empty:
            found = self._too_late()
        if isinstance(found, FetchError):
            _log.warning("language model: %s", found)
            raise found
        return found

    def _ask(self, body: bytes, answered: SimpleQueue[str | FetchError]) -> None:
        try:
            answered.put(self._asked(body))
        except FetchError as error:
            answered.put(error)
        finally:
            self._free.release()

    def _asked(self, body: bytes) -> str:
        with deadline(self.limits.total) as until:
            try:
                with session(_Direct(), until) as asking, self._answer(asking, body) as answer:
                    return _text(self._read(answer, until))
            # What the libraries say may quote the address or a header: it goes no further.
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                if until.is_over or isinstance(error, (requests.Timeout, TimeoutError)):
                    raise self._too_late() from None
                raise FetchError(f"语言模型连不上或中途断开（{type(error).__name__}）") from None

    def _answer(self, asking: requests.Session, body: bytes) -> requests.Response:
        return asking.post(
            self._url,
            data=body,
            headers=self._headers(),
            timeout=self.limits.total,
            allow_redirects=False,
            stream=True,
        )

    def _headers(self) -> dict[str, str]:
        held = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"cpkb/{__version__}",
            **held,
        }

    def _read(self, answer: requests.Response, until: Deadline) -> bytes:
        """The body, as much as is allowed."""
        if answer.status_code in _REDIRECTS:
            raise FetchError("语言模型的地址转到了别处，没有跟去；请管理员核对 CPKB_LLM_URL")
        if answer.status_code != requests.codes.ok:
            raise FetchError(f"语言模型没有作答（状态 {answer.status_code}）；请管理员核对 CPKB_LLM_ 开头的设置")
        data = bytearray()
        while piece := answer.raw.read1(65536, decode_content=False):
            data += piece
            if len(data) > self.limits.size:
                raise FetchError(f"语言模型的回答超过 {self.limits.size // 1000} kB，没有读完")
        if until.is_over:  # a connection that was cut looks like one that ended
            raise TimeoutError
        return bytes(data)

    def _too_late(self) -> FetchError:
        return FetchError(f"语言模型 {self.limits.total:g} 秒没有答完，不等了")


def _checked(address: str) -> str:
    """Where the API is asked."""
    try:
        parts = urlsplit(address)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or parts.username or parts.password or parts.query or parts.fragment:
        raise FetchError(
            "CPKB_LLM_URL 应形如 http://127.0.0.1:11434/v1：http 或 https，不带用户名、密码和参数；"
            "密钥写在 CPKB_LLM_KEY 里"
        )
    return f"{address.rstrip('/').removesuffix(PATH)}{PATH}"


def _body(model: LanguageModel, rules: str, asked: str) -> bytes:
    said = [{"role": "system", "content": rules}, {"role": "user", "content": asked}]
    shape = {
        "model": model.name,
        "messages": said,
        "temperature": 0,
        "max_tokens": model.limits.tokens,
        "stream": False,
    }
    return json.dumps(shape, ensure_ascii=False).encode()


def _text(data: bytes) -> str:
    """The text in a reply of the API; raises FetchError where there is none."""
    try:
        content = json.loads(data)["choices"][0]["message"]["content"]
    # What is nested without end is a RecursionError; what is no list or table a TypeError or KeyError.
    except (ValueError, LookupError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str) or not content.strip():
        raise FetchError("语言模型的回答读不懂：不是 OpenAI 兼容接口的格式，或者是空的")
    return content
