# shellcheck shell=bash
# shellcheck disable=SC2154 # PULUMI, PLUGINS, here and work are set by ensure.sh, which sources this
# The same engine from Go modules. This file counts for what an engine is made from: a change rebuilds it.

# The user's GOFLAGS stay in force, except where these flags decide what is built. Without cgo no C compiler is needed.
go_build() { # FOLDER OUTPUT PACKAGE…
  local folder=$1 output=$2
  shift 2
  (cd "$folder" && GOWORK=off CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -o "$output" \
    -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI" "$@")
}

make_built() {
  local src=$work/src bin=$work/home/bin made=$work/made plugin
  mkdir -p "$src" "$bin" "$made"
  cp -R "$here/bridge" "$here/cmd" "$here/command" "$here/nodehost" "$here/shim" "$here/go.mod" "$here/go.sum" "$src" || return 1
  step "building pulumi $PULUMI from Go modules (about 10 min the first time)" \
    go_build "$src" "$made/" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi ./cmd/pulumi-language-nodejs \
    ./cmd/pulumi-resource-pulumi-nodejs ./cmd/pulumi-resource-command ./cmd/schemagen || return 1
  step "making the plugins' schemas" "$made/schemagen" "$src/bridge/schema/generated" || return 1
  step "building the plugins docker and random" \
    go_build "$src" "$made/" ./cmd/pulumi-resource-docker ./cmd/pulumi-resource-random || return 1
  mv "$made/pulumi" "$made/pulumi-language-nodejs" "$made/pulumi-resource-pulumi-nodejs" "$bin/" || return 1
  for plugin in $PLUGINS; do
    step "installing the plugin $plugin" pulumi plugin install resource "${plugin%@*}" "${plugin#*@}" \
      --file "$made/pulumi-resource-${plugin%@*}" || return 1
  done
}
