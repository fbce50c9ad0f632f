"""What a page says once, kept in a cookie that carries the same guarantees as the others."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class OwnCookieStorage(CookieStorage):
    """Django's, under a name a neighbouring host cannot set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookie_name = settings.MESSAGES_COOKIE_NAME


class OwnMessages(FallbackStorage):
    """The cookie first, the session for what does not fit."""

    storage_classes = (OwnCookieStorage, SessionStorage)
