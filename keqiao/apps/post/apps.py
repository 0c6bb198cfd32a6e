from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "keqiao.apps.post"
    label = "post"
