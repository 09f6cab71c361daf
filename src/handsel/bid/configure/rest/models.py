"""Product models: written, tested, published."""

from __future__ import annotations

from handsel.bid.configure import actions, queries
from handsel.bid.configure.rest.routing import router
from handsel.bid.configure.rest.schemas import (
    DraftIn,
    FilesIn,
    KeyInPath,
    LawsIn,
    ModelIn,
    ModelOut,
    NoteIn,
    NumberInPath,
    SourceIn,
    VersionOut,
)
from handsel.ground.identity.access import Request


@router.get(
    "/models", permission="configure.view", response=list[ModelOut], summary="List product models"
)
def models(request: Request) -> list[ModelOut]:
    """By title."""
    return [ModelOut.of(model) for model in queries.models()]


@router.post(
    "/models",
    permission="configure.model",
    response=VersionOut,
    summary="Begin a product model",
    status=201,
)
def draft_model(request: Request, body: ModelIn) -> VersionOut:
    """With its first draft; nothing is checked yet."""
    made = actions.draft_model(actor=request.actor, now=request.now, **body.model_dump())
    return VersionOut.of(made)


@router.get(
    "/laws",
    permission="configure.view",
    response=list[ModelOut],
    summary="List laws between the lines of quotes",
)
def laws(request: Request) -> list[ModelOut]:
    """Those of your sellers, by title; their versions are reached as those of models."""
    return [ModelOut.of(model) for model in queries.law_sets(request.actor)]


@router.post(
    "/laws",
    permission="configure.model",
    response=VersionOut,
    summary="Begin laws between the lines of quotes",
    status=201,
)
def draft_laws(request: Request, body: LawsIn) -> VersionOut:
    """With their first draft; nothing is checked yet. Without a seller, your first one's."""
    made = actions.draft_laws(actor=request.actor, now=request.now, **body.model_dump())
    return VersionOut.of(made)


@router.get(
    "/models/{model_id}",
    permission="configure.view",
    response=ModelOut,
    summary="Get a product model",
)
def model(request: Request, model_id: KeyInPath) -> ModelOut:
    """Without its text."""
    return ModelOut.of(queries.get_model(model_id, request.actor))


@router.post(
    "/models/{model_id}/versions",
    permission="configure.model",
    response=VersionOut,
    summary="Begin the next version",
    status=201,
)
def draft_version(request: Request, model_id: KeyInPath, body: DraftIn) -> VersionOut:
    """Where a draft is open already, it is that one."""
    made = actions.draft_version(
        actor=request.actor, now=request.now, model_id=model_id, from_no=body.from_no
    )
    return VersionOut.of(made)


@router.get(
    "/models/{model_id}/versions/{version_no}",
    permission="configure.model",
    response=VersionOut,
    summary="Get a version with its text",
)
def version(request: Request, model_id: KeyInPath, version_no: NumberInPath) -> VersionOut:
    """With the report of its last test."""
    return VersionOut.of(queries.get_version(model_id, version_no, request.actor))


@router.post(
    "/models/{model_id}/versions/{version_no}/source",
    permission="configure.model",
    response=VersionOut,
    summary="Keep a draft's text",
)
def revise(
    request: Request, model_id: KeyInPath, version_no: NumberInPath, body: SourceIn
) -> VersionOut:
    """Kept whether it can be read or not."""
    kept = actions.revise_source(
        actor=request.actor,
        now=request.now,
        model_id=model_id,
        version_no=version_no,
        source=body.source,
        lock_no=body.lock_no,
    )
    return VersionOut.of(kept)


@router.post(
    "/models/{model_id}/versions/{version_no}/import",
    permission="configure.model",
    response=VersionOut,
    summary="Put a file in the place of a draft's text",
)
def bring_in(
    request: Request, model_id: KeyInPath, version_no: NumberInPath, body: FilesIn
) -> VersionOut:
    """UVL, DIMACS, table JSON or our own text; a ZIP file may hold a model and what it imports."""
    kept = actions.import_files(
        actor=request.actor,
        now=request.now,
        model_id=model_id,
        version_no=version_no,
        files=[(one.name, one.content()) for one in body.files],
        lock_no=body.lock_no,
    )
    return VersionOut.of(kept)


@router.post(
    "/models/{model_id}/versions/{version_no}/test",
    permission="configure.model",
    response=VersionOut,
    summary="Test a draft",
)
def test(request: Request, model_id: KeyInPath, version_no: NumberInPath) -> VersionOut:
    """Golden configurations and analysis; the report says what forbids publishing."""
    outcome = actions.test_version(
        actor=request.actor, now=request.now, model_id=model_id, version_no=version_no
    )
    return VersionOut.of(outcome.version)


@router.post(
    "/models/{model_id}/versions/{version_no}/publish",
    permission="configure.model",
    response=VersionOut,
    summary="Put a tested version in use",
)
def publish(
    request: Request, model_id: KeyInPath, version_no: NumberInPath, body: NoteIn
) -> VersionOut:
    """The one before it is kept for the configurations it has. Refused where laws between lines
    that are in use could not be read any more with it, unless `despite_laws`."""
    done = actions.publish_version(
        actor=request.actor,
        now=request.now,
        model_id=model_id,
        version_no=version_no,
        note=body.note,
        despite_laws=body.despite_laws,
    )
    return VersionOut.of(done)


@router.post(
    "/models/{model_id}/versions/{version_no}/use",
    permission="configure.model",
    response=VersionOut,
    summary="Put an earlier version back in use",
)
def use(
    request: Request,
    model_id: KeyInPath,
    version_no: NumberInPath,
    despite_laws: bool = False,
) -> VersionOut:
    """One that was in use before. Refused as publishing is, unless `despite_laws`."""
    done = actions.roll_back(
        actor=request.actor,
        now=request.now,
        model_id=model_id,
        to_no=version_no,
        despite_laws=despite_laws,
    )
    return VersionOut.of(done)
