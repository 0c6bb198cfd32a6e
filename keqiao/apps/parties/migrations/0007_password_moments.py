from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def since_they_joined(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The day an account was opened is the only one that is known of the passwords there are."""
    users = apps.get_model("parties", "User").objects.using(schema_editor.connection.alias)
    with_one = users.exclude(password="").exclude(password__startswith="!")
    with_one.update(password_set_at=models.F("date_joined"))


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_passwords")]  # noqa: RUF012 - as Django writes it
    operations = [migrations.RunPython(since_they_joined, migrations.RunPython.noop)]  # noqa: RUF012
