"""What happens to an offer: presented, accepted for the buyer, declined, withdrawn, talked about.

The answers of commands are kept for a retry, so they never hold a link; a link is given out by an
operation of its own, which may be repeated without harm.
"""

from __future__ import annotations

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import Signature
from handsel.bid.quote.rest.answers import AcceptanceOut, LinkOut, MessageOut, QuoteOut, RevokedOut
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import AcceptIn, KeyInPath, MessageIn, PresentIn, ReasonIn
from handsel.ground.identity.access import Request


@router.post(
    "/{quote_id}/present",
    permission="quote.present",
    response=QuoteOut,
    summary="Freeze the draft and mail its link to the buyer",
)
def present(request: Request, quote_id: KeyInPath, body: PresentIn) -> QuoteOut:
    """With its PDF. From then on this version never changes."""
    presented = actions.present_quote(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        lock_no=body.lock_no,
        to=body.to,
        message=body.message,
        mail=body.mail,
    )
    return QuoteOut.of(presented.version)


@router.post(
    "/{quote_id}/link",
    permission="quote.present",
    response=LinkOut,
    summary="Get another link to a presented quote",
    command=False,
)
def link(request: Request, quote_id: KeyInPath) -> LinkOut:
    """To pass on yourself; links given out before go on working."""
    presented = actions.send_link(
        actor=request.actor, now=request.now, quote_id=quote_id, mail=False
    )
    return LinkOut(link=presented.link)


@router.post(
    "/{quote_id}/links/revoke",
    permission="quote.present",
    response=RevokedOut,
    summary="Stop every link given out for a quote",
)
def revoke(request: Request, quote_id: KeyInPath) -> RevokedOut:
    """The offer itself stays."""
    revoked = actions.revoke_quote_links(actor=request.actor, now=request.now, quote_id=quote_id)
    return RevokedOut(revoked=revoked)


@router.post(
    "/{quote_id}/accept",
    permission="quote.accept_for_buyer",
    response=AcceptanceOut,
    summary="Record an acceptance that came another way",
)
def accept(request: Request, quote_id: KeyInPath, body: AcceptIn) -> AcceptanceOut:
    """`chosen` are the keys of the options taken; left out, those chosen as presented."""
    acceptance = actions.accept_for_buyer(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        signature=Signature(
            name=body.name,
            email=body.email,
            purchase_order=body.purchase_order,
            evidence=body.evidence,
        ),
        chosen=body.chosen,
        content_hash=body.content_hash,
    )
    version = queries.get_version(request.actor, quote_id)
    return AcceptanceOut.of(acceptance, version.version_no)


@router.post(
    "/{quote_id}/decline",
    permission="quote.edit",
    response=QuoteOut,
    summary="Record that the buyer said no",
)
def decline(request: Request, quote_id: KeyInPath, body: ReasonIn) -> QuoteOut:
    """With a reason or without."""
    actions.decline_for_buyer(
        actor=request.actor, now=request.now, quote_id=quote_id, reason=body.reason
    )
    return QuoteOut.of(queries.get_version(request.actor, quote_id))


@router.post(
    "/{quote_id}/withdraw",
    permission="quote.present",
    response=QuoteOut,
    summary="Take an offer back",
)
def withdraw(request: Request, quote_id: KeyInPath) -> QuoteOut:
    """Its links stop working."""
    actions.withdraw_quote(actor=request.actor, now=request.now, quote_id=quote_id)
    return QuoteOut.of(queries.get_version(request.actor, quote_id))


@router.get(
    "/{quote_id}/messages",
    permission="quote.view",
    response=list[MessageOut],
    summary="List questions and answers, oldest first",
)
def messages(request: Request, quote_id: KeyInPath) -> list[MessageOut]:
    """What stands on the buyer's page."""
    queries.get_quote(request.actor, quote_id)
    return [MessageOut.of(message) for message in queries.messages_of(quote_id)]


@router.post(
    "/{quote_id}/messages",
    permission="quote.edit",
    response=MessageOut,
    summary="Answer the buyer",
    status=201,
)
def answer(request: Request, quote_id: KeyInPath, body: MessageIn) -> MessageOut:
    """On his page, and by mail where there is an address."""
    message = actions.answer_question(
        actor=request.actor, now=request.now, quote_id=quote_id, body=body.body, to=body.to
    )
    return MessageOut.of(message)
