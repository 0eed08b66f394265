"""Parameters of pages: only what a page knows is accepted; anything else is refused by name."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from cpkb.errors import NotFoundError, QueryError
from cpkb.model.collection import Collection, collection, collections
from cpkb.search.request import SearchRequest, parse_request


def asked() -> dict[str, list[str]]:
    """The parameters of the request, each with its values."""
    return request.args.to_dict(flat=False)


def said(wanted: SearchRequest) -> dict[str, Sequence[str]]:
    """The parameters as the request was understood: 行业 33 and 金属制品业 are one condition."""
    return {**asked(), **wanted.chosen}


def only(*names: str) -> SearchRequest:
    """The checked request of a page that knows just these parameters; raises QueryError for any other."""
    known(*names)
    return parse_request(asked())


def known(*names: str) -> None:
    """Refuse any other parameter; raises QueryError."""
    for name in request.args:
        if name not in names:
            there_are = "、".join(names) or "（没有）"
            raise QueryError(f"这一页不认识参数“{name[:40]}”；可以用：{there_are}")


def named(name: str) -> Collection:
    """The collection in an address; raises NotFoundError that says in Chinese which there are."""
    if name not in collections():
        known = "、".join(f"{declared.label}（{key}）" for key, declared in collections().items())
        raise NotFoundError(f"没有“{name[:40]}”这一类；有：{known}")
    return collection(name)
