package nodehost

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/metadata"
)

// runArguments are what the SDK's cmd/run is told: its flags, the program, and the program's own arguments. A value is
// joined to its flag, so that one that begins with a hyphen is not taken for another flag.
func (host *Host) runArguments(request *pulumirpc.RunRequest) []string {
	var arguments []string
	flag := func(name, value string) {
		if value != "" {
			arguments = append(arguments, "--"+name+"="+value)
		}
	}
	flag("monitor", request.GetMonitorAddress())
	flag("engine", host.engineAddress())
	flag("organization", request.GetOrganization())
	flag("project", request.GetProject())
	flag("root-directory", request.GetInfo().GetRootDirectory())
	flag("stack", request.GetStack())
	flag("pwd", request.GetPwd())
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	flag("parallel", strconv.Itoa(int(request.GetParallel())))
	flag("tracing", host.tracing)
	return append(append(arguments, entryPoint(request.GetInfo())), request.GetArgs()...)
}

// entryPoint is the program's file, or the dot, for which the SDK looks into package.json.
func entryPoint(info *pulumirpc.ProgramInfo) string {
	if info.GetEntryPoint() == "" {
		return "."
	}
	return info.GetEntryPoint()
}

// runEnvironment is what a program finds beside our own environment. Where a name stands twice the last one counts.
func runEnvironment(ctx context.Context, request *pulumirpc.RunRequest, read options) ([]string, error) {
	config, err := json.Marshal(spelledOut(request.GetConfig()))
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, fmt.Errorf("writing the configuration's secret keys: %w", err)
	}
	environment := append(os.Environ(),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(read.typescript),
	)
	if read.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+read.tsconfig)
	}
	if incoming, ok := metadata.FromIncomingContext(ctx); ok {
		if trace := incoming.Get("traceparent"); len(trace) > 0 {
			environment = append(environment, "TRACEPARENT="+trace[0])
		}
	}
	return environment, nil
}

// spelledOut writes project:key as project:config:key, which is what every SDK reads, the oldest ones too.
func spelledOut(config map[string]string) map[string]string {
	spelled := make(map[string]string, len(config))
	for key, value := range config {
		if namespace, name, ok := strings.Cut(key, ":"); ok && !strings.HasPrefix(name, "config:") {
			key = namespace + ":config:" + name
		}
		spelled[key] = value
	}
	return spelled
}
