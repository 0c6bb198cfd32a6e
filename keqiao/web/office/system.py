"""How the installation fares, for its administrators: readiness, worker, backup, weak settings, versions, counts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.operations import checks, heartbeat, permissions, queries, readiness
from keqiao.apps.operations.heartbeat import StepState
from keqiao.web.parts.request import Request

PARTS = {
    "database": _("数据库"),
    "migrations": _("表结构"),
    "worker": _("后台进程"),
    "disk": _("磁盘"),
    "index": _("检索索引"),
}
REASONS = {
    "unreachable": _("连不上。请检查数据库服务和 KEQIAO_DATABASE_URL。"),
    "unapplied": _("与程序版本不一致。请重新启动服务，它会自动更新表结构。"),
    "never_ran": _("从未运行。通知、到期处理和检索更新都会停住，请检查 keqiao serve 或 keqiao worker。"),
    "silent": _("没有回音。请查看服务日志并重新启动。"),
    "stuck": _("一步做了超过 15 分钟。请查看服务日志。"),
    "full": _("剩余空间不足 200 MB，随时可能写不进去。请清理或扩容。"),
    "unreadable": _("读不到主目录。请检查 KEQIAO_HOME。"),
    "absent": _("还没有建好。后台进程运行后会自动建立。"),
}
COUNTS = {
    "organizations": _("单位"),
    "users": _("用户"),
    "needs": _("企业需求"),
    "offers": _("供给"),
    "files": _("附件"),
    "troubled_deliveries": _("没有送到的通知"),
    "entries": _("台账记录"),
}
VERSIONS = {
    "keqiao": _("科桥"),
    "django": "Django",
    "python": "Python",
    "database": _("数据库"),
    "machine": _("机器"),
}
STEPS = {
    "expire": _("到期下架"),
    "tune": _("数据库整理"),
    "index": _("检索更新"),
    "escalate": _("逾期上报"),
    "import": _("批量导入"),
    "remind": _("到期提醒"),
    "post": _("生成通知"),
    "deliver": _("发送通知"),
    "tidy": _("清理旧通知"),
}
FINDINGS = {
    "weak_secret": _("KEQIAO_SECRET 太短或太常见，别人猜中后可以冒充任何人登录。"),
    "debug": _("DEBUG 处于打开状态，出错页会泄露设置和数据。"),
    "open_hosts": _("KEQIAO_HOSTS 含通配符，重置密码的邮件可能指向别人的网站。"),
    "plain_origins": _("KEQIAO_ORIGINS 含 http:// 地址，请只填 https://。"),
    "open_cookies": _("登录凭据也会走明文 HTTP，只宜在可信的内网使用。"),
    "no_redirect": _("没有把 HTTP 自动转到 HTTPS（KEQIAO_SSL_REDIRECT）。"),
    "no_hsts": _("KEQIAO_HSTS_SECONDS 小于一小时，浏览器可能退回明文。"),
    "default_sender": _("发件人仍是 localhost，邮件会被拒收。请设置 KEQIAO_MAIL_FROM。"),
    "sqlite_workers": _("SQLite 上开了不止一个网页进程，请设 KEQIAO_WORKERS=1 或改用 PostgreSQL。"),
    "sqlite_production": _("正式运行应使用 PostgreSQL。"),
    "open_home": _("主目录对本机所有用户开放，请收紧权限（chmod o-rwx）。"),
    "disk": _("磁盘将满或读不到。"),
    "unapplied": _("表结构与程序版本不一致。"),
    "old_postgres": _("PostgreSQL 版本过旧，请升级到 15 或更新。"),
    "encoding": _("数据库编码不是 UTF8。"),
    "tools": _("缺少与服务器同版本的 pg_dump、pg_restore、psql，无法备份。"),
    "demo_users": _("库里还有演示账号，请停用。"),
    "no_triggers": _("台账的防改触发器不见了，请从备份恢复并查明原因。"),
    "ledger": _("台账末尾核对不上，有人改动过记录。请运行 keqiao ledger verify。"),
    "clock_behind": _("本机时钟落后于台账，请校准时间。"),
    "clock_skew": _("本机与数据库的时钟相差超过两分钟，请统一校准。"),
    "no_backup": _("近两天没有备份。请每晚运行 keqiao backup。"),
}


@require_safe
@login_required
def system(request: Request) -> HttpResponse:
    if not permissions.can_see_system(request.actor).allowed:
        raise PermissionDenied
    at, backup = timezone.now(), queries.last_backup()
    findings = checks.findings_of_running_site(at=at, backup=backup)
    context = {
        "section": "office",
        "tab": "system",
        "parts": [_part(part) for part in readiness.parts(at=at)],
        "findings": [(FINDINGS.get(found.code, found.what), found.is_error) for found in findings],
        "mode": settings.MODE,
        "worker": _worker(),
        "backup": backup,
        "counts": [(COUNTS[name], count) for name, count in queries.counts().items()],
        "versions": [(VERSIONS[name], text) for name, text in queries.versions().items()],
    }
    return render(request, "office/system.html", context)


def _part(part: readiness.Part) -> dict[str, Any]:
    return {
        "name": PARTS[part.name],
        "is_ready": part.is_ready,
        "reason": REASONS.get(part.reason, part.reason),
        "free": part.facts.get("free"),
    }


def _worker() -> dict[str, Any] | None:
    beat = heartbeat.read()
    if beat is None:
        return None
    return {
        "at": datetime.fromisoformat(beat.at),
        "started_at": datetime.fromisoformat(beat.started_at),
        "steps": [_step(state, is_now=state.name == beat.step) for state in beat.steps],
    }


def _step(state: StepState, *, is_now: bool) -> dict[str, Any]:
    return {
        "name": STEPS.get(state.name, state.name),
        "is_now": is_now,
        "ended_at": datetime.fromisoformat(state.ended_at) if state.ended_at else None,
        "failed_at": datetime.fromisoformat(state.failed_at) if state.failed_at else None,
        "error": state.error,
        "failures": state.failures,
        "took_ms": state.took_ms,
        "every_seconds": round(state.every_seconds),
    }
