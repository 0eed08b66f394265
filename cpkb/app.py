"""The web application: configuration, what every answer carries, and the list of pages."""

from __future__ import annotations

import datetime as dt

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from cpkb.api import answers, ask_api, catalogue_api, record_api, search_api, versions_api
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages import (
    about_page,
    answers_page,
    ask_page,
    collection_page,
    compare_page,
    display,
    document_page,
    errors,
    export,
    home,
    imports_page,
    industry_page,
    markup,
    memo,
    original_page,
    record_page,
    relations_page,
    search_page,
    site_files,
)
from cpkb.pages.delivery import compressed, secured
from cpkb.pages.secret import secret_key

BLUEPRINTS = (
    home.pages,
    search_page.pages,
    ask_page.pages,
    memo.pages,
    answers_page.pages,
    industry_page.pages,
    record_page.pages,
    document_page.pages,
    original_page.pages,
    compare_page.pages,
    collection_page.pages,
    about_page.pages,
    imports_page.pages,
    relations_page.pages,
    export.pages,
    site_files.pages,
    search_api.api,
    ask_api.api,
    record_api.api,
    versions_api.api,
    catalogue_api.api,
)
BODY_LIMIT = 1_000_000  # bytes: forms are short; uploads have a limit of their own (cpkb/pages/uploading.py)
STATIC_AGE = 365 * 24 * 3600  # addresses of static files carry a hash of their content


def create_app(kb: KnowledgeBase) -> Flask:
    """The site over an open knowledge base."""
    web = kb.settings.web
    app = Flask("cpkb", static_folder=str(web / "static"), template_folder=str(web / "templates"), root_path=str(web))
    app.config.update(
        SECRET_KEY=secret_key(kb.settings.secret_key_file),
        TRUSTED_HOSTS=[host.strip() for host in kb.settings.trusted_hosts.split(",") if host.strip()],
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.before_request(lambda: _prepare(kb))  # before forms are checked: the page that refuses one needs it too
    CSRFProtect(app).exempt(imports_page.upload)  # it looks at the token itself, before it takes any file
    display.install(app)
    markup.install(app)
    search_page.install(app, keeps_pages=kb.settings.result_cache)
    app.register_error_handler(Exception, _answer_error)
    app.after_request(secured)
    app.after_request(compressed)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _prepare(kb: KnowledgeBase) -> None:
    g.kb = kb
    g.today = dt.date.today()  # noqa: DTZ011 — validity is by the calendar where the server stands


def _answer_error(error: Exception) -> Response:
    """What went wrong as a page, or as JSON under /api; the log keeps what people are not shown."""
    failure = errors.failure_of(error)
    if failure.status >= 500:
        current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return answers.failed(failure.status, failure.says) if request.path.startswith("/api/") else errors.page(failure)
