// The Pulumi plugin of the package docker.
package main

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"dockwright/engine/bridge/docker"
	"dockwright/engine/bridge/schema"
)

func main() {
	// The CLI asks each plugin for its log at debug level, with every property in it, which nobody reads here.
	_ = os.Unsetenv("PULUMI_LOG_OTLP_ENDPOINT")
	data, err := schema.For(docker.Name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tfbridge.Main(docker.Name, docker.Version, docker.Provider(), data)
}
