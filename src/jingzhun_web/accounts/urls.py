"""Addresses about people and accounts. Those of django-allauth are listed one by one: no others exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from jingzhun_web.accounts import views
from jingzhun_web.accounts.access import personal, public

anybody = public("GET", "POST")
unfinished = personal("GET", "POST", unfinished=True)

urlpatterns = [
    path("account/login/", anybody(account.login), name="account_login"),
    path("account/logout/", anybody(account.logout), name="account_logout"),
    path("account/inactive/", anybody(account.account_inactive), name="account_inactive"),
    path("account/reauthenticate/", unfinished(account.reauthenticate), name="account_reauthenticate"),
    path("account/password/", unfinished(account.password_change), name="account_change_password"),
    path("account/second-factor/", unfinished(second_factor.index), name="mfa_index"),
    path("account/second-factor/needed/", views.second_factor_needed, name="second_factor_needed"),
    path("account/second-factor/ask/", anybody(second_factor.authenticate), name="mfa_authenticate"),
    path("account/second-factor/again/", unfinished(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("account/totp/add/", unfinished(totp.activate_totp), name="mfa_activate_totp"),
    path("account/totp/remove/", unfinished(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery/", unfinished(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery/new/", unfinished(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/recovery/file/", unfinished(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("account/keys/", unfinished(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/keys/add/", unfinished(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/keys/again/", unfinished(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/keys/<int:pk>/remove/", unfinished(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/keys/<int:pk>/name/", unfinished(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("me/", views.me, name="me"),
    path("me/sessions/<int:session_id>/end/", views.end_my_session, name="end_my_session"),
    path("regions/<str:code>/people/", views.people, name="people"),
    path("regions/<str:code>/people/new/", views.add_person, name="add_person"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/change/", views.change_person, name="change_person"),
    path("people/<int:person_id>/suspend/", views.suspend_person, name="suspend_person"),
    path("people/<int:person_id>/password/", views.reset_password, name="reset_password"),
    path("people/<int:person_id>/phone/", views.see_phone, name="see_phone"),
    path("people/<int:person_id>/sessions/end/", views.end_sessions, name="end_sessions"),
    path("people/<int:person_id>/posts/new/", views.propose_post, name="propose_post"),
    path("posts/<int:post_id>/confirm/", views.confirm_post, name="confirm_post"),
    path("posts/<int:post_id>/refuse/", views.refuse_post, name="refuse_post"),
    path("posts/<int:post_id>/end/", views.end_post, name="end_post"),
]
