"""The application that a WSGI server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "menusite.settings")

application = get_wsgi_application()

# All need the settings.
from menusite.celery import app  # noqa: E402
from menusite.patience import limit_waiting  # noqa: E402
from menusite.whole_texts import Request  # noqa: E402

application.request_class = Request
limit_waiting(app)
