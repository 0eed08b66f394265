"""Uploads (上传): files of a form, written to disk as they come; nothing of them is looked at here."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress

from flask import current_app, request
from flask_wtf.csrf import CSRFError, ValidationError, validate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData, Preamble

from cpkb.errors import UploadError, UploadTooLargeError
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.started import start
from cpkb.pipeline.uploads import receiving
from cpkb.settings import Settings

FILES, TOKEN = "files", "csrf_token"  # the fields of the form; the token stands first
_BESIDE_FILES = 1_000_000  # bytes of names, headers and the token, for the most files there may be
_CHUNK = 64 * 1024  # bytes read and written at a time
_IN_MEMORY = 4 * _CHUNK  # bytes: a chunk, and what is left of the one before; headers are shorter
_TOKEN_LIMIT = 1000  # bytes: one has some 90
_THROWN_AWAY = 2_000_000_000  # bytes of a refused upload that are read: a browser shows no answer before all is sent
_INCOMPLETE = "上传没有收完整，什么都没有存下；请再传一次"


def take_upload(jobs: ImportJobs, settings: Settings) -> int:
    """Take the files of the request as one import and start it; its number. Of what is refused nothing is kept.

    Raises CSRFError, UploadError, ImportJobError when another import runs, and DiskFullError.
    """
    size = _allowed_size(settings.upload_limit * 10**6)
    sent = _parts()
    _check_token(sent)  # before anything is written
    with jobs.taken() as lock:
        with receiving(jobs.uploads, size) as upload:
            for name, chunks in _files(sent):
                upload.add(name, chunks)
            if not upload.files:
                raise UploadError("没有选文件；请先选一个或几个文件，再按“上传并导入”")
            number = jobs.store.imports.begin([str(file) for file in upload.files])
            jobs.store.imports.expect(number, len(upload.files))
        start(settings.home, ("resume", str(number), "--json"), lock, jobs.last_words(number))
    return number


def throw_away_rest() -> None:
    """Read what is still being sent of a refused upload."""
    left = _THROWN_AWAY
    with suppress(OSError, HTTPException):
        while left > 0 and (data := request.stream.read(_CHUNK)):
            left -= len(data)


def _allowed_size(limit: int) -> int:
    """Bytes of the request, which may have more than others of this site."""
    size = request.content_length
    if size is None or request.mimetype != "multipart/form-data":
        raise UploadError("请用“导入任务”页上的表单上传")
    request.max_content_length = size + 1  # so that it is read to its end: what is too much, to be thrown away
    if size > limit + _BESIDE_FILES:
        told = f"上传的有 {size // 10**6} MB，一次最多 {limit // 10**6} MB，没有收下"
        raise UploadTooLargeError(f"{told}；请分几次上传，或在这台机器上用 cpkb import")
    return size


def _parts() -> Generator[Event]:
    """The parts of the form as they come in; raises UploadError where they break off or are none."""
    decoder = MultipartDecoder(request.mimetype_params.get("boundary", "").encode(), _IN_MEMORY)
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, NeedData):
                decoder.receive_data(request.stream.read(_CHUNK) or None)
            elif not isinstance(event, Preamble):
                yield event
    except (OSError, ValueError, HTTPException) as error:  # silence, no form, a client that left
        raise UploadError(_INCOMPLETE) from error


def _check_token(sent: Iterator[Event]) -> None:
    """The first field is the token that the form was given."""
    first = next(sent, None)
    token = _text(sent) if isinstance(first, Field) and first.name == TOKEN else ""
    try:
        if current_app.config["WTF_CSRF_ENABLED"]:
            validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(str(error)) from error


def _files(sent: Iterator[Event]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, content) of each file; a content is read before the next file."""
    for event in sent:
        if not isinstance(event, File) or event.name != FILES:
            raise UploadError("表单里有这里不认识的一项；请用“导入任务”页上的表单上传")
        content = _content(sent)
        if event.filename:
            yield event.filename, content
        elif any(content):  # a browser sends a file without name or content where none was chosen
            raise UploadError("有一个文件没有名字；请起名后再上传")


def _content(sent: Iterator[Event]) -> Iterator[bytes]:
    for event in sent:
        if isinstance(event, Data):
            yield event.data
            if not event.more_data:
                return


def _text(sent: Iterator[Event]) -> str:
    """A field as text; '' when it is longer than any token."""
    text = b""
    for piece in _content(sent):
        text += piece
        if len(text) > _TOKEN_LIMIT:
            return ""
    return text.decode(errors="replace")
