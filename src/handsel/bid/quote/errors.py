"""What the quote room refuses; each message says what to do."""

from __future__ import annotations

from datetime import date, datetime

from handsel.ground.kernel.errors import Forbidden, Invalid, NotFound, Refused
from handsel.ground.kernel.said import said


class QuoteNotFound(NotFound):
    """There is no such quote, or not for this actor."""

    default_code = "quote_missing"


class LineNotFound(NotFound):
    """The version has no such line."""

    default_code = "quote_line_missing"


class QuoteNotEditable(Refused):
    """Only a draft changes; what was presented needs a new version."""

    default_code = "quote_not_editable"


class QuoteState(Refused):
    """The quote's state does not allow it."""

    default_code = "quote_state"


class StaleEdit(Refused):
    """Somebody else changed the quote since this editor read it."""

    default_code = "quote_changed_meanwhile"

    def __init__(self, *, lock_no: int, by: str = "", at: datetime | None = None) -> None:
        who = by or said("Somebody else")
        super().__init__(
            said(
                "%(who)s changed this quote while you were editing it. Your change "
                "was not applied yet and nothing was overwritten: look at the quote "
                "as it is now and apply it again.",
                who=who,
            ),
            lock_no=lock_no,
            by=by,
            at=at.isoformat() if at else "",
        )


class NothingToPresent(Refused):
    """A quote without lines that count cannot be presented."""

    default_code = "quote_empty"


class ValidityPassed(Refused):
    """The last day a quote would be valid lies before today."""

    default_code = "quote_validity_passed"


class QuoteExpiredRefusal(Refused):
    """The offer's last day has passed in the seller's time zone."""

    default_code = "quote_expired"

    def __init__(self, number: str, valid_until: date) -> None:
        super().__init__(
            said(
                "Quote %(number)s was valid until %(valid_until)s; ask for a new one.",
                number=number,
                valid_until=valid_until,
            ),
            number=number,
            valid_until=valid_until.isoformat(),
        )


class ChoiceNotPriced(Refused):
    """What prices depend on has changed since the offer was made: only what stands in it holds."""

    default_code = "quote_choice_not_priced"

    def __init__(self, number: str) -> None:
        super().__init__(
            said(
                "Another choice of quote %(number)s can no longer be priced as it "
                "was offered; accept it as it stands, or ask for a new version.",
                number=number,
            ),
            number=number,
        )


class OfferChanged(Refused):
    """What the buyer saw is not what is offered now."""

    default_code = "quote_offer_changed"

    def __init__(self, number: str) -> None:
        super().__init__(
            said(
                "Quote %(number)s was changed after this page was opened, so nothing "
                "was accepted. Open the newest version and look at it before you "
                "accept.",
                number=number,
            ),
            number=number,
        )


class AlreadyAccepted(Refused):
    """The quote was accepted by somebody already."""

    default_code = "quote_already_accepted"


class BadQuote(Invalid):
    """What was given for a quote, its lines or terms cannot be kept."""

    default_code = "bad_quote"


class BadCondition(Invalid):
    """A rule's condition, or whom it asks, cannot be read; the message names the place."""

    default_code = "bad_condition"


class RuleNotFound(NotFound):
    """There is no such approval rule, or not for this actor."""

    default_code = "approval_rule_missing"


class ApprovalNotFound(NotFound):
    """There is no such question, or this actor is not asked."""

    default_code = "approval_missing"


class ApprovalNeeded(Refused):
    """The offer may not go out before somebody has approved it."""

    default_code = "approval_needed"


class ApprovalNotNeeded(Refused):
    """Nobody has to be asked for this offer."""

    default_code = "approval_not_needed"


class NobodyToAsk(Refused):
    """A rule asks people of whom nobody can answer."""

    default_code = "approval_nobody"


class ApprovalState(Refused):
    """The question is answered, recalled or replaced already."""

    default_code = "approval_state"


class ApprovalOutdated(Refused):
    """The quote changed since it was asked for; an answer would be about something else."""

    default_code = "approval_outdated"


class NotAsked(Forbidden):
    """This user is not asked, or no longer may answer."""

    default_code = "approval_not_asked"


class SignInNeeded(NotAsked):
    """This question is answered by who signed in; the link in the mail only shows it."""

    default_code = "approval_sign_in"


class ApprovalLinkUsed(Refused):
    """The link of a mail was used once, which is as often as it works."""

    default_code = "approval_link_used"


class BadTemplate(Invalid):
    """A proposal's or quote's template cannot be read or kept; the message names the place."""

    default_code = "quote_template_wrong"


class TemplateNotFound(NotFound):
    """There is no such template, or not for this actor."""

    default_code = "quote_template_missing"


class NotQuotable(Refused):
    """A configuration that cannot stand on a line: open, of another house, without a product."""

    default_code = "not_quotable"


class DoesNotFit(Refused):
    """Lines of the offer break a law between them; the message names laws and lines."""

    default_code = "lines_do_not_fit"
