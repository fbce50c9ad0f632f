import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(verbose_name="HTML")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "next_try_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="next try"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
            },
        ),
        migrations.CreateModel(
            name="SignInAttempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=64, verbose_name="account")),
                ("browser", models.CharField(blank=True, max_length=32, verbose_name="browser")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="locked until")),
                ("last_at", models.DateTimeField(db_index=True, verbose_name="last")),
            ],
            options={
                "verbose_name": "sign-in attempts",
                "verbose_name_plural": "sign-in attempts",
                "constraints": [models.UniqueConstraint(fields=("account", "browser"), name="attempts_once_a_browser")],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation_name", models.CharField(max_length=120, verbose_name="name of the organisation")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restaurant", "restaurant"),
                            ("cafe", "café or coffee shop"),
                            ("bar", "bar"),
                            ("street_food", "street food"),
                            ("canteen", "canteen"),
                            ("hotel", "hotel"),
                            ("other", "something else"),
                        ],
                        max_length=16,
                        verbose_name="type of place",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Русский")], max_length=8, verbose_name="language"
                    ),
                ),
                ("consent_version", models.CharField(max_length=16, verbose_name="text of the consent")),
                ("consented_at", models.DateTimeField(verbose_name="consented")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registration",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)),
                        fields=["consented_at"],
                        name="registration_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["restaurant", "cafe", "bar", "street_food", "canteen", "hotel", "other"])
                        ),
                        name="registration_kind_known",
                    )
                ],
            },
        ),
    ]
