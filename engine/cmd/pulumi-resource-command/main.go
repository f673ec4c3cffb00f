// The Pulumi plugin of the package command.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"

	"dockwright/engine/command"
)

func main() {
	if err := p.RunProvider(context.Background(), command.Name, command.Version, command.Provider()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
