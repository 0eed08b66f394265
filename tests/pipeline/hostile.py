"""Malformed files of every format, made from a seed: bombs, spoilt files and files under a wrong name (示例)."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.extract.documents import LAW, NOTICE, PAGE, ROWS, archive, rows, tape, word
from tests.extract.office_writer import LIST, mail, old_word, old_workbook, workbook
from tests.extract.pdf_writer import Sheet, pdf
from tests.pipeline.bombs import BOMBS, parts, picture

SOUND: dict[str, bytes] = {
    ".pdf": pdf(Sheet().text(60, 700, "一、示例电镀厂应当回用漂洗水。").text(60, 680, "二、另一条示例内容。")),
    ".docx": archive(**parts(word())),
    ".doc": old_word("示例通知", "一、示例企业应当节水。", "二、另一条。"),
    ".xlsx": workbook({"表": LIST}),
    ".xls": old_workbook(LIST),
    ".html": PAGE.encode(),
    ".eml": mail("示例通知", NOTICE, {"附.txt": NOTICE.encode()}),
    ".zip": archive(**{"通知.txt": NOTICE.encode(), "表.xlsx": workbook({"表": LIST})}),
    ".tgz": tape({"通知.txt": NOTICE.encode(), "表.xlsx": workbook({"表": LIST})}),
    ".tar": tape({"通知.txt": NOTICE.encode()}, is_zipped=False),
    ".png": picture("PNG"),
    ".jpg": picture("JPEG"),
    ".tif": picture("TIFF"),
    ".jsonl": rows(*ROWS),
    ".tsv": "序号\t名称\n1\t示例电机\n".encode(),
    ".md": LAW.encode(),
    ".txt": NOTICE.encode(),
}
"""A sound file of every format."""


def truncated(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(1, len(data))]


def flipped(chance: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 60)):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def blotted(chance: random.Random, data: bytes) -> bytes:
    """A stretch replaced by zeros or noise."""
    begin, length = chance.randrange(len(data)), chance.randint(1, max(len(data) // 3, 1))
    blot = bytes(length) if chance.random() < 0.5 else chance.randbytes(length)
    return data[:begin] + blot + data[begin + length :]


def cut_out(chance: random.Random, data: bytes) -> bytes:
    begin, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:begin] + data[end:]


def repeated(chance: random.Random, data: bytes) -> bytes:
    begin, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:end] + data[begin:end] * chance.randint(1, 9) + data[end:]


def larger_numbers(chance: random.Random, data: bytes) -> bytes:
    """Numbers of lengths and places that say too much."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(max(len(made) - 4, 1))
        made[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"9999"))
    return bytes(made)


SPOILING = (truncated, flipped, blotted, cut_out, repeated, larger_numbers)


def hostile(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of so many files: every bomb once, then spoilt files and ones under a wrong name, in turn.

    The same seed gives the same files.
    """
    chance = random.Random(seed)  # noqa: S311 — the same files every time
    bombs = list(BOMBS.values())
    chance.shuffle(bombs)
    for number in range(count):
        if number % 2 == 0 and bombs:
            suffix, made = bombs.pop()
            yield f"{number:03}{suffix}", made()
        elif number % 7 == 3:
            suffix, other = chance.sample(sorted(SOUND), 2)
            yield f"{number:03}{suffix}", SOUND[other]
        else:
            suffix = chance.choice(sorted(SOUND))
            data = SOUND[suffix]
            for _ in range(chance.choice((1, 1, 2))):
                data = chance.choice(SPOILING)(chance, data) or b"\0"
            yield f"{number:03}{suffix}", data
