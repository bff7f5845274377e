#!/bin/sh
# Debian's packages that the remaining tests and measures want: PostgreSQL 15, pgbouncer, Chromium, pgcopydb.
set -eu
wanted="postgresql-15 pgbouncer chromium pgcopydb"
missing=""
for package in $wanted; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "make system installs$missing and needs root: sudo make system" >&2
  exit 3
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# The tests start servers of their own; Debian's default cluster is not wanted.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
# shellcheck disable=SC2086
apt-get install -q -y --no-install-recommends $missing
