package nodehost

import (
	"errors"
	"fmt"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"dockwright/engine/nodehost/npm"
)

// options are the runtime's options in a project file.
type options struct {
	typescript bool
	tsconfig   string
	nodeArgs   []string
	manager    npm.Manager
}

// readOptions checks all options, and names every wrong one.
func readOptions(info *pulumirpc.ProgramInfo) (options, error) {
	values := info.GetOptions().AsMap()
	var problems []error
	wrong := func(name, want string, got any) {
		problems = append(problems, fmt.Errorf("runtime.options.%s: want %s, got %#v", name, want, got))
	}
	text := func(name string) string {
		value, given := values[name]
		text, isText := value.(string)
		if given && !isText {
			wrong(name, "a text", value)
		}
		return text
	}

	read := options{typescript: true, tsconfig: text("tsconfig")}
	switch value := values["typescript"].(type) {
	case nil:
	case bool:
		read.typescript = value
	default:
		wrong("typescript", "true or false", value)
	}
	var err error
	if read.nodeArgs, err = shlex.Split(text("nodeargs")); err != nil {
		wrong("nodeargs", "arguments with matching quotes", values["nodeargs"])
	}
	if read.manager, err = npm.ParseManager(text("packagemanager")); err != nil {
		problems = append(problems, fmt.Errorf("runtime.options.packagemanager: %w", err))
	}
	return read, errors.Join(problems...)
}
