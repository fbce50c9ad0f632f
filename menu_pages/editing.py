"""Quick edits: a few fields of a published page changed at once, without taking a draft along or losing it."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from wagtail.locks import BasicLock
from wagtail.models import Page, Revision

from accounts.models import User
from menu_pages import price_log
from menu_pages.publishing import publish_changed

Words = Mapping[str, Mapping[str, Any]]


def edit_page(
    page: Page, changes: Mapping[str, Any], by: User | None, *, publish: bool = False, audit: bool = True
) -> Page:
    """Set `changes` on the live page and in its drafts, with a revision and a log entry; returns the page as stored.

    An editor's unpublished draft stays a draft and the newest revision; only the fields named here change in it, so
    publishing it later brings none of their old values back, a scheduled one included. `translations` are merged word
    by word: an empty word is taken out. A page that is not published is changed in its newest draft, and published
    with it when `publish` asks for it. Raises `ValidationError` and writes nothing when a value does not fit.

    A price that changes for guests is written to the organisation's audit log, a line a dish. What changes many dishes
    at once says `audit=False` and writes one line of its own with `accounts.audit.record`.
    """
    with transaction.atomic(), nullcontext() if audit else price_log.unrecorded():
        # First the lock, then the reading: PostgreSQL reads a row it waited for anew, but not the rows joined to it,
        # and half of a page's fields are in a joined one.
        type(page).objects.select_for_update(of=("self",)).filter(pk=page.pk).order_by().first()
        stored = type(page).objects.get(pk=page.pk)
        if not stored.live:
            return _edit_unpublished(stored, changes, by, publish=publish)
        drafts = _drafts_of(stored)
        _set(stored, changes)
        if stored.has_unpublished_changes or stored.go_live_at or "title" in changes:
            # Publishing validates.
            stored.save_revision(user=by, clean=False).publish(user=by, skip_permission_checks=True)
        else:
            publish_changed(page=stored, by=by)
        for draft in drafts[1:]:
            _patch(draft, stored, changes)
        if drafts:
            newest = drafts[0].as_object()
            _set(newest, changes)
            newest.save_revision(user=by, approved_go_live_at=drafts[0].approved_go_live_at, clean=False)
            _patch(drafts[0], stored, changes, scheduled=False)
        stored.refresh_from_db()
    return stored


def locked_by_another(page: Page, by: User | None) -> bool:
    """Whether an editor has locked the page against this one; without a user, against everyone."""
    return bool(page.locked and (by is None or BasicLock(page).for_user(by)))


def with_words(translations: Words, words: Words) -> dict[str, dict[str, Any]]:
    """`translations` with these words put in; empty ones, and languages left without any, are taken out."""
    merged = {code: dict(texts) for code, texts in translations.items()}
    for code, texts in words.items():
        merged[code] = {name: text for name, text in {**merged.get(code, {}), **texts}.items() if text}
    return {code: texts for code, texts in merged.items() if texts}


def _edit_unpublished(page: Any, changes: Mapping[str, Any], by: User | None, *, publish: bool) -> Any:
    draft = page.get_latest_revision_as_object()
    _set(draft, changes)
    if not publish:
        # A draft may wait for its price: what is still missing is asked for when it is published.
        draft.full_clean(
            exclude={
                field.name
                for field in draft._meta.fields
                if field.null and draft.serializable_value(field.attname) is None
            }
        )
    revision = draft.save_revision(user=by, clean=publish, log_action=not publish)
    if publish:
        revision.publish(user=by, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def _drafts_of(page: Any) -> list[Revision]:
    """Revisions the guests have not seen and still may, newest first: those after the published one, and scheduled
    ones."""
    if not page.has_unpublished_changes:
        return []
    newer = page.revisions.order_by("-created_at", "-pk")
    published = page.live_revision
    found = []
    for revision in newer:
        if published is not None and revision.pk == published.pk:
            break
        found.append(revision)
    known = {revision.pk for revision in found}
    scheduled = page.revisions.filter(approved_go_live_at__isnull=False).exclude(pk__in=known)
    return [*found, *scheduled]


def _set(page: Any, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(page, name, with_words(page.translations, value) if name == "translations" else value)


def _patch(revision: Revision, page: Any, changes: Mapping[str, Any], *, scheduled: bool = True) -> None:
    """Put the new values into a stored draft. Publishing another revision has unscheduled it: that comes back too."""
    content = dict(revision.content)
    values = page.serializable_data()
    for name in changes:
        if name == "translations":
            content[name] = with_words(content.get(name) or {}, changes[name])
        else:
            content[name] = values[name]
    when = revision.approved_go_live_at if scheduled else None
    Revision.objects.filter(pk=revision.pk).update(content=content, approved_go_live_at=when)
