"""What a price book, a discount and an agreed price are called in other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("price", "0002_terms_agreements_rates")]

    operations = [
        migrations.AddField("pricebook", "name_texts", models.JSONField(default=dict)),
        migrations.AddField("pricerule", "label_texts", models.JSONField(default=dict)),
        migrations.AddField("contractedprice", "label_texts", models.JSONField(default=dict)),
    ]
