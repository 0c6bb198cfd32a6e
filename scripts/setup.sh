#!/bin/sh
# Makes .venv at the repository's root from a lock: `setup.sh run` or `setup.sh dev`. A stamp with the lock's hash makes
# the second call instant. Order: uv if it is there; python3 -m venv; as root, python3-venv from the system's packages;
# else a venv without pip and pip's own wheel; else the one line to run. The lock is complete, so nothing is resolved
# again (--no-deps): older pips choose an extra's newest version over the locked one and then miss its hash.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
  run) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "usage: scripts/setup.sh run|dev" >&2; exit 2 ;;
esac
python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || { echo "Python 3.11 or newer is missing. Debian: apt-get install python3" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; $("$python" --version) is here. Set PYTHON=/path/to/a/newer/python3." >&2; exit 1; }

stamp=.venv/.keqiao-$kind
want=$(cat "$lock" pyproject.toml | cksum)
# The development lock holds everything the run lock holds.
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
[ "$kind" = run ] && [ -f .venv/.keqiao-dev ] && [ "$(cat .venv/.keqiao-dev)" = "$(cat requirements-dev.lock pyproject.toml | cksum)" ] && exit 0

say() { echo "keqiao: $*" >&2; }
if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv
  say "installing from $lock"
  uv pip install -q --python .venv/bin/python --no-deps --require-hashes -r "$lock"
else
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 || {
      rm -rf .venv
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing python3-venv"
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv .venv
      else
        "$python" -m venv --without-pip .venv 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1 &&
          "$python" -m pip --python .venv/bin/python install -q pip || {
          echo "The venv module is missing. Run: sudo apt-get install python3-venv" >&2; exit 1; }
      fi
    }
  fi
  say "installing from $lock (a few minutes the first time)"
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r "$lock"
fi
# The project itself is not built: a path file and a launcher are all that `pip install -e` would leave.
.venv/bin/python - <<'PYTHON'
import pathlib, sysconfig
root = pathlib.Path.cwd()
pathlib.Path(sysconfig.get_path("purelib"), "keqiao.pth").write_text(f"{root}\n", encoding="utf-8")
launcher = root / ".venv/bin/keqiao"
launcher.write_text(f"#!{root}/.venv/bin/python\nfrom keqiao.cli import app\n\napp()\n", encoding="utf-8")
launcher.chmod(0o755)
PYTHON
echo "$want" > "$stamp"
