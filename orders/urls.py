from django.urls import path

from orders import guest_data_views, service_views, views

urlpatterns = [
    path("<slug:place_slug>/basket/", views.basket, name="basket"),
    path("<slug:place_slug>/basket/add/", views.add, name="basket_add"),
    path("<slug:place_slug>/basket/update/", views.update, name="basket_update"),
    path("<slug:place_slug>/order/", views.order, name="order_send"),
    path("<slug:place_slug>/orders/<slug:public_id>/", service_views.status, name="order_status"),
    path("<slug:place_slug>/orders/<slug:public_id>/cancel/", service_views.cancel_order, name="order_cancel"),
    path("<slug:place_slug>/table/", service_views.table, name="table"),
    path("<slug:place_slug>/table/sharing/", service_views.ask_sharing, name="sharing_ask"),
    path("<slug:place_slug>/table/sharing/<slug:public_id>/", service_views.give_sharing, name="sharing_answer"),
    path("<slug:place_slug>/call/", service_views.call, name="call"),
    path("<slug:place_slug>/call/<slug:public_id>/cancel/", service_views.call_off, name="call_cancel"),
    path("<slug:place_slug>/rate/", service_views.give_rating, name="rate"),
    path("<slug:place_slug>/privacy/", guest_data_views.guest_data, name="guest_data"),
    path("<slug:place_slug>/privacy/copy/", guest_data_views.guest_data_copy, name="guest_data_copy"),
    path("<slug:place_slug>/privacy/forget/", guest_data_views.guest_data_forget, name="guest_data_forget"),
    path("<slug:place_slug>/leave/", service_views.leave, name="leave"),
]
