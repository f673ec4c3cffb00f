package npm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Manager is a program that installs packages.
type Manager string

// Managers lists those we know, the usual one first.
var Managers = []Manager{"npm", "pnpm", "yarn", "bun"}

// How each manager is recognised. Where several lockfiles lie together the order counts.
var lockfiles = []struct {
	file    string
	manager Manager
}{
	{"yarn.lock", "yarn"},
	{"pnpm-lock.yaml", "pnpm"},
	{"bun.lock", "bun"},
	{"bun.lockb", "bun"},
	{"package-lock.json", "npm"},
}

// ParseManager checks a name from a project file; the empty one and "auto" leave the choice open.
func ParseManager(name string) (Manager, error) {
	if name == "" || name == "auto" {
		return "", nil
	}
	if !slices.Contains(Managers, Manager(name)) {
		return "", fmt.Errorf("want auto, npm, pnpm, yarn or bun, got %q", name)
	}
	return Manager(name), nil
}

// ChooseManager is the wanted manager, else the one whose lockfile is nearest upward from folder, else npm. It fails
// when a wanted manager is not there; a guessed one that is missing makes way for npm.
func ChooseManager(wanted Manager, folder string) (Manager, error) {
	if wanted != "" {
		return wanted, wanted.present()
	}
	if guessed := guess(folder); guessed.present() == nil {
		return guessed, nil
	}
	return "npm", Manager("npm").present()
}

func guess(folder string) Manager {
	if prefer, err := strconv.ParseBool(os.Getenv("PULUMI_PREFER_YARN")); err == nil && prefer {
		return "yarn"
	}
	for _, candidate := range upward(folder) {
		for _, lockfile := range lockfiles {
			if exists(candidate, lockfile.file) {
				return lockfile.manager
			}
		}
	}
	return "npm"
}

func (manager Manager) present() error {
	if _, err := exec.LookPath(string(manager)); err != nil {
		return fmt.Errorf("%s was not found on PATH: %s", manager, hint[manager])
	}
	return nil
}

var hint = map[Manager]string{
	"npm":  "it comes with Node.js (https://nodejs.org)",
	"pnpm": "npm install --global pnpm",
	"yarn": "npm install --global yarn",
	"bun":  "npm install --global bun",
}

// Install is the command that installs a project's packages.
func (manager Manager) Install() []string {
	command := []string{string(manager), "install"}
	if manager == "npm" {
		// Its warnings about fields that a program does not need would hide what matters.
		command = append(command, "--loglevel=error")
	}
	return command
}

// CleanInstall is what we advise: exactly what the lockfile says, where there is one.
func (manager Manager) CleanInstall(folder string) string {
	if manager == "npm" && exists(folder, "package-lock.json") {
		return "npm ci"
	}
	return string(manager) + " install"
}

// Version is the version of the package that the manager's command lies in, since starting it would take a fifth of a
// second of every preview; where there is no such package, the command is asked.
func (manager Manager) Version() (string, error) {
	path, err := exec.LookPath(string(manager))
	if err != nil {
		return "", err
	}
	if file, err := filepath.EvalSymlinks(path); err == nil {
		for _, folder := range upward(filepath.Dir(file)) {
			if manifest, err := ReadManifest(folder); err == nil && manifest.Version != "" {
				if manifest.Name == string(manager) {
					return manifest.Version, nil
				}
				break
			}
		}
	}
	output, err := exec.Command(path, "--version").Output()
	return strings.TrimSpace(string(output)), err
}
