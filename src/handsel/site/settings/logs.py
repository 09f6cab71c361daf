"""Logs without secrets: tokens in links and keys never reach a log line."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:offer|link|unsubscribe)/)[A-Za-z0-9_\-]{20,}|(hsl_)[A-Za-z0-9_\-]{16,}")


class WithoutSecrets(logging.Filter):
    """Replaces tokens in a record's message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, its secrets masked."""
        message = record.getMessage()
        masked = _SECRET.sub(lambda m: f"{m.group(1) or m.group(2)}…", message)
        if masked != message:
            record.msg, record.args = masked, None
        return True
