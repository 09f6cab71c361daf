"""What the configurator refuses."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class ModelNotFound(NotFound):
    """There is no such product model, or no such version of it."""

    default_code = "model_missing"


class ModelNotEditable(Refused):
    """A published or retired version never changes; a new draft can be begun from it."""

    default_code = "model_frozen"


class ModelNotPublished(Refused):
    """Nothing can be configured until a version of the model is published."""

    default_code = "model_not_published"


class TooManyBegun(Refused):
    """More visitors than any honest audience began within an hour."""

    default_code = "too_many_begun"


class BadModel(Invalid):
    """The text of a model cannot be read, or says something impossible."""

    default_code = "bad_model"


class ModelFailsItsTests(Refused):
    """A model whose golden configurations or analysis fail is not published."""

    default_code = "model_fails"


class LawsUnread(Refused):
    """Laws between lines that are in use could not be read any more; offers they speak of would not
    go out until they are mended."""

    default_code = "laws_unread"


class ConfigurationNotFound(NotFound):
    """There is no such configuration among those the actor may see."""

    default_code = "configuration_missing"


class ConfigurationFrozen(Refused):
    """A complete configuration never changes; a copy of it can."""

    default_code = "configuration_frozen"


class StaleConfiguration(Refused):
    """Somebody decided something meanwhile; the page shows an older state."""

    default_code = "configuration_stale"


class StaleModel(Refused):
    """The configuration was made with a version of the model that is not in use any more."""

    default_code = "model_stale"


class UnknownOption(Invalid):
    """The model has no such variable or value."""

    default_code = "unknown_option"


class NotPossible(Refused):
    """The decision fits no valid product together with the decisions before it.

    `facts` carry the reason: the decisions and laws, and what could be given up.
    """

    default_code = "not_possible"


class NothingNewer(Refused):
    """The configuration was made with the version in use already."""

    default_code = "model_not_newer"
