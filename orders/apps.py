from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from menu_pages.themes.preview import register_sample
        from orders import theme_samples

        register_sample("basket", theme_samples.basket)
        register_sample("orders", theme_samples.status)
