"""`/metrics`: what Prometheus reads, for whoever has the token or asks from this very machine."""

import ipaddress
import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from menusite.metrics import flush
from menusite.state_metrics import StateCollector

# What proxies add: whoever comes through one is not on this machine, whatever their last hop is.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everyone else: that there is anything to read is nobody's business."""
    if not _may_read(request):
        raise Http404
    flush()
    state = CollectorRegistry()
    state.register(StateCollector())
    return HttpResponse(generate_latest(_counted()) + generate_latest(state), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    """The counters of all processes that share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _may_read(request: HttpRequest) -> bool:
    """By the token, where one is set; without one only from this machine, and not through a proxy."""
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "")
        return constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}")
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
