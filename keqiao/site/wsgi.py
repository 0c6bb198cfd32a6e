"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keqiao.site.settings")
application = get_wsgi_application()
len(get_resolver().url_patterns)  # imports every view now, not while the first visitor waits
