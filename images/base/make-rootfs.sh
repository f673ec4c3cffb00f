#!/bin/bash
# Writes the root file system of the `base` image, Debian 13 (trixie), as a tar file.
#
#   make-rootfs.sh OUTFILE [ARCHITECTURE]
#
# The mirror is the one that this machine's own apt uses for Debian, or mmdebstrap's default.
set -euo pipefail

out=$1
arch=${2:-$(dpkg --print-architecture)}
suite=trixie

# repository LABEL prints the address that apt has for Debian's repository of that label.
# Elsewhere than on Debian (Ubuntu's apt knows no such label) it prints nothing.
# shellcheck disable=SC2016 # apt expands the format
repository() {
  apt-get indextargets 'Created-By: Packages' --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 2>/dev/null |
    awk -F '|' -v label="$1" '$1 == "Debian" && $2 == label && $3 == "main" && !seen++ { print $4 }'
}

main=$(repository Debian)
security=$(repository Debian-Security)
sources=()
if [ -n "$main" ] && [ -n "$security" ]; then
  sources=("deb $main $suite main" "deb $main $suite-updates main" "deb $security $suite-security main")
fi

# shellcheck disable=SC2016 # mmdebstrap expands the hook
# Documentation and translations are left out; packages installed later inherit the same rules.
mmdebstrap \
  --variant=minbase \
  --architectures="$arch" \
  --include=ca-certificates \
  --aptopt='APT::Install-Recommends "false"' \
  --aptopt='APT::Install-Suggests "false"' \
  --aptopt='Acquire::Languages "none"' \
  --aptopt='Acquire::Retries "3"' \
  --dpkgopt='force-unsafe-io' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-include=/usr/share/locale/locale.alias' \
  --customize-hook='mkdir -p "$1/usr/share/man/man1"' \
  --format=tar \
  "$suite" "$out" ${sources[@]+"${sources[@]}"}
