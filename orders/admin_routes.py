"""What this floor lets an organisation's people open in the admin: lists to read, through the scoped managers."""

from accounts.admin_gate import allow
from orders.history.area import AREA as HISTORY
from orders.service_admin.area import AREA as SERVICE

LISTS = ("order", "basketline", "waitercall", "rating")

allow(f"orders_{model}_modeladmin_{view}" for model in LISTS for view in ("index", "inspect"))
# The words of the lists' scripts.
allow(("wagtail_modeladmin:javascript_catalog",))
# Come through `place_or_404`.
allow((), namespaces=(HISTORY, SERVICE))
