package nodehost

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engine records what a host reports. It answers no health check, which counts as alive.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	server    *grpc.Server
	hostEnded chan struct{}
	lock      sync.Mutex
	logs      []string
}

func (e *engine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.logs = append(e.logs, request.Severity.String()+": "+request.Message)
	return &emptypb.Empty{}, nil
}

// connect serves a host over TCP, as the engine meets it, beside an engine of its own.
func connect(t *testing.T) (pulumirpc.LanguageRuntimeClient, *engine) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own := &engine{server: grpc.NewServer(), hostEnded: make(chan struct{})}
	pulumirpc.RegisterEngineServer(own.server, own)
	go own.server.Serve(listener)
	t.Cleanup(own.server.Stop)

	reader, writer := io.Pipe()
	go func() {
		defer close(own.hostEnded)
		if err := Serve(New(listener.Addr().String(), ""), writer); err != nil {
			t.Error(err)
		}
	}()
	port, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return pulumirpc.NewLanguageRuntimeClient(connection), own
}

// project is a folder whose "SDK" is the given scripts, run by a real Node.
func project(t *testing.T, scripts map[string]string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed")
	}
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for program, script := range scripts {
		file := filepath.Join(folder, "node_modules/@pulumi/pulumi/cmd", program, "index.js")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		error  string
		bail   bool
	}{
		"well":                       {"", "", false},
		"told the user already":      {"process.exit(32)", "", true},
		"an unexpected end":          {"process.exit(3)", "the program ended with exit code 3", false},
		"killed":                     {"process.kill(process.pid, 'SIGKILL')", "the program was ended from outside (signal: killed)", false},
		"its own arguments":          {"if (process.argv.at(-1) !== 'mine') process.exit(1)", "", false},
		"node's arguments":           {"if (!process.execArgv.includes('--no-warnings')) process.exit(1)", "", false},
		"its folder":                 {"if (!require('fs').existsSync('node_modules')) process.exit(1)", "", false},
		"a standard input that ends": {"process.stdin.resume()", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			folder := project(t, map[string]string{"run": c.script})
			client, _ := connect(t)
			response, err := client.Run(context.Background(), &pulumirpc.RunRequest{
				Pwd: folder, Args: []string{"mine"}, Info: info(t, folder, map[string]any{"nodeargs": "--no-warnings"}),
			})
			if err != nil || response.Error != c.error || response.Bail != c.bail {
				t.Errorf("got %v, %v; want %q, bail %v", response, err, c.error, c.bail)
			}
		})
	}
}

func TestRunThatCannotStart(t *testing.T) {
	client, engine := connect(t)
	folder := t.TempDir()
	for _, values := range []map[string]any{{}, {"typescript": 1.5}} {
		response, err := client.Run(context.Background(), &pulumirpc.RunRequest{Info: info(t, folder, values)})
		if err != nil || response.Error != "" || !response.Bail {
			t.Errorf("got %v, %v", response, err)
		}
	}
	want := "ERROR: there is no package.json in " + folder
	if len(engine.logs) != 2 || !strings.HasPrefix(engine.logs[0], want) || !strings.Contains(engine.logs[1], "typescript: want") {
		t.Errorf("got %q", engine.logs)
	}
}

// Waits for a file that a script makes, so that a test knows where the script is.
func await(t *testing.T, file string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not appear", file)
		}
	}
}

const untilStopped = `require("fs").writeFileSync("started", String(process.pid)); setInterval(() => {}, 1000);`

func TestCancel(t *testing.T) {
	// The second program ends well when it is asked to, which must not pass for having come to its end.
	for name, script := range map[string]string{
		"ends by the signal": untilStopped,
		"ends with 0":        `process.on("SIGINT", () => process.exit(0));` + untilStopped,
	} {
		t.Run(name, func(t *testing.T) {
			folder := project(t, map[string]string{"run": script})
			client, _ := connect(t)
			answer := make(chan *pulumirpc.RunResponse)
			go func() {
				response, _ := client.Run(context.Background(), &pulumirpc.RunRequest{Pwd: folder, Info: info(t, folder, nil)})
				answer <- response
			}()
			await(t, filepath.Join(folder, "started"))
			began := time.Now()
			if _, err := client.Cancel(context.Background(), &emptypb.Empty{}); err != nil {
				t.Fatal(err)
			}
			if response := <-answer; response.GetError() != "" || !response.GetBail() {
				t.Errorf("got %v; want bail", response)
			}
			if took := time.Since(began); took > grace {
				t.Errorf("took %v", took)
			}
		})
	}
}

// Without an engine nobody would ever end the host and its program.
func TestServeEndsWithItsEngine(t *testing.T) {
	defer func(interval time.Duration) { healthInterval = interval }(healthInterval)
	healthInterval = 50 * time.Millisecond
	folder := project(t, map[string]string{"run": untilStopped})
	client, engine := connect(t)
	go client.Run(context.Background(), &pulumirpc.RunRequest{Pwd: folder, Info: info(t, folder, nil)})
	await(t, filepath.Join(folder, "started"))
	engine.server.Stop()
	select {
	case <-engine.hostEnded:
	case <-time.After(30 * time.Second):
		t.Fatal("the host still serves")
	}
	if pid, err := os.ReadFile(filepath.Join(folder, "started")); err != nil || alive(string(pid)) {
		t.Errorf("the program still runs (%v)", err)
	}
}

func alive(pid string) bool { return exec.Command("kill", "-0", pid).Run() == nil }
