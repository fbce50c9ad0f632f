"""The moderators' home screen from the cache.

What is kept is one reader's page at one address, in one language, under everything on it that moves: their roles and
profile, the run that counted the figures, each place's menu, desk and tables, their own last edit. So an order, a dish
that runs out or a new run shows at once; the little that is in no version (a reminder of the subscription, a lock of a
colleague's) is seconds behind. Who may enter is asked before, as of every page of the admin.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token

from analytics.home_key import home_key

VIEW = "wagtailadmin_home"
KEPT_SECONDS = 20
HEADERS = ("Content-Type", "Cache-Control", "Vary")
# Django masks a token anew each time it is written; any mask of the reader's own secret will do.
TOKEN = re.compile(rb'(?<=csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}|(?<=CSRF_TOKEN": ")[A-Za-z0-9]{64}')
TOKENS_PLACE = b"<!-- the reader's own token -->"


class HomeCacheMiddleware:
    """Answer for the home screen where nothing on it has moved. Comes after the gate, which has let the reader in, and
    after messages, which are said once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = getattr(request, "home_key", None)
        if key and isinstance(response, HttpResponse) and response.status_code == 200:
            headers = {name: response[name] for name in HEADERS if name in response}
            cache.set(key, (TOKEN.sub(TOKENS_PLACE, response.content), headers), KEPT_SECONDS)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.view_name != VIEW or request.method != "GET" or request.user.is_superuser:
            return None
        if len(get_messages(request)):
            return None
        key = home_key(request)
        kept = cache.get(key)
        if kept is None:
            request.home_key = key  # type: ignore[attr-defined]
            return None
        content, headers = kept
        return HttpResponse(content.replace(TOKENS_PLACE, get_token(request).encode()), headers=headers)
