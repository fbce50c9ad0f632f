import datetime
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.utils import timezone

TRIAL_DAYS = 14


def make_plans(apps: Any, schema_editor: Any) -> None:
    """The plans, at prices the operator changes; organisations from before payments begin with a trial."""
    plans = apps.get_model("accounts", "Plan").objects
    zero = Decimal("0.00")
    trial, _made = plans.get_or_create(code="trial", defaults={"days": TRIAL_DAYS, "price": zero, "price_of_more": zero})
    for code, months, price, price_of_more in (("monthly", 1, "990.00", "690.00"), ("yearly", 12, "9900.00", "6900.00")):
        plans.get_or_create(
            code=code,
            defaults={"months": months, "price": Decimal(price), "price_of_more": Decimal(price_of_more)},
        )
    now = timezone.now()
    subscriptions = apps.get_model("accounts", "Subscription").objects
    for organisation in apps.get_model("accounts", "Organisation").objects.filter(subscription=None).iterator():
        subscriptions.create(
            organisation=organisation,
            plan=trial,
            paid_until=now + datetime.timedelta(days=TRIAL_DAYS),
            anchor_day=now.day,
            state_since=now,
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_billing")]

    operations = [migrations.RunPython(make_plans, migrations.RunPython.noop)]
