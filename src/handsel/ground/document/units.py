"""The words for units in the languages of our documents."""

from __future__ import annotations

# unit: English for one, English for more, German for one, German for more. A unit that is
# missing here is written by its symbol, which is the same in both languages (mm, kg, kWh).
_WORDS: dict[str, tuple[str, str, str, str]] = {
    "piece": ("pc", "pcs", "Stk.", "Stk."),
    "pair": ("pair", "pairs", "Paar", "Paar"),
    "dozen": ("dozen", "dozen", "Dutzend", "Dutzend"),
    "one": ("unit", "units", "Einh.", "Einh."),
    "set": ("set", "sets", "Satz", "Sätze"),
    "pack": ("pack", "packs", "Pack.", "Pack."),
    "box": ("box", "boxes", "Karton", "Kartons"),
    "pallet": ("pallet", "pallets", "Palette", "Paletten"),
    "person": ("person", "people", "Pers.", "Pers."),
    "lump_sum": ("lump sum", "lump sum", "pausch.", "pausch."),
    "percent": ("%", "%", "%", "%"),
    "m2": ("m²", "m²", "m²", "m²"),
    "cm2": ("cm²", "cm²", "cm²", "cm²"),
    "mm2": ("mm²", "mm²", "mm²", "mm²"),
    "ft2": ("sq ft", "sq ft", "sq ft", "sq ft"),
    "m3": ("m³", "m³", "m³", "m³"),
    "in": ("in", "in", "Zoll", "Zoll"),
    "h": ("hour", "hours", "Std.", "Std."),
    "working_day": ("working day", "working days", "Arbeitstag", "Arbeitstage"),
    "day": ("day", "days", "Tag", "Tage"),
    "week": ("week", "weeks", "Woche", "Wochen"),
    "month": ("month", "months", "Monat", "Monate"),
    "quarter": ("quarter", "quarters", "Quartal", "Quartale"),
    "deg": ("°", "°", "°", "°"),
    "year": ("year", "years", "Jahr", "Jahre"),
}


def unit_label(unit: str, language: str, *, one: bool = False) -> str:
    """The word for a unit in "en" or "de", for one of it or for any other number."""
    words = _WORDS.get(unit)
    if words is None:
        return unit
    return words[(2 if language == "de" else 0) + (0 if one else 1)]
