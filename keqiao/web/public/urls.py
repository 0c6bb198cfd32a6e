from django.urls import path, re_path

from . import (
    contracts,
    events,
    funnel,
    home,
    invitations,
    listings,
    notices,
    organizations,
    policies,
    policy,
    policy_changes,
    policy_check,
    share,
    thread,
    unsubscribe,
)

app_name = "public"
LISTING = r"(?P<listing>need|offer)s"

urlpatterns = [
    path("", home.home, name="home"),
    path("ask/", home.ask, name="ask"),
    path("demo/", home.demo, name="demo"),
    path("demo/sign-in/", home.demo_sign_in, name="demo-sign-in"),
    re_path(rf"^{LISTING}/$", listings.listings, name="listings"),
    re_path(rf"^{LISTING}/(?P<key>[\w-]+)/$", listings.listing_page, name="listing"),
    re_path(rf"^{LISTING}/(?P<key>[\w-]+)/matches/$", listings.matches, name="matches"),
    re_path(rf"^{LISTING}/(?P<key>[\w-]+)/full-text/$", listings.full_text, name="full-text"),
    re_path(rf"^{LISTING}/(?P<key>[\w-]+)/share/$", share.card, name="share"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("funnel/", funnel.funnel, name="funnel"),
    path("thread/<slug:kind>/<slug:key>/", thread.thread, name="thread"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("s/<slug:code>/", share.short, name="short"),
    path("events/", events.events, name="events"),
    path("events/<slug:key>/", events.event_page, name="event"),
    path("events/<slug:key>/calendar.ics", events.event_calendar, name="event-calendar"),
    path("events/<slug:key>/items/<int:number>/", events.pitch, name="event-pitch"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("policies/", policies.policies, name="policies"),
    path("policies/changes/", policy_changes.changes, name="policy-changes"),
    path("policies/<slug:slug>/", policy.policy, name="policy"),
    path("policies/<slug:slug>/check/", policy_check.check, name="policy-check"),
    path("policies/<slug:slug>/file/", policy.policy_file, name="policy-file"),
    path("organizations/", organizations.organizations, name="organizations"),
    path("organizations/<slug:key>/", organizations.organization_page, name="organization"),
]
