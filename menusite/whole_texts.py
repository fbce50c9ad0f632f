"""Forms whose texts are no texts, or that were cut short, are refused before anything reads them.

Django puts a replacement sign wherever bytes are no UTF-8, and takes a form with files that ends in the middle for a
whole one: what somebody sent would be kept changed and nobody told.
"""

import codecs
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.http.response import HttpResponseBase

FORM = "application/x-www-form-urlencoded"
WITH_FILES = "multipart/form-data"
# The parser is told the name of an encoding, and asks it to put signs for what is none: this one refuses to.
STRICT = "menusite-whole-utf-8"
UTF_8 = codecs.lookup("utf-8")


class Request(WSGIRequest):
    """Django's own, for which a header that names an encoding of no texts is not the end: it answers nothing then."""

    says_another_encoding = False

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # unknown to the stubs
            known = self.encoding is None or codecs.lookup(self.encoding) == UTF_8
        except (LookupError, ValueError, SuspiciousOperation):  # the last of more words than are read
            known = False
        if not known:
            self.says_another_encoding = True
            self.encoding = None  # type: ignore[assignment]  # as it is before a header names one
            self.content_type, self.content_params = "", {}


class EncodingMiddleware:
    """Answers 400 to a request that says its words are in anything but UTF-8: no page of ours makes a browser say so.

    Stands before whatever reads the address: what a header names counts for the words in it too, and not every encoding
    Python knows is one of texts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        another = request.encoding is not None and codecs.lookup(request.encoding) != UTF_8
        if another or getattr(request, "says_another_encoding", False):
            raise BadRequest("The request is not in UTF-8.")
        return self.get_response(request)


class WholeTextsMiddleware:
    """Answers 400 to a form with broken characters (halves of one, or of another encoding) or without its end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        codecs.register(_strict)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.content_type == FORM:
            try:
                unquote_to_bytes(request.body).decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadRequest("The form is not in UTF-8.") from error
        elif request.content_type == WITH_FILES:
            # Not before somebody asks for it: a view may have a say in where its files go.
            form: Any = request
            form.parse_file_upload = lambda meta, stream: _read_whole(form, meta, stream)
        return self.get_response(request)


def _read_whole(request: Any, meta: dict[str, Any], stream: Any) -> tuple[QueryDict, Any]:
    """Django's own reading of a form with files; raises `BadRequest` for one that is not whole."""
    ending: Any = _Ending(stream)
    try:
        parser: Any = MultiPartParser(meta, ending, request.upload_handlers, STRICT)
        fields, files = parser.parse()
    except UnicodeDecodeError as error:
        _forget(request)
        raise BadRequest("The form is not in UTF-8.") from error
    boundary: bytes = parser._boundary
    if b"--" + boundary + b"--" not in ending.last:
        _forget(request)
        raise BadRequest("The form has no end.")
    return fields, files


def _forget(request: Any) -> None:
    """Whoever words the answer may look at the form: it is not read again."""
    request._mark_post_parse_error()


class _Ending:
    """The stream, and the last of what was read of it."""

    # A boundary has 70 signs, and line ends and blanks may follow the last.
    LONGEST = 1024

    def __init__(self, stream: Any) -> None:
        self.stream, self.last = stream, b""

    def read(self, *size: int) -> bytes:
        data: bytes = self.stream.read(*size)
        if data:
            self.last = (self.last + data)[-self.LONGEST :]
        return data


def _strict(name: str) -> codecs.CodecInfo | None:
    """Python asks with underscores for dashes."""
    if name.replace("_", "-") != STRICT:
        return None
    return codecs.CodecInfo(UTF_8.encode, lambda data, _errors="strict": UTF_8.decode(data, "strict"), name=STRICT)
