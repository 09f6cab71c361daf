"""CP-SAT on product models: the independent truth in tests, and the best configuration.

Slow where the engine is fast: a question about domains takes many solves. What it is for: proving
that the encoder means what the laws say, and finding the cheapest or the quickest product with a
proof, or with the gap that is left.
"""

from __future__ import annotations

from handsel.bid.configure.rules.oracle.answers import Best, Oracle, best, valid_domains
from handsel.bid.configure.rules.oracle.statement import NotStated

__all__ = ["Best", "NotStated", "Oracle", "best", "valid_domains"]
