"""Who sits on which shift: a problem of values, solved exactly, and what another answer would cost."""

from models.duty.solver.asking import why, why_not
from models.duty.solver.measure import measured
from models.duty.solver.obstacles import candidates, check, obstacles
from models.duty.solver.relaxing import relax
from models.duty.solver.solve import solve

__all__ = ["candidates", "check", "measured", "obstacles", "relax", "solve", "why", "why_not"]
