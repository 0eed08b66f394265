"""What commands print to people: errors as one line, and nothing that could steer the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from rich.console import Console
from rich.markup import escape

from cpkb.errors import CpkbError

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)  # an error is one line, however long
P = ParamSpec("P")
T = TypeVar("T")


def plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Errors meant for people are printed as one line with exit code 2, never as a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except CpkbError as error:
            err.print(f"[red]错误[/red] {escape(clean(str(error)))}", highlight=False)
            sys.exit(2)

    return run


def clean(text: str) -> str:
    """Without control characters: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
