"""Signing in and what belongs to it: allauth's pages that are used, under its names. What is not used is not routed."""

from allauth.account import views
from allauth.mfa.base import views as two_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from accounts.attempts.views import NewPassword
from accounts.own_data import views as own_data
from accounts.profile.weekly_letter import weekly_letter
from accounts.registration.views import SignUp, confirm_email, letter_sent
from accounts.sign_ins.views import Reauthenticate, ReauthenticateByCode, SignOut, sign_ins

urlpatterns = [
    path("signup/", SignUp.as_view(), name="account_signup"),
    path("confirm-email/", letter_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", confirm_email, name="account_confirm_email"),
    path("login/", views.login, name="account_login"),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("sign-ins/", sign_ins, name="sign_ins"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", Reauthenticate.as_view(), name="account_reauthenticate"),
    path("email/", views.email, name="account_email"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("own-data/", own_data.own_data, name="own_data"),
    path("own-data/download/", own_data.download, name="own_data_download"),
    path("own-data/erase/", own_data.erase, name="own_data_erase"),
    path("invitations/", include("accounts.people.accept_urls")),
    path("weekly-letter/<str:token>/", weekly_letter, name="weekly_letter"),
    path("2fa/", two_step.index, name="mfa_index"),
    path("2fa/authenticate/", two_step.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", ReauthenticateByCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
