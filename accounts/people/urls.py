from django.urls import path

from accounts.people import views

app_name = "organisation_people"
urlpatterns = [
    path("", views.index, name="index"),
    path("invite/", views.invite, name="invite"),
    path("role/", views.change_role, name="role"),
    path("remove/", views.remove, name="remove"),
    path("two-step/", views.demand_two_step, name="two_step"),
    path("invitations/<slug:public_id>/send/", views.send_again, name="send_again"),
    path("invitations/<slug:public_id>/withdraw/", views.withdraw, name="withdraw"),
]
