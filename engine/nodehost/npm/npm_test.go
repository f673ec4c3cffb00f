package npm

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files below a fresh folder. A text that begins with -> is a link's target, relative to the folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(content, "->"); ok {
			err = os.Symlink(filepath.Join(root, target), path)
		} else {
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func pack(name, version string) string { return `{"name":"` + name + `","version":"` + version + `"}` }

func names(manifests []Manifest) []string {
	var all []string
	for _, manifest := range manifests {
		all = append(all, manifest.Name+"@"+manifest.Version)
	}
	return all
}

func TestInstalled(t *testing.T) {
	root := tree(t, map[string]string{
		"node_modules/above/package.json":                                  "\xef\xbb\xbf" + pack("above", "1.0.0"),
		"app/package.json":                                                 pack("app", "0.0.0"),
		"app/node_modules/plain/package.json":                              pack("plain", "1.0.0"),
		"app/node_modules/plain/lib/package.json":                          pack("not-a-package", "1.0.0"),
		"app/node_modules/plain/node_modules/nested/package.json":          pack("nested", "2.0.0"),
		"app/node_modules/@scope/one/package.json":                         pack("@scope/one", "1.0.0"),
		"app/node_modules/.cache/hidden/package.json":                      pack("hidden", "1.0.0"),
		"app/node_modules/broken/package.json":                             `{`,
		"app/node_modules/no-manifest/index.js":                            ``,
		"app/node_modules/.package-lock.json":                              `{}`,
		"app/node_modules/workspace":                                       "->packages/workspace",
		"packages/workspace/package.json":                                  pack("workspace", "1.0.0"),
		"packages/workspace/node_modules/of-workspace/package.json":        pack("of-workspace", "1.0.0"),
		"packages/workspace/node_modules/back":                             "->packages/workspace",
		"app/node_modules/stored":                                          "->app/node_modules/.pnpm/stored@1/node_modules/stored",
		"app/node_modules/.pnpm/stored@1/node_modules/stored/index.js":     ``,
		"app/node_modules/.pnpm/stored@1/node_modules/stored/package.json": pack("stored", "1.0.0"),
		"app/node_modules/.pnpm/stored@1/node_modules/beside/package.json": pack("beside", "1.0.0"),
		"app/node_modules/dangling":                                        "->nowhere",
		"app/src/main.ts":                                                  ``,
	})
	got := names(Installed(filepath.Join(root, "app/src")))
	want := []string{"@scope/one@1.0.0", "above@1.0.0", "beside@1.0.0", "nested@2.0.0", "of-workspace@1.0.0",
		"plain@1.0.0", "stored@1.0.0", "workspace@1.0.0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestDirect(t *testing.T) {
	root := tree(t, map[string]string{
		"package.json":                               `{"dependencies":{"a":"^1","@s/b":"*","gone":"1"},"devDependencies":{"a":"^1","c":"2"}}`,
		"node_modules/a/package.json":                pack("a", "1.4.0"),
		"node_modules/a/node_modules/c/package.json": pack("c", "9.0.0"),
		"node_modules/@s/b/package.json":             pack("@s/b", "0.1.0"),
		"node_modules/c/package.json":                pack("c", "2.0.0"),
		"node_modules/other/package.json":            pack("other", "1.0.0"),
	})
	got, err := Direct(root)
	if want := []string{"@s/b@0.1.0", "a@1.4.0", "c@2.0.0"}; err != nil || !slices.Equal(names(got), want) {
		t.Errorf("got %v, %v; want %v", names(got), err, want)
	}
	if _, err := Direct(tree(t, nil)); err == nil || !strings.Contains(err.Error(), "no package.json in") {
		t.Errorf("got %v", err)
	}
}

func TestLocateSDK(t *testing.T) {
	root := tree(t, map[string]string{
		"node_modules/@pulumi/pulumi/cmd/run/index.js":      ``,
		"near/node_modules/@pulumi/pulumi/cmd/run/index.js": ``,
		"near/src/index.ts":                  ``,
		"linked/node_modules/@pulumi/pulumi": "->near/node_modules/@pulumi/pulumi",
		"far/index.ts":                       ``,
	})
	for folder, want := range map[string]string{"near/src": "near", "linked": "near", "far": "."} {
		got, err := LocateSDK(context.Background(), "cmd/run", filepath.Join(root, folder), nil)
		if expected := filepath.Join(root, want, "node_modules/@pulumi/pulumi/cmd/run/index.js"); err != nil || got != expected {
			t.Errorf("%s: got %s, %v; want %s", folder, got, err, expected)
		}
	}
}

func TestLocateSDKAsksNode(t *testing.T) {
	root := tree(t, map[string]string{
		"elsewhere/@pulumi/pulumi/cmd/run/index.js": ``,
		"app/package.json":                          `{}`,
	})
	t.Setenv("NODE_PATH", filepath.Join(root, "elsewhere"))
	got, err := LocateSDK(context.Background(), "cmd/run", filepath.Join(root, "app"), nil)
	if want := filepath.Join(root, "elsewhere/@pulumi/pulumi/cmd/run/index.js"); err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestMissingSDK(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no project at all": {map[string]string{}, "there is no package.json in ROOT/app or above it"},
		"not a dependency": {
			map[string]string{"app/package.json": `{}`},
			"ROOT/app/package.json does not depend on it: run `npm install @pulumi/pulumi` there",
		},
		"not installed": {
			map[string]string{"package.json": `{"dependencies":{"@pulumi/pulumi":"3"}}`},
			"the packages of ROOT are not installed (no @pulumi/pulumi in a node_modules folder): run `npm install` there",
		},
		"not installed, with a lockfile": {
			map[string]string{"app/package.json": `{"devDependencies":{"@pulumi/pulumi":"3"}}`, "app/package-lock.json": `{}`},
			"the packages of ROOT/app are not installed (no @pulumi/pulumi in a node_modules folder): run `npm ci` there",
		},
		"too old": {
			map[string]string{"app/package.json": `{}`, "node_modules/@pulumi/pulumi/package.json": pack(SDK, "1.2.3")},
			"@pulumi/pulumi 1.2.3, installed for ROOT/app, has no cmd/run: a newer one is needed",
		},
		"an unreadable manifest": {map[string]string{"app/package.json": `{`}, "ROOT/app/package.json: want a package.json"},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, c.files)
			folder := filepath.Join(root, "app")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			_, err := LocateSDK(context.Background(), "cmd/run", folder, nil)
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), root, "ROOT"), c.want) {
				t.Errorf("got %v; want %s", err, c.want)
			}
		})
	}
}

