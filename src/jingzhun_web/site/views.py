"""Home, health, and the page for what went wrong."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.i18n import set_language

from jingzhun_web.accounts.access import SignedIn, personal, public
from jingzhun_web.accounts.queries import posts_of, posts_to_decide, proposed_by
from jingzhun_web.site.navigation import VERSION

UNAVAILABLE = 503


@personal("GET")
def home(request: SignedIn) -> HttpResponse:
    """The inbox: what waits for me, what I set going."""
    shown = {
        "to_decide": posts_to_decide(request.user),
        "proposed": proposed_by(request.user),
        "held": [held for held in posts_of(request.user) if held.post.state == "in_force"],
    }
    return render(request, "site/home.html", shown)


@public("GET")
def health(_: HttpRequest) -> HttpResponse:
    """For whoever watches the server: whether it answers and reaches its database. It tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database", "version": VERSION}, status=UNAVAILABLE)
    return JsonResponse({"status": "ok", "version": VERSION})


language = public("POST")(set_language)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "site/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "site/forbidden.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Without a database: it may be what failed."""
    number = getattr(request, "request_id", "")
    return render(request, "site/failed.html", {"request_number": number}, status=500)


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not sent from one of our pages, or from one that was open for too long."""
    return render(request, "site/not_from_here.html", status=403)
