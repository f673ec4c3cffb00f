#!/bin/sh
# What a machine does when it starts: SSH server, Docker daemon. AUTHORIZED_KEY may log in as the user deploy.
set -eu
mount -o remount,rw /proc/sys
ssh-keygen -A
install -d -o deploy -g deploy -m 700 /home/deploy/.ssh
printf '%s\n' "$AUTHORIZED_KEY" >/home/deploy/.ssh/authorized_keys
# As it ships, but for the pause that OpenSSH 9.8 gives an address after refused logins: the tests have several in a row.
/usr/sbin/sshd -E /var/log/sshd.log -o PerSourcePenalties=no
# Started again when it is stopped, as a service manager does.
while [ ! -e /run/shutdown ]; do
  rm -f /var/run/docker.pid
  dockerd --cgroup-parent "/$(hostname)" >>/var/log/dockerd.log 2>&1 || true
done
# Its part of the tree of cgroups lies on the machine that runs this one.
find /sys/fs/cgroup -depth -type d -path "*/$(hostname)*" -exec rmdir {} + 2>/dev/null || true
