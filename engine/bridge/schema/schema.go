// Package schema holds the package schemas of the bridged plugins, made by cmd/schemagen before the plugins are built.
// They are embedded because making them takes seconds, and a plugin has to start at once.
package schema

import (
	"embed"
	"fmt"
)

// The folder also holds a README, so that the code compiles, vets and tests before the schemas exist.
//
//go:embed generated
var generated embed.FS

// For returns the schema of a package.
func For(pkg string) ([]byte, error) {
	data, err := generated.ReadFile("generated/" + pkg + ".json")
	if err != nil {
		return nil, fmt.Errorf("this plugin was built without its schema: run schemagen first, as engine/ensure.sh does: %w", err)
	}
	return data, nil
}
