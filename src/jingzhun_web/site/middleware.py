"""What happens to every request: it gets a number, it must be classified, and pages about people are never stored."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from jingzhun_web.accounts.access import guard_of

Handler = Callable[[HttpRequest], HttpResponseBase]


class RequestNumber:
    """A number for each request: in the trail, and in the answer for whoever reports a problem."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = str(uuid4())  # type: ignore[attr-defined]
        response = self.handle(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class ChosenLanguage:
    """The language somebody chose, else that of the installation; what a browser prefers says little in an office."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.handle(request)
        response["Content-Language"] = language
        return response


class OnlyClassified:
    """A view that nobody put under the access function is not answered, whatever it would do."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.handle(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        if guard_of(view) is None:
            raise ImproperlyConfigured(f"{request.path}: its view is neither guarded, personal nor public (access.py)")


class NoStore:
    """Whatever is shown to somebody who signed in stays out of caches, of the browser and on the way."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.handle(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response


class LastSeen:
    """Whoever goes on working stays signed in. Written down every five minutes, not with every page that is read."""

    EVERY = 300

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("seen", 0) >= self.EVERY:
            request.session["seen"] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return self.handle(request)
