from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each floor says what an organisation's people may open in the admin.
        autodiscover_modules("admin_routes")
        # These register themselves.
        from accounts import security_log  # noqa: F401
        from accounts.billing import audit_words, receivers  # noqa: F401
        from accounts.sign_ins import age  # noqa: F401
