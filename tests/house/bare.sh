#!/usr/bin/env bash
# bare.sh SUITE [ci|run|COMMAND...]: builds a bare Debian (bookworm or trixie: apt, python3, pip, venv, make) from this machine's
# own sources, puts a clone of the last commit into it, and runs there: ci = .ci/run; run = `make run` twice, as a new user, timed.
# Needs root and mmdebstrap. The built root is kept in build/bare for the next call; a run gets a fresh copy of it.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
suite=${1:?usage: bare.sh bookworm|trixie [ci|run|COMMAND...]}
shift
place=${BARE_DIR:-$repository/build/bare}
root=$place/$suite
packages=ca-certificates,make,python3,python3-pip,python3-venv
passed='^(PIP_|UV_|NPM_CONFIG_|NODE_EXTRA_CA_CERTS=|GO(PROXY|SUMDB|NOSUMDB|FLAGS|TOOLCHAIN)=|SSL_CERT_|CURL_CA_|REQUESTS_CA_|(HTTPS?|NO|ALL)_PROXY=)'

bases() { # a tar of the bare root, made once
    [ -s "$place/$suite.tar" ] && return
    . /etc/os-release
    local sources="$place/sources" options=() file
    rm -rf "$sources" && mkdir -p "$sources"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ -s "$file" ] && sed "s/\b$VERSION_CODENAME\b/$suite/g" "$file" >"$sources/$(basename "$file")"
    done
    for file in $(grep -ls '^Acquire' /etc/apt/apt.conf.d/* || true); do options+=(--aptopt="$file"); done
    echo "bare: building $suite"
    mmdebstrap --quiet --format=tar --variant=apt --include="$packages" "${options[@]}" "$suite" "$place/$suite.part" "$sources"/*
    mv "$place/$suite.part" "$place/$suite.tar"
}

unpack() { # a fresh root, with the clone and the ways to the outside that this machine uses
    rm -rf "$root" && mkdir -p "$root"
    tar -xf "$place/$suite.tar" -C "$root"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    for file in /etc/pip.conf /etc/npmrc; do if [ -f "$file" ]; then cp "$file" "$root/etc/"; fi; done
    git clone --quiet --no-hardlinks "$repository" "$root/root/chibox"
    changed=$(git -C "$repository" status --porcelain | wc -l)
    [ "$changed" -eq 0 ] || echo "bare: $changed uncommitted paths are not in the clone"
}

environment() { # what the clients need of this machine's environment; a path that is not in the root is of no use there
    local line
    env | grep -iE "$passed" | while IFS= read -r line; do
        case ${line#*=} in
        /*) [ -e "$root${line#*=}" ] || continue ;;
        esac
        printf '%s\0' "$line"
    done
}

enter() { # in namespaces of its own: whatever is started or mounted there ends with it
    local settings=()
    mapfile -d '' settings < <(environment)
    ROOT=$root unshare --mount --pid --fork --kill-child bash -euc '
        mount --make-rprivate /
        mount -t proc proc "$ROOT/proc"
        mount --rbind /sys "$ROOT/sys"
        mount --rbind /dev "$ROOT/dev"
        exec chroot "$ROOT" "$@"' enter \
        env -i HOME=/root LANG=C.UTF-8 TERM=dumb CI=true PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "${settings[@]}" bash -c 'cd /root/chibox && exec "$@"' bare "$@"
}

mkdir -p "$place"
bases
unpack
case ${1:-ci} in
ci) enter bash .ci/run ;;
run) enter python3 tests/house/first_run.py ;;
*) enter "$@" ;;
esac
echo "bare: $suite passed after $SECONDS s"
