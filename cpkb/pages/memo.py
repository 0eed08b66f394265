"""Take it along (带走): the answer to a question as a memo, the same parameters as the page of the answer."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from cpkb.consultation.request import AskRequest, parse_ask
from cpkb.errors import QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.links import Here
from cpkb.pages.parameters import asked as asked_parameters
from cpkb.writers.formats import FORMATS
from cpkb.writers.memo import Occasion, memo

pages = Blueprint("memo", __name__)


@pages.get("/ask.docx")
def docx() -> Response:
    """The memo for Word and WPS."""
    return _memo("docx")


@pages.get("/ask.pdf")
def pdf() -> Response:
    """The memo for paper."""
    return _memo("pdf")


def _memo(ending: str) -> Response:
    wanted = parse_ask(asked_parameters())
    if not (wanted.question or wanted.chosen):
        raise QueryError("先提一个问题，才有备忘录可写：在地址里写 q=…，或从咨询页下载")
    kb: KnowledgeBase = g.kb
    answer = kb.consultant.answer(wanted)
    occasion = Occasion(g.today, request.url_root.rstrip("/"), lasting(wanted))
    written = FORMATS[ending].write(memo(answer, occasion), kb.settings.fonts)
    response = Response(written, mimetype=FORMATS[ending].mimetype)
    name = f"cpkb-memo-{answer.as_of.isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lasting(wanted: AskRequest, path: str = "/ask") -> str:
    """The address of an answer with everything it depends on: who opens it later is told what held on the same day."""
    chosen = {name: list(values) for name, values in wanted.chosen.items()}
    return Here.of(path, {"q": [wanted.question], "as_of": [wanted.as_of.isoformat()], **chosen}).whole()
