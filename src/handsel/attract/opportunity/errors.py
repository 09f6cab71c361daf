"""What the opportunity room can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class OpportunityMissing(NotFound):
    """There is no such opportunity, or not for this actor."""

    default_code = "opportunity_missing"


class StageMissing(NotFound):
    """There is no such stage in the opportunity's pipeline."""

    default_code = "stage_missing"


class ActivityMissing(NotFound):
    """This activity does not belong to this opportunity."""

    default_code = "activity_missing"


class MemberMissing(NotFound):
    """This person has no part in this decision."""

    default_code = "member_missing"


class OpportunityInvalid(Invalid):
    """A fact about an opportunity is not well formed."""

    default_code = "opportunity_invalid"


class OpportunityClosed(Refused):
    """The deal is won or lost; open it again first."""

    default_code = "opportunity_closed"


class ReasonNeeded(Refused):
    """A deal is lost for a reason, which has to be given."""

    default_code = "lost_needs_reason"


class ActivityEnded(Refused):
    """The activity is done already."""

    default_code = "activity_done"


class SeatTaken(Refused):
    """The person has a part in this decision already."""

    default_code = "seat_taken"
