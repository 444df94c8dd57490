"""Addresses of the trail."""

from __future__ import annotations

from django.urls import path

from jingzhun_web.traces import views

urlpatterns = [
    path("trail/objects/<str:object_type>/<str:object_id>/", views.of_an_object, name="trail_of_object"),
    path("trail/people/<int:person_id>/", views.of_a_person, name="trail_of_person"),
    path("trail/regions/<str:code>/", views.of_a_region, name="trail_of_region"),
    path("trail/me/", views.what_i_did, name="what_i_did"),
    path("trail/looks/", views.who_looked_at_me, name="who_looked_at_me"),
    path("trail/head/", views.head, name="trail_head"),
]
