"""Documents: typesetting, templates, mail."""
