"""Row security on what a buyer reaches: see `handsel.site.reach`.

Everybody passes the first policy; the second narrows it for the role `handsel_portal` alone, so
that our own reads cost nothing. On a server without that role only the first is laid down: nobody
can become what does not exist, and nothing is granted to it.
"""

from django.db import migrations

TABLES = {
    "quote_quote": "organization_id = nullif(current_setting('app.customer', true), '')::bigint",
    "quote_quoteversion": (
        "content_hash <> '' AND EXISTS (SELECT FROM quote_quote q WHERE q.id = quote_id)"
    ),
    "quote_quoteline": "EXISTS (SELECT FROM quote_quoteversion v WHERE v.id = version_id)",
    "quote_quoteacceptance": "EXISTS (SELECT FROM quote_quoteversion v WHERE v.id = version_id)",
    "quote_quotemessage": "EXISTS (SELECT FROM quote_quote q WHERE q.id = quote_id)",
    "catalog_product": (
        "EXISTS (SELECT FROM quote_quoteline l WHERE l.product_id = catalog_product.id)"
    ),
    "party_seller": "EXISTS (SELECT FROM quote_quote q WHERE q.seller_id = party_seller.id)",
    "party_organization": "id = nullif(current_setting('app.customer', true), '')::bigint",
    "platform_storedfile": (
        "EXISTS (SELECT FROM quote_quoteversion v "
        "WHERE platform_storedfile.id IN (v.content_id, v.document_id)) OR "
        "EXISTS (SELECT FROM quote_quoteacceptance a "
        "WHERE platform_storedfile.id IN (a.content_id, a.document_id))"
    ),
}


def _lay_down(table: str, condition: str) -> str:
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON {table} USING (true) WITH CHECK (true);
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'handsel_portal') THEN
                CREATE POLICY portal_reach ON {table} AS RESTRICTIVE TO handsel_portal
                    USING ({condition}) WITH CHECK (false);
                GRANT SELECT ON {table} TO handsel_portal;
            END IF;
        END
        $$;
    """


def _take_up(table: str) -> str:
    return f"""
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'handsel_portal') THEN
                REVOKE SELECT ON {table} FROM handsel_portal;
            END IF;
        END
        $$;
        DROP POLICY IF EXISTS portal_reach ON {table};
        DROP POLICY everybody ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """  # noqa: S608  # the tables are those above


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("quote", "0002_freeze_lines_and_bytes"),
        ("catalog", "0001_initial"),
        ("party", "0001_initial"),
        ("platform", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_lay_down(table, condition), _take_up(table))
        for table, condition in TABLES.items()
    ]
