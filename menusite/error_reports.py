"""Errors reported to Sentry, or to what speaks its language: only where `SENTRY_DSN` is set.

What is sent is what the logs hold: the kind of error, where in the code, the route and the request's id. No addresses,
bodies, headers, cookies, variables, breadcrumbs or users.
"""

from typing import Any

from menusite.log_scrubbing import scrubbed
from menusite.request_id import current_request_id

KEPT = frozenset(
    {"event_id", "timestamp", "level", "platform", "logger", "exception", "transaction", "release", "environment"}
)


def start_reporting(dsn: str) -> None:
    """Report this process's errors from now on. Without a DSN nothing of it is even imported."""
    if not dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=dsn,
        integrations=[DjangoIntegration(transaction_style="function_name"), CeleryIntegration()],
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=without_people,
    )


def without_people(event: Any, hint: Any = None) -> Any:
    """The event with what may name nobody; everything else is left out, whatever a later version may add."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    for error in kept.get("exception", {}).get("values", []):
        # The words of an error may quote what somebody typed.
        error["value"] = ""
        for frame in (error.get("stacktrace") or {}).get("frames", []):
            frame.pop("vars", None)
    if "logentry" in event:
        # The sentence without what was put into it.
        kept["logentry"] = {"message": scrubbed(str(event["logentry"].get("message", "")))}
    kept["tags"] = {"request_id": current_request_id()}
    return kept
