from django.db import migrations


def start_at_the_end(apps, schema_editor):
    """An installation that has a past is told of what happens from now on, not of all that ever happened."""
    chain = apps.get_model("ledger", "Chain").objects.filter(pk=1).first()
    if chain is not None and chain.seq:
        apps.get_model("post", "Pointer").objects.get_or_create(name="outbox", defaults={"seq": chain.seq})


class Migration(migrations.Migration):

    dependencies = [
        ("post", "0001_initial"),
        ("ledger", "0002_append_only"),
    ]

    operations = [migrations.RunPython(start_at_the_end, migrations.RunPython.noop)]
