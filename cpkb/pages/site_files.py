"""The small files a browser or a robot asks for at fixed addresses."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

pages = Blueprint("site_files", __name__)
ROBOTS = """User-agent: *
Disallow: /ask.docx
Disallow: /ask.pdf
Disallow: /compare
Disallow: /search
Disallow: /search.csv
Disallow: /api/
Disallow: /answers
Disallow: /*rewrite=
Allow: /
"""
"""Searches, comparisons and memos are endless and say nothing of their own, kept answers belong to who keeps
them, and each rewriting costs; records and documents are for everybody."""


@pages.get("/robots.txt")
def robots() -> Response:
    """What robots may read."""
    return Response(ROBOTS, mimetype="text/plain")


@pages.get("/favicon.ico")
def favicon() -> Response:
    """The mark of the site, for browsers that do not read the page's link to it."""
    return current_app.send_static_file("favicon.svg")
