"""What the tests of this room share."""

from __future__ import annotations

from hypothesis import settings

settings.load_profile("ci")  # the same examples every time, and no deadline on a busy machine
