"""Canary words: one for each organisation, planted in every text it has, so that any answer that holds the other's
word has leaked; and fingerprints, so that nothing of the other's changes unseen."""

import datetime
import html
import io
import itertools
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import pypdfium2
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpResponse
from django.utils import timezone

OURS = ("accounts", "menu_pages", "orders", "analytics")
# Of the packages: what holds texts or belongings of an organisation.
PACKAGES = frozenset(
    {
        "account.EmailAddress",
        "auth.Group",
        "taggit.Tag",
        "taggit.TaggedItem",
        "wagtailadmin.EditingSession",
        "wagtailadmin.FormState",
        "wagtailcore.Collection",
        "wagtailcore.GroupCollectionPermission",
        "wagtailcore.GroupPagePermission",
        "wagtailcore.ModelLogEntry",
        "wagtailcore.Page",
        "wagtailcore.PageLogEntry",
        "wagtailcore.ReferenceIndex",
        "wagtailcore.Revision",
        "wagtailcore.UploadedFile",
        "wagtailusers.UserProfile",
    }
)
NOT_ROWS = frozenset(
    {
        # The installation's own: no organisation has them.
        "accounts.InvoiceCounter",
        "accounts.Plan",
        "menu_pages.HomePage",
        # Keyed hashes of what was typed, by nobody in particular.
        "accounts.SignInAttempts",
        # Move with every visit; nobody but its guest holds a session's key.
        "orders.Session",
        "wagtailcore.ReferenceIndex",
    }
)

# Shorter ones stand in many a page by chance.
SECRET_LENGTH = 10

Rows = dict[type[models.Model], set[Any]]


def tenants_models() -> list[type[models.Model]]:
    """Every model that may hold something of an organisation: all of ours, and those of the packages listed above."""
    return [
        model
        for model in apps.get_models()
        if (model._meta.app_label in OURS or model._meta.label in PACKAGES) and model._meta.label not in NOT_ROWS
    ]


def all_rows() -> Rows:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in tenants_models()}


def rows_since(before: Rows) -> Rows:
    return {model: pks - before[model] for model, pks in all_rows().items()}


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Fields in which people write, or code writes people's words: no choices, keys, addresses or paths."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not (field.choices or field.primary_key or field.is_relation)
        and f"{model._meta.label}.{field.name}" not in NOT_WORDS
    ]


NOT_WORDS = frozenset(
    {
        # Secrets and hashes, made by code.
        "accounts.Invitation.token_hash",
        "accounts.User.password",
        # Codes of providers, currencies and languages.
        "accounts.Invoice.currency",
        "accounts.Invoice.language",
        "accounts.Invoice.public_id",
        "accounts.LedgerEntry.currency",
        "accounts.Payment.confirmation_url",
        "accounts.Payment.currency",
        "accounts.Payment.provider",
        "accounts.Payment.public_id",
        "accounts.Registration.consent_version",
        "accounts.Subscription.method_provider",
        "accounts.WebhookEvent.event",
        "accounts.WebhookEvent.provider",
        "analytics.OrganisationDay.currency",
        "analytics.OrganisationStatistics.currency",
        "analytics.PlaceStatistics.currency",
        "menu_pages.BulkChange.runner",
        "orders.OrderStatusChange.before",
        "wagtailadmin.FormState.parent_object_id",
        "menu_pages.MenuImage.file_hash",
        "menu_pages.MenuImportPicture.sha1",
        "menu_pages.MenuRendition.filter_spec",
        "menu_pages.MenuRendition.focal_point_key",
        "menu_pages.MenuImport.runner",
        "menu_pages.Table.key",
        "orders.Order.idempotency_key",
        "orders.Order.payload_sha256",
        # Made by code of ids and of slugs, which hold the word already.
        "menu_pages.PlaceRecord.time_zone",
        "orders.BasketLine.key",
        "orders.Order.currency",
        "orders.Order.public_id",
        "orders.Seating.public_id",
        "orders.Station.public_id",
        "orders.Visit.public_id",
        "orders.WaiterCall.public_id",
        "orders.Webhook.public_id",
        "orders.Webhook.secret",
        "wagtailadmin.FormState.path",
        "wagtailcore.Collection.path",
        "wagtailcore.GroupCollectionPermission.path",
        "wagtailcore.ModelLogEntry.action",
        "wagtailcore.ModelLogEntry.object_id",
        "wagtailcore.Page.path",
        "wagtailcore.Page.url_path",
        "wagtailcore.PageLogEntry.action",
        "wagtailcore.Revision.object_id",
        "wagtailcore.Revision.base_content_type",
        "wagtailadmin.EditingSession.object_id",
        "wagtailadmin.FormState.object_id",
        "wagtailadmin.FormState.form_type",
        "wagtailusers.UserProfile.preferred_language",
        "wagtailusers.UserProfile.current_time_zone",
        "wagtailusers.UserProfile.theme",
        "wagtailusers.UserProfile.density",
        "wagtailusers.UserProfile.contrast",
        "wagtailusers.UserProfile.keyboard_shortcuts",
    }
)


