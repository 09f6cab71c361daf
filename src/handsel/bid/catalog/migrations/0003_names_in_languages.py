"""Names of products and groups in the languages of those who read lists."""

from django.db import migrations, models

_FILL = """
    UPDATE catalog_product SET name_texts = found.texts
    FROM (
        SELECT product_id, jsonb_object_agg(language, name) AS texts
        FROM catalog_producttext GROUP BY product_id
    ) AS found
    WHERE found.product_id = catalog_product.id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_product_costs")]

    operations = [
        migrations.AddField("product", "name_texts", models.JSONField(default=dict)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ProductGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True)),
                ("name_texts", models.JSONField(default=dict)),
            ],
        ),
    ]
