from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "keqiao.web"
    label = "web"

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401, PLC0415 - registering needs the app registry to be ready
