"""What the board answers: pieces of it to its script, whole pages to a browser without."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.admin import messages

from menu_pages.board.changing import ChangedMeanwhileError, Edit, undo_token
from menu_pages.board.ordering import Moved, mark_of, ordered_ids
from menu_pages.board.pages import MenuPage
from menu_pages.board.reading import Part, Said, read_board
from menu_pages.board.values import shown
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.places_admin import ModeratorRequest

REFUSED, CONFLICT, INVALID = 403, 409, 422


def by_script(request: ModeratorRequest) -> bool:
    return "X-Fragment" in request.headers


def board_page(
    request: ModeratorRequest,
    place: PlacePage,
    *,
    screen: int = 1,
    page: MenuPage | None = None,
    said: Said | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The whole board; with `page` and `said`, the screen of that page with the answer at its row."""
    board = read_board(place, screen=screen, holding=page)
    if page is not None and said is not None:
        for part in board.every_part():
            for row in (part.row, *part.dishes):
                if row.page.pk == page.pk:
                    row.said = said
    return render(request, "menu_pages/board/index.html", {**_context(place), "board": board, **context}, status=status)


def at_row(place: PlacePage, page: MenuPage, **query: str) -> HttpResponse:
    """Back to the board, at the row of the page."""
    address = reverse("board:index", args=[place.slug], query={"at": page.menu_path, **query})
    return redirect(f"{address}#page-{page.pk}")


def saved(request: ModeratorRequest, place: PlacePage, edit: Edit) -> HttpResponse:
    token = undo_token(edit) if edit.after else ""
    if not by_script(request):
        return at_row(place, edit.page, **({"saved": token} if token else {}))
    now = timezone.now().astimezone(place.record.zone)
    return JsonResponse(
        {
            "message": gettext("Saved at %(time)s") % {"time": date_format(now, "TIME_FORMAT")},
            "undo": token,
            "values": {field: shown(value) for field, value in edit.after.items()},
        }
    )


def changed_meanwhile(
    request: ModeratorRequest,
    place: PlacePage,
    page: MenuPage,
    error: ChangedMeanwhileError,
    typed: dict[str, str],
) -> HttpResponse:
    if by_script(request):
        theirs = {field: shown(value) for field, value in error.theirs.items()}
        return JsonResponse({"message": error.words, "theirs": theirs}, status=CONFLICT)
    said = Said(typed=typed, theirs=tuple(error.theirs), words=error.words)
    return board_page(request, place, page=page, said=said, status=CONFLICT)


def invalid(
    request: ModeratorRequest, place: PlacePage, page: MenuPage, error: ValidationError, typed: dict[str, str]
) -> HttpResponse:
    errors = errors_of(error)
    if by_script(request):
        return JsonResponse({"message": " ".join(errors.values()), "errors": errors}, status=INVALID)
    return board_page(request, place, page=page, said=Said(typed=typed, errors=errors), status=INVALID)


def refused(request: ModeratorRequest, place: PlacePage, words: str, status: int = REFUSED) -> HttpResponse:
    """What was asked for is not done, and why."""
    if by_script(request):
        return JsonResponse({"message": words}, status=status)
    messages.error(request, words)
    return board_page(request, place, status=status)


def moved(request: ModeratorRequest, place: PlacePage, result: Moved) -> HttpResponse:
    page = result.page
    words = gettext("“%(title)s” is moved.") % {"title": page.draft_title}
    if result.new_slug:
        address = gettext("Its address was taken there; the new one ends in “%(slug)s”.") % {"slug": result.new_slug}
        words = f"{words} {address}"
    if not by_script(request):
        messages.success(request, words)
        return at_row(place, page)
    kind, answer = type(page), {"message": words}
    marks = {parent.pk: mark_of(ordered_ids(parent, kind)) for parent in {page.get_parent(), _parent(result)}}
    if kind is DishPage and result.source_id != result.target_id:
        part = _part_of(place, page)
        row = next(row for row in part.dishes if row.page.pk == page.pk)
        answer["row"] = _piece(request, place, "_dish", row=row, part=part)
    return JsonResponse({**answer, "marks": marks})


