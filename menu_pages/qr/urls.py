from django.urls import path

from menu_pages.qr import views

app_name = "qr"
urlpatterns = [
    path("", views.index, name="index"),
    path("count/", views.set_count, name="count"),
    path("tables.zip", views.archive, name="archive"),
    path("sheet.pdf", views.sheet, name="sheet"),
    path("table_<int:number>.png", views.png, name="png"),
    path("table_<int:number>.svg", views.svg, name="svg"),
    path("tables/<int:number>/label/", views.set_label, name="label"),
    path("tables/<int:number>/replace/", views.replace, name="replace"),
]
