"""What the worker does by itself, and when: UTC where an hour is named."""

from celery.schedules import crontab

RELAY_SECONDS = 5.0
ESCALATION_SECONDS = 10.0
SCHEDULE = {
    "settle payments": {
        "task": "accounts.billing.tasks.settle",
        "schedule": crontab(minute="*/5"),
    },
    "renew subscriptions": {
        "task": "accounts.billing.tasks.renew",
        "schedule": crontab(minute=10),
    },
    "clear expired sessions": {
        "task": "orders.tasks.clear_expired_sessions",
        # What is over has a day at most: a night that is missed must not make it two.
        "schedule": crontab(minute=30),
    },
    "save idle visits": {
        "task": "orders.tasks.save_idle_visits",
        "schedule": crontab(),
    },
    "relay the outbox": {
        "task": "orders.tasks.relay_outbox",
        "schedule": RELAY_SECONDS,
        # A worker that was away does one round, not one for each it missed.
        "options": {"expires": RELAY_SECONDS},
    },
    "tell of unanswered orders": {
        "task": "orders.tasks.escalate_orders",
        "schedule": ESCALATION_SECONDS,
        "options": {"expires": ESCALATION_SECONDS},
    },
    "reconcile days that ended": {
        "task": "orders.tasks.reconcile_ended_days",
        "schedule": crontab(minute=20),
    },
    "ask again for pictures that lack a size": {
        "task": "menu_pages.tasks.ask_for_missing_renditions",
        "schedule": crontab(minute=50),
        "options": {"expires": 1800},
    },
    "write weekly letters": {
        "task": "analytics.weekly.tasks.write_weekly_letters",
        "schedule": crontab(minute=40),
    },
    "forget events everyone has heard of": {
        "task": "orders.tasks.forget_old_events",
        "schedule": crontab(hour=4, minute=50),
    },
    "forget what guests did long ago": {
        # Makes whatever figures are still to be made of it first.
        "task": "analytics.tasks.forget_guest_events",
        "schedule": crontab(hour=5, minute=0),
    },
    "forget files nobody imported": {
        "task": "menu_pages.tasks.forget_stale_imports",
        "schedule": crontab(hour=5, minute=10),
    },
    "forget files of old tills nobody imported": {
        "task": "orders.tasks.forget_stale_imports",
        "schedule": crontab(hour=5, minute=15),
    },
    "send waiting letters": {
        "task": "accounts.tasks.send_waiting_letters",
        "schedule": crontab(),
    },
    "forget sign-ups, invitations and attempts that are over": {
        "task": "accounts.tasks.forget_what_is_over",
        "schedule": crontab(hour=4, minute=40),
    },
    "count the statistics of places where it is morning": {
        "task": "analytics.tasks.compute_statistics",
        # Time zones differ by quarters of an hour; a place waits for its figures no longer than this.
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
}
