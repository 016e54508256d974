#!/bin/sh
# Installs what the database tests need, where it is absent: the programs of PostgreSQL, MariaDB and
# PgBouncer, and what mysqlclient is built with. The tests start servers of their own from these.
#
# Uses the system's package manager as root, or by sudo where that asks for no password; otherwise it
# says what to install by hand. It starts no server, makes no database cluster, removes and upgrades
# no package. It never fails: what is missing in the end is named again by the tests that need it.
set -u

say() { printf 'install-servers: %s\n' "$*" >&2; }

found() { # program, folders besides those of the search path
    program=$1
    shift
    command -v "$program" >/dev/null 2>&1 && return 0
    for folder in /usr/sbin /usr/local/sbin "$@"; do
        [ -x "$folder/$program" ] && return 0
    done
    return 1
}

have() {
    case $1 in
    postgresql)
        found initdb /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin \
            /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
            /Applications/Postgres.app/Contents/Versions/*/bin
        ;;
    mariadb)
        found mariadbd /usr/libexec /opt/homebrew/opt/mariadb*/bin &&
            found mariadb-install-db /opt/homebrew/opt/mariadb*/bin && found mariadb
        ;;
    pgbouncer) found pgbouncer /opt/homebrew/opt/pgbouncer/bin ;;
    headers)
        found pkg-config && found cc &&
            { pkg-config --exists libmariadb || pkg-config --exists mysqlclient; }
        ;;
    python-headers)
        "${PYTHON:-python3}" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
        ;;
    esac
}

manager() {
    for each in apt-get dnf apk pacman brew; do
        command -v "$each" >/dev/null 2>&1 && echo "$each" && return
    done
}

packages() { # manager, thing
    case $1:$2 in
    apt-get:postgresql) echo postgresql ;;
    apt-get:mariadb) echo mariadb-server mariadb-client ;;
    apt-get:headers) echo libmariadb-dev pkg-config gcc libc6-dev ;;
    dnf:postgresql) echo postgresql-server postgresql-contrib ;;
    dnf:mariadb) echo mariadb-server mariadb ;;
    dnf:headers) echo mariadb-connector-c-devel pkgconf-pkg-config gcc ;;
    apk:postgresql) echo postgresql postgresql-contrib postgresql-client ;;
    apk:mariadb) echo mariadb mariadb-client ;;
    apk:headers) echo mariadb-connector-c-dev pkgconf gcc musl-dev ;;
    pacman:postgresql) echo postgresql ;;
    pacman:mariadb) echo mariadb ;;
    pacman:headers) echo mariadb-libs pkgconf gcc ;;
    apt-get:python-headers | apk:python-headers) echo python3-dev ;;
    dnf:python-headers) echo python3-devel ;;
    *:python-headers) echo python ;;
    brew:headers) echo mysql-client pkgconf ;;
    *) echo "$2" ;;
    esac
}

missing() {
    for thing in postgresql mariadb pgbouncer headers python-headers; do
        have "$thing" || printf '%s ' "$thing"
    done
}

# Debian's packages make a cluster and start servers when they are installed. Two files, there
# only while packages are installed, keep them from it; what would start with the machine is told
# not to. See invoke-rc.d(8) and pg_createcluster(1).
POLICY=/usr/sbin/policy-rc.d
CLUSTER=/etc/postgresql-common/createcluster.d/zz-no-main-cluster.conf

forbid_starting() {
    trap allow_starting EXIT
    trap 'exit 1' HUP INT TERM
    if [ ! -e "$POLICY" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$POLICY"
        chmod 755 "$POLICY"
        made_policy=yes
    fi
    if [ ! -e "$CLUSTER" ]; then
        mkdir -p "${CLUSTER%/*}"
        echo 'create_main_cluster = false' >"$CLUSTER"
        made_cluster=yes
    fi
}

allow_starting() {
    [ "${made_policy:-}" ] && rm -f "$POLICY"
    [ "${made_cluster:-}" ] && rm -f "$CLUSTER"
    made_policy='' made_cluster=''
}

disable_at_boot() { # the things that were just installed
    command -v systemctl >/dev/null 2>&1 || return 0
    for thing in "$@"; do
        case $thing in
        *headers) ;;
        *) systemctl disable --quiet "$thing.service" 2>/dev/null || : ;;
        esac
    done
}

apt_install() { # things
    forbid_starting
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    for thing in "$@"; do
        # One at a time: a package that isn't to be had mustn't keep the others out.
        # shellcheck disable=SC2046
        apt-get install -qq --yes --no-install-recommends --no-remove --no-upgrade \
            -o Dpkg::Use-Pty=0 $(packages apt-get "$thing") >/dev/null ||
            say "apt-get could not install $thing"
    done
    allow_starting
    disable_at_boot "$@"
}

install() { # manager, things
    with=$1
    shift
    if [ "$with" = apt-get ]; then
        apt_install "$@"
        return
    fi
    for thing in "$@"; do
        # shellcheck disable=SC2046
        case $with in
        dnf) dnf install --quiet --assumeyes $(packages dnf "$thing") ;;
        apk) apk add --quiet $(packages apk "$thing") ;;
        pacman) pacman --sync --noconfirm --needed $(packages pacman "$thing") ;;
        brew) brew install --quiet $(packages brew "$thing") ;;
        esac || say "$with could not install $thing"
    done
}

if [ "${1:-}" = --install ]; then # as root, by the call below
    shift
    install "$@"
    exit
fi

wanted=$(missing)
[ -z "$wanted" ] && exit 0
manager=$(manager)
if [ -n "$manager" ]; then
    say "installing, for the database tests: $wanted"
    # shellcheck disable=SC2086
    if [ "$(id -u)" = 0 ] || [ "$manager" = brew ]; then
        sh "$0" --install "$manager" $wanted
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n sh "$0" --install "$manager" $wanted
    else
        say "only root may use $manager, and sudo would ask for a password"
    fi
fi
wanted=$(missing)
[ -z "$wanted" ] && exit 0
say "still missing: $wanted"
for thing in $wanted; do
    say "  $thing: install the package(s) $(packages "${manager:-apt-get}" "$thing")"
done
say "The tests that need them fail. To leave these out: make test WITHOUT=postgresql,mysql"
exit 0
