import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from accounts.billing.models import Plan, Subscription
from accounts.models import Organisation, User
from tests.factories.people import make_user
from tests.factories.sandbox import sandbox  # noqa: F401  (a fixture)

MOSCOW = ZoneInfo("Europe/Moscow")


def moment(text: str) -> datetime.datetime:
    """A moment of Moscow's clock: «2027-01-31 12:00»."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.fixture(autouse=True)
def taught_to_pay(settings: LazySettings) -> None:
    """As in production without a provider, unless the test takes the sandbox."""
    settings.PAYMENT_PROVIDER = "manual"
    settings.SELLER = {"name": "ООО «Меню»", "tax_number": "7707083893", "address": "Москва", "bank": "Банк"}
    settings.SELLER_TIME_ZONE = "Europe/Moscow"


@pytest.fixture
def subscription(organisation_a: Organisation) -> Subscription:
    """Alice's, in its trial, the monthly plan of one place chosen."""
    found: Subscription = organisation_a.subscription
    found.plan = Plan.objects.get(code="monthly")
    found.save()
    return found


@pytest.fixture
def operator(db: None) -> User:
    return make_user("operator@example.com", is_superuser=True, is_staff=True)
