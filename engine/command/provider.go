// Package command is a provider of the tokens command:local:Command and command:local:run that behaves as the released
// package command 1.2.1, whose own Go module cannot be had from a package registry.
package command

import (
	"context"
	"fmt"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const (
	// Name is the Pulumi package.
	Name = "command"
	// Version is the release whose SDK this plugin serves.
	Version = "1.2.1"

	commandToken = "command:local:Command"
	runToken     = "command:local:run"
)

// Logging says which streams of a command are shown while it runs; unset means both.
type Logging string

// Values lists the choices for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "Stdout", Value: "stdout", Description: "Capture stdout in logs but not stderr"},
		{Name: "Stderr", Value: "stderr", Description: "Capture stderr in logs but not stdout"},
		{Name: "StdoutAndStderr", Value: "stdoutAndStderr", Description: "Capture stdout and stderr in logs"},
		{Name: "None", Value: "none", Description: "Capture no logs"},
	}
}

// Options is how a command is run.
type Options struct {
	Stdin                  *string            `pulumi:"stdin,optional"`
	Logging                *Logging           `pulumi:"logging,optional"`
	Interpreter            *[]string          `pulumi:"interpreter,optional"`
	Dir                    *string            `pulumi:"dir,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	AssetPaths             *[]string          `pulumi:"assetPaths,optional"`
	ArchivePaths           *[]string          `pulumi:"archivePaths,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
}

// Result is what a run leaves behind.
type Result struct {
	Stdout  string                            `pulumi:"stdout"`
	Stderr  string                            `pulumi:"stderr"`
	Assets  *map[string]*types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *resource.Archive                 `pulumi:"archive,optional"`
}

// Args are the inputs of the resource.
type Args struct {
	Options
	// The SDK marks triggers[*] so as well; this covers a list that appears or goes as a whole.
	Triggers *[]any  `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
}

// State is the inputs and the last result.
type State struct {
	Args
	Result
}

// Command is the resource.
type Command struct{}

// Annotate gives the resource its token.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "A local command that runs when the resource is created, updated or deleted.")
	a.SetToken("local", "Command")
}

// Create runs `create`. A failure leaves nothing in the state, so the next update tries again.
func (*Command) Create(ctx context.Context, req infer.CreateRequest[Args]) (infer.CreateResponse[State], error) {
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	state := State{Args: req.Inputs}
	if err == nil && !req.DryRun && req.Inputs.Create != nil {
		state.Result, err = run(ctx, *req.Inputs.Create, req.Inputs.Options, Result{})
	}
	return infer.CreateResponse[State]{ID: id, Output: state}, err
}

// Update runs `update`, or `create` again where there is none (pulumi-command#789).
func (*Command) Update(ctx context.Context, req infer.UpdateRequest[Args, State]) (infer.UpdateResponse[State], error) {
	state := State{Args: req.Inputs, Result: req.State.Result}
	command := req.Inputs.Update
	if command == nil {
		command = req.Inputs.Create
	}
	var err error
	if !req.DryRun && command != nil {
		state.Result, err = run(ctx, *command, req.Inputs.Options, req.State.Result)
	}
	return infer.UpdateResponse[State]{Output: state}, err
}

// Delete runs the `delete` of the state, not that of the program, which may be gone by then.
func (*Command) Delete(ctx context.Context, req infer.DeleteRequest[State]) (infer.DeleteResponse, error) {
	if req.State.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	_, err := run(ctx, *req.State.Delete, req.State.Options, req.State.Result)
	return infer.DeleteResponse{}, err
}

// RunArgs are the inputs of the function.
type RunArgs struct {
	Options
	Command string `pulumi:"command"`
}

// RunResult is the inputs and the result of the function.
type RunResult struct {
	RunArgs
	Result
}

// Run is the function, which runs its command in every preview, too.
type Run struct{}

// Annotate gives the function its token.
func (r *Run) Annotate(a infer.Annotator) {
	a.Describe(&r, "Runs a local command at once, in every preview and update.")
	a.SetToken("local", "run")
}

// Invoke runs the command.
func (*Run) Invoke(ctx context.Context, req infer.FunctionRequest[RunArgs]) (infer.FunctionResponse[RunResult], error) {
	result, err := run(ctx, req.Input.Command, req.Input.Options, Result{})
	return infer.FunctionResponse[RunResult]{Output: RunResult{RunArgs: req.Input, Result: result}}, err
}

// Provider returns the package.
func Provider() p.Provider {
	inner := infer.Provider(infer.Options{
		Metadata: schema.Metadata{
			DisplayName: "Command",
			Description: "Runs local commands as part of the resource model.",
			License:     "Apache-2.0",
		},
		Resources: []infer.InferredResource{infer.Resource(&Command{})},
		Functions: []infer.InferredFunction{infer.Function(&Run{})},
		// Types without a token of their own are named after this Go package otherwise.
		ModuleMap: map[tokens.ModuleName]tokens.ModuleName{"command": "local"},
	})
	outer := inner
	outer.Check = func(ctx context.Context, req p.CheckRequest) (p.CheckResponse, error) {
		if err := supported(string(req.Urn.Type())); err != nil {
			return p.CheckResponse{}, err
		}
		return inner.Check(ctx, req)
	}
	outer.Read = func(ctx context.Context, req p.ReadRequest) (p.ReadResponse, error) {
		if err := supported(string(req.Urn.Type())); err != nil {
			return p.ReadResponse{}, err
		}
		return inner.Read(ctx, req)
	}
	outer.Create = func(ctx context.Context, req p.CreateRequest) (p.CreateResponse, error) {
		return inner.Create(hiding(ctx, req.Properties), req)
	}
	outer.Update = func(ctx context.Context, req p.UpdateRequest) (p.UpdateResponse, error) {
		return inner.Update(hiding(ctx, req.Inputs, req.State), req)
	}
	outer.Delete = func(ctx context.Context, req p.DeleteRequest) error {
		if err := supported(string(req.Urn.Type())); err != nil {
			return err
		}
		return inner.Delete(hiding(ctx, req.Properties), req)
	}
	outer.Invoke = func(ctx context.Context, req p.InvokeRequest) (p.InvokeResponse, error) {
		if err := supported(string(req.Token)); err != nil {
			return p.InvokeResponse{}, err
		}
		return inner.Invoke(hiding(ctx, req.Args), req)
	}
	return outer
}

// supported names what there is, and the way to the rest, where a program asks for more than this provider has.
func supported(token string) error {
	if token == commandToken || token == runToken {
		return nil
	}
	return fmt.Errorf("%s is not in Dockwright's built command provider, which has %s and %s only: "+
		"set DOCKWRIGHT_ENGINE=official to use the released one", token, commandToken, runToken)
}
