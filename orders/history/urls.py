from django.urls import path

from orders.history import views

app_name = "history"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/start/", views.start, name="start"),
    path("<uuid:public_id>/give-up/", views.give_up, name="give_up"),
    path("<uuid:public_id>/take-back/", views.take_back, name="take_back"),
]
