"""Markup (标记): small pieces of HTML that templates share.

Some hundred of them stand on a page of results, of whose time they took a third while they were macros.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from cpkb.model.record import Record
from cpkb.model.validity import Validity
from cpkb.pages.display import Badge, asset, has_validity, is_struck, print_address, state_badge
from cpkb.pages.tables import Parts

_ENDED = Markup(' class="struck"')
_PRINT, _QUOTE = Markup(' data-print="'), Markup('"')
_BEGIN, _END = "\x01", "\x02"
"""Stand for the tags of a mark while a text is escaped at once; of a text itself they are left out."""
_NOTHING = Markup()


def icon(name: str) -> Markup:
    """A picture of icons.svg, told to nobody who listens."""
    return _icon(asset("icons.svg"), name)


@lru_cache(200)  # some forty icons
def _icon(address: str, name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(address, name)


def badge(shown: Badge) -> Markup:
    """A badge with its icon, and what it means where a pointer rests on it."""
    return _badge(shown, icon(shown.icon) if shown.icon else _NOTHING)


@lru_cache(200)  # but for doubts of single texts there are some thirty
def _badge(shown: Badge, picture: Markup) -> Markup:
    hint = Markup(' title="{}"').format(shown.hint) if shown.hint else _NOTHING
    return Markup('<span class="badge {}"{}>{}{}</span>').format(shown.tone, hint, picture, shown.label)


def kind_label(record: Record) -> Markup:
    """The collection of a record, with its icon."""
    return _kind_label(icon(record.collection), record.declared.label)


@lru_cache(200)
def _kind_label(picture: Markup, label: str) -> Markup:
    return Markup('<span class="kind">{}{}</span>').format(picture, label)


def state_label(record: Record, state: Validity) -> Markup:
    """The badge of a record's validity; a technology or a row of a list has none of its own."""
    return badge(state_badge(state.state)) if has_validity(record) else _NOTHING


def struck(record: Record, state: Validity) -> Markup:
    """The attribute of a title that no longer holds."""
    return _ENDED if has_validity(record) and is_struck(state.state) else _NOTHING


def marked(parts: Parts) -> Markup:
    """A text with what matched marked."""
    pieces = ((piece.replace(_BEGIN, "").replace(_END, ""), is_match) for piece, is_match in parts)
    text = "".join(f"{_BEGIN}{piece}{_END}" if is_match else piece for piece, is_match in pieces)
    return Markup(str(escape(text)).replace(_BEGIN, "<mark>").replace(_END, "</mark>"))  # noqa: S704 — escaped as a whole


def printed_as(address: str) -> Markup:
    """The attribute that prints an address beside its link."""
    return _PRINT + print_address(address) + _QUOTE


def install(app: Flask) -> None:
    """Give the templates of an application these pieces by their names, and the macros of parts.html as `parts`."""
    pieces = (icon, badge, kind_label, state_label, struck, marked, printed_as)
    app.jinja_env.globals.update({piece.__name__: piece for piece in pieces})
    # Imported by every template it would be looked through for new names every time.
    app.jinja_env.globals["parts"] = app.jinja_env.get_template("parts.html").module
