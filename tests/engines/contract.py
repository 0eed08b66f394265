"""What any engine must do. A new engine runs all of it by naming how it is opened (see test_whoosh.py)."""

from __future__ import annotations

from tests.engines.contract_answering import AnsweringContract
from tests.engines.contract_keeping import KeepingContract
from tests.engines.contract_matching import MatchingContract


class EngineContract(KeepingContract, MatchingContract, AnsweringContract):
    """Inherit, set ``opener``, and every behaviour of the three is checked."""
