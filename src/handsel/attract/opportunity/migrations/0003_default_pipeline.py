"""The pipeline every house begins with. Names are message ids; pages translate them."""

from django.db import migrations

STAGES = (
    ("Qualified", "open", 1_000),
    ("Needs understood", "open", 2_500),
    ("Offer", "open", 5_000),
    ("Negotiation", "open", 7_500),
    ("Won", "won", 10_000),
    ("Lost", "lost", 0),
)


def make_pipeline(apps, schema_editor):
    Pipeline = apps.get_model("opportunity", "Pipeline")
    Stage = apps.get_model("opportunity", "Stage")
    if Pipeline.objects.exists():
        return
    pipeline = Pipeline.objects.create(name="Sales", position=0)
    Stage.objects.bulk_create(
        Stage(pipeline=pipeline, name=name, position=place, kind=kind, probability_bps=bps)
        for place, (name, kind, bps) in enumerate(STAGES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("opportunity", "0002_views_and_orders")]

    operations = [migrations.RunPython(make_pipeline, migrations.RunPython.noop)]
