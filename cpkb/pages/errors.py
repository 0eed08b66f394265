"""Errors (出错): which status an error has, and the page that says what happened, what was kept, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from cpkb.errors import (
    CpkbError,
    DiskFullError,
    ImportJobError,
    IndexBusyError,
    NotFoundError,
    QueryError,
    StoreError,
    UploadError,
    UploadTooLargeError,
)

STATUSES: tuple[tuple[type[CpkbError], int], ...] = (
    (QueryError, 400),
    (NotFoundError, 404),
    (UploadTooLargeError, 413),
    (UploadError, 400),
    (ImportJobError, 409),
    (DiskFullError, 507),
    (IndexBusyError, 503),
    (StoreError, 503),
    (CpkbError, 500),
)
"""The first class that fits decides."""
_HTTP_SAYS = {
    400: "请求写得不对。",
    404: "没有这个页面。",
    405: "这个地址不接受这种请求。",
    413: "发送的内容太大，没有收下。",
}
_TITLES = {400: "这个问题没法查", 404: "没有找到这一页", 413: "内容太大", 503: "暂时用不了"}
_TO_DO = {
    400: "按上面的提示改一改，再查一次。",
    404: "核对地址，或者在上面的搜索框里查标题、编号。资料重新导入后，旧地址可能已经变了。",
    503: "过一会儿再打开这一页。",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as people are told of it."""

    status: int
    says: str
    has_text: bool = False
    """Whether a question was asked, which the search box still shows."""

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return _TITLES.get(self.status, "出错了" if self.status >= 500 else "这个请求没法处理")

    @property
    def kept(self) -> str:
        """What was kept."""
        return "你输入的内容还在搜索框里，资料没有变动。" if self.has_text else "资料没有变动。"

    @property
    def to_do(self) -> str:
        """What to do now."""
        return _TO_DO.get(self.status, "回到首页重新开始；如果一再出现，请告诉管理员。")


def status_of(error: CpkbError) -> int:
    """The status of an error that is meant for people."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def failure_of(error: Exception) -> Failure:
    """The status and the words of any error; what is not meant for people is not repeated to them."""
    if isinstance(error, CpkbError):
        return Failure(status_of(error), str(error))
    if isinstance(error, CSRFError):
        return Failure(400, "表单已过期；请回到上一页重新提交。")
    if isinstance(error, SecurityError):
        return Failure(421, "本站不以这个域名提供服务；请检查地址，或在 CPKB_TRUSTED_HOSTS 里加上它。")
    if isinstance(error, HTTPException) and error.code:
        return Failure(error.code, _HTTP_SAYS.get(error.code, "这个请求没法处理。"))
    return Failure(500, "程序出了意料之外的错误，已记入日志。")


def page(failure: Failure) -> Response:
    """The error page; for a host that is not ours, only a line of text: no address can be made for it."""
    if failure.status == 421:
        return Response(failure.says, 421, mimetype="text/plain")
    text = request.args.get("q", "")[:200]
    shown = replace(failure, has_text=bool(text))
    return make_response(render_template("error.html", failure=shown, text=text, as_of=""), failure.status)
