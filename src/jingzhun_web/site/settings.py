"""Django's settings. What a deployer sets is in ``configuration``; here it is only put where Django looks for it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from jingzhun_web.site.configuration import load

JINGZHUN = load(os.environ)
ROOT = Path(__file__).parent.parent
ROOMS = ("site", "accounts", "registry", "traces")

DEBUG = False
SECRET_KEY = JINGZHUN.secret_key
ALLOWED_HOSTS = list(JINGZHUN.hosts)
ROOT_URLCONF = "jingzhun_web.site.urls"
WSGI_APPLICATION = "jingzhun_web.site.wsgi.application"
DATABASES = {"default": dict(JINGZHUN.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "jingzhun_web.apps.JingzhunConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jingzhun_web.site.middleware.RequestNumber",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jingzhun_web.site.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jingzhun_web.site.middleware.OnlyClassified",
    "jingzhun_web.site.middleware.NoStore",
    "jingzhun_web.site.middleware.LastSeen",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / room / "templates" for room in ROOMS],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"traces": "jingzhun_web.traces.wording"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jingzhun_web.site.navigation.navigation",
            ],
        },
    }
]

# Languages
LANGUAGE_CODE = JINGZHUN.language
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = JINGZHUN.time_zone
USE_TZ = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# Static files: built into the wheel, served by the application itself, no other host asked
STATIC_URL = "static/"
STATIC_ROOT = JINGZHUN.data / "static"
STATICFILES_DIRS = [ROOT / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Signing in
AUTH_USER_MODEL = "jingzhun.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name", "phone")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "jingzhun_web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # django-axes counts failures, in the database and for all processes
MFA_ADAPTER = "jingzhun_web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "精准 Jingzhun"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not JINGZHUN.https
AXES_FAILURE_LIMIT = JINGZHUN.failures_before_lock
AXES_COOLOFF_TIME = timedelta(minutes=JINGZHUN.lock_minutes)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "jingzhun_web.accounts.signing.name_typed"
AXES_LOCKOUT_CALLABLE = "jingzhun_web.accounts.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the trail tells it
AXES_VERBOSE = False
# Counted by user name alone: a township's people share one address, which must not be locked by one who mistypes.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# Sessions and headers
SESSION_COOKIE_AGE = JINGZHUN.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = JINGZHUN.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "jingzhun_web.site.views.not_from_here"
SECURE_SSL_REDIRECT = JINGZHUN.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if JINGZHUN.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = JINGZHUN.https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REDIRECT_EXEMPT = [r"^health$"]
X_FRAME_OPTIONS = "DENY"
if JINGZHUN.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
