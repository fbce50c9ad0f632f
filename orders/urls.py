from django.urls import path

from orders import views

urlpatterns = [
    path("<slug:place_slug>/basket/", views.basket, name="basket"),
    path("<slug:place_slug>/basket/add/", views.add, name="basket_add"),
    path("<slug:place_slug>/basket/update/", views.update, name="basket_update"),
    path("<slug:place_slug>/order/", views.order, name="order_send"),
    path("<slug:place_slug>/orders/<slug:public_id>/", views.status, name="order_status"),
]
