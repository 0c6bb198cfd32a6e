from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "keqiao.apps.programmes"
    label = "programmes"
    verbose_name = "惠企政策"
