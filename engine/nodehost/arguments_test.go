package nodehost

import (
	"context"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/structpb"
)

func info(t *testing.T, folder string, values map[string]any) *pulumirpc.ProgramInfo {
	t.Helper()
	given, err := structpb.NewStruct(values)
	if err != nil {
		t.Fatal(err)
	}
	return &pulumirpc.ProgramInfo{RootDirectory: folder, ProgramDirectory: folder, EntryPoint: ".", Options: given}
}

func TestRunArguments(t *testing.T) {
	for name, c := range map[string]struct {
		tracing string
		request *pulumirpc.RunRequest
		want    []string
	}{
		"everything": {
			"http://traces",
			&pulumirpc.RunRequest{
				MonitorAddress: "127.0.0.1:1", Organization: "organization", Project: "shop", Stack: "-odd", Pwd: "/p/src",
				DryRun: true, Parallel: 16, Args: []string{"--own", "argument"},
				Info: &pulumirpc.ProgramInfo{RootDirectory: "/p", ProgramDirectory: "/p/src", EntryPoint: "main.ts"},
			},
			[]string{
				"--monitor=127.0.0.1:1", "--engine=127.0.0.1:2", "--organization=organization", "--project=shop",
				"--root-directory=/p", "--stack=-odd", "--pwd=/p/src", "--dry-run", "--parallel=16",
				"--tracing=http://traces", "main.ts", "--own", "argument",
			},
		},
		"what is empty is left out": {
			"",
			&pulumirpc.RunRequest{MonitorAddress: "127.0.0.1:1"},
			[]string{"--monitor=127.0.0.1:1", "--engine=127.0.0.1:2", "--parallel=0", "."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := New("127.0.0.1:2", c.tracing).runArguments(c.request); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// last gives the value that counts.
func last(environment []string, name string) string {
	value := "(unset)"
	for _, entry := range environment {
		if key, text, _ := strings.Cut(entry, "="); key == name {
			value = text
		}
	}
	return value
}

func TestRunEnvironment(t *testing.T) {
	t.Setenv("PULUMI_NODEJS_TYPESCRIPT", "true")
	t.Setenv("INHERITED", "yes")
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("traceparent", "00-trace"))
	request := &pulumirpc.RunRequest{
		Config:           map[string]string{"shop:size": "2", "aws:config:region": "eu", "shop:a:b": `"quoted"`},
		ConfigSecretKeys: []string{"shop:size"},
	}
	got, err := runEnvironment(ctx, request, options{typescript: false, tsconfig: "tsconfig.pulumi.json"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"PULUMI_CONFIG":               `{"aws:config:region":"eu","shop:config:a:b":"\"quoted\"","shop:config:size":"2"}`,
		"PULUMI_CONFIG_SECRET_KEYS":   `["shop:size"]`,
		"PULUMI_NODEJS_TYPESCRIPT":    "false",
		"PULUMI_NODEJS_TSCONFIG_PATH": "tsconfig.pulumi.json",
		"TRACEPARENT":                 "00-trace",
		"INHERITED":                   "yes",
	} {
		if value := last(got, name); value != want {
			t.Errorf("%s: got %s; want %s", name, value, want)
		}
	}
}

func TestRunEnvironmentWithoutConfig(t *testing.T) {
	got, err := runEnvironment(context.Background(), &pulumirpc.RunRequest{}, options{typescript: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"PULUMI_CONFIG": "{}", "PULUMI_CONFIG_SECRET_KEYS": "[]", "PULUMI_NODEJS_TYPESCRIPT": "true",
		"PULUMI_NODEJS_TSCONFIG_PATH": "(unset)",
	} {
		if value := last(got, name); value != want {
			t.Errorf("%s: got %s; want %s", name, value, want)
		}
	}
}

func TestReadOptions(t *testing.T) {
	read, err := readOptions(info(t, "/p", map[string]any{
		"typescript": false, "tsconfig": "t.json", "nodeargs": `--require "./a b.js" --stack-size=99`, "packagemanager": "pnpm",
	}))
	if err != nil || read.typescript || read.tsconfig != "t.json" || read.manager != "pnpm" ||
		!slices.Equal(read.nodeArgs, []string{"--require", "./a b.js", "--stack-size=99"}) {
		t.Errorf("got %+v, %v", read, err)
	}
	if read, err := readOptions(nil); err != nil || !read.typescript || read.manager != "" || len(read.nodeArgs) != 0 {
		t.Errorf("no options: got %+v, %v", read, err)
	}
	_, err = readOptions(info(t, "/p", map[string]any{
		"typescript": "maybe", "tsconfig": 1, "nodeargs": `"open`, "packagemanager": "cargo",
	}))
	want := `runtime.options.tsconfig: want a text, got 1
runtime.options.typescript: want true or false, got "maybe"
runtime.options.nodeargs: want arguments with matching quotes, got "\"open"
runtime.options.packagemanager: want auto, npm, pnpm, yarn or bun, got "cargo"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
