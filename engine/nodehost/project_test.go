package nodehost

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func write(t *testing.T, mode os.FileMode, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

func TestRequiredPackages(t *testing.T) {
	folder := t.TempDir()
	for name, manifest := range map[string]string{
		"@pulumi/random":                `{"name":"@pulumi/random","version":"4.21.2","pulumi":{"resource":true}}`,
		"x/node_modules/@pulumi/random": `{"name":"@pulumi/random","version":"v4.21.2","pulumi":{"resource":true}}`,
		"y/node_modules/@pulumi/random": `{"name":"@pulumi/random","version":"4.0.0","pulumi":{"resource":true}}`,
		"@acme/cloud":                   `{"name":"@acme/cloud","version":"1.0.0","pulumi":{"resource":true,"server":"https://acme"}}`,
		"renamed":                       `{"name":"renamed","version":"9.9.9","pulumi":{"resource":true,"name":"own","version":"2.0.0"}}`,
		"no-plugin":                     `{"name":"no-plugin","version":"1.0.0","pulumi":{"resource":false}}`,
		"plain":                         `{"name":"plain","version":"1.0.0"}`,
		"parameterized":                 `{"name":"p","version":"1.0.0","pulumi":{"resource":true,"name":"base","parameterization":{"name":"p","version":"3.0.0","value":"eyJ9"}}}`,
	} {
		write(t, 0o644, manifest, folder, "node_modules", name, "package.json")
	}
	client, _ := connect(t)
	response, err := client.GetRequiredPackages(context.Background(), &pulumirpc.GetRequiredPackagesRequest{Info: info(t, folder, nil)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range response.Packages {
		got = append(got, strings.TrimSpace(fmt.Sprint(p.Kind, " ", p.Name, " ", p.Version, " ", p.Server, " ",
			p.Parameterization.GetName(), " ", p.Parameterization.GetVersion(), " ", string(p.Parameterization.GetValue()))))
	}
	want := `resource acme/cloud v1.0.0 https://acme
resource random v4.0.0
resource random v4.21.2
resource base v1.0.0  p 3.0.0 {"}
resource own v2.0.0`
	if strings.Join(got, "\n") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n"), want)
	}
	older, err := client.GetRequiredPlugins(context.Background(), &pulumirpc.GetRequiredPluginsRequest{Info: info(t, folder, nil)})
	if err != nil || len(older.Plugins) != len(response.Packages) {
		t.Errorf("plugins: got %v, %v", older, err)
	}
}

func TestProgramDependencies(t *testing.T) {
	folder := t.TempDir()
	write(t, 0o644, `{"dependencies":{"a":"^1"}}`, folder, "package.json")
	write(t, 0o644, `{"name":"a","version":"1.2.0"}`, folder, "node_modules/a/package.json")
	write(t, 0o644, `{"name":"b","version":"3.0.0"}`, folder, "node_modules/b/package.json")
	client, _ := connect(t)
	for transitive, want := range map[bool]int{false: 1, true: 2} {
		response, err := client.GetProgramDependencies(context.Background(), &pulumirpc.GetProgramDependenciesRequest{
			Info: info(t, folder, nil), TransitiveDependencies: transitive,
		})
		if err != nil || len(response.Dependencies) != want || response.Dependencies[0].Version != "1.2.0" {
			t.Errorf("transitive %v: got %v, %v", transitive, response, err)
		}
	}
}

// standIns puts programs of these names, and nothing else but the shell's own, on PATH.
func standIns(t *testing.T, scripts map[string]string) {
	t.Helper()
	bin := t.TempDir()
	for name, script := range scripts {
		write(t, 0o755, "#!/bin/sh\n"+script+"\n", bin, name)
	}
	t.Setenv("PATH", bin)
}

func TestAbout(t *testing.T) {
	standIns(t, map[string]string{"node": "echo v24.1.0", "pnpm": "echo 9.0.1"})
	client, _ := connect(t)
	response, err := client.About(context.Background(), &pulumirpc.AboutRequest{
		Info: info(t, t.TempDir(), map[string]any{"packagemanager": "pnpm"}),
	})
	if err != nil || !strings.HasSuffix(response.Executable, "/node") || response.Version != "v24.1.0" ||
		response.Metadata["packagemanager"] != "pnpm" || response.Metadata["packagemanagerVersion"] != "9.0.1" {
		t.Errorf("got %v, %v", response, err)
	}
}

func TestInstallDependencies(t *testing.T) {
	standIns(t, map[string]string{"npm": `echo "$PWD: npm $*"; echo problem >&2; exit ${FAIL:-0}`})
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, 0o644, `{}`, folder, "package.json")
	output, err := install(t, folder)
	if err != nil || !strings.Contains(output, folder+": npm install --loglevel=error\n") || !strings.Contains(output, "problem") {
		t.Errorf("got %q, %v", output, err)
	}
	t.Setenv("FAIL", "3")
	if _, err := install(t, folder); err == nil || !strings.Contains(err.Error(), "failed in "+folder+": exit status 3") {
		t.Errorf("got %v", err)
	}
	if _, err := install(t, t.TempDir()); err == nil || !strings.Contains(err.Error(), "nothing to install") {
		t.Errorf("got %v", err)
	}
}

func install(t *testing.T, folder string) (string, error) {
	t.Helper()
	client, _ := connect(t)
	stream, err := client.InstallDependencies(context.Background(),
		&pulumirpc.InstallDependenciesRequest{Info: info(t, folder, nil)})
	if err != nil {
		t.Fatal(err)
	}
	var output string
	for {
		message, err := stream.Recv()
		if err == io.EOF {
			return output, nil
		}
		if err != nil {
			return output, err
		}
		output += string(message.Stdout) + string(message.Stderr)
	}
}

func TestPrompts(t *testing.T) {
	standIns(t, map[string]string{"npm": "", "yarn": ""})
	client, _ := connect(t)
	ask := func(values map[string]any) (*pulumirpc.RuntimeOptionsResponse, error) {
		return client.RuntimeOptionsPrompts(context.Background(), &pulumirpc.RuntimeOptionsRequest{Info: info(t, "/", values)})
	}
	response, err := ask(nil)
	if err != nil || len(response.Prompts) != 1 || len(response.Prompts[0].Choices) != 2 ||
		response.Prompts[0].Default.StringValue != "npm" {
		t.Errorf("got %v, %v", response, err)
	}
	if response, err := ask(map[string]any{"packagemanager": "npm"}); err != nil || len(response.Prompts) != 0 {
		t.Errorf("already chosen: got %v, %v", response, err)
	}
}

func TestWhatIsNotOffered(t *testing.T) {
	client, _ := connect(t)
	_, err := client.GenerateProject(context.Background(), &pulumirpc.GenerateProjectRequest{})
	if status.Code(err) != codes.Unimplemented || !strings.Contains(err.Error(), "needs the released Node.js language host") {
		t.Errorf("got %v", err)
	}
}
