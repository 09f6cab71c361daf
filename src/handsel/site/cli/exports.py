"""Take data out: what pages show as lists, and the books."""

from __future__ import annotations

from handsel.site.cli.subcommands import Family

EXPORTS = Family("export")
configure = EXPORTS.configure
run = EXPORTS.run
