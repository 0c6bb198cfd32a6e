from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "keqiao.apps.proposals"
    label = "proposals"
    verbose_name = "建议提案"
