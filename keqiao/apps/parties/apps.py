from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "keqiao.apps.parties"
    label = "parties"
    verbose_name = "主体"

    def ready(self) -> None:
        from keqiao.apps.ledger.figures import keepers  # noqa: PLC0415 - apps.py is read before the apps are

        from . import permissions  # noqa: PLC0415 - as above

        keepers.use(permissions.can_keep_figures)
