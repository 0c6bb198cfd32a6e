from django.urls import path, re_path

from . import ledger, screening, stations, system, users

app_name = "office"
LISTING = r"(?P<listing>need|offer)s"

urlpatterns = [
    path("", screening.home, name="home"),
    re_path(rf"^queue/{LISTING}/$", screening.queue, name="queue"),
    re_path(rf"^queue/{LISTING}/(?P<key>[\w-]+)/$", screening.decide, name="decide"),
    path("stations/", stations.stations, name="stations"),
    path("stations/new/", stations.new, name="station-new"),
    path("stations/<slug:key>/", stations.edit, name="station-edit"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new, name="user-new"),
    path("users/<uuid:key>/", users.user_page, name="user"),
    path("ledger/", ledger.entries, name="ledger"),
    path("system/", system.system, name="system"),
]
