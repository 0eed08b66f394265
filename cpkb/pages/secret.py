"""The session key: one file, made at first start, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cpkb.errors import CpkbError

KEY_BYTES = 32  # 256 bits: what Flask's signer can use


def secret_key(file: Path) -> bytes:
    """The key in ``file``; made when there is none. Several starting processes end up with the same one."""
    if not file.exists():
        _make(file)
    key = file.read_bytes()
    if len(key) < KEY_BYTES:
        raise CpkbError(f"{file}: 密钥文件不完整（{len(key)} 字节）；删除它，下次启动会重新生成")
    return key


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
    finally:
        os.close(handle)
    try:
        # A link appears whole or not at all, and never replaces the key another process has just made.
        os.link(partial, file)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
