from django.urls import path

from accounts.audit_log import views

app_name = "organisation_log"
urlpatterns = [
    path("", views.index, name="index"),
    path("log.csv", views.export, name="export"),
]
