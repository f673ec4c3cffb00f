package nodehost

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const (
	// As large as the engine's own messages may be.
	maxMessage = 400 << 20
	// How long the engine may take for an answer.
	patience = 10 * time.Second
)

// How often a host looks whether its engine still lives.
var healthInterval = 10 * time.Second

// Serve answers the engine until it is gone. The port goes to announce, as the engine expects of a plugin.
func Serve(host *Host, announce io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	// On the way out, too, the programs are to be ended first.
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.WaitForHandlers(true))
	pulumirpc.RegisterLanguageRuntimeServer(server, host)
	go func() {
		awaitEnd(host)
		server.Stop()
	}()
	fmt.Fprintf(announce, "%d\n", listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}

// awaitEnd returns when the engine is gone without having closed this host.
func awaitEnd(host *Host) {
	for range time.Tick(healthInterval) {
		err := withEngine(host.engineAddress(), func(ctx context.Context, connection *grpc.ClientConn) error {
			_, err := grpc_health_v1.NewHealthClient(connection).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
			return err
		})
		if err != nil && status.Code(err) != codes.Unimplemented {
			return
		}
	}
}

// withEngine calls the engine. A host without an engine, started by hand, has nobody to call.
func withEngine(address string, call func(context.Context, *grpc.ClientConn) error) error {
	if address == "" {
		return status.Error(codes.Unimplemented, "this host has no engine")
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return call(ctx, connection)
}

// report shows an error to the user as the engine shows its own.
func (host *Host) report(message string) error {
	return withEngine(host.engineAddress(), func(ctx context.Context, connection *grpc.ClientConn) error {
		_, err := pulumirpc.NewEngineClient(connection).Log(ctx, &pulumirpc.LogRequest{
			Severity: pulumirpc.LogSeverity_ERROR,
			Message:  message,
		})
		return err
	})
}
