from django.urls import path

from accounts.billing import views

app_name = "organisation_billing"
urlpatterns = [
    path("", views.index, name="index"),
    path("plan/", views.plan, name="plan"),
    path("pay/", views.pay, name="pay"),
    path("renewal/", views.renewal, name="renewal"),
    path("method/forget/", views.forget, name="forget"),
    path("invoices/<slug:public_id>.pdf", views.invoice_pdf, name="invoice"),
]
