from django.urls import path

from menu_pages.bulk import views

app_name = "bulk"
urlpatterns = [
    path("", views.index, name="index"),
    path("prepare/", views.prepare, name="prepare"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/apply/", views.apply, name="apply"),
    path("<uuid:public_id>/give-up/", views.give_up, name="give_up"),
    path("<uuid:public_id>/undo/", views.undo, name="undo"),
]
