package nodehost

import (
	"context"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"dockwright/engine/nodehost/npm"
)

// GetRequiredPackages finds the plugins that the installed packages ask for, so that the engine can have them ready.
// One that we miss is fetched when its first resource is registered.
func (host *Host) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	response := &pulumirpc.GetRequiredPackagesResponse{}
	seen := map[string]bool{}
	for _, manifest := range npm.InstalledWithPlugin(request.GetInfo().GetProgramDirectory()) {
		if !manifest.Pulumi.Resource {
			continue
		}
		required := dependency(manifest)
		key := required.String()
		if !seen[key] {
			seen[key] = true
			response.Packages = append(response.Packages, required)
		}
	}
	return response, nil
}

func dependency(manifest npm.Manifest) *pulumirpc.PackageDependency {
	return &pulumirpc.PackageDependency{
		Kind:             "resource",
		Name:             pluginName(manifest),
		Version:          pluginVersion(manifest),
		Server:           manifest.Pulumi.Server,
		Parameterization: parameterization(manifest.Pulumi.Parameterization),
		Extension:        parameterization(manifest.Pulumi.ExtensionParameterization),
	}
}

// pluginName follows Pulumi's convention: @pulumi/random is the plugin random, @acme/cloud is acme/cloud.
func pluginName(manifest npm.Manifest) string {
	if manifest.Pulumi.Name != "" {
		return manifest.Pulumi.Name
	}
	return strings.TrimPrefix(strings.TrimPrefix(manifest.Name, "@pulumi/"), "@")
}

func pluginVersion(manifest npm.Manifest) string {
	version := manifest.Version
	if manifest.Pulumi.Version != "" {
		version = manifest.Pulumi.Version
	}
	if version == "" || strings.HasPrefix(version, "v") {
		return version
	}
	return "v" + version
}

func parameterization(given *npm.Parameterization) *pulumirpc.PackageParameterization {
	if given == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: given.Name, Version: given.Version, Value: given.Value}
}

// GetRequiredPlugins is the older form of GetRequiredPackages.
func (host *Host) GetRequiredPlugins(
	ctx context.Context, request *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	packages, err := host.GetRequiredPackages(ctx, &pulumirpc.GetRequiredPackagesRequest{Info: request.GetInfo()})
	response := &pulumirpc.GetRequiredPluginsResponse{}
	for _, required := range packages.GetPackages() {
		response.Plugins = append(response.Plugins, &pulumirpc.PluginDependency{
			Kind: required.Kind, Name: required.Name, Version: required.Version, Server: required.Server,
		})
	}
	return response, err
}

// GetProgramDependencies lists the packages a program names or, if asked, all that are installed for it.
func (host *Host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	folder := request.GetInfo().GetProgramDirectory()
	list := npm.Direct
	if request.GetTransitiveDependencies() {
		list = func(folder string) ([]npm.Manifest, error) { return npm.Installed(folder), nil }
	}
	manifests, err := list(folder)
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, manifest := range manifests {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: manifest.Name, Version: manifest.Version})
	}
	return response, err
}
