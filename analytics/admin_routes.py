"""What this floor lets an organisation's people open in the admin."""

from accounts.admin_gate import allow
from analytics.reports.area import AREA

# Come through `place_or_404` and `organisation_or_404`.
allow(("place_chart_csv", "organisation_chart_csv"), namespaces=(AREA,))