def order_changed(request: ModeratorRequest, place: PlacePage, page: MenuPage) -> HttpResponse:
    """The order there is now, for the reader to move again."""
    words = gettext("Someone else has changed the order meanwhile. Here is the order as it is now; move once more.")
    if by_script(request):
        board = read_board(place, holding=page)
        return JsonResponse({"message": words, "board": _piece(request, place, "_board", board=board)}, status=CONFLICT)
    messages.warning(request, words)
    return board_page(request, place, page=page, status=CONFLICT)


def stopped(request: ModeratorRequest, place: PlacePage, dish: DishPage) -> HttpResponse:
    if not by_script(request):
        return at_row(place, dish)
    row = next(row for row in _part_of(place, dish).dishes if row.page.pk == dish.pk)
    return JsonResponse({"stop": _piece(request, place, "_stop", row=row)})


def added(request: ModeratorRequest, place: PlacePage, page: MenuPage) -> HttpResponse:
    """Says what was made, with the way to its editor; to the script with the category or the board as it is now."""
    words = _added_words(page)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if not by_script(request):
        messages.success(request, words, buttons=[messages.button(editor, gettext("Open its editor"))])
        return at_row(place, page)
    answer = {"message": words, "editor": editor, "page": page.pk}
    if isinstance(page, DishPage):
        part = _part_of(place, page)
        return JsonResponse(
            {**answer, "list": _piece(request, place, "_list", part=part), "category": part.row.page.pk}
        )
    board = read_board(place, holding=page)
    return JsonResponse({**answer, "board": _piece(request, place, "_board", board=board)})


def not_added(
    request: ModeratorRequest, place: PlacePage, parent: MenuPage | PlacePage, error: ValidationError, dish: bool
) -> HttpResponse:
    errors = errors_of(error)
    if by_script(request):
        return JsonResponse({"message": " ".join(errors.values()), "errors": errors}, status=INVALID)
    attempt = {"parent": parent.pk, "errors": list(errors.values()), "typed": request.POST, "dish": dish}
    holding = parent if isinstance(parent, CategoryPage) else None
    return board_page(request, place, page=holding, status=INVALID, attempt=attempt)


def errors_of(error: ValidationError) -> dict[str, str]:
    if not hasattr(error, "error_dict"):
        return {"title": " ".join(error.messages)}
    return {field: " ".join(texts) for field, texts in error.message_dict.items()}


def _added_words(page: MenuPage) -> str:
    title = {"title": page.draft_title}
    if isinstance(page, CategoryPage):
        return gettext("“%(title)s” is added and published. Give it its first dish.") % title
    if page.live:
        return gettext("“%(title)s” is added and published.") % title
    return gettext("“%(title)s” is added as a draft. It waits for its price.") % title


def _parent(result: Moved) -> Any:
    return CategoryPage.objects.filter(pk=result.source_id).first() or result.page.get_parent()


def _part_of(place: PlacePage, page: MenuPage) -> Part:
    """The category of a dish, as the board shows it."""
    board = read_board(place, holding=page)
    return next(part for part in board.every_part() if any(row.page.pk == page.pk for row in part.dishes))


def _piece(request: ModeratorRequest, place: PlacePage, name: str, **context: Any) -> str:
    return render_to_string(f"menu_pages/board/{name}.html", {**_context(place), **context}, request)


def _context(place: PlacePage) -> dict[str, Any]:
    return {
        "place": place,
        "zone": place.record.zone,
        "edit_url": reverse("board:edit", args=[place.slug]),
        "move_url": reverse("board:move", args=[place.slug]),
        "stop_url": reverse("board:stop", args=[place.slug]),
        "page_url": reverse("board:page", args=[place.slug]),
        "add_url": reverse("board:add_dish", args=[place.slug]),
    }
