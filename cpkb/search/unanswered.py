"""Which questions are counted for editors (没搜到的问题): those of poor results that hold no personal data."""

from __future__ import annotations

import re

from cpkb.analysis.analyzer import Analyzer
from cpkb.model.query import Words
from cpkb.model.results import Results
from cpkb.search.request import SearchRequest

KINDS = {"nothing": "什么也没有", "poor": "没有把握"}
LONGEST = 60  # characters: judged questions have 28 at most; what is longer is a pasted text and may hold anything
_DIGITS = str.maketrans("零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "01234567891123456789")
_PERSONAL = re.compile(
    r"\S\s?@\s?\S"  # an e-mail address
    r"|://|www\."  # a link may carry names and keys
    r"|\d{7}"  # telephones, passports, accounts; standards have six digits at most
    r"|\d(?:[\W_]{0,3}\d){10}"  # mobile, identity and card numbers however grouped; a dated standard has ten digits
    r"|(?:电话|手机|微信|qq|tel|身份证|护照|卡号|账号|帐号)[^\d]{0,6}\d(?:[\W_]?\d){4}"  # short ones, by what precedes
    r"|(?:微信|qq|wx)号?\s?[:是为]?\s?[a-z][\w-]{5}"  # account names
)


def is_poor(results: Results) -> bool:
    """Whether the results are no answer. The one place that decides it."""
    return results.confidence != "sure"


def to_count(wanted: SearchRequest, results: Results, analyzer: Analyzer) -> tuple[str, str] | None:
    """(folded question, kind) of a question worth an editor's look, else None.

    Conditions, later pages and what was switched off find little for reasons that no synonym cures; who asks for an
    explanation has asked the question before.
    """
    query = wanted.query
    words = [node for node in query.text.nodes if isinstance(node, Words)]
    switched_off = not all(node.synonyms and node.meaning for node in words)
    again = query.offset or query.explained
    if query.is_empty or query.filters or again or switched_off or not is_poor(results):
        return None
    text = folded_question(wanted.text, analyzer)
    kind = "poor" if results.hits else "nothing"
    return None if is_private(text) else (text, kind)


def folded_question(text: str, analyzer: Analyzer) -> str:
    """The one spelling a question is counted under."""
    return " ".join(analyzer.fold(text).text.split())


def is_private(folded: str) -> bool:
    """Whether a folded question is too long or holds something that may be about a person."""
    if len(folded) > LONGEST or not folded.isprintable():
        return True
    return bool(_PERSONAL.search(folded) or _PERSONAL.search(folded.translate(_DIGITS)))
