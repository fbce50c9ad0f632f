from django.urls import path, re_path

from menu_pages.themes import editor, preview, views

app_name = "themes"
urlpatterns = [
    path("", views.index, name="index"),
    path("edit/", editor.edit, name="edit"),
    path("undo/", views.undo_last, name="undo"),
    path("<slug:theme_slug>/", views.look, name="look"),
    path("<slug:theme_slug>/install/", views.install, name="install"),
    # `path` may be empty: the place itself.
    re_path(r"^(?P<theme_slug>[-\w]+)/preview/(?P<path>.*)$", preview.saved, name="preview"),
    re_path(r"^(?P<theme_slug>[-\w]+)/try/(?P<choice>[^/]+)/(?P<path>.*)$", preview.unsaved, name="try"),
]
