"""What this floor keeps of a person who works on menus: for their own copy, and gone when they leave for good."""

from typing import Any

from django.dispatch import receiver
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.own_data.exporting import Section, rows
from accounts.own_data.words import Words
from accounts.signals import person_erased, personal_data_asked
from menu_pages.models import BulkChange, MenuImage, MenuImport, StopListEntry, ThemeInstallation


@receiver(personal_data_asked, dispatch_uid="menu_pages.personal_data")
def sections_of(sender: object, *, user: User, **kwargs: Any) -> dict[str, Section]:
    return {
        "admin_settings": rows(UserProfile.objects.filter(user=user), "current_time_zone", "theme", "density"),
        "edits_of_pages": rows(PageLogEntry.objects.filter(user_id=user.pk), "timestamp", "action", "label"),
        "edits_of_other_things": rows(ModelLogEntry.objects.filter(user_id=user.pk), "timestamp", "action", "label"),
        "pictures_uploaded": rows(MenuImage.objects.filter(uploaded_by_user=user), "title", "created_at"),
        "menu_imports": rows(MenuImport.objects.filter(by=user), "file_name", "created_at", "status"),
        "bulk_changes": rows(BulkChange.objects.filter(by=user), "action", "created_at", "status"),
        "themes_installed": rows(ThemeInstallation.objects.filter(by=user), "at", "theme_before", "theme_after"),
        "stop_list": rows(StopListEntry.objects.filter(stopped_by=user), "dish__title", "reason", "stopped_at"),
    }


@receiver(person_erased, dispatch_uid="menu_pages.person_erased")
def forget(sender: object, *, user: User, words: Words, **kwargs: Any) -> None:
    """Their settings of the admin and what they were typing there; menus, pictures and the history of both stay."""
    for profile in UserProfile.objects.filter(user=user):
        if profile.avatar:
            profile.avatar.delete(save=False)
        profile.delete()
    FormState.objects.filter(user=user).delete()
    EditingSession.objects.filter(user=user).delete()
