from django.urls import path

from menu_pages import sitemap
from menu_pages.themes.stylesheet import place_stylesheet

# No address of a page holds a dot, so none can be taken by a category.
urlpatterns = [
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap_part"),
    path("<slug:place_slug>/theme-<slug:version>.css", place_stylesheet, name="place_stylesheet"),
]
