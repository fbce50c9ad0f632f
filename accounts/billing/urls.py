from django.urls import path

from accounts.billing import public_views as views

app_name = "billing"
urlpatterns = [
    path("webhook/<slug:provider>/", views.webhook, name="webhook"),
    path("back/<slug:public_id>/", views.back, name="back"),
]
