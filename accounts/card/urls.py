from django.urls import path

from accounts.card import views

app_name = "organisation_card"
urlpatterns = [path("", views.index, name="index")]
