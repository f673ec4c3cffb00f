#!/bin/sh
# Renders /etc/nginx/templates/*.template into /etc/nginx/conf.d, replacing environment variables that are set.
set -e

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

[ -d "$templates" ] || exit 0
if [ ! -w "$output" ]; then
  echo "$0: $output cannot be written, so the templates are left alone" >&2
  exit 0
fi
# shellcheck disable=SC2016 # envsubst wants the names with their dollar signs
variables=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/${\1}/p')
for template in "$templates"/*.template; do
  [ -e "$template" ] || continue
  name=${template##*/}
  envsubst "$variables" <"$template" >"$output/${name%.template}"
done
