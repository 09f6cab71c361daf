"""Check electronic invoices: by the official rules (how many ran is told) and by our own."""

from __future__ import annotations

from handsel.site.cli.subcommands import Family

EINVOICE = Family("command")
configure = EINVOICE.configure
run = EINVOICE.run
