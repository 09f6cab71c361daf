"""Files of leads over the JSON API."""

from __future__ import annotations

from handsel.attract.lead import actions, queries
from handsel.attract.lead.jobs import IMPORT_JOB
from handsel.attract.lead.rest.routing import router
from handsel.attract.lead.rest.schemas import (
    ImportIn,
    ImportOut,
    KeyInPath,
    PreviewOut,
    PreviewRowOut,
    RefusedOut,
    storable,
)
from handsel.ground.identity.access import Request
from handsel.ground.party.queries import default_seller
from handsel.ground.platform.jobs import enqueue


@router.post(
    "/imports/preview",
    permission="lead.import",
    response=PreviewOut,
    summary="Read the first rows of a file; nothing is written",
    command=False,
)
def preview(request: Request, body: ImportIn) -> PreviewOut:
    """Which column means what, and what would happen to the first 20 rows."""
    found = actions.preview_import(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or default_seller(request.actor).pk,
        content=body.content.encode("utf-8", "surrogatepass"),
        source_name=body.source,
        mapping=body.mapping,
        options={"date_order": body.date_order},
    )
    return PreviewOut(
        header=found.header,
        mapping=found.mapping,
        total=found.total,
        rows=[
            PreviewRowOut(**{name: getattr(row, name) for name in PreviewRowOut.model_fields})
            for row in found.rows
        ],
    )


@router.post(
    "/imports",
    permission="lead.import",
    response=ImportOut,
    summary="Import a file of leads in the background",
    status=202,
)
def start(request: Request, body: ImportIn) -> ImportOut:
    """The same file again adds nothing; an unfinished import of it is taken up."""
    row = actions.start_import(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or default_seller(request.actor).pk,
        content=body.content.encode("utf-8", "surrogatepass"),
        file_name=storable(body.file_name),
        source_name=storable(body.source),
        mapping=body.mapping,
        options={"date_order": body.date_order},
    )
    enqueue(IMPORT_JOB, lock=f"lead-import-{row.pk}", import_id=row.pk, seller_id=row.seller_id)
    return ImportOut.of(row)


@router.get(
    "/imports/{import_id}",
    permission="lead.import",
    response=ImportOut,
    summary="How far an import is",
)
def import_state(request: Request, import_id: KeyInPath) -> ImportOut:
    """Counts so far, and the state of the work."""
    return ImportOut.of(queries.get_import(request.actor, import_id))


@router.get(
    "/imports/{import_id}/refused",
    permission="lead.import",
    response=list[RefusedOut],
    summary="The rows an import did not take",
)
def import_refused(request: Request, import_id: KeyInPath) -> list[RefusedOut]:
    """At most 1,000 rows, each with its reason."""
    found = queries.get_import(request.actor, import_id)
    rows = queries.refused_rows(found)[:1000]
    return [
        RefusedOut(row_number=row.row_number, reason=row.reason, cells=row.cells) for row in rows
    ]
