"""Imports (导入任务): files uploaded, what became of each, gone on with, undone; for who sits at this machine only."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from cpkb.errors import CpkbError, DiskFullError, ImportJobError, NotFoundError, QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.record import Record
from cpkb.pages.errors import status_of
from cpkb.pages.links import Here, addressed, pages_around
from cpkb.pages.parameters import asked, known
from cpkb.pages.uploading import take_upload, throw_away_rest
from cpkb.pipeline.jobs import ImportJobs, check_interrupted
from cpkb.pipeline.report import JOB_STATES, OUTCOMES
from cpkb.pipeline.started import start
from cpkb.pipeline.uploads import FILES_LIMIT
from cpkb.store.imports import FileLine
from cpkb.store.store import Store

pages = Blueprint("imports_page", __name__)
JOBS_A_PAGE, LINES_A_PAGE = 20, 100
NAMED = 3  # records of a file: a document has one, a list hundreds
REFRESH = 3  # seconds: a page of a running import asks again by itself, without a script
_MOVING = ("running", "undoing")
_HELD = ("stored", "unchanged")
_OTHER_MACHINES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What proxies add: behind one, every request seems to come from this machine."""


@pages.get("/imports")
def imports() -> Response:
    """The imports, newest first, and the form to upload files."""
    known("page")
    return _listed(_jobs())


@pages.post("/imports")
def upload() -> AnyResponse:
    """Import the files of the form; what is refused is said above it."""
    known()
    jobs = _jobs()
    try:
        return _to(take_upload(jobs, g.kb.settings))
    except CpkbError as error:
        return _listed(jobs, error)
    finally:
        throw_away_rest()


@pages.get("/imports/<int:number>")
def import_job(number: int) -> Response:
    """One import with its report."""
    known("page", "outcome")
    return _reported(_jobs(), number)


@pages.post("/imports/<int:number>")
def go_on(number: int) -> AnyResponse:
    """Go on with an interrupted import."""
    known()
    jobs = _jobs()
    try:
        with jobs.taken(number) as lock:
            check_interrupted(jobs.get(number))
            jobs.store.imports.go_on(number)
            start(g.kb.settings.home, ("resume", str(number), "--json"), lock, jobs.last_words(number))
    except (ImportJobError, DiskFullError) as error:
        return _reported(jobs, number, error)
    return _to(number)


@pages.get("/imports/<int:number>/undo")
def offer_undo(number: int) -> Response:
    """What undoing an import means, and the button that does it."""
    known()
    jobs = _jobs()
    try:
        jobs.check_undoable(number)
    except ImportJobError as error:
        return _reported(jobs, number, error)
    files = len(jobs.store.imports.undoable(number))
    return _private(render_template("undo_import.html", job=jobs.get(number), files=files))


@pages.post("/imports/<int:number>/undo")
def undo(number: int) -> AnyResponse:
    """Take a whole import back."""
    known()
    jobs = _jobs()
    try:
        with jobs.taken(number) as lock:
            jobs.check_undoable(number)
            jobs.store.imports.end(number, "undoing")
            start(g.kb.settings.home, ("undo", str(number)), lock, jobs.last_words(number))
    except (ImportJobError, DiskFullError) as error:
        return _reported(jobs, number, error)
    return _to(number)


def is_shown(kb: KnowledgeBase) -> bool:
    """Whether who asks sits at this machine: nobody else sees or imports anything until there are accounts."""
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


def rendered(template: str, here: Here, page: int, last: int, status: int = 200, **values: object) -> Response:
    """A page of several that no browser keeps."""
    numbers = pages_around(page, last)
    return _private(render_template(template, here=here, page=page, last=last, numbers=numbers, **values), status)


def _jobs() -> ImportJobs:
    kb = shown_here()
    return ImportJobs(kb.store, kb.settings.imports)


def _listed(jobs: ImportJobs, problem: CpkbError | None = None) -> Response:
    here, page, last = place("/imports", jobs.store.imports.count(), JOBS_A_PAGE)
    with jobs.watched() as is_busy:
        found = jobs.newest(JOBS_A_PAGE, (page - 1) * JOBS_A_PAGE)
    refresh = REFRESH if is_busy and problem is None else 0  # what is said must not go away by itself
    limits = {"files": FILES_LIMIT, "megabytes": g.kb.settings.upload_limit}
    values = {"jobs": found, "is_busy": is_busy, "limits": limits, "refresh": refresh}
    values |= {"untold": jobs.store.imports.untold(), "open": jobs.store.proposals.counts().get("proposed", 0)}
    return _rendered("imports.html", here, page, last, problem, **values)


def _reported(jobs: ImportJobs, number: int, problem: CpkbError | None = None) -> Response:
    job, outcome = jobs.get(number), request.args.get("outcome", "")
    if outcome and outcome not in OUTCOMES:
        raise QueryError(f"没有“{outcome[:40]}”这种结果；有：{'、'.join(OUTCOMES)}")
    many = job.counts.get(outcome, 0) if outcome else job.told
    here, page, last = place(f"/imports/{number}", many, LINES_A_PAGE)
    lines = jobs.store.imports.lines(number, outcome, LINES_A_PAGE, (page - 1) * LINES_A_PAGE)
    refresh = REFRESH if job.state in _MOVING and problem is None else 0
    values = {"job": job, "lines": lines, "outcome": outcome, "replaced": jobs.store.imports.replaced(number)}
    values["made"] = _made(jobs.store, lines)
    return _rendered("import.html", here, page, last, problem, refresh=refresh, **values)


def _made(store: Store, lines: Sequence[FileLine]) -> dict[str, list[Record]]:
    """By file, the first few records that it says something of."""
    held = store.lookup.contributed_by(line.file for line in lines if line.outcome in _HELD)
    ids = {line.file: held.get(line.file, [])[:NAMED] for line in lines}
    heads = store.without_bodies([record_id for own in ids.values() for record_id in own])
    return {file: [addressed(heads[one]) for one in own if one in heads] for file, own in ids.items()}


def place(path: str, many: int, a_page: int) -> tuple[Here, int, int]:
    """(address, page asked for, last page)."""
    wanted = request.args.get("page", "1")
    last = max(ceil(many / a_page), 1)
    if not (wanted.isdecimal() and 1 <= int(wanted) <= last):
        raise QueryError(f"没有第“{wanted[:20]}”页；有 1 到 {last} 页")
    return Here.of(path, asked()), int(wanted), last


def _rendered(template: str, here: Here, page: int, last: int, problem: CpkbError | None, **values: object) -> Response:
    told = {"states": JOB_STATES, "outcomes": OUTCOMES, "problem": str(problem or "")}
    return rendered(template, here, page, last, status_of(problem) if problem else 200, **told, **values)


def _private(text: str, status: int = 200) -> Response:
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to(number: int) -> AnyResponse:
    """To the page of an import, so that loading that again sends nothing again."""
    return redirect(f"/imports/{number}", 303)
