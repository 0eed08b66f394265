"""Archives and mails → their files in a folder of their own, so that each is read like any other file."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cpkb.errors import CpkbError, DiskFullError
from cpkb.extract.archives import ARCHIVES
from cpkb.extract.containers import is_container, members
from cpkb.extract.text import what_is
from cpkb.model.file_types import CONTAINERS
from cpkb.pipeline.declarations import FILE
from cpkb.pipeline.last_words import room_for

_START = 16_384  # bytes looked at for what a file is: the headers of a mail


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of an archive, or why it was not taken."""

    path: Path
    root: Path
    refused: str = ""


def holds_files(path: Path) -> bool:
    """Whether a file may be an archive or a mail; what it is is seen when it is opened."""
    with path.open("rb") as file:
        start = file.read(_START)
    return path.suffix.lower() in CONTAINERS or what_is(start)[1] in ARCHIVES


def unpack(path: Path, root: Path, room: Path) -> list[Unpacked]:
    """Write the files of an archive into ``room``, under the same folders and beside the same source.toml.

    Never raises for what the archive holds: a refusal without a member names the archive itself. Raises DiskFullError.
    """
    mirror = room / (root.parent.name or "_") / (root.name or "_")
    archive = mirror / path.relative_to(root)
    try:
        data = path.read_bytes()
        if not is_container(data, path.name):
            return []
        with room_for(f"“{path.name}”"):
            _copy_declaration(path, root, mirror)
        return [
            _written(archive, mirror, member.path, member.data, member.refused) for member in members(data, path.name)
        ]
    except DiskFullError:
        raise
    except CpkbError as error:
        return [Unpacked(archive, mirror, str(error))]
    except MemoryError:
        return [Unpacked(archive, mirror, "展开它要用的内存超过限度；请分批导入")]


def _copy_declaration(path: Path, root: Path, mirror: Path) -> None:
    """What is declared for the archive's folder holds for its files too."""
    for folder in path.parents:
        if (folder / FILE).is_file() and not (folder / FILE).is_symlink():
            target = mirror / folder.relative_to(root) / FILE
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / FILE, target)
            return
        if folder == root:
            return


def _written(archive: Path, mirror: Path, member: str, data: bytes, refused: str) -> Unpacked:
    path = Path(f"{archive}!/{member}")
    inside = Path(f"{archive}!")
    if not refused and not path.is_relative_to(inside):
        refused = "路径不在压缩包里，不读；请重新打包"
    if refused:
        return Unpacked(path, mirror, refused)
    try:
        with room_for(f"“{path.name}”"):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
    except (OSError, ValueError) as error:
        return Unpacked(path, mirror, f"不能展开（{type(error).__name__}，可能同名）；请改名后重新打包")
    return Unpacked(path, mirror)