def plant(word: str, rows: Rows) -> None:
    """Write the word into every text of these rows that does not hold it yet. What is append-only keeps what it had."""
    for model, pks in rows.items():
        for field in text_fields(model):
            once = field.unique or any(field.name in getattr(c, "fields", ()) for c in model._meta.constraints)
            for pk in pks:
                row = model._base_manager.filter(pk=pk)
                held = row.values_list(field.name, flat=True)[0]
                if not (isinstance(held, str) and word in held.lower()):
                    with suppress(DatabaseError, TypeError), transaction.atomic():
                        row.update(**{field.name: _text(word, field, pk if once else "")})


def _text(word: str, field: models.Field[Any, Any], pk: Any) -> str:
    end = f"@{word}.example" if isinstance(field, models.EmailField) else f" {field.name}"
    return f"{word}{pk}{end}"[: field.max_length or 200]


def unplanted(word: str, rows: Rows) -> list[str]:
    """Text fields of which the organisation has no row with its word: a leak of them would not be seen."""
    missing = []
    for model, pks in rows.items():
        if not pks:
            missing.append(f"{model._meta.label}: no row at all")
        for field in text_fields(model):
            short = field.max_length is not None and field.max_length < len(word)
            found = model._base_manager.filter(pk__in=pks, **{f"{field.name}__icontains": word})
            if pks and not short and not found.exists():
                missing.append(f"{model._meta.label}.{field.name}")
    return missing


def make_missing_rows(rows: Rows, word: str, known: dict[type[models.Model], Any]) -> None:
    """A row for each model that has none: filled in from the model's own fields, belonging to `known`'s objects."""
    waiting = [model for model, pks in rows.items() if not pks]
    failed = {}
    for _round in range(len(waiting)):
        for model in list(waiting):
            if all(_target(field, known) is not None for field in _needed(model)):
                waiting.remove(model)
                try:
                    with transaction.atomic():
                        known[model] = _make(model, word, known)
                except (DatabaseError, TypeError) as error:
                    failed[model._meta.label] = str(error)
    failed |= {model._meta.label: "nothing to point at" for model in waiting}
    assert not failed, f"Say in tests/isolation/world.py how to make: {failed}."


def _needed(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation and not field.null]


def _target(field: Any, known: dict[type[models.Model], Any]) -> Any:
    if field.related_model is ContentType:
        return ContentType.objects.first()
    return known.get(field.related_model)


def _make(model: type[models.Model], word: str, known: dict[type[models.Model], Any]) -> Any:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.is_relation:
            values[field.name] = _target(field, known)
        elif field.primary_key or (field.has_default() and not isinstance(field, models.JSONField)):
            continue
        else:
            values[field.name] = _value(field, word)
    return model._base_manager.create(**{name: value for name, value in values.items() if value is not None})


