"""Addresses of the interface's first version and of its page; whatever else is asked for below them is a problem."""

from django.urls import path, re_path

from keqiao.web.api import docs, guard
from keqiao.web.api.interface import api

urlpatterns = [
    path("", docs.page, name="interface"),
    path("v1/", api.urls),
    re_path(r"^(?P<rest>[\s\S]+)$", guard.guarded(guard.nowhere, failed=api.on_exception)),
]
