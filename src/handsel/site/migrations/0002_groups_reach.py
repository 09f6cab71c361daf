"""Row security on the groups of a quote's lines, laid down like that of the lines themselves."""

import importlib

from django.db import migrations

_first = importlib.import_module("handsel.site.migrations.0001_portal_reach")
_GROUPS = ("quote_quotegroup", _first.TABLES["quote_quoteline"])


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0001_portal_reach"),
        ("quote", "0006_configured_and_grouped_lines"),
    ]

    operations = [
        migrations.RunSQL(_first._lay_down(*_GROUPS), _first._take_up(_GROUPS[0])),
    ]
