package nodehost

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dockwright/engine/nodehost/npm"
)

// About names the Node and the package manager that are used.
func (host *Host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	command, err := node(ctx, []string{"--version"})
	if err != nil {
		return nil, err
	}
	version, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("asking %s for its version: %w", command.Path, err)
	}
	response := &pulumirpc.AboutResponse{
		Executable: command.Path,
		Version:    strings.TrimSpace(string(version)),
		Metadata:   map[string]string{},
	}
	// A missing or wrong package manager is no reason to say nothing about Node.
	read, _ := readOptions(request.GetInfo())
	if manager, err := npm.ChooseManager(read.manager, request.GetInfo().GetProgramDirectory()); err == nil {
		response.Metadata["packagemanager"] = string(manager)
		if version, err := manager.Version(); err == nil {
			response.Metadata["packagemanagerVersion"] = version
		}
	}
	return response, nil
}

// InstallDependencies installs a project's packages, with the manager that its options or its lockfile name.
func (host *Host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest,
	stream grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	folder := request.GetInfo().GetProgramDirectory()
	read, err := readOptions(request.GetInfo())
	if err != nil {
		return err
	}
	if npm.ProjectFolder(folder) == "" {
		return fmt.Errorf("there is no package.json in %s or above it, so there is nothing to install", folder)
	}
	manager, err := npm.ChooseManager(read.manager, folder)
	if err != nil {
		return err
	}
	line := manager.Install()
	output := writer(func(bytes []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stdout: bytes})
	})
	fmt.Fprintf(output, "Installing packages with %s…\n", manager)
	command := exec.CommandContext(stream.Context(), line[0], line[1:]...)
	// One writer for both, so that exec never writes to it twice at once.
	command.Dir, command.Stdout, command.Stderr = folder, output, output
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s failed in %s: %w", strings.Join(line, " "), folder, err)
	}
	fmt.Fprintf(output, "Packages installed\n")
	return nil
}

// RuntimeOptionsPrompts lets `pulumi new` ask for the package manager, among those that are there.
func (host *Host) RuntimeOptionsPrompts(
	_ context.Context, request *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	response := &pulumirpc.RuntimeOptionsResponse{}
	if _, chosen := request.GetInfo().GetOptions().GetFields()["packagemanager"]; chosen {
		return response, nil
	}
	var choices []*pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue
	for _, manager := range npm.Managers {
		if _, err := npm.ChooseManager(manager, ""); err == nil {
			choices = append(choices, &pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{
				PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
				StringValue: string(manager),
				DisplayName: string(manager),
			})
		}
	}
	if len(choices) == 0 {
		return nil, errors.New("no package manager was found on PATH: npm comes with Node.js (https://nodejs.org)")
	}
	response.Prompts = []*pulumirpc.RuntimeOptionPrompt{{
		Key:         "packagemanager",
		Description: "The package manager to use for installing dependencies",
		PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
		Choices:     choices,
		Default:     choices[0],
	}}
	return response, nil
}

// Template has nothing to add to a new project.
func (host *Host) Template(context.Context, *pulumirpc.TemplateRequest) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

// What follows writes code or packages, which no running of a program needs.

func released(what string) error {
	return status.Errorf(codes.Unimplemented,
		"%s needs the released Node.js language host of Pulumi; this one, built by Dockwright, only runs programs", what)
}

// GenerateProgram is not offered.
func (host *Host) GenerateProgram(
	context.Context, *pulumirpc.GenerateProgramRequest,
) (*pulumirpc.GenerateProgramResponse, error) {
	return nil, released("converting to TypeScript")
}

// GenerateProject is not offered.
func (host *Host) GenerateProject(
	context.Context, *pulumirpc.GenerateProjectRequest,
) (*pulumirpc.GenerateProjectResponse, error) {
	return nil, released("converting to a TypeScript project")
}

// GeneratePackage is not offered.
func (host *Host) GeneratePackage(
	context.Context, *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	return nil, released("generating an npm package for a provider")
}

// Pack is not offered.
func (host *Host) Pack(context.Context, *pulumirpc.PackRequest) (*pulumirpc.PackResponse, error) {
	return nil, released("packing a generated npm package")
}

// Link is not offered.
func (host *Host) Link(context.Context, *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return nil, released("linking a local npm package")
}
