package command

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blang/semver"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func ptr[T any](value T) *T { return &value }

func TestRun(t *testing.T) {
	previous := Result{Stdout: "old out", Stderr: "old err"}
	for name, c := range map[string]struct {
		command string
		options Options
		stdout  string
		stderr  string
	}{
		"both streams, one last newline less": {"echo a; echo; echo b >&2", Options{}, "a\n", "b"},
		"stdin":                               {"cat", Options{Stdin: ptr("one\ntwo")}, "one\ntwo", ""},
		"no stdin is an empty one":            {"cat", Options{}, "", ""},
		"environment on top of the process's": {`echo "$GREETING $PATH"`, Options{Environment: &map[string]string{"GREETING": "hi"}}, "hi " + os.Getenv("PATH"), ""},
		"dir":                                 {"pwd", Options{Dir: ptr("/")}, "/", ""},
		"interpreter":                         {"$0 is text", Options{Interpreter: &[]string{"/bin/echo", "-n"}}, "$0 is text", ""},
		"an empty interpreter is the default": {"echo x", Options{Interpreter: &[]string{}}, "x", ""},
		"previous output by default":          {`echo "$PULUMI_COMMAND_STDOUT, $PULUMI_COMMAND_STDERR"`, Options{}, "old out, old err", ""},
		"previous output switched off":        {`echo "$PULUMI_COMMAND_STDOUT"`, Options{AddPreviousOutputInEnv: ptr(false)}, "", ""},
		"a long line without a newline":       {"head -c 200000 /dev/zero | tr '\\0' x", Options{}, strings.Repeat("x", 200000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := run(context.Background(), c.command, c.options, previous)
			if err != nil || result.Stdout != c.stdout || result.Stderr != c.stderr {
				t.Errorf("got %q, %q, %v; want %q, %q", result.Stdout, result.Stderr, err, c.stdout, c.stderr)
			}
		})
	}
}

