from django.db import connections, migrations

from keqiao.apps.ledger import triggers
from keqiao.apps.ledger.hashing import GENESIS


def forwards(apps, schema_editor):
    apps.get_model("ledger", "Chain").objects.get_or_create(pk=1, defaults={"seq": 0, "digest": GENESIS})
    triggers.install(connections[schema_editor.connection.alias])


def backwards(apps, schema_editor):
    triggers.remove(connections[schema_editor.connection.alias])


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
