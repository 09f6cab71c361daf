"""What the encoder refuses, and where it draws the lines."""

from __future__ import annotations

from typing import Final

from handsel.ground.kernel.errors import Invalid

# Values of one variable.
LARGEST_DOMAIN: Final = 100_000
# Combinations looked at to find all values of a quantity; above, every number between its bounds
# counts as possible.
LISTED_COMBINATIONS: Final = 1_500_000
# Numbers between the bounds of a quantity that other quantities are made of.
LARGEST_RANGE: Final = 2_000_000
# Steps of one staircase, estimated before it is built.
LARGEST_STAIRCASE: Final = 3_000_000
# Clauses of a whole model.
LARGEST_MODEL: Final = 4_000_000
LARGEST_TABLE: Final = 1_000_000
LARGEST_DIAGRAM: Final = 400_000
# Sums and products are computed in 64 bits.
LARGEST_NUMBER: Final = 2**62


class ModelTooLarge(Invalid):
    """A law asks for more combinations than a compiled model may hold."""

    default_code = "model_too_large"


class ModelNotFinite(Invalid):
    """A law divides by something that may be zero, or names what the model does not have."""

    default_code = "model_not_sound"
