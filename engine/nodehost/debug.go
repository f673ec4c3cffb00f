package nodehost

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"
)

// startDebugged starts a process that waits for a debugger, and tells the user where.
func (host *Host) startDebugged(command *exec.Cmd, name string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	command.Args = slices.Insert(command.Args, 1, fmt.Sprintf("--inspect-brk=127.0.0.1:%d", port))
	if err := command.Start(); err != nil {
		return err
	}
	if err := awaitPort(port); err == nil {
		err = host.announceDebugger(command.Process.Pid, port, name)
	}
	if err != nil {
		// Nobody would ever let it go on.
		_ = command.Process.Kill()
		_ = command.Wait()
		return fmt.Errorf("the debugger of %s: %w", name, err)
	}
	return nil
}

func (host *Host) announceDebugger(pid, port int, name string) error {
	config, err := structpb.NewStruct(map[string]any{
		"name":             name,
		"type":             "node",
		"request":          "attach",
		"processId":        pid,
		"port":             port,
		"continueOnAttach": true,
		"skipFiles":        []any{"<node_internals>/**", "**/node_modules/@pulumi/**"},
	})
	if err != nil {
		return err
	}
	return withEngine(host.engineAddress(), func(ctx context.Context, connection *grpc.ClientConn) error {
		_, err := pulumirpc.NewEngineClient(connection).StartDebugging(ctx, &pulumirpc.StartDebuggingRequest{
			Config:  config,
			Message: fmt.Sprintf("on process id %d (127.0.0.1:%d)", pid, port),
		})
		return err
	})
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// awaitPort waits until Node listens, at most as long as we would wait for it to end.
func awaitPort(port int) error {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	deadline := time.Now().Add(grace)
	for {
		connection, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return connection.Close()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("Node did not listen on %s within %v: %w", address, grace, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
