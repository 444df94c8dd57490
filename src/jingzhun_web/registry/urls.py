"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from jingzhun_web.registry import views

urlpatterns = [path("regions/<str:code>/", views.region, name="region")]
