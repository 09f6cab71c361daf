"""What models are called in the languages of those who read lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("configure", "0004_laws_between_lines")]

    operations = [
        migrations.AddField("configurationmodel", "title_texts", models.JSONField(default=dict)),
    ]
