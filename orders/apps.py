from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from menu_pages.setup.saving import orders_known_by
        from menu_pages.themes.preview import register_sample
        from orders import own_data, places, theme_samples  # noqa: F401  (one of them registers itself)

        orders_known_by(places.has_orders)

        register_sample("basket", theme_samples.basket)
        register_sample("orders", theme_samples.status)
