"""Configurations: decided, explained, repaired, finished."""

from __future__ import annotations

from handsel.bid.configure import actions, queries
from handsel.bid.configure.queries.prices import inside
from handsel.bid.configure.queries.proofs import proof_told
from handsel.bid.configure.queries.proposals import proposals
from handsel.bid.configure.queries.states import Seen, outline, seen, wish_of
from handsel.bid.configure.queries.variants import variants as variants_of
from handsel.bid.configure.queries.why import why as why_of
from handsel.bid.configure.rest.routing import router
from handsel.bid.configure.rest.schemas import (
    BeginIn,
    CompleteIn,
    ConfigurationOut,
    DecisionIn,
    KeyInPath,
    Language,
    Limit,
    LockIn,
    NameInQuery,
    OutlineOut,
    ProposalsOut,
    RepairIn,
    RetractIn,
    StandOut,
    VariantsOut,
    WhyOut,
)
from handsel.ground.identity.access import Request


def _stand(request: Request, configuration_id: int, language: str = "en") -> Seen:
    row = queries.get_configuration(request.actor, configuration_id)
    on, currency = request.now.date(), row.seller.currency
    return seen(row, language=language, currency=currency, on=on, prices=inside(row))


@router.get(
    "/configurations",
    permission="configure.view",
    response=list[ConfigurationOut],
    summary="List configurations",
)
def configurations(request: Request, limit: Limit = 100) -> list[ConfigurationOut]:
    """Last changed first."""
    return [ConfigurationOut.of(one) for one in queries.configurations(request.actor)[:limit]]


@router.post(
    "/configurations",
    permission="configure.edit",
    response=StandOut,
    summary="Begin to configure",
    status=201,
)
def begin(request: Request, body: BeginIn) -> StandOut:
    """With the version in use, nothing decided."""
    made = actions.begin_configuration(
        actor=request.actor,
        now=request.now,
        model_id=body.model_id,
        title=body.title,
        organization_id=body.organization_id,
    )
    return StandOut.of(_stand(request, made.pk))


@router.get(
    "/configurations/{configuration_id}",
    permission="configure.view",
    response=StandOut,
    summary="Get a configuration",
)
def get(request: Request, configuration_id: KeyInPath, language: Language = "en") -> StandOut:
    """With the standing of every variable."""
    return StandOut.of(_stand(request, configuration_id, language))


@router.get(
    "/configurations/{configuration_id}/outline",
    permission="configure.view",
    response=OutlineOut,
    summary="The variables of a configuration",
)
def variables(
    request: Request, configuration_id: KeyInPath, language: Language = "en"
) -> OutlineOut:
    """What never changes while one configures."""
    return OutlineOut(**outline(_stand(request, configuration_id, language)))


@router.get(
    "/configurations/{configuration_id}/why",
    permission="configure.view",
    response=WhyOut,
    summary="Why a value cannot be had",
)
def why(
    request: Request,
    configuration_id: KeyInPath,
    variable: NameInQuery = "",
    value: NameInQuery = "",
    language: Language = "en",
) -> WhyOut:
    """Reasons and repairs."""
    one = _stand(request, configuration_id, language)
    return WhyOut(**why_of(one, wish_of(one, variable, value)))


@router.get(
    "/configurations/{configuration_id}/proposals",
    permission="configure.view",
    response=ProposalsOut,
    summary="Complete proposals",
)
def compare(
    request: Request, configuration_id: KeyInPath, language: Language = "en"
) -> ProposalsOut:
    """Up to three, with what differs."""
    return ProposalsOut(**proposals(_stand(request, configuration_id, language)))


@router.get(
    "/configurations/{configuration_id}/variants",
    permission="configure.view",
    response=VariantsOut,
    summary="How many products are left",
)
def variants(
    request: Request, configuration_id: KeyInPath, language: Language = "en"
) -> VariantsOut:
    """Counted when asked for; while another count runs, it has to be asked for again."""
    return VariantsOut(**variants_of(_stand(request, configuration_id, language)))


@router.post(
    "/configurations/{configuration_id}/decisions",
    permission="configure.edit",
    response=StandOut,
    summary="Decide one thing",
)
def decide(request: Request, configuration_id: KeyInPath, body: DecisionIn) -> StandOut:
    """What does not fit is refused; nothing else is given up for it."""
    actions.decide(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        **body.model_dump(),
    )
    return StandOut.of(_stand(request, configuration_id))


@router.post(
    "/configurations/{configuration_id}/retract",
    permission="configure.edit",
    response=StandOut,
    summary="Take a choice back",
)
def retract(request: Request, configuration_id: KeyInPath, body: RetractIn) -> StandOut:
    """All that was decided about a variable."""
    actions.retract(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        **body.model_dump(),
    )
    return StandOut.of(_stand(request, configuration_id))


@router.post(
    "/configurations/{configuration_id}/repair",
    permission="configure.edit",
    response=StandOut,
    summary="Have a value by giving up others",
)
def repair(request: Request, configuration_id: KeyInPath, body: RepairIn) -> StandOut:
    """As `why` proposes it."""
    actions.repair(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        **body.model_dump(),
    )
    return StandOut.of(_stand(request, configuration_id))


@router.post(
    "/configurations/{configuration_id}/undo",
    permission="configure.edit",
    response=StandOut,
    summary="Go one step back",
)
def undo(request: Request, configuration_id: KeyInPath, body: LockIn) -> StandOut:
    """To the decisions before the last change."""
    actions.undo(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        lock_no=body.lock_no,
    )
    return StandOut.of(_stand(request, configuration_id))


@router.post(
    "/configurations/{configuration_id}/complete",
    permission="configure.edit",
    response=StandOut,
    summary="Decide everything that is open",
)
def complete(request: Request, configuration_id: KeyInPath, body: CompleteIn) -> StandOut:
    """By preference, or at the lowest price; `note` says what is proved of it."""
    row = queries.get_configuration(request.actor, configuration_id)
    shown = inside(row)
    currency = shown.currency or row.seller.currency
    done = actions.complete_choices(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        by=body.by,
        currency=currency,
        organization_id=shown.organization_id,
        lock_no=body.lock_no,
    )
    return StandOut.of(
        _stand(request, configuration_id), proof_told(body.by, done.completion, currency, "en")
    )


@router.post(
    "/configurations/{configuration_id}/finish",
    permission="configure.edit",
    response=StandOut,
    summary="Finish a configuration",
)
def finish(request: Request, configuration_id: KeyInPath, body: LockIn) -> StandOut:
    """Complete, with its fingerprint; it never changes again."""
    actions.finish_configuration(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        lock_no=body.lock_no,
    )
    return StandOut.of(_stand(request, configuration_id))
