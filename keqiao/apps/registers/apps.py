from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "keqiao.apps.registers"
    label = "registers"
    verbose_name = "登记册"
