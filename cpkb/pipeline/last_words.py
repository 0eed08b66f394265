"""Why an import stopped (停下的原因): in a file that is there beforehand, as a full disk takes no new one."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cpkb.errors import DiskFullError

_SIZE = 4096  # bytes: a block of usual file systems; to write over it takes no room
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class LastWords:
    """Those of one import or undoing."""

    file: Path

    def prepare(self) -> None:
        """Make room for them; raises DiskFullError."""
        with room_for("新的导入任务"):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.file.write_bytes(b" " * _SIZE)

    def tell(self, why: str) -> None:
        """Say them, unless it is over; what cannot be written is not worth another error."""
        said = why.encode()[:_SIZE].decode(errors="ignore").encode()
        with suppress(OSError), self.file.open("r+b") as file:
            file.write(said.ljust(_SIZE))

    def told(self) -> str:
        """What was said; '' of one that is over, or was ended before it could say anything."""
        with suppress(OSError):
            return self.file.read_text(encoding="utf-8", errors="replace").strip()
        return ""

    def forget(self) -> None:
        """It is over."""
        self.file.unlink(missing_ok=True)


@contextmanager
def room_for(what: str) -> Iterator[None]:
    """Raises DiskFullError where the block finds no room on the disk: no fault of the file, and no other will fit."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFullError(f"磁盘满了，写不下{what}；请腾出空间再来") from error
