"""What the lead room can refuse."""

from __future__ import annotations

from typing import ClassVar

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class LeadMissing(NotFound):
    """There is no such lead, or not for this actor."""

    default_code = "lead_missing"


class FormMissing(NotFound):
    """There is no such form, it is switched off, or it is not for this actor."""

    default_code = "form_missing"


class RecognitionMissing(NotFound):
    """This proposal does not belong to this lead."""

    default_code = "recognition_missing"


class ImportMissing(NotFound):
    """There is no such import, or not for this actor."""

    default_code = "import_missing"


class InquiryInvalid(Invalid):
    """What was typed cannot be taken as an inquiry; `fields` says which field and why."""

    default_code = "inquiry_invalid"


class LeadInvalid(Invalid):
    """A fact about a lead is not well formed."""

    default_code = "lead_invalid"


class MappingInvalid(Invalid):
    """The columns of a file are not mapped to fields in a usable way."""

    default_code = "mapping_invalid"


class LeadNotOpen(Refused):
    """The lead is converted or disqualified, so this step no longer fits."""

    default_code = "lead_not_open"


class RecognitionSettled(Refused):
    """Another decision about who this lead is stands in the way."""

    default_code = "recognition_settled"


class TooManyInquiries(Refused):
    """One address sent more inquiries than a person would."""

    http_status: ClassVar[int] = 429
    default_code = "too_many_inquiries"


class ImportEnded(Refused):
    """The import is finished or was stopped; it cannot go on."""

    default_code = "import_ended"
