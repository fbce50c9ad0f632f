from django.urls import include, path

from orders.desk import pulse, taps, views

app_name = "desk"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:place_slug>/", views.board, name="board"),
    # Answered by `DeskPulseMiddleware`, before anything else is looked up.
    path("<slug:place_slug>/pulse/", pulse.pulse, name="pulse"),
    path("<slug:place_slug>/orders/<slug:public_id>/move/", taps.move, name="move"),
    path("<slug:place_slug>/orders/<slug:public_id>/seen/", taps.acknowledge, name="acknowledge"),
    path("<slug:place_slug>/orders/<slug:public_id>/print/", taps.print_again, name="print_again"),
    path("<slug:place_slug>/orders/<slug:public_id>/ticket/", include("orders.tickets.urls")),
    path("<slug:place_slug>/orders/<slug:public_id>/lines/<slug:key>/stop/", taps.stop_line, name="stop_line"),
    path("<slug:place_slug>/calls/<slug:public_id>/move/", taps.move_a_call, name="call"),
    path("<slug:place_slug>/tables/", views.plan, name="plan"),
    path("<slug:place_slug>/tables/<int:number>/", views.table, name="table"),
    path("<slug:place_slug>/tables/<int:number>/open/", taps.open_table, name="open_table"),
    path("<slug:place_slug>/tables/<int:number>/close/", taps.close_table, name="close_table"),
    path("<slug:place_slug>/guests/<slug:public_id>/", taps.share_table, name="share_table"),
    path("<slug:place_slug>/stop-list/", views.stop_list, name="stop_list"),
    path("<slug:place_slug>/stop-list/change/", taps.change_stop_list, name="stop"),
]
