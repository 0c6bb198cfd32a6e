from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "keqiao.apps.operations"
    label = "operations"
