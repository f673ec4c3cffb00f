package nodehost

import (
	"context"
	"errors"
	"os"
	"os/exec"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"dockwright/engine/nodehost/npm"
)

// Run runs a program to its end. It talks to the engine's resource monitor by itself.
func (host *Host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(host.stopped, cancel)()

	command, err := host.program(ctx, request)
	if err != nil {
		return host.failure(err), nil
	}
	err = host.start(command, request)
	if err == nil {
		err = command.Wait()
	}
	return outcome(ctx, err), nil
}

// program prepares the process, or says everything that is wrong with it.
func (host *Host) program(ctx context.Context, request *pulumirpc.RunRequest) (*exec.Cmd, error) {
	folder := request.GetInfo().GetProgramDirectory()
	read, err := readOptions(request.GetInfo())
	if err != nil {
		return nil, err
	}
	sdk, err := npm.LocateSDK(ctx, "cmd/run", folder, read.nodeArgs)
	if err != nil {
		return nil, err
	}
	environment, err := runEnvironment(ctx, request, read)
	if err != nil {
		return nil, err
	}
	command, err := node(ctx, read.nodeArgs, []string{sdk}, host.runArguments(request))
	if err != nil {
		return nil, err
	}
	// Given as files, so that nothing is left to copy when the program ends.
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = environment
	// Where the language host is started from is nobody's business; the SDK changes to the same folder later.
	command.Dir = request.GetPwd()
	return command, nil
}

func (host *Host) start(command *exec.Cmd, request *pulumirpc.RunRequest) error {
	if request.GetAttachDebugger() {
		return host.startDebugged(command, request.GetProject()+" (program)")
	}
	return command.Start()
}

// failure tells the user about a program that could not be started. The engine's own words for an error in the
// response are "an unhandled error occurred", which this is not.
func (host *Host) failure(err error) *pulumirpc.RunResponse {
	if host.report(err.Error()) == nil {
		return &pulumirpc.RunResponse{Bail: true}
	}
	return &pulumirpc.RunResponse{Error: err.Error()}
}

// outcome is the engine's answer. Whatever a cancelled program ended with, it never counts as complete: the engine would
// delete what the program had not come to.
func outcome(ctx context.Context, err error) *pulumirpc.RunResponse {
	if ctx.Err() != nil {
		return &pulumirpc.RunResponse{Bail: true}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exitReported {
		return &pulumirpc.RunResponse{Bail: true}
	}
	return &pulumirpc.RunResponse{Error: ending(err)}
}
