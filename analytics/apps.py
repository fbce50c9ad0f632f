from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("statistics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from analytics import receivers
        from orders.signals import order_history_changed

        order_history_changed.connect(receivers.count_again, dispatch_uid="analytics.count_again")
