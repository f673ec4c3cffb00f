// The provider keeps its code under internal/, which Go opens only to packages below the provider's own path.
// This module lives at such a path and hands the provider out; the replace in ../../go.mod says where it comes from.
module github.com/terraform-providers/terraform-provider-docker/shim

go 1.25.8

require (
	github.com/hashicorp/terraform-plugin-sdk/v2 v2.40.1
	github.com/terraform-providers/terraform-provider-docker v0.0.0
)
