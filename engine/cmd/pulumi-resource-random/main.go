// The Pulumi plugin of the package random.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"dockwright/engine/bridge/random"
	"dockwright/engine/bridge/schema"
)

func main() {
	// The CLI asks each plugin for its log at debug level, with every property in it, which nobody reads here.
	_ = os.Unsetenv("PULUMI_LOG_OTLP_ENDPOINT")
	data, err := schema.For(random.Name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tfbridge.Main(context.Background(), random.Name, random.Provider(), tfbridge.ProviderMetadata{PackageSchema: data})
}
