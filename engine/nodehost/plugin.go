package nodehost

import (
	"fmt"
	"os/exec"
	"strings"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"dockwright/engine/nodehost/npm"
)

// The engine's name for a policy pack.
const analyzer = "analyzer"

// RunPlugin runs a plugin or a policy pack, and passes on what it prints, until it ends or the engine hangs up.
func (host *Host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	send := &sender{stream: stream}
	command, err := pluginCommand(request, stream)
	if err != nil {
		return err
	}
	command.Stdout = writer(func(bytes []byte) error {
		return send.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: bytes}})
	})
	command.Stderr = writer(func(bytes []byte) error {
		return send.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: bytes}})
	})
	if request.GetAttachDebugger() {
		err = host.startDebugged(command, request.GetName())
	} else {
		err = command.Start()
	}
	if err == nil {
		err = command.Wait()
	}
	code, ended := exitCode(err)
	if !ended {
		return err
	}
	return send.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)}})
}

// pluginCommand is the process of a plugin. A policy pack runs in its own folder, where its tsconfig.json and the
// package.json with its version are; a plugin runs where the program does, as one that is an executable.
func pluginCommand(
	request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) (*exec.Cmd, error) {
	info := request.GetInfo()
	folder := info.GetProgramDirectory()
	read, err := readOptions(info)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	shim, arguments, directory := "cmd/run-plugin", pluginArguments(request), request.GetPwd()
	if request.GetKind() == analyzer {
		shim, arguments, directory = "cmd/run-policy-pack", policyArguments(request), folder
	}
	sdk, err := npm.LocateSDK(stream.Context(), shim, folder, read.nodeArgs)
	if err != nil {
		return nil, err
	}
	command, err := node(stream.Context(), read.nodeArgs, []string{sdk}, arguments)
	if err != nil {
		return nil, err
	}
	command.Dir, command.Env = directory, request.GetEnv()
	return command, nil
}

// pluginArguments are the plugin's folder and the engine's own arguments for it.
func pluginArguments(request *pulumirpc.RunPluginRequest) []string {
	return append([]string{request.GetInfo().GetProgramDirectory()}, request.GetArgs()...)
}

// policyArguments are the engine's address, which stands behind the engine's flags, and the pack's folder.
func policyArguments(request *pulumirpc.RunPluginRequest) []string {
	var address string
	for _, argument := range request.GetArgs() {
		if !strings.HasPrefix(argument, "-") {
			address = argument
		}
	}
	return []string{address, request.GetInfo().GetProgramDirectory()}
}

// sender lets two streams of output share one stream of messages, which is not safe for both at once.
type sender struct {
	lock   sync.Mutex
	stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse]
}

func (s *sender) send(message *pulumirpc.RunPluginResponse) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.stream.Send(message)
}

type writer func([]byte) error

func (write writer) Write(bytes []byte) (int, error) {
	if err := write(bytes); err != nil {
		return 0, err
	}
	return len(bytes), nil
}
