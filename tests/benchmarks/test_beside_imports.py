"""What is told of pages asked beside an import is what was measured."""

from __future__ import annotations

import time

from flask import Flask

from benchmarks.beside_imports import Load, told
from tests.site import served


def test_the_line_tells_how_many_pages_their_times_and_errors() -> None:
    load = Load("http://127.0.0.1:1", ["漂洗"])
    load.times, load.errors = [float(number) for number in range(1, 101)], 2
    assert told("alone", load) == ("alone", "100", "50", "96", "100", "100", "2")


def test_pages_are_asked_until_told_to_stop_and_refusals_counted(app: Flask) -> None:
    with served(app) as address:
        for path, wrong in ((address, False), (f"{address}/nowhere", True)):
            with Load(path, ["漂洗"]) as load:
                while len(load.times) < 3:
                    time.sleep(0.05)
            assert (load.errors == len(load.times)) is wrong
            assert min(load.times) > 0
