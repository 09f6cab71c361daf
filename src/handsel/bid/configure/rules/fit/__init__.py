"""Whether the lines of a quote fit together: which laws between them are broken, why, and what
mends it. `lines` and `check` say so, `reason` explains, `mend` seeks repairs."""
