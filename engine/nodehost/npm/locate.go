package npm

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// SDK is the package that every Pulumi program needs.
const SDK = "@pulumi/pulumi"

// askNode bounds how long Node may take to say where a module is.
const askNode = 20 * time.Second

// LocateSDK finds one of the SDK's own programs, such as cmd/run, as Node would for a program in folder. Node itself is
// asked only where there is no plain node_modules (NODE_PATH, or a loader among nodeArgs, as Yarn's Plug'n'Play has).
func LocateSDK(ctx context.Context, program, folder string, nodeArgs []string) (string, error) {
	for _, candidate := range upward(folder) {
		file := filepath.Join(candidate, modules, filepath.FromSlash(SDK), filepath.FromSlash(program), "index.js")
		if exists(file) {
			return filepath.EvalSymlinks(file)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askNode)
	defer cancel()
	code := fmt.Sprintf("process.stdout.write(require.resolve('%s/%s'))", SDK, program)
	ask := exec.CommandContext(ctx, "node", append(append([]string{}, nodeArgs...), "-e", code)...)
	ask.Dir = folder
	if answer, err := ask.Output(); err == nil {
		return strings.TrimSpace(string(answer)), nil
	}
	return "", missing(program, folder)
}

// missing says what is not there, and what would bring it.
func missing(program, folder string) error {
	project := ProjectFolder(folder)
	if project == "" {
		return fmt.Errorf("there is no package.json in %s or above it: "+
			"a Node.js program needs one that depends on %s (npm init, then npm install %s)", folder, SDK, SDK)
	}
	if installed, err := find(folder, SDK); err == nil {
		return fmt.Errorf("%s %s, installed for %s, has no %s: a newer one is needed (npm install %s@latest)",
			SDK, installed.Version, folder, program, SDK)
	}
	manifest, err := ReadManifest(project)
	if err != nil {
		return err
	}
	if manifest.Dependencies[SDK] == "" && manifest.DevDependencies[SDK] == "" {
		return fmt.Errorf("%s is not installed for %s, and %s does not depend on it: run `npm install %s` there",
			SDK, folder, filepath.Join(project, "package.json"), SDK)
	}
	manager, _ := ChooseManager("", project)
	return fmt.Errorf("the packages of %s are not installed (no %s in a node_modules folder): run `%s` there",
		project, SDK, manager.CleanInstall(project))
}

// find reads the manifest of the package that a program in folder would load.
func find(folder, name string) (Manifest, error) {
	for _, candidate := range upward(folder) {
		installed := filepath.Join(candidate, modules, filepath.FromSlash(name))
		if exists(installed, "package.json") {
			return ReadManifest(installed)
		}
	}
	return Manifest{}, fmt.Errorf("%s is not installed for %s", name, folder)
}
