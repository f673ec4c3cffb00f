// Package random describes how hashicorp's provider becomes the Pulumi package "random",
// with the tokens and names that @pulumi/random 4.21.2 on npm uses.
package random

import (
	"context"
	"errors"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	bridgetokens "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

const (
	// Name is the Pulumi package.
	Name = "random"
	// Version is the release whose SDK this plugin serves.
	Version = "4.21.2"
)

// Provider returns the package.
func Provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:           pf.ShimProvider(shim.Provider()),
		Name:        Name,
		Version:     Version,
		Description: "Random values that are kept in the state, bridged from hashicorp/terraform-provider-random",
		License:     "Apache-2.0",
		GitHubOrg:   "hashicorp",
		Resources: map[string]*tfbridge.ResourceInfo{
			"random_bytes": {ComputeID: bytesID},
		},
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
		MetadataInfo:                tfbridge.NewProviderMetadata(nil),
	}
	info.MustComputeTokens(bridgetokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return bridgetokens.MakeStandard(Name)(module, "Random"+name)
	}))
	return info
}

// bytesID stands in for the id that random_bytes, alone among these resources, does not have upstream.
func bytesID(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
	value := state["base64"]
	if value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return "", errors.New("random_bytes came back without its base64 value")
	}
	return resource.ID(value.StringValue()), nil
}
