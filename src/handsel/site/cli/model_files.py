"""`./handsel import model | laws FILE` and `./handsel export model | laws`: texts in and out.

An import makes a draft: of a new model, or of the next version of one that is there. A trial
(--dry-run) is the real run, undone at its end.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.db import transaction

from handsel.bid.catalog.models import Product
from handsel.bid.configure import actions, queries
from handsel.bid.configure.actions.importing import text_of_files
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.formats.uvl import export_uvl, read_uvl
from handsel.bid.configure.rules.language import print_model
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

MOST_TOLD = 20


def bring_in(arguments: argparse.Namespace, output: Output, *, is_laws: bool) -> int:
    """Make a draft of a file; 1 when it is refused or may not be published as it is."""
    path = Path(arguments.file)
    key = arguments.key or path.name.partition(".")[0].lower().replace("_", "-")
    document: dict[str, Any] = {
        "file": str(path),
        "key": key,
        "dry_run": arguments.dry_run,
        "refused": None,
    }
    try:
        source = _source(path)
        with transaction.atomic():
            told = _kept(arguments, key, source, is_laws=is_laws)
            transaction.set_rollback(arguments.dry_run)
    except HandselError as refusal:
        fields = {name: str(one) for name, one in getattr(refusal, "fields", {}).items()}
        reason = "; ".join([str(refusal), *(f"{name}: {one}" for name, one in fields.items())])
        output.say(f"{path.name}: refused. {reason}")
        output.result({**document, "refused": {"code": refusal.code, "reason": str(refusal)}})
        return codes.FINDINGS
    word = "would be" if arguments.dry_run else "is"
    output.say(f"{key}, version {told['version_no']}: {word} {told['outcome']}, {told['state']}.")
    for what in ("failures", "warnings"):
        for line in told[what][:MOST_TOLD]:
            output.say(f"  {line}")
    output.result({**document, **told})
    return codes.FINDINGS if told["failures"] else codes.OK


def _source(path: Path) -> str:
    try:
        if path.name.lower().removesuffix(".gz").endswith(".uvl"):
            return print_model(read_uvl(path))  # with what it imports, from beside it
        return text_of_files([(path.name, path.read_bytes())])
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from error


def _kept(arguments: argparse.Namespace, key: str, source: str, *, is_laws: bool) -> dict[str, Any]:
    actor, now = _actor(), SystemClock().now()
    model = _models(actor, is_laws=is_laws).filter(key=key).first()
    given: dict[str, Any] = {"actor": actor, "now": now}
    if model is None:
        head: dict[str, Any] = {"key": key, "title": arguments.title or key, "source": source}
        if is_laws:
            version = actions.draft_laws(**given, **head, seller_id=arguments.seller)
        else:
            version = actions.draft_model(**given, **head, product_id=_product(arguments.product))
        outcome = "new"
    else:
        newest = queries.get_version(model.pk, queries.last_number(model.pk), actor)
        outcome = "unchanged" if newest.source == source else "changed"
        version = newest
        if outcome == "changed":
            version = actions.draft_version(**given, model_id=model.pk)
            where: dict[str, Any] = {"model_id": model.pk, "version_no": version.version_no}
            version = actions.revise_source(**given, **where, source=source)
    return _tested(given, version, outcome, publish=arguments.publish)


def _tested(
    given: dict[str, Any], version: ModelVersion, outcome: str, *, publish: bool
) -> dict[str, Any]:
    where: dict[str, Any] = {"model_id": version.model_id, "version_no": version.version_no}
    report = version.report
    if version.state in queries.DRAFTS:
        version = actions.test_version(**given, **where).version
        report = version.report
        if publish and version.state == "tested":
            version = actions.publish_version(**given, **where)
    return {
        "model_id": version.model_id,
        "version_no": version.version_no,
        "outcome": outcome,
        "state": version.state,
        "failures": list(report.get("failures", [])),
        "warnings": list(report.get("warnings", [])),
    }


def _product(sku: str) -> int | None:
    if not sku:
        return None
    found = Product.objects.filter(sku=sku).first()
    if found is None:
        raise Invalid(f"There is no product {sku[:60]}.")
    return found.pk


def _actor() -> Actor:
    return Actor.system("command line", seller_ids=Seller.objects.values_list("pk", flat=True))


def _models(actor: Actor, *, is_laws: bool) -> Any:
    return queries.law_sets(actor) if is_laws else queries.models()


def take_out(arguments: argparse.Namespace, output: Output, *, is_laws: bool) -> int:
    """Write a version's text or UVL; without a key, list what there is."""
    actor = _actor()
    if not arguments.key:
        return _listed(_models(actor, is_laws=is_laws), output)
    model = _models(actor, is_laws=is_laws).filter(key=arguments.key).first()
    if model is None:
        raise CouldNotRun(f"There is no such text: {arguments.key}. Without a key all are listed.")
    try:
        version = _version(model, arguments.version, actor)
        text = export_uvl(model_of(version)) if arguments.uvl else version.source
    except HandselError as refusal:
        output.say(f"{model.key}: refused. {refusal}")
        output.result({"key": model.key, "refused": str(refusal), "code": refusal.code})
        return codes.FINDINGS
    if arguments.output:
        try:
            Path(arguments.output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CouldNotRun(f"{arguments.output} cannot be written: {error.strerror}.") from error
        output.say(f"{model.key}, version {version.version_no}: written to {arguments.output}.")
    elif not output.as_json:
        print(text, end="")
    output.result({**_facts(model, version), "text": text})
    return codes.OK


def _version(model: ConfigurationModel, number: int | None, actor: Actor) -> ModelVersion:
    """The one that is asked for; else the one in use, else the newest."""
    if number is None:
        in_use = queries.versions_of(model.pk).filter(state="published").first()
        number = in_use.version_no if in_use else queries.last_number(model.pk)
    return queries.get_version(model.pk, number, actor)


def _facts(model: ConfigurationModel, version: ModelVersion) -> dict[str, Any]:
    return {
        "key": model.key,
        "title": model.title,
        "kind": model.kind,
        "version_no": version.version_no,
        "state": version.state,
        "fingerprint": version.fingerprint,
    }


def _listed(models: Any, output: Output) -> int:
    found = []
    for model in models:
        states = {one.state: one.version_no for one in queries.versions_of(model.pk)}
        draft = states.get("tested") or states.get("draft")
        found.append((model.key, model.title, states.get("published"), draft))
    rows = [(key, title, used or "–", draft or "–") for key, title, used, draft in found]
    output.table(("key", "title", "in use", "in work"), rows)
    names = ("key", "title", "in_use", "in_work")
    output.result({"found": [dict(zip(names, one, strict=True)) for one in found]})
    return codes.OK
