// The Pulumi plugin of dynamic providers: it becomes the Node process that serves those of the program in its folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"dockwright/engine/nodehost/npm"
)

func main() {
	fmt.Fprintln(os.Stderr, become(os.Args[1:]))
	os.Exit(1)
}

func become(arguments []string) error {
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	provider, err := npm.LocateSDK(context.Background(), "cmd/dynamic-provider", folder, nil)
	if err != nil {
		return err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return errors.New("node was not found on PATH: install Node.js (https://nodejs.org), or add it to PATH")
	}
	return syscall.Exec(node, append([]string{node, provider}, arguments...), os.Environ())
}