func TestChooseManager(t *testing.T) {
	bin := tree(t, nil)
	for _, manager := range []string{"npm", "pnpm", "yarn"} {
		if err := os.WriteFile(filepath.Join(bin, manager), []byte("#!/bin/sh\necho 1.2.3\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
	for name, c := range map[string]struct {
		wanted Manager
		prefer string
		files  map[string]string
		want   Manager
	}{
		"npm by default":             {want: "npm"},
		"a lockfile":                 {files: map[string]string{"app/pnpm-lock.yaml": ""}, want: "pnpm"},
		"a lockfile above":           {files: map[string]string{"yarn.lock": ""}, want: "yarn"},
		"the nearest lockfile":       {files: map[string]string{"yarn.lock": "", "app/pnpm-lock.yaml": ""}, want: "pnpm"},
		"a guessed one that is gone": {files: map[string]string{"app/bun.lock": ""}, want: "npm"},
		"Pulumi's variable":          {prefer: "true", want: "yarn"},
		"the wanted one":             {wanted: "pnpm", files: map[string]string{"yarn.lock": ""}, want: "pnpm"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PULUMI_PREFER_YARN", c.prefer)
			got, err := ChooseManager(c.wanted, filepath.Join(tree(t, c.files), "app"))
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
	if _, err := ChooseManager("bun", bin); err == nil || !strings.Contains(err.Error(), "bun was not found on PATH") {
		t.Errorf("a wanted manager that is gone: got %v", err)
	}
	if version, err := Manager("yarn").Version(); err != nil || version != "1.2.3" {
		t.Errorf("version: got %q, %v", version, err)
	}
}

func TestAManagersVersionIsReadFromItsPackage(t *testing.T) {
	root := tree(t, map[string]string{
		"lib/node_modules/npm/package.json":   `{"name": "npm", "version": "11.2.3"}`,
		"lib/node_modules/npm/bin/npm-cli.js": "#!/bin/sh\nexit 1\n",
	})
	bin := t.TempDir()
	if err := os.Chmod(filepath.Join(root, "lib/node_modules/npm/bin/npm-cli.js"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "lib/node_modules/npm/bin/npm-cli.js"), filepath.Join(bin, "npm")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	if version, err := Manager("npm").Version(); err != nil || version != "11.2.3" {
		t.Errorf("got %q, %v", version, err)
	}
}
