// The Pulumi plugin that runs Node.js programs.
package main

import (
	"flag"
	"fmt"
	"os"

	"dockwright/engine/nodehost"
)

func main() {
	// The engine puts its flags for logging before its address. This host writes no log.
	flag.Bool("logtostderr", false, "accepted, without effect")
	flag.Int("v", 0, "accepted, without effect")
	tracing := flag.String("tracing", "", "an address for the program's traces")
	flag.Parse()
	if err := nodehost.Serve(nodehost.New(flag.Arg(0), *tracing), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
