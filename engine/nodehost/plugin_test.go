package nodehost

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

func TestRunPlugin(t *testing.T) {
	folder := project(t, map[string]string{"run-plugin": `
		const { existsSync } = require("fs");
		console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env.GIVEN, process.env.HOME ?? null]));
		for (let i = 0; i < 200; i++) { process.stdout.write("o"); process.stderr.write("e"); }
		process.exitCode = 7;`})
	elsewhere := project(t, nil)
	got := runPlugin(t, &pulumirpc.RunPluginRequest{
		Pwd: elsewhere, Kind: "resource", Args: []string{"-v=9", "127.0.0.1:5"}, Info: info(t, folder, nil),
		Env: []string{"GIVEN=yes", "PATH=" + os.Getenv("PATH")},
	})
	want := `[["` + folder + `","-v=9","127.0.0.1:5"],"` + elsewhere + `","yes",null]` + "\n" + strings.Repeat("o", 200)
	if got.stdout != want || got.stderr != strings.Repeat("e", 200) || got.code != 7 || got.err != nil {
		t.Errorf("got %+v\nwant %s", got, want)
	}
}

func TestRunPluginThatLeavesAProcess(t *testing.T) {
	defer func(before time.Duration) { grace = before }(grace)
	grace = 100 * time.Millisecond
	folder := project(t, map[string]string{"run-plugin": `
		const left = require("child_process").spawn("sleep", ["60"], { stdio: "inherit", detached: true });
		console.log(left.pid);
		left.unref();`})
	got := runPlugin(t, &pulumirpc.RunPluginRequest{Pwd: folder, Kind: "resource", Info: info(t, folder, nil), Env: os.Environ()})
	if err := exec.Command("kill", strings.TrimSpace(got.stdout)).Run(); err != nil {
		t.Errorf("the process it left: %v", err)
	}
	if got.code != 0 || got.err != nil {
		t.Errorf("got %+v", got)
	}
}

func TestRunPolicyPack(t *testing.T) {
	folder := project(t, map[string]string{
		"run-policy-pack": `console.log(JSON.stringify([process.argv.slice(2), process.cwd()]))`,
	})
	got := runPlugin(t, &pulumirpc.RunPluginRequest{
		Pwd: "/", Kind: "analyzer", Args: []string{"--logtostderr", "-v=9", "127.0.0.1:5"}, Info: info(t, folder, nil),
		Env: os.Environ(),
	})
	if want := `[["127.0.0.1:5","` + folder + `"],"` + folder + `"]` + "\n"; got.stdout != want || got.code != 0 {
		t.Errorf("got %+v\nwant %s", got, want)
	}
}

func TestRunPluginThatCannotStart(t *testing.T) {
	got := runPlugin(t, &pulumirpc.RunPluginRequest{Kind: "resource", Info: info(t, t.TempDir(), nil)})
	if got.err == nil || !strings.Contains(got.err.Error(), "there is no package.json in") {
		t.Errorf("got %v", got.err)
	}
}

// A plugin outlives Cancel, and goes when the engine hangs up.
func TestRunPluginEnds(t *testing.T) {
	folder := project(t, map[string]string{"run-plugin": untilStopped})
	client, _ := connect(t)
	ctx, hangUp := context.WithCancel(context.Background())
	stream, err := client.RunPlugin(ctx, &pulumirpc.RunPluginRequest{
		Pwd: folder, Kind: "resource", Info: info(t, folder, nil), Env: os.Environ(),
	})
	if err != nil {
		t.Fatal(err)
	}
	await(t, filepath.Join(folder, "started"))
	if _, err := client.Cancel(ctx, &emptypb.Empty{}); err != nil {
		t.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(folder, "started"))
	if err != nil {
		t.Fatal(err)
	}
	if !alive(string(pid)) {
		t.Error("ended by Cancel")
	}
	hangUp()
	if _, err := stream.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("got %v", err)
	}
	for deadline := time.Now().Add(grace); alive(string(pid)); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still alive")
		}
	}
}

type printed struct {
	stdout, stderr string
	code           int32
	err            error
}

func runPlugin(t *testing.T, request *pulumirpc.RunPluginRequest) printed {
	t.Helper()
	client, _ := connect(t)
	stream, err := client.RunPlugin(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	got := printed{code: -1}
	for {
		message, err := stream.Recv()
		if err == io.EOF {
			return got
		}
		if err != nil {
			got.err = err
			return got
		}
		switch output := message.Output.(type) {
		case *pulumirpc.RunPluginResponse_Stdout:
			got.stdout += string(output.Stdout)
		case *pulumirpc.RunPluginResponse_Stderr:
			got.stderr += string(output.Stderr)
		case *pulumirpc.RunPluginResponse_Exitcode:
			got.code = output.Exitcode
		}
	}
}
