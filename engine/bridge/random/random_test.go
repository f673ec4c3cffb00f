package random

import (
	"context"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// What programs and states written against @pulumi/random 4.21.2 rely on.
func TestTokens(t *testing.T) {
	info := Provider()
	for name, token := range map[string]string{
		"random_bytes":    "random:index/randomBytes:RandomBytes",
		"random_id":       "random:index/randomId:RandomId",
		"random_integer":  "random:index/randomInteger:RandomInteger",
		"random_password": "random:index/randomPassword:RandomPassword",
		"random_pet":      "random:index/randomPet:RandomPet",
		"random_shuffle":  "random:index/randomShuffle:RandomShuffle",
		"random_string":   "random:index/randomString:RandomString",
		"random_uuid":     "random:index/randomUuid:RandomUuid",
	} {
		if resource := info.Resources[name]; resource == nil || string(resource.Tok) != token {
			t.Errorf("%s: got %+v; want %s", name, resource, token)
		}
	}
}

func TestBytesID(t *testing.T) {
	text := resource.NewProperty("YWJj")
	for name, c := range map[string]struct {
		state resource.PropertyMap
		want  string
	}{
		"plain":  {resource.PropertyMap{"base64": text}, "YWJj"},
		"secret": {resource.PropertyMap{"base64": resource.MakeSecret(text)}, "YWJj"},
		"none":   {resource.PropertyMap{}, ""},
	} {
		id, err := bytesID(context.Background(), c.state)
		if string(id) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: got %q, %v", name, id, err)
		}
	}
}
