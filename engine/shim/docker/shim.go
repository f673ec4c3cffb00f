// Package shim hands out the unpatched kreuzwerker/docker provider.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// Provider returns the provider; version ends up in its user agent only.
func Provider(version string) *schema.Provider {
	return provider.New(version)()
}
