from django.urls import path

from analytics.reports import views

app_name = "statistics"
urlpatterns = [
    path("", views.index, name="index"),
    path("report.<slug:file_format>", views.export, name="export"),
    path("tables/<slug:section>/<int:number>.csv", views.table, name="table"),
]
