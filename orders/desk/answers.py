"""How the desk answers: a page, the part of it that changes, or a word about what a tap did."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from accounts.permissions import capabilities_in
from accounts.roles import Capability
from menu_pages.models import PlacePage
from orders import desk_state
from orders.desk.board import alarms
from orders.same_origin import split_address

# By the place's own clock: the lights are low, and a bright screen is seen from every table.
EVENING_FROM, EVENING_TO = 20, 7
SCRIPTS = [f"js/desk{part}.js" for part in ("", "_clock", "_sound", "_patch", "_taps", "_pulse")]


class MemberRequest(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


@dataclass(frozen=True, slots=True)
class Undo:
    """The one form that takes a tap back."""

    url: str
    name: str = "to"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    wrong: bool = False
    undo: Undo | None = None


def page(request: MemberRequest, place: PlacePage, body: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the desk, or with `X-Fragment: desk` the part of it that changes."""
    hour = place.record.local_now().hour
    fragment = request.headers.get("X-Fragment") == "desk"
    shared = {
        "place": place,
        "record": place.record,
        "body": f"orders/desk/{body}.html",
        "tab": body.removeprefix("_"),
        "evening": hour >= EVENING_FROM or hour < EVENING_TO,
        # The script brings the page's one token itself, so that a card's markup changes with the card alone.
        "tokens": not fragment,
        "said": [] if fragment else _said_before(request),
        "scripts": SCRIPTS,
    }
    return render(request, f"orders/desk/{'_live' if fragment else 'page'}.html", {**shared, **context})


def begin(request: MemberRequest, place: PlacePage) -> dict[str, Any]:
    """What every page of the desk starts with. The version is read before anything else: what comes between is then
    seen again, never missed. Three queries."""
    version = desk_state.version_of(place.pk)
    capabilities = capabilities_in(request.user, place.record.organisation_id)
    return {
        "version": version,
        "alarms": alarms(place),
        "serves_tables": Capability.DESK in capabilities,
        "stops_dishes": Capability.STOP_LIST in capabilities,
    }


def said(
    request: MemberRequest, place: PlacePage, text: str = "", *, undo: Undo | None = None, status: int = 200
) -> HttpResponse:
    """What a tap did, or why it did nothing: for the script with `X-Fragment: said`; else on the page it came from."""
    wrong = status >= 400
    if request.headers.get("X-Fragment") == "said":
        context = {"said": [Said(text, wrong, undo)] if text else []}
        return render(request, "orders/desk/_said.html", context, status=status)
    if text:
        tags = f"{undo.url} {undo.name} {undo.value}" if undo else ""
        messages.add_message(request, messages.ERROR if wrong else messages.SUCCESS, text, extra_tags=tags)
    return HttpResponseRedirect(_came_from(request, place), status=303)


def _said_before(request: MemberRequest) -> list[Said]:
    return [
        Said(str(message), message.level == messages.ERROR, _undo_of(message.extra_tags or ""))
        for message in messages.get_messages(request)
    ]


def _undo_of(tags: str) -> Undo | None:
    url, _space, rest = tags.partition(" ")
    name, _space, value = rest.partition(" ")
    return Undo(url, name, value) if name else None


def _came_from(request: MemberRequest, place: PlacePage) -> str:
    """The page of this desk that was tapped; its board when the browser does not say."""
    board = reverse("desk:board", args=[place.slug])
    parts = split_address(request.headers.get("Referer", "")) or urlsplit("")
    if parts.netloc != request.get_host() or not parts.path.startswith(board):
        return board
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
