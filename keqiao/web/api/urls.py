"""Addresses of the interface's first version and of its page."""

from django.urls import path

from keqiao.web.api import docs
from keqiao.web.api.interface import api

urlpatterns = [path("", docs.page, name="interface"), path("v1/", api.urls)]
