from django.db import migrations, models
from django.db.migrations.state import StateApps

import orders.identifiers

# What every secret was: the name of a field, written where a random word belonged.
KNOWN_TO_EVERYBODY = "orders.Webhook.public_id"


def give_secrets(apps: StateApps, schema_editor: object) -> None:
    webhooks = apps.get_model("orders", "Webhook")._base_manager
    for pk in webhooks.filter(secret=KNOWN_TO_EVERYBODY).values_list("pk", flat=True):
        webhooks.filter(pk=pk).update(secret=orders.identifiers.webhook_secret())


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_desk_session_user"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhook",
            name="secret",
            field=models.CharField(
                default=orders.identifiers.webhook_secret, editable=False, max_length=64, verbose_name="secret"
            ),
        ),
        migrations.RunPython(give_secrets, migrations.RunPython.noop),
    ]
