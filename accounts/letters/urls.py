from django.urls import path

from accounts.letters import mailbox

app_name = "mailbox"
urlpatterns = [
    path("", mailbox.index, name="index"),
    path("<str:name>/", mailbox.letter, name="letter"),
    path("<str:name>/html/", mailbox.letter_html, name="letter_html"),
]
