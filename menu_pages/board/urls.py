from django.urls import path

from menu_pages.board import views

app_name = "board"
urlpatterns = [
    path("", views.index, name="index"),
    path("page/", views.one_page, name="page"),
    path("edit/", views.edit, name="edit"),
    path("undo/", views.take_back, name="undo"),
    path("move/", views.move, name="move"),
    path("stop/", views.stop, name="stop"),
    path("add-dish/", views.new_dish, name="add_dish"),
    path("add-category/", views.new_category, name="add_category"),
]
