"""Kept answers (留存的答复): one is kept on request, and shown as it was told, with what no longer holds marked."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from cpkb.consultation.citations import REASONS
from cpkb.consultation.keeping import keep, place_of, reasons
from cpkb.consultation.request import parse_ask
from cpkb.errors import NotFoundError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.links import Here
from cpkb.pages.parameters import asked as asked_parameters
from cpkb.pages.parameters import known

pages = Blueprint("answers_page", __name__)
_FORM = "csrf_token"


@pages.get("/answers")
def offer() -> str:
    """What keeping an answer means, and the button that does it."""
    _allowed()
    wanted = parse_ask(asked_parameters())
    here = Here.of("/ask", asked_parameters())
    return render_template("keep.html", asked=wanted, here=here)


@pages.post("/answers")
def keep_answer() -> Response:
    """Keep the answer to the question of the form: it is answered anew, nothing that is sent is believed."""
    _allowed()
    form = {name: values for name, values in request.form.to_dict(flat=False).items() if name != _FORM}
    wanted = parse_ask(form)
    kb: KnowledgeBase = g.kb
    return redirect(keep(kb.consultant.answer(wanted), kb.store, g.today).address, 303)


@pages.get("/answers/<answer_id>")
def kept_answer(answer_id: str) -> str:
    """An answer as it was told, with what no longer holds of it."""
    known()
    kb: KnowledgeBase = g.kb
    kept = kb.store.kept.answer(answer_id)
    return render_template(
        "answer.html",
        kept=kept,
        shape=kept.shape,
        reasons=reasons(kept, kb.store, g.today),
        place_of=place_of,
        says=REASONS,
        again=Here.of("/ask", {"q": [kept.question]}).whole(),
    )


def _allowed() -> None:
    kb: KnowledgeBase = g.kb
    if not kb.settings.keep_answers:
        raise NotFoundError("本站没有开放留存答复（CPKB_KEEP_ANSWERS）；可以打印答复的页面")
