"""Inside the desk's addresses and its namespace."""

from django.urls import path

from orders.tickets import views

urlpatterns = [
    path("", views.ticket, name="ticket"),
    path("ticket.pdf", views.ticket_pdf, name="ticket_pdf"),
    path("again/", views.ticket_again, name="ticket_again"),
]
