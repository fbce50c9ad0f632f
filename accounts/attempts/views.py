from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.http import HttpResponse

from accounts.attempts import browsers


class NewPassword(PasswordResetFromKeyView):
    """A password set through a letter: whoever reads the account's mail is no stranger, and while others guess, this
    browser keeps a count of its own."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        browsers.remember(self.request, response, self.reset_user.email)
        return response
