"""Forms whose texts are no texts are refused, before anything reads them.

Django puts a replacement sign wherever bytes are no UTF-8: what somebody sent would be kept changed and nobody told.
"""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FORM = "application/x-www-form-urlencoded"


class WholeTextsMiddleware:
    """Answers 400 to a form with broken characters: halves of one, or of another encoding."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.content_type == FORM:
            try:
                unquote_to_bytes(request.body).decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadRequest("The form is not in UTF-8.") from error
        return self.get_response(request)
