package docker

import "testing"

// What programs and states written against @pulumi/docker 5.2.0 rely on.
func TestTokens(t *testing.T) {
	info := Provider()
	for name, c := range map[string]struct {
		token     string
		autonamed bool
	}{
		"docker_buildx_builder": {"docker:index/buildxBuilder:BuildxBuilder", true},
		"docker_config":         {"docker:index/serviceConfig:ServiceConfig", true},
		"docker_container":      {"docker:index/container:Container", true},
		"docker_image":          {"docker:index/remoteImage:RemoteImage", false},
		"docker_network":        {"docker:index/network:Network", true},
		"docker_registry_image": {"docker:index/registryImage:RegistryImage", true},
		"docker_secret":         {"docker:index/secret:Secret", true},
		"docker_service":        {"docker:index/service:Service", true},
		"docker_tag":            {"docker:index/tag:Tag", false},
		"docker_volume":         {"docker:index/volume:Volume", true},
	} {
		resource := info.Resources[name]
		if resource == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		if string(resource.Tok) != c.token {
			t.Errorf("%s: got %s; want %s", name, resource.Tok, c.token)
		}
		field := resource.Fields["name"]
		if got := field != nil && field.Default != nil && field.Default.AutoNamed; got != c.autonamed {
			t.Errorf("%s: auto-named: got %v; want %v", name, got, c.autonamed)
		}
	}
	if !info.Resources["docker_container"].DeleteBeforeReplace {
		t.Error("a container is not deleted before it is replaced")
	}
}

func TestDataSources(t *testing.T) {
	info := Provider()
	for name, token := range map[string]string{
		"docker_image":                    "docker:index/getRemoteImage:getRemoteImage",
		"docker_logs":                     "docker:index/getLogs:getLogs",
		"docker_network":                  "docker:index/getNetwork:getNetwork",
		"docker_registry_image":           "docker:index/getRegistryImage:getRegistryImage",
		"docker_registry_image_manifests": "docker:index/getRegistryImageManifests:getRegistryImageManifests",
	} {
		if source := info.DataSources[name]; source == nil || string(source.Tok) != token {
			t.Errorf("%s: got %+v; want %s", name, source, token)
		}
	}
}
