"""The page of a place's service: how orders are accepted, stations with printers, webhooks."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from orders.models import Delivery, DeliveryStatus, Station, Webhook
from orders.outbox.problems import NotDeliveredError
from orders.outbox.webhooks import post_test
from orders.service_admin.forms import MOST_STATIONS, MOST_WEBHOOKS, RulesForm, StationForm, WebhookForm
from orders.service_admin.saving import TakenError, save_rules, save_station, save_webhook
from orders.tickets.content import trial_ticket
from orders.tickets.escpos import escpos
from orders.tickets.printing import send_to_printer
from orders.tickets.stations import Making

FAILURES_SHOWN = 10


@require_GET
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    return _page(request, place_or_404(request.user, place_slug, Capability.PLACE))


@require_POST
def rules(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    form = RulesForm(request.POST, instance=place.record)
    if not form.is_valid():
        return _page(request, place, status=422, rules_form=form)
    save_rules(record=form.instance, changed=form.changed_data)
    messages.success(request, gettext("The settings are saved."))
    return redirect("service:index", place.slug)


@require_http_methods(["GET", "POST"])
@never_cache
def add_station(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    return _station(request, place, Station())


@require_http_methods(["GET", "POST"])
@never_cache
def station(request: ModeratorRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    return _station(request, place, _station_or_404(place, public_id))


@require_POST
def remove_station(request: ModeratorRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    going = _station_or_404(place, public_id)
    going.delete()
    messages.success(request, gettext("“%(title)s” is removed.") % {"title": going.title})
    return redirect("service:index", place.slug)


@require_POST
def print_test(request: ModeratorRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    asked = _station_or_404(place, public_id)
    if asked.printer_host is None:
        raise Http404
    asked.place = place
    try:
        send_to_printer(asked.printer_host, asked.printer_port, escpos(trial_ticket(Making(asked, False))))
    except NotDeliveredError as failure:
        messages.error(request, str(failure))
    else:
        messages.success(request, gettext("The test ticket was sent to the printer of “%(title)s”.") % {"title": asked})
    return redirect("service:index", place.slug)


@require_POST
def add_webhook(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    form = WebhookForm(request.POST, place=place)
    if not form.is_valid():
        return _page(request, place, status=422, webhook_form=form)
    try:
        save_webhook(place=place, webhook=form.instance)
    except TakenError:
        form.add_error("url", gettext("This address is there already."))
        return _page(request, place, status=422, webhook_form=form)
    messages.success(request, gettext("The webhook is added. Give its secret to your system and send a test."))
    return redirect("service:index", place.slug)


@require_POST
def remove_webhook(request: ModeratorRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    _webhook_or_404(place, public_id).delete()
    messages.success(request, gettext("The webhook is removed."))
    return redirect("service:index", place.slug)


@require_POST
def test_webhook(request: ModeratorRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    asked = _webhook_or_404(place, public_id)
    asked.place = place
    try:
        post_test(asked)
    except NotDeliveredError as failure:
        messages.error(request, str(failure))
    else:
        messages.success(request, gettext("Your system has taken the test."))
    return redirect("service:index", place.slug)


def _station(request: ModeratorRequest, place: PlacePage, asked: Station) -> HttpResponse:
    """The form of a station, new or not; saved, back to the page."""
    is_new, title = asked.pk is None, asked.title
    form = StationForm(request.POST or None, instance=asked, place=place)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                save_station(place=place, station=form.instance, categories=form.cleaned_data["categories"])
            except TakenError:
                form.add_error("title", gettext("The place has a station of this name."))
            else:
                messages.success(request, gettext("“%(title)s” is saved.") % {"title": form.instance.title})
                return redirect("service:index", place.slug)
        status = 422
    context = {"place": place, "form": form, "is_new": is_new, "station": asked, "title": title}
    return render(request, "orders/service_admin/station.html", context, status=status)


def _page(
    request: ModeratorRequest,
    place: PlacePage,
    *,
    status: int = 200,
    rules_form: RulesForm | None = None,
    webhook_form: WebhookForm | None = None,
) -> HttpResponse:
    """The page, with a form that did not fit, if any. Six queries."""
    stations = list(Station.objects.filter(place=place).prefetch_related("categories__category")[:MOST_STATIONS])
    webhooks = list(Webhook.objects.filter(place=place)[:MOST_WEBHOOKS])
    failed = Delivery.objects.filter(place=place, status=DeliveryStatus.FAILED).select_related("event__order")
    context: dict[str, Any] = {
        "place": place,
        "rules_form": rules_form or RulesForm(instance=place.record),
        "stations": stations,
        "more_stations": len(stations) < MOST_STATIONS,
        "webhooks": webhooks,
        "more_webhooks": len(webhooks) < MOST_WEBHOOKS,
        "webhook_form": webhook_form or WebhookForm(place=place),
        "failures": list(failed.order_by("-pk")[:FAILURES_SHOWN]),
        "zone": place.record.zone,
    }
    return render(request, "orders/service_admin/index.html", context, status=status)


def _station_or_404(place: PlacePage, public_id: str) -> Station:
    found: Station | None = Station.objects.filter(place=place, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _webhook_or_404(place: PlacePage, public_id: str) -> Webhook:
    found: Webhook | None = Webhook.objects.filter(place=place, public_id=public_id).first()
    if found is None:
        raise Http404
    return found
