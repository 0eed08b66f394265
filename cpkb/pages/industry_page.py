"""Industries (行业): for each what can be done, what is forbidden, due, limited and paid for, and how much is known."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from cpkb.consultation.industries import industries, overview
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.parameters import only

pages = Blueprint("industry_page", __name__)


@pages.get("/industries")
def index() -> str:
    """All industries that something is known of."""
    only()
    kb: KnowledgeBase = g.kb
    return render_template("industries.html", industries=industries(kb.finder))


@pages.get("/industries/<code>")
def industry(code: str) -> str:
    """One industry."""
    wanted = only("as_of")
    kb: KnowledgeBase = g.kb
    return render_template(
        "industry.html", found=overview(kb.finder, code, wanted.query.as_of), is_dated=wanted.is_dated
    )
