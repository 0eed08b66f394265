"""What reading a damaged archive (ZIP and the office files made of it) raises: a list written down nowhere else."""

from __future__ import annotations

import zipfile
import zlib

SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""OSError and ValueError for places outside the file, RuntimeError for passwords and unknown ways of packing."""
