from typing import Any

from django.conf import settings
from django.db import migrations, models


def take_over_choices(apps: Any, schema_editor: Any) -> None:
    """A language chosen on Wagtail's own account page becomes the user's: from here on it is kept in one place."""
    profiles = apps.get_model("wagtailusers", "UserProfile").objects.exclude(preferred_language="")
    known = dict(settings.LANGUAGES)
    users = apps.get_model("accounts", "User").objects
    for profile in profiles.filter(preferred_language__in=known).iterator():
        users.filter(pk=profile.user_id).update(language=profile.preferred_language)
    profiles.update(preferred_language="")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit_log_and_card"),
        ("wagtailusers", "0006_userprofile_prefered_language"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, choices=[("en", "English"), ("ru", "Русский")], max_length=8, verbose_name="language"
            ),
        ),
        migrations.RunPython(take_over_choices, migrations.RunPython.noop),
    ]
