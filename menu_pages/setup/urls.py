from django.urls import path

from menu_pages.setup import views

app_name = "setup"
urlpatterns = [path("", views.index, name="index")]
