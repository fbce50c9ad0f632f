"""The menu board: the whole menu of a place on one screen, edited where it stands."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Capability
from menu_pages.board import answers, ordering, stops
from menu_pages.board.adding import add_category, add_dish
from menu_pages.board.changing import ChangedMeanwhileError, change_page, fields_of, undo
from menu_pages.board.ordering import OrderChangedError, move_page, step
from menu_pages.board.pages import page_at_or_404, page_or_404
from menu_pages.board.reading import Said, read_rows
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.stopping import return_dish, stop_dish


@require_GET
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    screen = request.GET.get("screen", "1")
    if not (screen.isascii() and screen.isdigit() and len(screen) < 6):
        raise Http404
    page = page_at_or_404(place, request.GET["at"]) if request.GET.get("at") else None
    said = Said(words=gettext("Saved"), undo=request.GET["saved"]) if page and request.GET.get("saved") else None
    return answers.board_page(request, place, screen=int(screen), page=page, said=said)


@require_GET
@never_cache
def one_page(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Where a page goes and until when a dish is out: a dialog of the board, or a page of its own."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    page = page_at_or_404(place, request.GET.get("at", ""))
    return _one_page(request, place, page)


@require_POST
def edit(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Save what was typed into a row: the script sends the one field that changed, the form all of them."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    page = page_or_404(place, request.POST.get("page", ""))
    names = [name for name in fields_of(page) if name in request.POST]
    typed = {name: request.POST[name] for name in names}
    seen = {name: request.POST.get(f"was_{name}", "") for name in names}
    return _change(request, place, page, lambda: change_page(page=page, typed=typed, seen=seen, by=request.user), typed)


@require_POST
def take_back(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Undo an edit by what the answer to it carried."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    page = page_or_404(place, request.POST.get("page", ""))
    token = request.POST.get("token", "")
    try:
        return _change(request, place, page, lambda: undo(place=place, token=token, by=request.user), {})
    except BadSignature:
        words = gettext("This edit is too old to be undone here. Its history is in the editor.")
        return answers.refused(request, place, words)


@require_POST
def move(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Move by one (`step`), before a neighbour (`before`), or to an end (`spot`) of a category (`to`)."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    page = page_or_404(place, request.POST.get("page", ""))
    seen = request.POST.get("seen", "")
    try:
        if "step" in request.POST:
            down = request.POST["step"] == "down"
            result = step(place=place, page=page, down=down, seen=seen, by=request.user)
        else:
            result = move_page(
                place=place,
                page=page,
                to=_target(request, place, page),
                spot=_spot(request, place, page),
                seen=seen,
                seen_there=request.POST.get("seen_there"),
                by=request.user,
            )
    except OrderChangedError:
        return answers.order_changed(request, place, page)
    except PermissionDenied as error:
        return answers.refused(request, place, str(error))
    return answers.moved(request, place, result)


@require_POST
def stop(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    dish = page_or_404(place, request.POST.get("page", ""), DishPage)
    choice = request.POST.get("until", "")
    if choice == stops.RETURN:
        return_dish(dish=dish)
        return answers.stopped(request, place, dish)
    try:
        until = stops.until_of(choice, request.POST.get("at", ""), place.record)
    except ValidationError as error:
        if answers.by_script(request):
            return answers.refused(request, place, " ".join(error.messages), answers.INVALID)
        return _one_page(request, place, dish, problem=" ".join(error.messages), status=answers.INVALID)
    stop_dish(dish=dish, by=request.user, until=until)
    return answers.stopped(request, place, dish)


@require_POST
def new_dish(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    category = page_or_404(place, request.POST.get("parent", ""), CategoryPage)
    title, price = request.POST.get("title", ""), request.POST.get("price", "")
    try:
        dish = add_dish(place=place, category=category, title=title, price=price, by=request.user)
    except ValidationError as error:
        return answers.not_added(request, place, category, error, dish=True)
    except PermissionDenied as error:
        return answers.refused(request, place, str(error))
    return answers.added(request, place, dish)


@require_POST
def new_category(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    named = request.POST.get("parent", "")
    parent: Any = page_or_404(place, named, CategoryPage) if named else place
    try:
        category = add_category(place=place, parent=parent, title=request.POST.get("title", ""), by=request.user)
    except ValidationError as error:
        return answers.not_added(request, place, parent, error, dish=False)
    except PermissionDenied as error:
        return answers.refused(request, place, str(error))
    return answers.added(request, place, category)


def _change(request: ModeratorRequest, place: PlacePage, page: Any, job: Any, typed: dict[str, str]) -> HttpResponse:
    try:
        return answers.saved(request, place, job())
    except ChangedMeanwhileError as error:
        return answers.changed_meanwhile(request, place, page, error, typed)
    except ValidationError as error:
        return answers.invalid(request, place, page, error, typed)
    except PermissionDenied as error:
        return answers.refused(request, place, str(error))


def _target(request: ModeratorRequest, place: PlacePage, page: Any) -> Any:
    named = request.POST.get("to", "")
    if not named or named == str(place.pk):
        return page.get_parent()
    return page_or_404(place, named, CategoryPage)


def _spot(request: ModeratorRequest, place: PlacePage, page: Any) -> ordering.Spot:
    before = request.POST.get("before", "")
    if before:
        return int(page_or_404(place, before, type(page)).pk)
    return "first" if request.POST.get("spot") == "first" else "last"


def _one_page(
    request: ModeratorRequest, place: PlacePage, page: Any, *, problem: str = "", status: int = 200
) -> HttpResponse:
    parent = page.get_parent()
    is_dish = isinstance(page, DishPage)
    context = {
        "place": place,
        "zone": place.record.zone,
        "row": read_rows(place, [page])[page.pk],
        "is_dish": is_dish,
        "parent": parent,
        "seen": ordering.mark_of(ordering.ordered_ids(parent, type(page))),
        "categories": CategoryPage.objects.descendant_of(place).order_by("path") if is_dish else [],
        "choices": stops.CHOICES,
        "chosen": request.POST.get("until") or stops.DAY,
        "at": request.POST.get("at", ""),
        "now": place.record.local_now(),
        "problem": problem,
    }
    name = "_page" if answers.by_script(request) else "page"
    return render(request, f"menu_pages/board/{name}.html", context, status=status)
