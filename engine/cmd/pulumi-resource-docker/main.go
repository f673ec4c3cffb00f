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
	data, err := schema.For(docker.Name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tfbridge.Main(docker.Name, docker.Version, docker.Provider(), data)
}