func TestRunFailure(t *testing.T) {
	for name, c := range map[string]struct {
		command string
		options Options
		want    string
	}{
		"exit status and stdout": {"echo out; exit 3", Options{}, "exit status 3: running \"echo out; exit 3\":\nout\n"},
		"exit status and stderr": {"echo err >&2; exit 3", Options{}, "exit status 3: running \"echo err >&2; exit 3\":\nerr\n"},
		"a signal":               {"kill -9 $$", Options{}, "signal: killed: running \"kill -9 $$\":\n"},
		"no such interpreter":    {"x", Options{Interpreter: &[]string{"/nowhere"}}, "fork/exec /nowhere: no such file or directory: running \"x\":\n"},
		"no such folder":         {"x", Options{Dir: ptr("/nowhere")}, "stat /nowhere: no such file or directory: running \"x\":\n"},
		"a bad path rule":        {"true", Options{Dir: ptr(t.TempDir()), AssetPaths: &[]string{"[a"}}, "path rule \"[a\": unexpected end of input"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := run(context.Background(), c.command, c.options, Result{}); err == nil || err.Error() != c.want {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}

func TestLogging(t *testing.T) {
	for _, c := range []struct {
		logging *Logging
		want    string
	}{
		{nil, "both"}, {ptr(Logging("stdoutAndStderr")), "both"},
		{ptr(Logging("stdout")), "stdout"}, {ptr(Logging("stderr")), "stderr"}, {ptr(Logging("none")), ""},
	} {
		for _, stream := range []Logging{"stdout", "stderr"} {
			want := c.want == "both" || c.want == string(stream)
			if got := logs(c.logging, stream); got != want {
				t.Errorf("%v of %v: got %v", stream, c.logging, got)
			}
		}
	}
}

func TestLoggedLines(t *testing.T) {
	var lines []string
	out := capture{log: func(line string) { lines = append(lines, line) }}
	shown, silent := &stream{capture: &out, logged: true}, &stream{capture: &out}
	for _, text := range []string{"on", "e\ntwo\n", "three"} {
		_, _ = shown.Write([]byte(text))
		_, _ = silent.Write([]byte("never\n"))
	}
	out.end(shown, silent)
	if want := []string{"one", "two", "three"}; !slices.Equal(lines, want) {
		t.Errorf("got %q; want %q", lines, want)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	command := "mkdir -p src sub/deep; touch src/a.js src/secret.js sub/deep/b.txt c.txt"
	result, err := run(context.Background(), command, Options{
		Dir:          &dir,
		AssetPaths:   &[]string{"src/*.js", "**.txt", "!**secret.*"},
		ArchivePaths: &[]string{"*.txt"},
	}, Result{})
	if err != nil {
		t.Fatal(err)
	}
	assets := slices.Sorted(maps.Keys(*result.Assets))
	if want := []string{"c.txt", "src/a.js", "sub/deep/b.txt"}; !slices.Equal(assets, want) {
		t.Errorf("assets: got %q; want %q", assets, want)
	}
	members, _ := result.Archive.GetAssets()
	if got := slices.Sorted(maps.Keys(members)); !slices.Equal(got, []string{"c.txt"}) {
		t.Errorf("archive: got %q", got)
	}
}

func TestCancelEndsTheGroup(t *testing.T) {
	grace = time.Second
	for name, command := range map[string]string{
		"a pipeline":              `sleep 60 | sleep 60`,
		"a background process":    `sleep 60 & sleep 60`,
		"one that ignores a TERM": `trap '' TERM; sleep 60`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			started := filepath.Join(t.TempDir(), "started")
			go func() {
				for !exists(started) {
					time.Sleep(5 * time.Millisecond)
				}
				cancel()
			}()
			begin := time.Now()
			_, err := run(ctx, "touch "+started+"; "+command, Options{}, Result{})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func TestHide(t *testing.T) {
	secret := func(text string) property.Value { return property.New(text).WithSecret(true) }
	ctx := hiding(context.Background(), property.NewMap(map[string]property.Value{
		"stdin":       secret("hunter2hunter2\nSELECT 1;\nab\n"),
		"environment": property.New(map[string]property.Value{"TOKEN": secret("tok-123"), "MODE": property.New("plain")}),
		"create":      property.New("visible"),
	}))
	got := hide(ctx, "hunter2hunter2 tok-123 plain visible SELECT 1; ab")
	if want := "[secret] [secret] plain visible [secret] ab"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

// Each operation as the engine asks for it, over a file that records what ran.
func TestLifecycle(t *testing.T) {
	ctx, provider := context.Background(), Provider()
	urn := resource.NewURN("dev", "test", "", commandToken, "c")
	record := filepath.Join(t.TempDir(), "record")
	inputs := property.NewMap(map[string]property.Value{
		"create":      property.New(`echo create $(cat) >> "$RECORD"; echo created`),
		"delete":      property.New(`echo delete after $PULUMI_COMMAND_STDOUT >> "$RECORD"`),
		"stdin":       property.New("s3cret-input").WithSecret(true),
		"environment": property.New(map[string]property.Value{"RECORD": property.New(record)}),
		"triggers":    property.New([]property.Value{property.New("1")}),
	})

	checked, err := provider.Check(ctx, p.CheckRequest{Urn: urn, Inputs: inputs})
	if err != nil || len(checked.Failures) > 0 {
		t.Fatal(err, checked.Failures)
	}
	if _, err = provider.Create(ctx, p.CreateRequest{Urn: urn, Properties: checked.Inputs, DryRun: true}); err != nil || exists(record) {
		t.Fatal("a preview ran the command", err)
	}
	created, err := provider.Create(ctx, p.CreateRequest{Urn: urn, Properties: checked.Inputs})
	if err != nil {
		t.Fatal(err)
	}
	if got := created.Properties.Get("stdout"); got.AsString() != "created" || got.Secret() {
		t.Errorf("stdout: %#v", got)
	}
	if !created.Properties.Get("stdin").Secret() {
		t.Error("a secret stdin came back as plain text")
	}

	update := func(inputs property.Map) property.Map {
		t.Helper()
		resp, err := provider.Update(ctx, p.UpdateRequest{
			ID: created.ID, Urn: urn, State: created.Properties, OldInputs: checked.Inputs, Inputs: inputs,
		})
		if err != nil {
			t.Fatal(err)
		}
		return resp.Properties
	}
	update(checked.Inputs.Set("stdin", property.New("again")))
	state := update(checked.Inputs.Set("update", property.New(`echo update >> "$RECORD"; echo updated`)))
	if err := provider.Delete(ctx, p.DeleteRequest{ID: created.ID, Urn: urn, Properties: state}); err != nil {
		t.Fatal(err)
	}
	lines, _ := os.ReadFile(record)
	if want := "create s3cret-input\ncreate again\nupdate\ndelete after updated\n"; string(lines) != want {
		t.Errorf("ran %q; want %q", lines, want)
	}

	failing := checked.Inputs.Set("create", property.New("cat; exit 7"))
	_, err = provider.Create(ctx, p.CreateRequest{Urn: urn, Properties: failing})
	if err == nil || !strings.Contains(err.Error(), "exit status 7") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a failure that echoes its input: %v", err)
	}
}

func serve(t *testing.T) integration.Server {
	t.Helper()
	server, err := integration.NewServer(context.Background(), Name, semver.MustParse(Version), integration.WithProvider(Provider()))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestDiff(t *testing.T) {
	server := serve(t)
	old := property.NewMap(map[string]property.Value{"create": property.New("a")})
	for name, c := range map[string]struct {
		inputs property.Map
		kind   p.DiffKind
		key    string
	}{
		"nothing":      {old, "", ""},
		"create":       {old.Set("create", property.New("b")), p.Update, "create"},
		"new stdin":    {old.Set("stdin", property.New("x")), p.Add, "stdin"},
		"new triggers": {old.Set("triggers", property.New([]property.Value{property.New("1")})), p.AddReplace, "triggers"},
	} {
		t.Run(name, func(t *testing.T) {
			state := old.Set("stdout", property.New("")).Set("stderr", property.New(""))
			diff, err := server.Diff(p.DiffRequest{
				Urn: resource.NewURN("dev", "test", "", commandToken, "c"), State: state, OldInputs: old, Inputs: c.inputs,
			})
			if err != nil || diff.HasChanges != (c.kind != "") || diff.DetailedDiff[c.key].Kind != c.kind {
				t.Errorf("got %+v, %v", diff, err)
			}
		})
	}
}

func TestInvoke(t *testing.T) {
	resp, err := Provider().Invoke(context.Background(), p.InvokeRequest{
		Token: runToken,
		Args:  property.NewMap(map[string]property.Value{"command": property.New("echo hi")}),
	})
	if err != nil || resp.Return.Get("stdout").AsString() != "hi" {
		t.Errorf("got %v, %v", resp, err)
	}
}

func TestOtherTokens(t *testing.T) {
	ctx, provider := context.Background(), Provider()
	for _, token := range []tokens.Type{"command:remote:Command", "command:remote:CopyToRemote", "command:remote:CopyFile"} {
		urn := resource.NewURN("dev", "test", "", token, "c")
		_, checkErr := provider.Check(ctx, p.CheckRequest{Urn: urn})
		_, readErr := provider.Read(ctx, p.ReadRequest{Urn: urn})
		deleteErr := provider.Delete(ctx, p.DeleteRequest{Urn: urn})
		_, invokeErr := provider.Invoke(ctx, p.InvokeRequest{Token: token})
		for _, err := range []error{checkErr, readErr, deleteErr, invokeErr} {
			if err == nil || !strings.Contains(err.Error(), string(token)+" is not in") || !strings.Contains(err.Error(), commandToken) {
				t.Errorf("%s: got %v", token, err)
			}
		}
	}
}

// The names the SDK sends and reads.
func TestSchema(t *testing.T) {
	schema, err := serve(t).GetSchema(p.GetSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{commandToken, runToken, `"addPreviousOutputInEnv"`, `"command:local:Logging"`} {
		if !strings.Contains(schema.Schema, want) {
			t.Errorf("no %s in the schema", want)
		}
	}
}
