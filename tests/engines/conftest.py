"""What the tests of this room share."""

from __future__ import annotations

import pytest

CONTRACTS = ("keeping", "matching", "answering")
pytest.register_assert_rewrite(*(f"tests.engines.contract_{name}" for name in CONTRACTS))
