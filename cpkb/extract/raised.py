"""上标: raised figures kept raised, so that 10 and a raised 3 are not read as 103."""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-－−—", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻")
_KEPT = set("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ ")


def raised(text: str) -> str:
    """A text set as superscript: 3 → ³, 6+ → ⁶⁺; words and references ([1]) stay as they are."""
    lifted = text.translate(_RAISED)
    return lifted if set(lifted) <= _KEPT else text
