from django.urls import path

from orders.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:place_slug>/", views.board, name="board"),
    path("<slug:place_slug>/updates/", views.updates, name="updates"),
    path("<slug:place_slug>/orders/<slug:public_id>/move/", views.move, name="move"),
    path("<slug:place_slug>/tables/<int:number>/close/", views.close_table, name="close_table"),
]
