from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "keqiao.apps.files"
    label = "files"
