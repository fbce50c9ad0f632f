"""Every column that may hold words is looked at: whose they are, and where docs/privacy.md speaks of them."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

APPS = ("accounts", "menu_pages", "orders", "analytics")
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
# What a guest typed or did; gone by “Forget me”, in time, or both.
OF_GUESTS = """
    orders.BasketLine: note
    orders.Order: comment payload_sha256
    orders.WaiterCall: note
    orders.Rating: text
    orders.GuestEvent: data
    orders.OutboxEvent: payload
    orders.Session: session_data session_key
"""
# Names and addresses of people who sign in; gone when they leave for good, in time, or both.
OF_PEOPLE = """
    accounts.User: email first_name last_name password phone
    accounts.AuditEntry: by_name details subject
    accounts.Invitation: email token_hash
    accounts.Letter: html subject text to
    accounts.SignInAttempts: account browser
    accounts.Registration: consent_version organisation_name
    orders.Delivery: target
    orders.Order: waiter
    orders.OrderImport: content file_name
    menu_pages.MenuImport: file_name rows
"""
# The organisation's own: its card, menu, prices, tables, books, and reasons its staff give.
OF_THE_TRADE = """
    accounts.AuditEntry: place_title
    accounts.Invitation: public_id
    accounts.Invoice: buyer currency language lines public_id seller
    accounts.LedgerEntry: currency note reference
    accounts.Organisation: address email legal_name logo name phone slug tax_number
    accounts.Payment: confirmation_url currency description method_id provider provider_id public_id raw_status reason
    accounts.Plan: currency
    accounts.Refund: note provider_id
    accounts.Subscription: method_id method_provider method_title
    accounts.WebhookEvent: event object_id provider
    analytics.DishSales: category title
    analytics.HourSales: table_label
    analytics.LostDemand: words
    analytics.OrganisationDay: currency
    analytics.OrganisationStatistics: currency figures
    analytics.PlaceStatistics: currency figures
    analytics.Tally: label
    analytics.VisitDay: theme
    menu_pages.BulkChange: items params problem runner skipped unchanged
    menu_pages.CategoryPage: description served_weekdays translations
    menu_pages.DishPage: allergens description tags translations
    menu_pages.MenuImage: description file file_hash title
    menu_pages.MenuImport: problem runner summary
    menu_pages.MenuImportPicture: content name sha1
    menu_pages.MenuRendition: file filter_spec focal_point_key
    menu_pages.PlaceAddress: slug
    menu_pages.PlacePage: address description phone tagline translations wifi_network wifi_password
    menu_pages.PlaceRecord: theme theme_settings time_zone
    menu_pages.StopListEntry: reason
    menu_pages.Table: key label zone
    menu_pages.ThemeInstallation: settings_after settings_before theme_after theme_before
    orders.BasketLine: category key options title
    orders.Delivery: problem
    orders.DishRating: title
    orders.Order: cancel_reason currency idempotency_key payment public_id table_label till_id
    orders.OrderImport: problem runner summary
    orders.OrderStatusChange: before reason
    orders.Reconciliation: figures problems
    orders.Seating: public_id
    orders.Station: public_id title
    orders.Visit: public_id
    orders.WaiterCall: public_id
    orders.Webhook: public_id secret url
"""
# Who may know an address of the network at all: to count attempts, to tell a provider of payments from others, to let
# this machine read the metrics. None of them writes it anywhere.
KNOW_ADDRESSES = {"accounts/adapters.py", "accounts/billing/public_views.py", "menusite/metrics_view.py"}


def columns(text: str) -> set[str]:
    lines = [line.split(":") for line in text.strip().splitlines()]
    return {f"{model.strip()}.{column}" for model, names in lines for column in names.split()}


def test_every_column_of_words_is_somebodys() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.local_concrete_fields
        if isinstance(field, WORDS) and not field.choices
    }
    guests, people, trade = columns(OF_GUESTS), columns(OF_PEOPLE), columns(OF_THE_TRADE)

    assert found - guests - people - trade == set(), "say whose these are, and in docs/privacy.md what becomes of them"
    assert (guests | people | trade) - found == set()
    assert len(guests) + len(people) + len(trade) == len(guests | people | trade)


def test_no_table_keeps_the_address_of_a_visitor() -> None:
    kept = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.GenericIPAddressField) or re.search(r"(^|_)(ip|user_agent)(_|$)", field.name)
    ]
    root = Path(settings.BASE_DIR)
    asks = re.compile(r"REMOTE_ADDR|X_FORWARDED_FOR|get_client_ip|USER_AGENT")
    read = {
        str(file.relative_to(root))
        for app in (*APPS, "menusite")
        for file in (root / app).rglob("*.py")
        if asks.search(file.read_text())
    }

    # A printer's.
    assert kept == ["orders.Station.printer_host"]
    assert read == KNOW_ADDRESSES


def test_the_document_names_every_period() -> None:
    from menusite.keeping_environment import PERIODS

    text = (Path(settings.BASE_DIR) / "docs" / "privacy.md").read_text()

    assert [name for name in PERIODS if f"`{name}`" not in text] == []
