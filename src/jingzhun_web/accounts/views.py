"""Pages about people, posts and sessions. A view gets the object or refuses, acts through a service, and renders."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.accounts import places, queries, services
from jingzhun_web.accounts.access import Place, SignedIn, actor_of, guarded, may, personal, require, standing
from jingzhun_web.accounts.forms import EndPostForm, NewPersonForm, PersonForm, PostForm, PurposeForm, ReasonForm
from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.rights import Action
from jingzhun_web.regions.queries import region_on, whole_name

UNPROCESSABLE = 422


@personal("GET")
def me(request: SignedIn) -> HttpResponse:
    """My posts, my sessions."""
    held = queries.posts_of(request.user)
    sessions = queries.sessions_of(request.user, request.session.session_key)
    return render(request, "accounts/me.html", {"held": held, "sessions": sessions})


@personal("POST")
def end_my_session(request: SignedIn, session_id: int) -> HttpResponse:
    if not services.end_session(actor_of(request), request.user, session_id):
        raise Http404
    messages.success(request, _("The session has ended."))
    return redirect("me")


@personal("GET", unfinished=True)
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Why a second factor is asked for, and how to set one up."""
    return render(request, "accounts/second_factor_needed.html")


@guarded(places.of_region, GET=Action.SEE_PEOPLE)
def people(request: SignedIn, code: str) -> HttpResponse:
    region = region_on(code, timezone.localdate())
    if region is None:
        raise Http404
    search, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = queries.people_in(request.user, region, search, int(after) if after.isdecimal() else 0)
    offers = {"may_add": may(request.user, Action.KEEP_PEOPLE, Place(code))}
    return render(request, "accounts/people.html", {"region": region, "found": found, "search": search, **offers})


@guarded(places.of_region, GET=Action.KEEP_PEOPLE, POST=Action.KEEP_PEOPLE)
def add_person(request: SignedIn, code: str) -> HttpResponse:
    form = NewPersonForm(request.POST or None, initial={"region_code": code})
    if request.method == "POST" and form.is_valid():
        require(request.user, Action.KEEP_PEOPLE, Place(form.cleaned_data["region_code"]))
        try:
            person, password = services.add_person(actor_of(request), **form.cleaned_data)
        except (services.Refused, ValidationError) as error:
            _tell(form, error)
        else:
            return render(request, "accounts/one_time_password.html", {"person": person, "password": password})
    return _form(request, form, _("New person"), whole_name(code, timezone.localdate()))


@guarded(places.of_person, GET=Action.SEE_PEOPLE)
def person(request: SignedIn, person_id: int) -> HttpResponse:
    return _person_page(request, get_object_or_404(User, pk=person_id))


@guarded(places.of_person, GET=Action.KEEP_PEOPLE, POST=Action.KEEP_PEOPLE)
def change_person(request: SignedIn, person_id: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person_id)
    now = {"name": someone.name, "phone": someone.phone, "region_code": someone.region_code}
    form = PersonForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        require(request.user, Action.KEEP_PEOPLE, Place(form.cleaned_data["region_code"]))
        try:
            services.change_person(actor_of(request), someone, **form.cleaned_data)
        except (services.Refused, ValidationError) as error:
            _tell(form, error)
        else:
            return redirect("person", person_id)
    return _form(request, form, _("Change a person"), someone.name)


