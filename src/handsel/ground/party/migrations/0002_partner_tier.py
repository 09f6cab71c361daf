"""Which tier of resellers an organization is, as price books name it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("party", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="partner_tier",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
    ]
