"""Settings for the three ways to run Keqiao, chosen by environment variables (docs/settings.md).

KEQIAO_MODE=demo (default): SQLite in var/, demo log-ins, a throw-away secret.
KEQIAO_MODE=office:         SQLite, one process; KEQIAO_SECRET and KEQIAO_HOSTS are required.
KEQIAO_MODE=production:     PostgreSQL behind a proxy; KEQIAO_DATABASE_URL is required as well.
"""

from pathlib import Path
from typing import Any

from keqiao.site._environment import Environment, SettingsError
from keqiao.site._logging import logging_settings

BASE = Path(__file__).resolve().parent.parent
env = Environment.from_process()

MODE = env.choice("KEQIAO_MODE", ("demo", "office", "production"), default="demo")
DEMO = MODE == "demo"
DEBUG = False
HOME = Path(env.text("KEQIAO_HOME", default=str(Path.cwd() / "var")))

SECRET_KEY = env.text("KEQIAO_SECRET", default="") or env.demo_secret(HOME, demo=DEMO)
ALLOWED_HOSTS = env.words("KEQIAO_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else None)
CSRF_TRUSTED_ORIGINS = env.words("KEQIAO_ORIGINS", default=[])
REGION = env.text("KEQIAO_REGION", default="229999" if DEMO else "22")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "keqiao.apps.ledger",
    "keqiao.apps.files",
    "keqiao.apps.parties",
    "keqiao.apps.post",
    "keqiao.apps.registers",
    "keqiao.apps.programmes",
    "keqiao.apps.market",
    "keqiao.apps.proposals",
    "keqiao.apps.operations",
    "keqiao.web",
]

MIDDLEWARE = [
    "keqiao.web.health.HealthMiddleware",
    "keqiao.web.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keqiao.web.middleware.IdleTimeoutMiddleware",
    "keqiao.web.middleware.ActorMiddleware",
    "keqiao.web.middleware.PasswordAgeMiddleware",
    "keqiao.web.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "keqiao.site.urls"
WSGI_APPLICATION = "keqiao.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "keqiao.web.context.site",
            ],
            "builtins": ["keqiao.web.templatetags.keqiao"],
        },
    }
]

DATABASES = {"default": env.database(HOME, required=MODE == "production")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The rate limits of sign-in count over all workers, so the cache lies in the database, not in each worker's memory.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "keqiao_cache"}}

AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "keqiao.web.account.passwords.SimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "phone")},
    },
    {"NAME": "keqiao.web.account.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "keqiao.web.account.passwords.CommonValidator"},
    {"NAME": "keqiao.web.account.passwords.CharacterClassesValidator"},
    {"NAME": "keqiao.web.account.passwords.HistoryValidator"},
]
# Who must change theirs in time stands in keqiao/apps/parties/passwords.py.
PASSWORD_DAYS = env.number("KEQIAO_PASSWORD_DAYS", default=90)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none" if DEMO else "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "keqiao.web.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "keqiao.web.account.forms.LoginForm",
    "signup": "keqiao.web.account.forms.SignupForm",
    "change_password": "keqiao.web.account.forms.ChangePasswordForm",
    "set_password": "keqiao.web.account.forms.SetPasswordForm",
    "reset_password": "keqiao.web.account.forms.ResetPasswordForm",
    "reauthenticate": "keqiao.web.account.forms.ReauthenticateForm",
    "reset_password_from_key": "keqiao.web.account.forms.ResetPasswordKeyForm",
}
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,30/15m/ip", "reset_password": "5/15m/ip,5/15m/key"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True

# Second factors; who must have one stands in keqiao/web/parts/factors.py.
REQUIRE_MFA = env.flag("KEQIAO_REQUIRE_MFA", default=MODE == "production")
MFA_ADAPTER = "keqiao.web.account.factors.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are a few seconds off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

# Accounts from outside: one provider, switched on by naming it.
OIDC_URL = env.text("KEQIAO_OIDC_URL", default="")
SOCIALACCOUNT_ADAPTER = "keqiao.web.account.outside.OutsideAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = env.openid_connect(OIDC_URL, must_be_secure=MODE == "production")

EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("KEQIAO_MAIL_HOST", default="localhost")
EMAIL_PORT = env.number("KEQIAO_MAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("KEQIAO_MAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.text("KEQIAO_MAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("KEQIAO_MAIL_TLS")
DEFAULT_FROM_EMAIL = env.text("KEQIAO_MAIL_FROM", default="keqiao@localhost")

# What letters and calls to other servers need to know; the worker that sends them has no request to ask.
SITE_ADDRESS = (
    env.text("KEQIAO_ADDRESS", default="")
    or next(iter(CSRF_TRUSTED_ORIGINS), "")
    or (f"https://{ALLOWED_HOSTS[0]}" if MODE == "production" else f"http://{ALLOWED_HOSTS[0]}:8000")
)
POST_PRIVATE_HOSTS = env.words("KEQIAO_PRIVATE_HOSTS", default=[])
POST_SMS_URL = env.text("KEQIAO_SMS_URL", default="")
POST_SMS_BODY = env.text("KEQIAO_SMS_BODY", default='{"phone": "{phone}", "text": "{title} {link}"}')
POST_SMS_AUTHORIZATION = env.text("KEQIAO_SMS_AUTHORIZATION", default="")
POST_KEEP_DAYS = env.number("KEQIAO_NOTIFICATION_DAYS", default=90)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
INDEX_ROOT = HOME / "index"
FILES_ROOT = HOME / "files"
MATCHING_MODEL = env.text("KEQIAO_MATCHING_MODEL", default="")
OFFER_KIND_FOLDERS = env.words("KEQIAO_OFFER_KINDS", default=[])
API_PER_MINUTE = env.number("KEQIAO_API_PER_MINUTE", default=600)
API_PUBLIC_PER_MINUTE = env.number("KEQIAO_API_PUBLIC_PER_MINUTE", default=60)
API_LARGEST_BODY = env.number("KEQIAO_API_LARGEST_BODY", default=1_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
IDLE_MINUTES = env.number("KEQIAO_IDLE_MINUTES", default=0)  # 0: what the region asks for
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # The form that leads to the provider is followed there by the browser.
        "form-action": ["'self'", *([env.origin(OIDC_URL)] if OIDC_URL else [])],
        "frame-ancestors": ["'none'"],
    }
}

if MODE == "production":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.flag("KEQIAO_SSL_REDIRECT", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.number("KEQIAO_HSTS_SECONDS", default=31_536_000)
    # The client's address, which sign-in limits count by, is the one the nearest trusted proxy adds.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.number("KEQIAO_PROXIES", default=1)

LOGGING = logging_settings(
    as_json=env.choice("KEQIAO_LOG_FORMAT", ("plain", "json"), default="json" if MODE == "production" else "plain")
    == "json",
    level=env.choice(
        "KEQIAO_LOG_LEVEL",
        ("DEBUG", "INFO", "WARNING", "ERROR"),
        default="INFO" if MODE == "production" else "WARNING",
    ),
    is_frank=DEMO,
)

__all__ = ["SettingsError"]
