from django.urls import path

from menu_pages.menu_files import views

app_name = "files"
urlpatterns = [
    path("", views.index, name="index"),
    path("menu.<slug:file_format>", views.export, name="export"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/start/", views.start, name="start"),
    path("<uuid:public_id>/give-up/", views.give_up, name="give_up"),
]
