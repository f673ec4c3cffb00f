package npm

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Installed reads the manifests of all packages that a program in folder can reach: those in the node_modules folders
// there and above, and their own. Links are followed, as workspaces and pnpm make them. A manifest that cannot be read
// is passed over, since Node does not mind it before somebody loads that package.
func Installed(folder string) []Manifest { return walk(folder, nil) }

// InstalledWithPlugin gives those of the installed packages that say something to Pulumi. Parsing only these saves
// nearly half of the time.
func InstalledWithPlugin(folder string) []Manifest {
	found := walk(folder, []byte(`"pulumi"`))
	return slices.DeleteFunc(found, func(manifest Manifest) bool { return manifest.Pulumi == nil })
}

// Direct gives what a project's package.json names, in the versions that are installed.
func Direct(folder string) ([]Manifest, error) {
	root := ProjectFolder(folder)
	if root == "" {
		return nil, fmt.Errorf("there is no package.json in %s or above it", folder)
	}
	project, err := ReadManifest(root)
	if err != nil {
		return nil, err
	}
	names := slices.Collect(maps.Keys(project.Dependencies))
	names = slices.AppendSeq(names, maps.Keys(project.DevDependencies))
	slices.Sort(names)
	found := []Manifest{}
	for _, name := range slices.Compact(names) {
		if manifest, err := find(folder, name); err == nil {
			found = append(found, manifest)
		}
	}
	return found, nil
}

type search struct {
	mention []byte
	seen    map[string]bool
	found   []Manifest
}

func walk(folder string, mention []byte) []Manifest {
	s := search{mention: mention, seen: map[string]bool{}}
	s.from(folder)
	slices.SortFunc(s.found, func(a, b Manifest) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version))
	})
	return s.found
}

func (s *search) from(folder string) {
	for _, candidate := range upward(folder) {
		s.modules(filepath.Join(candidate, modules))
	}
}

// modules looks through one node_modules folder.
func (s *search) modules(folder string) {
	if s.seen[folder] {
		return
	}
	s.seen[folder] = true
	s.entries(folder, func(name, path string, link bool) {
		if !strings.HasPrefix(name, "@") {
			s.pack(path, link)
			return
		}
		s.entries(path, func(_, path string, link bool) { s.pack(path, link) })
	})
}

func (s *search) entries(folder string, visit func(name, path string, link bool)) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		link := entry.Type()&os.ModeSymlink != 0
		if (link || entry.IsDir()) && !strings.HasPrefix(entry.Name(), ".") {
			visit(entry.Name(), filepath.Join(folder, entry.Name()), link)
		}
	}
}

func (s *search) pack(folder string, link bool) {
	if link {
		real, err := filepath.EvalSymlinks(folder)
		if err != nil {
			return
		}
		folder = real
	}
	if s.seen[folder] {
		return
	}
	s.seen[folder] = true
	if manifest, err := readManifest(folder, s.mention); err == nil {
		s.found = append(s.found, manifest)
	}
	if link {
		s.from(folder)
	} else {
		s.modules(filepath.Join(folder, modules))
	}
}
