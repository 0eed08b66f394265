"""The one family of errors a user may meet. Each says what is wrong, where, and what would be right."""

from __future__ import annotations


class CpkbError(Exception):
    """Base of all errors whose message is meant to be read by a person."""


class DeclarationError(CpkbError):
    """A collection, source or ranking declaration is not what the loader accepts."""


class FieldError(CpkbError):
    """A value does not fit its field type; the message names the field and the accepted form."""


class ExtractError(CpkbError):
    """A file cannot be read as what it claims to be; nothing of it is stored."""


class NothingToReadError(ExtractError):
    """A sound file that holds no text of its own (a page of links): nothing is wrong, nothing is stored."""


class FetchError(CpkbError):
    """An address cannot or must not be read; the message names it and says what would help."""


class QueryError(CpkbError):
    """A request or a query asks for something that does not exist; the message lists what does."""


class StoreError(CpkbError):
    """The database cannot be used as it is (newer than the program, missing, locked too long)."""


class IndexBusyError(CpkbError):
    """Another process is writing the index; the store is safe and the index catches up later."""


class ImportJobError(CpkbError):
    """An import cannot begin, go on or be undone as things are; the message says what to do first."""


class UploadError(CpkbError):
    """What was uploaded cannot be taken as it is; nothing of it is kept."""


class UploadTooLargeError(UploadError):
    """More was uploaded than the site takes at once."""


class DiskFullError(CpkbError):
    """There is no room for what was to be written; what was there before is as it was."""


class NotFoundError(CpkbError):
    """There is no such record, document or collection."""