def _value(field: Any, word: str) -> Any:
    if field.choices:
        return next(value for value, _title in field.flatchoices if value not in ("", None))
    samples: list[tuple[type[Any], Any]] = [
        (models.JSONField, [] if field.get_default() == [] else {"before": f"{word} before", "after": f"{word} after"}),
        (models.FileField, f"{word}/{word}.txt"),
        (models.EmailField, f"{word}-{field.model._meta.model_name}@{word}.example"),
        (models.SlugField, f"{word}-{field.model._meta.model_name}"),
        ((models.CharField, models.TextField), f"{word} {field.name}"[: getattr(field, "max_length", None) or 200]),
        (models.UUIDField, uuid.uuid4()),
        (models.DateTimeField, timezone.now()),
        (models.DateField, timezone.now().date()),
        (models.TimeField, datetime.time(12)),
        (models.DurationField, datetime.timedelta(days=1)),
        (models.DecimalField, Decimal(1)),
        (models.BooleanField, True),
        (models.IntegerField, 1),
        (models.BinaryField, word.encode()),
        (models.GenericIPAddressField, "192.0.2.1"),
    ]
    return next((value for kind, value in samples if isinstance(field, kind)), None)


def secrets_of(rows: Rows) -> list[str]:
    """Random ids and keys of these rows, in small letters: in addresses, in tables' codes, on orders."""
    names = ("public_id", "key", "idempotency_key", "token_hash", "secret")
    return [
        str(value).lower()
        for model, pks in rows.items()
        for field in model._meta.local_concrete_fields
        if field.name in names and not field.choices
        for value in model._base_manager.filter(pk__in=pks).values_list(field.name, flat=True)
        if len(str(value)) >= SECRET_LENGTH
    ]


def leaks_in(response: HttpResponse, canaries: Iterable[str], *, asked: Iterable[str] = ()) -> list[str]:
    """Where a canary stands in the answer – body, headers, cookies –, apart from what the request itself said.

    Canaries are in small letters.
    """
    parts = {"headers": str(response.headers), "cookies": str(response.cookies)}
    body = response.content_of_stream if response.streaming else response.content
    parts["body"] = _readable(body)
    found = []
    for part, text in parts.items():
        lower = text.lower()
        if any(canary in lower for canary in canaries):
            for echo in sorted(set(_echoes(asked)), key=len, reverse=True):
                lower = lower.replace(echo.lower(), "")
            places = [lower.find(canary) for canary in canaries]
            found += [f"{part}: …{' '.join(lower[max(0, at - 60) : at + 60].split())}…" for at in places if at >= 0]
    return found


def _echoes(asked: Iterable[str]) -> Iterator[str]:
    """The ways in which an answer may write what it was asked: in a text, in an address, in an address's address."""
    for said in asked:
        for once in (said, unquote(said), quote(said), quote(said, safe=""), quote_plus(said)):
            yield from (once, html.escape(once), quote(once), quote(once, safe=""), quote_plus(once))


def _readable(body: bytes) -> str:
    """The text of a page, of a document, or of the parts of an archive: an .xlsx is one too."""
    if body.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(body)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(entry.filename.encode() + archive.read(entry) for entry in archive.infolist())
    return body.decode("utf-8", errors="replace")


def fingerprint(rows: Rows) -> dict[str, str]:
    """What the database holds of these rows, and how many rows point at them. One query.

    A row changed, gone, or added to what is theirs changes the fingerprint.
    """
    parts = list(itertools.chain.from_iterable(_parts(model, pks, rows) for model, pks in rows.items()))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def _parts(model: type[models.Model], pks: set[Any], rows: Rows) -> Iterator[str]:
    table, pk = model._meta.db_table, model._meta.pk
    if pks:
        yield (
            f"SELECT '{model._meta.label}', coalesce(md5(string_agg(t::text, '|' ORDER BY t.\"{pk.column}\")), '') "
            f'FROM "{table}" t WHERE t."{pk.column}" IN ({_list(pks)})'
        )
    for field in model._meta.local_concrete_fields:
        theirs = rows.get(field.related_model) if field.is_relation else None
        if theirs and model._meta.label not in ("wagtailcore.PageLogEntry", "wagtailadmin.EditingSession"):
            column = f't."{field.column}"'
            pointed = _list(_values_of(field, theirs))
            name = f"{model._meta.label}.{field.name}"
            yield f"SELECT '{name}', count(*)::text FROM \"{table}\" t WHERE {column} IN ({pointed})"


def _values_of(field: Any, pks: set[Any]) -> Iterable[Any]:
    target = field.target_field
    if target.primary_key:
        return pks
    return field.related_model._base_manager.filter(pk__in=pks).values_list(target.attname, flat=True)


def _list(values: Iterable[Any]) -> str:
    return ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in sorted(values, key=str))
