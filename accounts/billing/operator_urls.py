from django.urls import path

from accounts.billing import operator_views as views

app_name = "billing_operator"
urlpatterns = [
    path("", views.subscriptions, name="subscriptions"),
    path("subscriptions/<slug:slug>/", views.subscription, name="subscription"),
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<slug:public_id>.pdf", views.invoice_pdf, name="invoice"),
    path("invoices/<slug:public_id>/paid/", views.mark_paid, name="mark_paid"),
    path("payments/", views.payments, name="payments"),
    path("payments/<slug:public_id>/", views.payment, name="payment"),
    path("payments/<slug:public_id>/fetch/", views.fetch, name="fetch"),
    path("payments/<slug:public_id>/give-up/", views.give_up, name="give_up"),
    path("payments/<slug:public_id>/refund/", views.refund, name="refund"),
    path("payments/<slug:public_id>/chargeback/", views.chargeback, name="chargeback"),
    path("plans/", views.plans, name="plans"),
]
