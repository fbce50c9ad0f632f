from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MenuPagesConfig(AppConfig):
    name = "menu_pages"
    verbose_name = _("menu")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.billing.places import register_counter
        from menu_pages import audit_words, checks, own_data, receivers  # noqa: F401  (they register themselves)
        from menu_pages.places import count_places

        register_counter(count_places)
