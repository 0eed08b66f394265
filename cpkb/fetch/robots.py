"""What a site allows programs to read (robots.txt, RFC 9309), asked once a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

TOKEN = "cpkb"  # noqa: S105 — the name rules are written for
SIZE_LIMIT = 512 * 1024  # bytes: what the standard asks to read at least
_KEPT = 24 * 3600.0  # seconds: what the standard allows at most
_LONGEST_DELAY = 30.0  # seconds between two requests: a site that asks for more is asked as seldom as this
_OK = 200

Read = Callable[[str], tuple[int, bytes]]
"""(status, body) of an address; raises when the site itself fails, for then nothing may be read (RFC 9309, 2.3.1.4)."""


@dataclass(slots=True)
class Robots:
    """The rules of sites. ``read`` fetches a robots.txt, ``clock`` gives seconds."""

    read: Read
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Protego]] = field(default_factory=dict)

    def allows(self, address: str) -> bool:
        """Whether the address may be read by a program."""
        return bool(self._rules(address).can_fetch(address, TOKEN))

    def delay(self, address: str) -> float:
        """Seconds the site wants between two requests; 0 when it says nothing."""
        return min(float(self._rules(address).crawl_delay(TOKEN) or 0), _LONGEST_DELAY)

    def _rules(self, address: str) -> Protego:
        parts = urlsplit(address)
        site = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        asked, rules = self._known.get(site, (float("-inf"), None))
        if rules is None or self.clock() - asked > _KEPT:
            rules = Protego.parse(self._text(site))
            self._known[site] = (self.clock(), rules)
        return rules

    def _text(self, site: str) -> str:
        """Without a robots.txt everything is allowed."""
        status, body = self.read(site)
        return body.decode("utf-8", "replace") if status == _OK else ""
