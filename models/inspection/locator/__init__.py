"""Where the sewer is blocked, from the water that volunteers saw in its wells."""

from models.inspection.locator.findings import (
    EVIDENCE_CODES,
    READING_PROBLEM_CODES,
    Blockage,
    Evidence,
    Findings,
    Reading,
)
from models.inspection.locator.locate import PROBLEM_CODES, locate

__all__ = [
    "EVIDENCE_CODES",
    "PROBLEM_CODES",
    "READING_PROBLEM_CODES",
    "Blockage",
    "Evidence",
    "Findings",
    "Reading",
    "locate",
]
