"""Imports (导入任务): what was imported and what became of each file; for who sits at this machine only."""

from __future__ import annotations

import ipaddress
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, render_template, request

from cpkb.errors import NotFoundError, QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.links import Here, pages_around
from cpkb.pages.parameters import asked, known
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.report import JOB_STATES, OUTCOMES

pages = Blueprint("imports_page", __name__)
JOBS_A_PAGE, LINES_A_PAGE = 20, 100
REFRESH = 3  # seconds: a page of a running import asks again by itself, without a script
_OTHER_MACHINES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What proxies add: behind one, every request seems to come from this machine."""


@pages.get("/imports")
def imports() -> Response:
    """The imports, newest first."""
    known("page")
    jobs = _jobs()
    here, page, last = place("/imports", jobs.store.imports.count(), JOBS_A_PAGE)
    found = jobs.newest(JOBS_A_PAGE, (page - 1) * JOBS_A_PAGE)
    is_moving = any(job.state == "running" for job in found)
    return _rendered(
        "imports.html",
        here,
        page,
        last,
        jobs=found,
        refresh=REFRESH if is_moving else 0,
        untold=jobs.store.imports.untold(),
        open=jobs.store.proposals.counts().get("proposed", 0),
    )


@pages.get("/imports/<int:number>")
def import_job(number: int) -> Response:
    """One import with its report."""
    known("page", "outcome")
    jobs = _jobs()
    job, outcome = jobs.get(number), request.args.get("outcome", "")
    if outcome and outcome not in OUTCOMES:
        raise QueryError(f"没有“{outcome[:40]}”这种结果；有：{'、'.join(OUTCOMES)}")
    many = job.counts.get(outcome, 0) if outcome else job.told
    here, page, last = place(f"/imports/{number}", many, LINES_A_PAGE)
    lines = jobs.store.imports.lines(number, outcome, LINES_A_PAGE, (page - 1) * LINES_A_PAGE)
    refresh = REFRESH if job.state == "running" else 0
    return _rendered("import.html", here, page, last, job=job, lines=lines, outcome=outcome, refresh=refresh)


def is_shown(kb: KnowledgeBase) -> bool:
    """Whether who asks sits at this machine: nobody else is shown what is imported until there are accounts."""
    if not kb.settings.import_pages or any(name in request.headers for name in _OTHER_MACHINES):
        return False
    return _is_here(request.remote_addr) and _is_here(urlsplit(f"//{request.host}").hostname)


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def shown_here() -> KnowledgeBase:
    """The knowledge base, for who sits at this machine; raises NotFoundError for anybody else."""
    kb: KnowledgeBase = g.kb
    if not is_shown(kb):
        raise NotFoundError("没有这个页面。")
    return kb


def rendered(template: str, here: Here, page: int, last: int, **values: object) -> Response:
    """A page of several that no browser keeps."""
    numbers = pages_around(page, last)
    answer = make_response(render_template(template, here=here, page=page, last=last, numbers=numbers, **values))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _jobs() -> ImportJobs:
    kb = shown_here()
    return ImportJobs(kb.store, kb.settings.imports)


def place(path: str, many: int, a_page: int) -> tuple[Here, int, int]:
    """(address, page asked for, last page)."""
    wanted = request.args.get("page", "1")
    last = max(ceil(many / a_page), 1)
    if not (wanted.isdecimal() and 1 <= int(wanted) <= last):
        raise QueryError(f"没有第“{wanted[:20]}”页；有 1 到 {last} 页")
    return Here.of(path, asked()), int(wanted), last


def _rendered(template: str, here: Here, page: int, last: int, **values: object) -> Response:
    return rendered(template, here, page, last, states=JOB_STATES, outcomes=OUTCOMES, **values)
