"""Bring data in: with preview, progress, and a file of what was refused and why.

Nothing is added twice: an import that is repeated, or taken up again, adds what is missing.
"""

from __future__ import annotations

from handsel.site.cli.subcommands import Family

IMPORTS = Family("import")
configure = IMPORTS.configure
run = IMPORTS.run
