from django.urls import path, re_path

from . import (
    account,
    home,
    imports,
    introduction,
    introduction_calendar,
    introductions,
    needs,
    offers,
    organizations,
    records,
    stations,
    steps,
)

app_name = "desk"
LISTING = r"(?P<listing>need|offer)s"

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", account.account, name="account"),
    path("account/export/", account.export, name="account-export"),
    path("account/erase/", account.erase, name="account-erase"),
    path("imports/", imports.imports, name="imports"),
    path("imports/templates/<slug:kind>.xlsx", imports.template, name="import-template"),
    path("imports/<slug:key>/", imports.run_page, name="import"),
    path("imports/<slug:key>/columns/", imports.columns, name="import-columns"),
    path("imports/<slug:key>/progress/", imports.progress, name="import-progress"),
    path("imports/<slug:key>/wrong.xlsx", imports.wrong, name="import-wrong"),
    re_path(r"^imports/(?P<key>[\w-]+)/(?P<what>start|pause|resume|discard)/$", imports.do, name="import-do"),
    path("needs/new/", needs.new, name="need-new"),
    path("needs/<slug:key>/edit/", needs.edit, name="need-edit"),
    path("offers/new/", offers.choose, name="offer-new"),
    path("offers/new/<slug:kind>/", offers.new, name="offer-new-kind"),
    path("offers/<slug:key>/edit/", offers.edit, name="offer-edit"),
    re_path(rf"^{LISTING}/(?P<key>[\w-]+)/(?P<step>submit|withdraw|reopen)/$", steps.take, name="step"),
    path("introduce/", introductions.introduce, name="introduce"),
    path("introductions/", introductions.introductions, name="introductions"),
    path("introductions/board/", introductions.board, name="board"),
    path("introductions/calendar/", introduction_calendar.month, name="calendar"),
    path("introductions/calendar.ics", introduction_calendar.calendar_file, name="calendar-file"),
    path("introductions/<slug:key>/", introduction.introduction, name="introduction"),
    path("introductions/<slug:key>/files/<slug:file>/", introduction.download, name="introduction-file"),
    path("stations/", stations.stations, name="stations"),
    path("stations/<slug:key>/", stations.station, name="station"),
    path("organizations/new/", organizations.register, name="organization-new"),
    path("organizations/<slug:key>/edit/", organizations.edit, name="organization-edit"),
    path("organizations/<slug:key>/records/", records.records, name="records"),
    path("organizations/<slug:key>/members/", organizations.members, name="members"),
    path("organizations/<slug:key>/members/<int:pk>/end/", organizations.end_membership, name="member-end"),
]
