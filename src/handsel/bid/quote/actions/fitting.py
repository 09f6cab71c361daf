"""Lines that do not fit together: kept from going out, and mended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.configure.actions import alter_configuration
from handsel.bid.configure.queries.fitting import Fitting, Found, fitting
from handsel.bid.configure.queries.fitting_told import told
from handsel.bid.quote.actions.draft import NewLine
from handsel.bid.quote.actions.edit import lock_draft
from handsel.bid.quote.actions.lines import add_lines, remove_line, set_line
from handsel.bid.quote.errors import BadQuote, DoesNotFit
from handsel.bid.quote.events import QuoteAdvised, QuoteMended
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries import get_line
from handsel.bid.quote.queries.fitting import fitting_of, spoken_for, spoken_lines
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_SAID = 3
MOST_ADVICE = 500
MOST_FURTHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """A repair as it was offered: another value on a configured line and what is given up for it,
    another quantity, one line more, or one less; and `further` changes that go with it."""

    kind: str
    line_key: UUID | None = None
    variable: str = ""
    value: str = ""
    give_up: Sequence[str] = ()
    quantity: Decimal | None = None
    sku: str = ""
    further: Sequence[Mending] = ()


def require_fitting(version: QuoteVersion, *, now: datetime) -> Fitting:
    """The gate in front of presenting: raises DoesNotFit with the reasons, and where laws that are
    in use cannot be asked; advice is returned.

    One query where the seller has no laws. The version is locked and comes with its quote.
    """
    fit = fitting_of(version, now=now)
    if fit.unread:
        raise DoesNotFit(
            _(
                "Laws between the lines of quote %(number)s cannot be read against the models in "
                "use, so nobody knows whether its lines fit together; a product modeller can mend "
                "them."
            )
            % {"number": version.quote.number}
        )
    if not fit.forbidding:
        return fit
    language = get_language() or "en"
    reasons = [sentence_of(fit, one, language) for one in fit.forbidding[:MOST_SAID]]
    more = len(fit.forbidding) - len(reasons)
    if more > 0:
        reasons.append(_("and %(number)s more") % {"number": more})
    raise DoesNotFit(
        _("The lines of quote %(number)s do not fit together: %(reasons)s.")
        % {"number": version.quote.number, "reasons": "; ".join(reasons)},
        laws=[one.misfit.law.key for one in fit.forbidding],
    )


def announce_advice(version: QuoteVersion, fit: Fitting, *, actor: Actor, now: datetime) -> None:
    """Put down that an offer went out against the advice of laws between its lines."""
    against = [one for one in fit.found if one.option is None and not one.forbids]
    if not against:
        return
    laws = {one.misfit.law.key: one.misfit.law.law.sentences for one in against}
    advised = QuoteAdvised(
        quote_id=version.quote_id,
        version_id=version.pk,
        laws=tuple(laws),
        advice=" ".join(said.get("en", key) for key, said in laws.items())[:MOST_ADVICE],
    )
    log.announce(advised, actor=actor, now=now)


def require_choice_fits(
    version: QuoteVersion, chosen: Collection[UUID] | None, *, now: datetime
) -> None:
    """What a buyer may choose of an offer: options that break no law which the offer itself kept.

    Raises DoesNotFit in the offer's language. What was presented stays as good as it was, whatever
    laws were published since.
    """
    spoken = spoken_for(version.quote, now=now) if chosen is not None else None
    if spoken is None or chosen is None:
        return
    lines = spoken_lines(version.pk, spoken)
    optional = set(
        QuoteLine.objects.filter(version_id=version.pk, is_optional=True).values_list(
            "line_key", flat=True
        )
    )
    wanted = [
        replace(one, counts=one.key in chosen) if one.key in optional else one for one in lines
    ]
    if wanted == lines:
        return
    known = {one for found in fitting(spoken, lines).forbidding for one in found.misfit.bindings}
    fit = fitting(spoken, wanted)
    broken = [one for one in fit.forbidding if not one.misfit.bindings <= known]
    if broken:
        with override(version.quote.language or "en"):
            language = get_language() or "en"
            said = "; ".join(sentence_of(fit, one, language) for one in broken[:MOST_SAID])
            raise DoesNotFit(
                _("What you chose does not go together: %(reasons)s. Choose otherwise, or ask us.")
                % {"reasons": said},
                laws=[one.misfit.law.key for one in broken],
            )


def sentence_of(fit: Fitting, found: Found, language: str) -> str:
    """A broken law in a sentence part: which lines, and what it demands."""
    said = told(fit, found, language)
    places = ", ".join(str(line["place"]) for line in said["lines"])
    return _("lines %(places)s – %(sentence)s") % {
        "places": places,
        "sentence": said["sentence"].rstrip("."),
    }


@transaction.atomic
def mend_quote(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    mending: Mending,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Do a repair that was offered, as the edit of a draft that it is; all of it or nothing.

    A configured line gets a configuration of its own with the other value; the one it had stays.
    Raises what the edits raise, and NotPossible.
    """
    if len(mending.further) > MOST_FURTHER:
        raise BadQuote(_("This is no repair."), fields={"further": _("at most three changes")})
    version = _mended(mending, actor, now, quote_id, lock_no)
    for one in mending.further:
        version = _mended(one, actor, now, quote_id, version.lock_no)
    return version


def _mended(
    mending: Mending, actor: Actor, now: datetime, quote_id: int, lock_no: int | None
) -> QuoteVersion:
    known: dict[str, Any] = {"actor": actor, "now": now, "quote_id": quote_id, "lock_no": lock_no}
    if mending.kind == "add":
        version = add_lines(lines=[_new_line(mending)], **known)
        change = f"+ {mending.quantity} × {mending.sku}"
    else:
        version, change = _mend_line(mending, known)
    mended = QuoteMended(quote_id=quote_id, version_id=version.pk, kind=mending.kind, change=change)
    log.announce(mended, actor=actor, now=now)
    return version


def _mend_line(mending: Mending, known: dict[str, Any]) -> tuple[QuoteVersion, str]:
    """One line otherwise; the version and what changed on the line, in short."""
    if mending.line_key is None:
        raise BadQuote(_("Say which line."), fields={"line_key": _("a line of the quote")})
    version = lock_draft(known["actor"], known["quote_id"], known["lock_no"])
    line = get_line(version.pk, mending.line_key)
    if mending.kind == "remove":
        return remove_line(line_key=line.key, **known), f"− {line.name}"
    if mending.kind == "quantity" and mending.quantity is not None:
        changed = set_line(line_key=line.key, quantity=mending.quantity, **known)
        return changed, f"{line.name}: {mending.quantity}"
    if mending.kind != "choose":
        wanted = "choose, quantity, add, remove"
        raise BadQuote(_("This is no repair."), fields={"kind": wanted})
    if line.configuration_id is None:
        raise BadQuote(
            _("This line carries no configuration."),
            fields={"line_key": _("a configured line")},
        )
    made = alter_configuration(
        actor=known["actor"],
        now=known["now"],
        configuration_id=line.configuration_id,
        variable=mending.variable,
        value=mending.value,
        give_up=mending.give_up,
    )
    changed = set_line(line_key=line.key, configuration_id=made.pk, **known)
    return changed, f"{line.name}: {mending.variable} = {mending.value}"


def _new_line(mending: Mending) -> NewLine:
    product = Product.objects.filter(sku=mending.sku).first()
    if product is None or mending.quantity is None:
        raise BadQuote(
            _("There is no such product."), fields={"sku": _("an article of the catalog")}
        )
    return NewLine(product_id=product.pk, quantity=mending.quantity)
