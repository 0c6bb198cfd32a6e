from django.urls import path, re_path

from . import deliveries, duplicates, event_guests, event_schedule, events, ledger, screening, stations, system, users

app_name = "office"
LISTING = r"(?P<listing>need|offer)s"

urlpatterns = [
    path("", screening.home, name="home"),
    re_path(rf"^queue/{LISTING}/$", screening.queue, name="queue"),
    re_path(rf"^queue/{LISTING}/(?P<key>[\w-]+)/$", screening.decide, name="decide"),
    path("stations/", stations.stations, name="stations"),
    path("stations/new/", stations.new, name="station-new"),
    path("stations/<slug:key>/", stations.edit, name="station-edit"),
    path("duplicates/", duplicates.queue, name="duplicates"),
    path("duplicates/search/", duplicates.search, name="duplicates-search"),
    re_path(
        r"^duplicates/(?P<noun>organization|person)/(?P<first>[\w-]+)/(?P<second>[\w-]+)/$",
        duplicates.compare,
        name="duplicate",
    ),
    path("merges/", duplicates.merges, name="merges"),
    path("merges/<int:pk>/", duplicates.merge, name="merge"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new, name="user-new"),
    path("users/<uuid:key>/", users.user_page, name="user"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    re_path(r"^deliveries/(?P<key>[0-9a-f-]{36})/(?P<step>resend|drop)/$", deliveries.decide, name="delivery"),
    path("events/", events.events, name="events"),
    path("events/new/", events.new, name="event-new"),
    path("events/make/", events.make, name="event-make"),
    path("events/<slug:key>/", events.event, name="event"),
    path("events/<slug:key>/edit/", events.edit, name="event-edit"),
    path("events/<slug:key>/items/", events.items, name="event-items"),
    path("events/<slug:key>/guests/", event_guests.guests, name="event-guests"),
    path("events/<slug:key>/guests/proposed/", event_guests.proposed, name="event-proposed"),
    path("events/<slug:key>/meetings/", event_schedule.schedule, name="event-schedule"),
    path("events/<slug:key>/meetings/<slug:code>/", event_schedule.meeting, name="event-meeting"),
    path("events/<slug:key>/scores/", event_schedule.scores, name="event-scores"),
    path("ledger/", ledger.entries, name="ledger"),
    path("system/", system.system, name="system"),
]
