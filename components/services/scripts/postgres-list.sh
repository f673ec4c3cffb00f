# shellcheck shell=sh
# Prints the roles that can log in, but for the superuser and the health check, which can do so inside the container only.
docker exec "$CONTAINER" psql -X -U postgres -d postgres -tAc \
  "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname NOT IN ('postgres', '$HEALTH_ROLE') ORDER BY 1"
