from django.urls import path

from orders.service_admin import views

app_name = "service"
urlpatterns = [
    path("", views.index, name="index"),
    path("rules/", views.rules, name="rules"),
    path("stations/add/", views.add_station, name="station_add"),
    path("stations/<slug:public_id>/", views.station, name="station"),
    path("stations/<slug:public_id>/remove/", views.remove_station, name="station_remove"),
    path("stations/<slug:public_id>/print/", views.print_test, name="station_print"),
    path("webhooks/add/", views.add_webhook, name="webhook_add"),
    path("webhooks/<slug:public_id>/remove/", views.remove_webhook, name="webhook_remove"),
    path("webhooks/<slug:public_id>/test/", views.test_webhook, name="webhook_test"),
]
