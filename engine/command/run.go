package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gobwas/glob"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// How long a cancelled command may take to end by itself.
var grace = 5 * time.Second

// run runs one command with the environment the released provider gives it, and returns what it left behind.
func run(ctx context.Context, command string, options Options, previous Result) (Result, error) {
	argv := []string{"/bin/sh", "-c"}
	if options.Interpreter != nil && len(*options.Interpreter) > 0 {
		argv = *options.Interpreter
	}
	argv = append(append([]string{}, argv...), command)
	dir, err := os.Getwd()
	if options.Dir != nil {
		dir, err = *options.Dir, nil
	}
	if err != nil {
		return Result{}, err
	}

	out := capture{log: func(line string) { p.GetLogger(ctx).InfoStatus(hide(ctx, line)) }}
	stdout := &stream{capture: &out, logged: logs(options.Logging, "stdout")}
	stderr := &stream{capture: &out, logged: logs(options.Logging, "stderr")}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, environment(options, previous)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if options.Stdin != nil && *options.Stdin != "" {
		cmd.Stdin = strings.NewReader(*options.Stdin)
	}
	// A group of its own, so that a cancelled pipeline goes as a whole.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// Looked up first, for Go would blame the interpreter for a missing folder.
	if _, err = os.Stat(dir); err == nil {
		err = cmd.Start()
	}
	if err == nil {
		err = wait(ctx, cmd)
	}
	both, stdoutText, stderrText := out.end(stdout, stderr)
	if err != nil {
		return Result{}, fmt.Errorf("%w: running %q:\n%s", err, hide(ctx, command), hide(ctx, both))
	}

	result := Result{Stdout: strings.TrimSuffix(stdoutText, "\n"), Stderr: strings.TrimSuffix(stderrText, "\n")}
	err = result.collectFiles(dir, options)
	return result, err
}

func environment(options Options, previous Result) []string {
	env := os.Environ()
	if options.Environment != nil {
		for name, value := range *options.Environment {
			env = append(env, name+"="+value)
		}
	}
	if options.AddPreviousOutputInEnv == nil || *options.AddPreviousOutputInEnv {
		if previous.Stdout != "" {
			env = append(env, "PULUMI_COMMAND_STDOUT="+previous.Stdout)
		}
		if previous.Stderr != "" {
			env = append(env, "PULUMI_COMMAND_STDERR="+previous.Stderr)
		}
	}
	return env
}

// wait waits for a started command; when the update is cancelled it ends the command's whole group, first politely.
func wait(ctx context.Context, cmd *exec.Cmd) error {
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		// The group may have ended in between, which is what was wanted.
		if err := syscall.Kill(-cmd.Process.Pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return errors.Join(ctx.Err(), err)
		}
		select {
		case <-done:
			return ctx.Err()
		case <-time.After(grace):
		}
	}
	return fmt.Errorf("%w, and the command's output stayed open after its processes were killed", ctx.Err())
}

// capture collects both streams of a command, apart and as they came.
type capture struct {
	mu   sync.Mutex
	both bytes.Buffer
	log  func(line string)
}

type stream struct {
	*capture
	text   bytes.Buffer
	line   []byte
	logged bool
}

// Write keeps what came and logs each line once it is whole.
func (s *stream) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.both.Write(data)
	s.text.Write(data)
	if s.logged {
		s.line = append(s.line, data...)
		for {
			line, rest, found := bytes.Cut(s.line, []byte("\n"))
			if !found {
				break
			}
			s.log(string(line))
			s.line = rest
		}
	}
	return len(data), nil
}

// end logs what came without a last newline and returns the texts; a stray process may still be writing.
func (c *capture) end(stdout, stderr *stream) (both, stdoutText, stderrText string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range []*stream{stdout, stderr} {
		if len(s.line) > 0 {
			c.log(string(s.line))
			s.line = nil
		}
	}
	return c.both.String(), stdout.text.String(), stderr.text.String()
}

func logs(logging *Logging, stream Logging) bool {
	return logging == nil || *logging == stream || *logging == "stdoutAndStderr"
}

// collectFiles reads the files that assetPaths and archivePaths name.
func (r *Result) collectFiles(dir string, options Options) error {
	if options.AssetPaths != nil {
		files, err := match(dir, *options.AssetPaths)
		if err != nil {
			return err
		}
		assets := map[string]*types.AssetOrArchive{}
		for name, asset := range files {
			assets[name] = &types.AssetOrArchive{Asset: asset}
		}
		r.Assets = &assets
	}
	if options.ArchivePaths != nil {
		files, err := match(dir, *options.ArchivePaths)
		if err != nil {
			return err
		}
		members := map[string]any{}
		for name, asset := range files {
			members[name] = asset
		}
		if r.Archive, err = resource.NewAssetArchive(members); err != nil {
			return err
		}
	}
	return nil
}

// match returns the files below dir that the rules leave: in order, and "!" takes away again.
func match(dir string, rules []string) (map[string]*resource.Asset, error) {
	patterns := make([]glob.Glob, len(rules))
	for i, rule := range rules {
		pattern, err := glob.Compile(strings.TrimPrefix(rule, "!"), '/')
		if err != nil {
			return nil, fmt.Errorf("path rule %q: %w", rule, err)
		}
		patterns[i] = pattern
	}
	files := map[string]*resource.Asset{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		wanted := false
		for i, pattern := range patterns {
			if pattern.Match(name) {
				wanted = !strings.HasPrefix(rules[i], "!")
			}
		}
		if wanted {
			files[name], err = resource.NewPathAsset(filepath.Join(dir, name))
		}
		return err
	})
	return files, err
}
