# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# The Docker daemon: find it, or install and start it where that is ours to do.

# Where the daemon is: DOCKER_HOST, the stack's docker.host, the CLI's current context, the default socket.
resolve_docker_host() {
  local host
  DOCKER_FROM='the default socket'
  DOCKER_HOST_FOUND=false # set here rather than by the user
  PARALLEL_GIVEN=${PULUMI_PARALLEL:-}
  if [ -n "${STACK_DOCKER_HOST:-}" ]; then
    export DOCKER_HOST=$STACK_DOCKER_HOST
    DOCKER_HOST_FOUND=true
    DOCKER_FROM="docker.host of stack $STACK ($DOCKER_HOST)"
  elif [ -n "${DOCKER_HOST:-}" ]; then
    DOCKER_FROM="DOCKER_HOST ($DOCKER_HOST)"
  else
    host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)
    case $host in
      '' | unix:///var/run/docker.sock) ;;
      *)
        export DOCKER_HOST=$host
        DOCKER_HOST_FOUND=true
        DOCKER_FROM="the docker context $(docker context show 2>/dev/null || echo in use) ($host)"
        ;;
    esac
  fi
}

# Asks the daemon who it is, in one question, since each costs a new connection where the host is ssh://.
# Without a daemon some versions of the command succeed with empty answers.
# Sets DOCKER_VERSION and DOCKER_ID, or DOCKER_COMPLAINT to why there is no answer.
docker_answers() {
  local answer
  answer=$(mktemp)
  if bounded 20 docker info --format '{{.ServerVersion}} {{.ID}}' >"$answer" 2>"$answer.err" &&
    read -r DOCKER_VERSION DOCKER_ID <"$answer" && [ -n "$DOCKER_ID" ]; then
    rm -f "$answer" "$answer.err"
    return 0
  fi
  DOCKER_COMPLAINT=$(sed '/^template:/d' "$answer.err" | tail -n 1) # of old commands: that there is nothing to format
  DOCKER_COMPLAINT=${DOCKER_COMPLAINT:-no answer within 20 s}
  rm -f "$answer" "$answer.err"
  return 1
}

reached_by_ssh() { case ${DOCKER_HOST:-} in ssh://*) ;; *) return 1 ;; esac }

# Why the SSH host does not answer: no key, another host key, no Docker over there, … Sets DOCKER_MISSING and _ADVICE.
explain_ssh() {
  local trouble
  trouble=$(node_script ssh-trouble "$DOCKER_HOST" "$DOCKER_COMPLAINT")
  DOCKER_MISSING="$DOCKER_FROM: ${trouble%%$'\n'*}"
  case $trouble in *$'\n'*) DOCKER_ADVICE=${trouble#*$'\n'} ;; esac
}

may_install_docker() {
  ! ${LOOKING:-false} || return 1
  [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null
}

# find_docker: sets DOCKER_VERSION, or returns 1 with DOCKER_MISSING and DOCKER_ADVICE (lines) when none is to be had.
find_docker() {
  DOCKER_MISSING='' DOCKER_ADVICE=''
  if command -v docker >/dev/null && docker_answers; then return 0; fi
  if ! command -v docker >/dev/null && [ "$DOCKER_FROM" != 'the default socket' ]; then
    DOCKER_MISSING="$DOCKER_FROM cannot be asked: there is no docker command here"
    DOCKER_ADVICE='install the docker CLI (Debian: docker-cli, macOS: brew install docker)'
  elif reached_by_ssh; then
    explain_ssh
  elif [ "$DOCKER_FROM" != 'the default socket' ]; then
    DOCKER_MISSING="no Docker daemon answers at $DOCKER_FROM: $DOCKER_COMPLAINT"
    DOCKER_ADVICE='start that daemon, or point to another one (unset DOCKER_HOST, docker context use …)'
  elif ! command -v docker >/dev/null && [ -S /var/run/docker.sock ] && ! may_install_docker; then
    DOCKER_MISSING='there is a Docker daemon at /var/run/docker.sock, but no docker command'
    DOCKER_ADVICE='install the docker CLI (Debian: docker-cli, macOS: brew install docker)'
  elif may_install_docker; then
    install_docker
    return 0
  elif command -v dockerd >/dev/null || [ -S /var/run/docker.sock ]; then
    DOCKER_MISSING="Docker is installed, but does not answer: ${DOCKER_COMPLAINT:-}"
    DOCKER_ADVICE='start it (sudo systemctl start docker), and be a member of the group docker'
  else
    DOCKER_MISSING='no Docker daemon was found'
    DOCKER_ADVICE='install Docker Engine (Linux), or Docker Desktop, OrbStack or Colima (macOS), and start it'
  fi
  return 1
}

install_docker() {
  local log=$DATA_ROOT/docker-install.log
  mkdir -p "$DATA_ROOT"
  if ! command -v dockerd >/dev/null; then
    note 'installing Docker from the distribution (docker.io, iptables)'
    apt_install "$log" docker.io iptables
  fi
  # From Debian 13 on the command is a package of its own.
  command -v docker >/dev/null || apt_install "$log" docker-cli
  docker_answers || start_docker
}

apt_install() { # LOG PACKAGE…
  local log=$1
  shift
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    die "apt-get could not install $*" "its whole output is in $log"
  fi
}

# A daemon that was killed leaves its process id behind, and refuses to start once another process has that number.
forget_dead_docker() {
  local name file
  for name in dockerd:/var/run/docker.pid containerd:/var/run/docker/containerd/containerd.pid; do
    file=${name#*:}
    [ -f "$file" ] || continue
    [ "$(cat "/proc/$(cat "$file")/comm" 2>/dev/null)" = "${name%%:*}" ] || rm -f "$file" # Linux, as all of this
  done
}

start_docker() {
  local log=$DATA_ROOT/dockerd.log end=$((SECONDS + 60))
  note 'starting the Docker daemon'
  if [ -d /run/systemd/system ] && systemctl start docker >"$log" 2>&1; then
    :
  else
    forget_dead_docker
    setsid dockerd >"$log" 2>&1 </dev/null 3>&- & # Linux, where may_install_docker leads
  fi
  until docker_answers; do
    if [ "$SECONDS" -ge "$end" ]; then
      tail -n 15 "$log" >&2
      die 'the Docker daemon did not answer within 60 s' "its log is $log"
    fi
    sleep 0.2
  done
}

ensure_docker() {
  find_docker || die "$DOCKER_MISSING" "$(printf '%s\n' "$DOCKER_ADVICE" | sed '2,$s/^/       /')"
  DETAIL="$DOCKER_VERSION at $DOCKER_FROM"
}
