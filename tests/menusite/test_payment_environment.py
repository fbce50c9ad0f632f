"""Which payment settings start the service, and which stop it with a message."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from menusite.payment_environment import read_payment_environment

KEYS = {"YOOKASSA_SHOP_ID": "100500", "YOOKASSA_SECRET_KEY": "live_secret"}


@pytest.mark.parametrize(("debug", "provider"), [(True, "sandbox"), (False, "manual")])
def test_without_a_word_a_developer_practises_and_production_takes_transfers(debug: bool, provider: str) -> None:
    assert read_payment_environment({"PAYMENT_PROVIDER": " "}, debug=debug).provider == provider


def test_yookassa_starts_with_its_keys() -> None:
    read = read_payment_environment({"PAYMENT_PROVIDER": "yookassa", **KEYS}, debug=False)

    assert (read.provider, read.yookassa_shop_id, read.yookassa_secret_key) == ("yookassa", "100500", "live_secret")


def test_the_seller_is_whom_the_invoice_names() -> None:
    source = {"SELLER_NAME": "ООО «Меню»", "SELLER_TAX_NUMBER": "7707083893", "SELLER_ACCOUNT": "4" * 20}

    seller = read_payment_environment(source, debug=False).seller

    assert (seller["name"], seller["tax_number"], seller["account"]) == ("ООО «Меню»", "7707083893", "4" * 20)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"PAYMENT_PROVIDER": "paypal"}, "should be one of manual, yookassa, sandbox"),
        ({"PAYMENT_PROVIDER": "sandbox"}, "it is for DEBUG only"),
        ({"PAYMENT_PROVIDER": "yookassa"}, "YOOKASSA_SHOP_ID is not set"),
        ({"PAYMENT_PROVIDER": "yookassa", "YOOKASSA_SHOP_ID": "1"}, "YOOKASSA_SECRET_KEY is not set"),
        ({"YOOKASSA_SHOP_ID": "shop"}, "YOOKASSA_SHOP_ID is 'shop'"),
        ({"PAYMENT_SANDBOX_URL": "https://api.example.org/v3"}, "PAYMENT_SANDBOX_URL is"),
        ({"SELLER_TAX_NUMBER": "7707083894"}, "check digits add up"),
        ({"SELLER_TAX_NUMBER": "77"}, "should be 10 or 12 figures"),
        ({"SELLER_ACCOUNT": "4070281090000000000"}, "should be 20 figures"),
        ({"SELLER_NAME": "x" * 201}, "200 characters at most"),
        ({"SELLER_TIME_ZONE": "Moscow"}, "SELLER_TIME_ZONE is 'Moscow'"),
    ],
)
def test_what_makes_no_sense_stops_the_start(source: dict[str, str], message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        read_payment_environment(source, debug=False)


def test_a_secret_is_in_no_message() -> None:
    source = {"PAYMENT_PROVIDER": "yookassa", "YOOKASSA_SECRET_KEY": "live_secret"}

    with pytest.raises(ImproperlyConfigured) as refused:
        read_payment_environment(source, debug=False)

    assert "live_secret" not in str(refused.value)
