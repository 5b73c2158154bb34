#!/bin/sh
# Fill .venv from a lock, making it first where there is none.
#
#   sh locks/install.sh run    what an audit needs
#   sh locks/install.sh dev    what tests, checks and notebooks need, and the package as it stands
#   sh locks/install.sh uv     print the path of a uv, fetching one where there is none
#
# Settings: PYTHON is the interpreter to use (else the first fit one is taken), UV the uv to use;
# UV=no installs with pip. The locks hold exact versions with their hashes, and both installers
# check them.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
own_uv=.venv-uv

say() { printf 'ropa: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

# The path of the first interpreter that starts and is new enough. A name on the PATH proves
# nothing: version managers put names there that do not start.
fit_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    die "needs Python 3.11 or newer (tried ${PYTHON:-python3, python3.13, python3.12, python3.11});" \
        "install one, or name it: make PYTHON=/path/to/python3"
}

# uv reads none of pip's settings, so it is told which index pip was told to use.
follow_pip_index() {
    index=${PIP_INDEX_URL:-$("$1" -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
        export UV_DEFAULT_INDEX="$index"
    fi
}

# The path of a uv that starts; nothing when there is none and none can be fetched.
find_uv() {
    [ "${UV:-}" != no ] || return 0
    for name in ${UV:-uv $own_uv/bin/uv}; do
        if "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    [ -z "${UV:-}" ] || die "UV=$UV does not start; leave UV out, or UV=no installs with pip"
    if "$1" -m venv "$own_uv" >/dev/null 2>&1 &&
        "$own_uv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
            --retries 1 --require-hashes --no-deps -r locks/uv.txt >/dev/null 2>&1; then
        printf '%s\n' "$own_uv/bin/uv"
    else
        rm -rf "$own_uv"
    fi
}

# Run the command given, which makes an environment where it is told to, and mark that it is ours:
# `make clean` removes no other.
make_venv() {
    "$@" "$venv" && : >"$venv/made-by-make"
}

# Bytecode is compiled now: else every process and every notebook kernel compiles pandas again
# wherever PYTHONDONTWRITEBYTECODE is set (2 to 3 seconds a start against half a second).
install_with_uv() {
    follow_pip_index "$python"
    export UV_COMPILE_BYTECODE=1
    [ -x "$venv/bin/python" ] || make_venv "$uv" venv --quiet --python "$python" || return 1
    "$uv" pip install --quiet --python "$venv/bin/python" \
        --require-hashes --no-deps -r "locks/$1.txt" || return 1
    [ "$1" = run ] || "$uv" pip install --quiet --python "$venv/bin/python" \
        --no-deps --no-build-isolation -e . || return 1
}

install_with_pip() {
    { [ -x "$venv/bin/python" ] || make_venv "$python" -m venv; } >/dev/null 2>&1 &&
        { "$venv/bin/python" -m pip --version || "$venv/bin/python" -m ensurepip; } >/dev/null 2>&1 ||
        die "$python cannot make a virtual environment; on Debian: apt-get install python3-venv"
    own_pip --require-hashes --no-deps -r "locks/$1.txt" || return 1
    [ "$1" = run ] || own_pip --no-deps --no-build-isolation -e . || return 1
}

own_pip() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --compile "$@"
}

case ${1:-} in
uv)
    python=$(fit_python)
    uv=$(find_uv "$python")
    [ -n "$uv" ] || die "found no uv and could not fetch one with pip"
    printf '%s\n' "$uv"
    ;;
run | dev)
    # An environment whose interpreter has gone is no environment.
    if [ -e "$venv" ] && ! "$venv/bin/python" -c '' 2>/dev/null; then
        rm -rf "$venv"
    fi
    python=$(fit_python)
    uv=$(find_uv "$python")
    if [ -n "$uv" ]; then
        say "setting up $venv from locks/$1.txt with uv"
        install_with_uv "$1" || { say "uv could not do it, so pip tries"; uv=; }
    fi
    if [ -z "$uv" ]; then
        say "setting up $venv from locks/$1.txt with pip"
        install_with_pip "$1" || die "could not install locks/$1.txt; the lines above say why"
    fi
    # The stamps: make looks at their dates. `dev` holds all that `run` does.
    : >"$venv/run-ready"
    [ "$1" = run ] || : >"$venv/dev-ready"
    ;;
*)
    die "say what to install: run, dev or uv"
    ;;
esac
