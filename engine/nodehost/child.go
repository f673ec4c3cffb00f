package nodehost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// The SDK ends with this code when the user has been told everything.
const exitReported = 32

// How long a program that is asked to end may take, and whatever it leaves behind with its output in hand.
var grace = 5 * time.Second

// node prepares a Node process that ends with ctx: it is asked to, then killed. It stays in the host's process group,
// so that it also hears what the engine signals to the whole group.
func node(ctx context.Context, arguments ...[]string) (*exec.Cmd, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("node was not found on PATH: install Node.js (https://nodejs.org), or add it to PATH")
	}
	var all []string
	for _, some := range arguments {
		all = append(all, some...)
	}
	command := exec.CommandContext(ctx, path, all...)
	command.WaitDelay = grace
	command.Cancel = func() error {
		if runtime.GOOS == "windows" {
			return command.Process.Kill()
		}
		return command.Process.Signal(os.Interrupt)
	}
	return command, nil
}

// ending says how a program went wrong, or nothing.
func ending(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &exit):
		return fmt.Sprintf("the program could not be started: %v", err)
	case exit.Exited():
		return fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())
	default:
		return fmt.Sprintf("the program was ended from outside (%v)", exit)
	}
}

// exitCode is what a process ended with; a shell's convention stands in for a signal, which has no code.
func exitCode(err error) (int, bool) {
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return 0, true
	case !errors.As(err, &exit):
		return 0, false
	case exit.Exited():
		return exit.ExitCode(), true
	default:
		return 128, true
	}
}
