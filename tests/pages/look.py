"""Looking at answers: their page as a tree, and the addresses on it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    """The page at an address, which must answer with this status."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    assert answer.mimetype == "text/html"
    return BeautifulSoup(answer.text, "lxml")


def one(tree: BeautifulSoup | Tag, selector: str) -> Tag:
    """The only element that a selector finds."""
    found = tree.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def text(tree: BeautifulSoup | Tag, selector: str) -> str:
    """The text of the only element that a selector finds, spaces squeezed."""
    return " ".join(one(tree, selector).get_text().split())


def links(tree: BeautifulSoup | Tag, selector: str = "a") -> list[str]:
    """Addresses, with Chinese characters as people read them."""
    return [unquote(str(link["href"])) for link in tree.select(f"{selector}[href]")]


def paths(tree: BeautifulSoup) -> set[str]:
    """Paths on this site that a page links to."""
    parts = [urlsplit(link) for link in links(tree)]
    return {part.path for part in parts if part.path.startswith("/") and not part.netloc}
