#!/bin/sh
# Puts Debian's MySQL server into a folder, and prints the program that runs it, for
# ORMOLU_TEST_MYSQLD. Debian has MySQL in its unstable distribution alone, so debootstrap makes
# a small root of that in the folder; the system stays as it is. Needs root and debootstrap.
#
#     ORMOLU_TEST_MYSQLD=$(sh scripts/debian-mysql.sh) make test WITHOUT=sqlite,postgresql
set -eu

folder=${1:-/var/tmp/ormolu-debian-mysql} # where every account may read
program=$folder/mysqld
if [ ! -x "$program" ]; then
    mkdir -p "$folder"
    rm -rf "$folder/root"
    debootstrap --variant=minbase --include=mysql-server-core unstable "$folder/root" >&2
    chmod 755 "$folder" "$folder/root"
    # The server runs outside of the root, with the root's own loader and libraries.
    cat >"$program.new" <<END
#!/bin/sh
root=$folder/root
END
    cat >>"$program.new" <<'END'
libraries=$root/usr/lib/x86_64-linux-gnu:$root/usr/lib/mysql/private
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/sbin/mysqld" \
    "$@" --basedir="$root/usr" --lc-messages-dir="$root/usr/share/mysql" \
    --character-sets-dir="$root/usr/share/mysql/charsets" --plugin-dir="$root/usr/lib/mysql/plugin"
END
    chmod 755 "$program.new"
    mv "$program.new" "$program"
fi
echo "$program"
