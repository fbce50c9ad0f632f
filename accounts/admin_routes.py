"""What this floor lets an organisation's people open in the admin."""

from accounts.admin_gate import allow
from accounts.organisation_admin import AREAS

allow(
    (
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        # Which hints a user has put away: kept with the user.
        "wagtailadmin_dismissibles",
        "choose_organisation",
    ),
    # Every area comes through `organisation_or_404`.
    namespaces={f"organisation_{area}" for area in AREAS},
)
