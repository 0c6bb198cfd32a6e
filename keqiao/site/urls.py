"""Addresses by audience."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/outside/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("language/", set_language, name="set_language"),
    path("api/", include("keqiao.web.api.urls")),
    path("desk/", include("keqiao.web.desk.urls")),
    path("office/", include("keqiao.web.office.urls")),
    path("", include("keqiao.web.public.urls")),
]
