from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "keqiao.apps.parties"
    label = "parties"
    verbose_name = "主体"
