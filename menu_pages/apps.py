from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MenuPagesConfig(AppConfig):
    name = "menu_pages"
    verbose_name = _("menu")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from menu_pages import checks, receivers  # noqa: F401  (they register themselves)
