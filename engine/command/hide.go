package command

import (
	"context"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// A command gets its secrets on standard input, in its environment or in its text, and may echo them when it fails or
// talks; error messages and logs reach terminals and CI logs, where the engine's own masking does not know the values.

type hiddenKey struct{}

// Shorter strings would blot out ordinary words and guard nothing.
const shortestHidden = 4

// hiding returns a context that remembers the secret strings of some properties, for hide.
func hiding(ctx context.Context, all ...property.Map) context.Context {
	hidden := map[string]bool{}
	for _, properties := range all {
		collect(property.New(properties), false, hidden)
	}
	var pairs []string
	for text := range hidden {
		pairs = append(pairs, text)
	}
	// Longest first: a replacer prefers the earlier of two strings that begin at the same place.
	sort.Slice(pairs, func(i, j int) bool { return len(pairs[i]) > len(pairs[j]) })
	var rules []string
	for _, text := range pairs {
		rules = append(rules, text, "[secret]")
	}
	return context.WithValue(ctx, hiddenKey{}, strings.NewReplacer(rules...))
}

// hide blots out the secrets that the context remembers.
func hide(ctx context.Context, text string) string {
	if replacer, ok := ctx.Value(hiddenKey{}).(*strings.Replacer); ok {
		return replacer.Replace(text)
	}
	return text
}

func collect(value property.Value, secret bool, into map[string]bool) {
	secret = secret || value.Secret()
	switch {
	case value.IsString() && secret:
		// A password is often one line of a longer input.
		for _, text := range append(strings.Split(value.AsString(), "\n"), value.AsString()) {
			if text = strings.TrimSpace(text); len(text) >= shortestHidden {
				into[text] = true
			}
		}
	case value.IsArray():
		for _, item := range value.AsArray().All {
			collect(item, secret, into)
		}
	case value.IsMap():
		for _, item := range value.AsMap().All {
			collect(item, secret, into)
		}
	}
}
