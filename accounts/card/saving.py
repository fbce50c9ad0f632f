"""Keeping the organisation card: what its form does once the words are right."""

import hashlib
import json
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.audit import record
from accounts.models import AuditAction, Organisation, User

logger = logging.getLogger(__name__)

TEXTS = ("name", "legal_name", "tax_number", "address", "phone", "email")


class CardChangedError(Exception):
    """Somebody saved the card after it was shown. Carries it as it is now."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self.organisation = organisation


def mark_of(organisation: Organisation) -> str:
    """What a form carries to say which card it showed: the same for the same values, whoever wrote them."""
    return hashlib.sha256(json.dumps(_values(organisation)).encode()).hexdigest()[:16]


def save_card(
    *,
    organisation: Organisation,
    texts: Mapping[str, str],
    seen: str,
    by: User,
    logo: ContentFile[bytes] | None = None,
    remove_logo: bool = False,
) -> list[str]:
    """Put the texts, and the logo if there is one, on the card; returns the names of the fields that changed.

    `logo` is already redrawn; its file is written before the transaction begins and taken away again if nothing comes
    of it. The file of a logo replaced or removed goes once the change is committed. Leaves an entry in the audit log
    unless everything stayed as it was. Raises `CardChangedError` and changes nothing when the card is no longer the
    one `seen` stands for.
    """
    storage = organisation.logo.storage
    field = Organisation._meta.get_field("logo")
    written = storage.save(field.generate_filename(organisation, logo.name or ""), logo) if logo else None
    try:
        return _save(organisation, texts, seen, by, "" if remove_logo and not written else written)
    except BaseException:
        if written:
            storage.delete(written)
        raise


def _save(organisation: Organisation, texts: Mapping[str, str], seen: str, by: User, logo: str | None) -> list[str]:
    with transaction.atomic():
        card = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = _values(card)
        if mark_of(card) != seen:
            raise CardChangedError(card)
        for name in TEXTS:
            setattr(card, name, texts[name])
        if logo is not None:
            card.logo = logo
        after = _values(card)
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            card.save(update_fields=changed)
            record(
                AuditAction.ORGANISATION_CHANGED,
                organisation_id=card.pk,
                by=by,
                subject=card.name,
                before={name: _readable(name, before[name]) for name in changed},
                after={name: _readable(name, after[name]) for name in changed},
            )
        if "logo" in changed and before["logo"]:
            transaction.on_commit(partial(_delete_file, before["logo"]))
    return changed


def _values(card: Organisation) -> dict[str, str]:
    return {**{name: getattr(card, name) for name in TEXTS}, "logo": card.logo.name or ""}


def _readable(name: str, value: str) -> str:
    return PurePath(value).name if name == "logo" else value


def _delete_file(name: str) -> None:
    try:
        Organisation._meta.get_field("logo").storage.delete(name)
    except OSError:
        # The card is right and nothing shows the old file: a full or missing disk must not turn this into an error.
        logger.warning("The old logo %s could not be deleted.", name)
