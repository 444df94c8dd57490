"""All addresses. Every one is classified: see ``accounts.access``."""

from __future__ import annotations

from django.urls import include, path

from jingzhun_web.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("language/", views.language, name="set_language"),
    path("", include("jingzhun_web.accounts.urls")),
    path("", include("jingzhun_web.registry.urls")),
    path("", include("jingzhun_web.traces.urls")),
]
handler403 = "jingzhun_web.site.views.forbidden"
handler404 = "jingzhun_web.site.views.not_found"
handler500 = "jingzhun_web.site.views.failed"