@guarded(places.of_person, POST=Action.KEEP_PEOPLE)
def suspend_person(request: SignedIn, person_id: int) -> HttpResponse:
    someone, form = get_object_or_404(User, pk=person_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _form(request, form, _("Suspend or resume"), someone.name)
    act = services.suspend if someone.is_active else services.resume
    try:
        act(actor_of(request), someone, form.cleaned_data["reason"])
    except services.Refused as error:
        messages.error(request, str(error.message))
    return redirect("person", person_id)


@guarded(places.of_person, POST=Action.KEEP_PEOPLE)
def reset_password(request: SignedIn, person_id: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person_id)
    password = services.reset_password(actor_of(request), someone)
    return render(request, "accounts/one_time_password.html", {"person": someone, "password": password})


@guarded(places.of_person, POST=Action.SEE_PHONE)
def see_phone(request: SignedIn, person_id: int) -> HttpResponse:
    someone, form = get_object_or_404(User, pk=person_id), PurposeForm(request.POST)
    if not form.is_valid():
        return _person_page(request, someone, purpose=form, status=UNPROCESSABLE)
    phone = services.see_phone(actor_of(request), someone, form.cleaned_data["purpose"])
    return _person_page(request, someone, phone=phone)


@guarded(places.of_person, POST=Action.END_SESSIONS)
def end_sessions(request: SignedIn, person_id: int) -> HttpResponse:
    ended = services.end_sessions(actor_of(request), get_object_or_404(User, pk=person_id))
    messages.success(request, _("Sessions ended: %(count)d.") % {"count": ended})
    return redirect("person", person_id)


@guarded(places.of_person, GET=Action.PROPOSE_POST, POST=Action.PROPOSE_POST)
def propose_post(request: SignedIn, person_id: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person_id)
    form = PostForm(request.POST or None, initial={"region_code": someone.region_code})
    if request.method == "POST" and form.is_valid():
        require(request.user, Action.PROPOSE_POST, Place(form.cleaned_data["region_code"]))
        try:
            services.propose_post(actor_of(request), someone, **form.cleaned_data)
        except (services.Refused, ValidationError) as error:
            _tell(form, error)
        else:
            messages.success(request, _("Proposed. It counts once the security administrator has confirmed it."))
            return redirect("person", person_id)
    return _form(request, form, _("Propose a post"), someone.name)


@guarded(places.of_post, POST=Action.DECIDE_POST)
def confirm_post(request: SignedIn, post_id: int) -> HttpResponse:
    return _decide(request, post_id, confirm=True)


@guarded(places.of_post, POST=Action.DECIDE_POST)
def refuse_post(request: SignedIn, post_id: int) -> HttpResponse:
    return _decide(request, post_id, confirm=False)


@guarded(places.of_post, GET=Action.END_POST, POST=Action.END_POST)
def end_post(request: SignedIn, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post, pk=post_id)
    form = EndPostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_post(actor_of(request), post, **form.cleaned_data)
        except services.Refused as error:
            _tell(form, error)
        else:
            return redirect("person", post.person_id)
    return _form(request, form, _("End a post"), f"{post.person.name} {post.role_name}")


def _decide(request: SignedIn, post_id: int, *, confirm: bool) -> HttpResponse:
    post = get_object_or_404(Post, pk=post_id)
    try:
        services.decide_post(actor_of(request), post, confirm=confirm)
    except services.Refused as error:
        messages.error(request, str(error.message))
    return redirect("home")


def _person_page(
    request: SignedIn, someone: User, *, phone: str = "", purpose: PurposeForm | None = None, status: int = 200
) -> HttpResponse:
    place, mine = Place(someone.region_code), standing(request.user)
    offers = {
        f"may_{action.name.lower()}": mine.may(action, place)
        for action in (
            Action.KEEP_PEOPLE, Action.PROPOSE_POST, Action.END_POST, Action.END_SESSIONS, Action.SEE_PHONE,
            Action.SEE_TRAIL,
        )
    }  # fmt: skip
    shown = {
        "person": someone,
        "region": whole_name(someone.region_code, timezone.localdate()),
        "held": queries.posts_of(someone),
        "phone": phone,
        "purpose": purpose or PurposeForm(),
        "reason": ReasonForm(),
    }
    return render(request, "accounts/person.html", {**shown, **offers}, status=status)


def _form(request: SignedIn, form: Form, title: str, about: str) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "site/form.html", {"form": form, "title": title, "about": about}, status=status)


def _tell(form: Form, error: services.Refused | ValidationError) -> None:
    """What a service refused, at the field it is about where the form has that field."""
    if isinstance(error, services.Refused):
        form.add_error(None, str(error.message))
        return
    for name, told in error.message_dict.items():
        for message in told:
            form.add_error(name if name in form.fields else None, message)


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponseBase:
    """What django-axes shows after too many failures; not an endpoint."""
    return render(request, "accounts/locked_out.html", {"minutes": settings.JINGZHUN.lock_minutes}, status=429)
