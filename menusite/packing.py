"""Answers written for one reader are packed on their way; what is packed by nature is left alone."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")


class TextGZipMiddleware(GZipMiddleware):
    """Django's own, for whole answers of text: pictures, fonts and archives gain nothing, and a packed part of a file
    is no part of it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 206 or not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)
