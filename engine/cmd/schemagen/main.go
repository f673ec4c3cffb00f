// Schemagen writes the schemas of the bridged plugins into the folder it is given.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	pfgen "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"dockwright/engine/bridge/docker"
	"dockwright/engine/bridge/random"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: schemagen FOLDER"))
	}
	for _, info := range []tfbridge.ProviderInfo{docker.Provider(), random.Provider()} {
		// In-memory documentation: the upstream repositories, where the long texts are, are not at hand.
		result, err := pfgen.GenerateSchema(context.Background(), pfgen.GenerateSchemaOptions{
			ProviderInfo:  info,
			XInMemoryDocs: true,
		})
		if err != nil {
			fail(err)
		}
		file := filepath.Join(os.Args[1], info.Name+".json")
		if err := os.WriteFile(file, result.ProviderMetadata.PackageSchema, 0o600); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "schemagen:", err)
	os.Exit(1)
}
