// Package npm knows how Node lays out packages: what is installed for a program, and which tool installs it. It starts
// no process to look something up, since every preview asks.
package npm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

const modules = "node_modules"

// Manifest is what we read of a package.json.
type Manifest struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	PackageManager  string            `json:"packageManager"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
	Pulumi          *Plugin           `json:"pulumi"`
}

// Plugin is the section by which a package says that it needs a Pulumi plugin.
type Plugin struct {
	Resource                  bool              `json:"resource"`
	Name                      string            `json:"name"`
	Version                   string            `json:"version"`
	Server                    string            `json:"server"`
	Parameterization          *Parameterization `json:"parameterization"`
	ExtensionParameterization *Parameterization `json:"extensionParameterization"`
}

// Parameterization makes a package out of another package's plugin.
type Parameterization struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Value   []byte `json:"value"`
}

// ReadManifest reads the package.json of a folder.
func ReadManifest(folder string) (Manifest, error) { return readManifest(folder, nil) }

// readManifest gives an empty manifest for one that does not mention a text.
func readManifest(folder string, mention []byte) (Manifest, error) {
	var manifest Manifest
	path := filepath.Join(folder, "package.json")
	content, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(content, mention) {
		return manifest, err
	}
	if err := json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), &manifest); err != nil {
		return manifest, fmt.Errorf("%s: want a package.json: %w", path, err)
	}
	return manifest, nil
}

// upward gives a folder and all that contain it, the nearest first.
func upward(folder string) []string {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil
	}
	folders := []string{folder}
	for parent := filepath.Dir(folder); parent != folder; parent = filepath.Dir(folder) {
		folder = parent
		folders = append(folders, folder)
	}
	return folders
}

func exists(path ...string) bool {
	_, err := os.Stat(filepath.Join(path...))
	return err == nil
}

// ProjectFolder is the nearest folder upward with a package.json, or the empty string.
func ProjectFolder(folder string) string {
	for _, candidate := range upward(folder) {
		if exists(candidate, "package.json") {
			return candidate
		}
	}
	return ""
}
