from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Of accounts whose person has left for good; a reserved name that receives no mail.
ERASED_DOMAIN = "erased.invalid"

# The user's own permissions and those of their groups, named as Django names them. Every page of the admin asks.
PERMISSIONS = """
    SELECT app_label || '.' || codename
    FROM auth_permission p JOIN django_content_type ON django_content_type.id = p.content_type_id
    WHERE p.id IN (SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = %s)
        OR p.id IN (
            SELECT gp.permission_id
            FROM accounts_user_groups ug JOIN auth_group_permissions gp ON gp.group_id = ug.group_id
            WHERE ug.user_id = %s
        )
"""


def default_language() -> str:
    return settings.LANGUAGE_CODE


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password the account waits for one to be set by letter or link."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make the service's operator, whose address needs no letter to be believed: they have the console."""
        from allauth.account.models import EmailAddress

        user = self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        # Not by the database's idea of capitals, to which `ı` is an `i`: wrong passwords are counted by the address as
        # Python reads it, and each such spelling would have a count of its own.
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who signs in, by e-mail: a moderator or one of the staff. Guests have no account."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    # What the person chose; empty until they do, and then the language of their device counts.
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_any_case"),)

    def __str__(self) -> str:
        return gettext("erased person") if self.is_erased else self.get_full_name() or self.email

    @property
    def is_erased(self) -> bool:
        """Whether the person has left for good; the row stays, since what they did refers to it."""
        return self.email.endswith(f"@{ERASED_DOMAIN}")

    @cached_property
    def permissions(self) -> frozenset[str]:
        """What the user's groups and they themselves were given; of someone inactive, nothing. One query.

        Django's backends ask twice, and take ten times as long to say so in SQL.
        """
        if not self.is_active:
            return frozenset()
        with connection.cursor() as cursor:
            cursor.execute(PERMISSIONS, [self.pk, self.pk])
            return frozenset(name for (name,) in cursor.fetchall())

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django's backends answer, which give no permission for a single object."""
        if self.is_active and self.is_superuser:
            return True
        return obj is None and perm in self.permissions
