"""What the order desk can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class OrderMissing(NotFound):
    """There is no such order, or none that the actor may see."""

    default_code = "order_missing"


class HoldMissing(NotFound):
    """There is no such hold on this order."""

    default_code = "hold_missing"


class OrderHeldBack(Refused):
    """The order has open holds; each names its reason."""

    default_code = "order_held"


class OrderUnchecked(Refused):
    """The order desk's checks found something that stops the release."""

    default_code = "order_unchecked"


class OrderStateRefused(Refused):
    """The order is in a state that does not allow this."""

    default_code = "order_state"


class VersionMissing(NotFound):
    """There is no such accepted quote version, or none that the actor may see."""

    default_code = "quote_version_missing"


class ConfirmationMissing(NotFound):
    """The order was not confirmed yet."""

    default_code = "confirmation_missing"


class OrderLineMissing(NotFound):
    """The order has no such line."""

    default_code = "order_line_missing"


class ChangesInvalid(Invalid):
    """Something of an order was given in a form that cannot be kept; the fields say what."""

    default_code = "order_changes"


class HoldKindUnknown(Invalid):
    """Holds are of the kinds credit, price, document, deposit and manual."""

    default_code = "hold_kind"


class ReasonMissing(Invalid):
    """A hold, its release and a cancellation need a reason."""

    default_code = "reason_missing"
