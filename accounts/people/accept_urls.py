from django.urls import path

from accounts.people.accepting import accept_invitation

urlpatterns = [
    path("<str:token>/", accept_invitation, name="accept_invitation"),
]
