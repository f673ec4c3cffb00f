// Package nodehost is Dockwright's language host: it runs Pulumi programs, policy packs and plugins that are written
// for Node.js, over the protocol of Pulumi 3.258, with the @pulumi/pulumi that each of them has installed.
package nodehost

import (
	"context"
	"sync/atomic"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Host answers the engine.
type Host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine  atomic.Value // string: the engine's address
	tracing string

	// Ends when the engine cancels, and with it every program.
	stopped context.Context
	stop    context.CancelFunc
}

// New makes a host. tracing is the address for traces, or empty.
func New(engine, tracing string) *Host {
	stopped, stop := context.WithCancel(context.Background())
	host := &Host{tracing: tracing, stopped: stopped, stop: stop}
	host.engine.Store(engine)
	return host
}

func (host *Host) engineAddress() string { return host.engine.Load().(string) }

// Handshake tells the engine's address to a host that the engine did not start itself.
func (host *Host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	if address := request.GetEngineAddress(); address != "" {
		host.engine.Store(address)
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo gives the version of Pulumi that this host was built with.
func (host *Host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Cancel ends the programs. Plugins and policy packs go on until the engine closes them: one may be in the middle of
// creating a resource, and the engine waits for it in order to record it.
func (host *Host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	host.stop()
	return &emptypb.Empty{}, nil
}
