import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("quote", "0010_how_an_approver_was_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuotePresence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line_key", models.UUIDField(null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="quote.quote",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quote", "user"), name="one_presence_per_person"
                    )
                ],
            },
        ),
        # Gone after a crash, in no journal and on no standby: what nobody will ask for again.
        migrations.RunSQL("ALTER TABLE quote_quotepresence SET UNLOGGED", migrations.RunSQL.noop),
    ]
