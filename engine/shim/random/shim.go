// Package shim hands out the unpatched hashicorp/random provider.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// Provider returns the provider.
func Provider() provider.Provider {
	return random.New()
}
