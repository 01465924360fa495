package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// Main runs one command line, args[0] being the program's name, and returns the exit code.
// It returns when the command is done, when ctx has ended and the command has stopped
// cleanly, or at once on a second interrupt. A command that is none of inlay's own is a
// program that stands beside it, which then takes the place of this process.
func Main(ctx context.Context, args []string, world project.World) (code int) {
	s := newSpeech(world)
	return s.speak(ctx, func(ctx context.Context) error {
		if program := s.beside(args[1:]); program != "" {
			return s.become(program, args[1:])
		}
		return s.follow(ctx, s.entries(), args)
	})
}

func newSpeech(world project.World) *speech {
	return &speech{world: world, out: world.Stdout, err: world.Stderr}
}

// speak runs one command, and tells what went wrong.
func (s *speech) speak(ctx context.Context, run func(ctx context.Context) error) (code int) {
	defer func() {
		if r := recover(); r != nil {
			s.broken(r, debug.Stack())
			code = exitInternal
		}
	}()
	ctx, caught, stop := interruptible(ctx, s.world.Stderr)
	defer stop()
	return s.finish(run(ctx), caught())
}

// follow does what a command line says.
func (s *speech) follow(ctx context.Context, top *entry, args []string) error {
	if e, path := helpAsked(top, args[1:]); e != nil {
		_, err := fmt.Fprint(s.out, helpText(e, path))
		return err
	}
	root := s.command(top, nil)
	root.EnableShellCompletion = true
	root.ConfigureShellCompletionCommand = func(c *cli.Command) {
		c.Hidden = false
		c.Usage = "print a completion script for bash, zsh, fish or pwsh"
	}
	root.ExitErrHandler = func(context.Context, *cli.Command, error) {}
	root.Writer, root.ErrWriter = s.out, s.err
	return root.Run(ctx, args)
}

// finish prints what went wrong, if it was not said yet, and decides the exit code.
func (s *speech) finish(err error, signal int) int {
	code := exitCode(err)
	if signal > 0 && code != exitDone {
		code = 128 + signal
	}
	if err == nil || isSaid(err) {
		return code
	}
	findings := findingsOf(err)
	if werr := report.FindingsText(s.err, s.style(s.err), findings, s.source); werr != nil && code == exitDone {
		return exitFailed
	}
	return code
}

// broken tells of a mistake of ours.
func (s *speech) broken(what any, stack []byte) {
	fmt.Fprintf(s.err, "Error: Internal error\n\n  inlay met a situation it does not know how to handle: %s\n  Nothing is half-written: run the same command again, or `inlay plan` to see where things stand.\n  Please report this with the command and the message above; INLAY_LOG=debug adds where it happened.\n", report.Clean(fmt.Sprint(what)))
	if v, _ := s.world.Env("INLAY_LOG"); v == "debug" {
		_, _ = s.err.Write(stack)
	}
}

// speech is what all commands share: the world they speak to and the global flags.
type speech struct {
	world  project.World
	out    io.Writer
	err    io.Writer
	global globalFlags
	texts  func(name string) []byte // of the configuration last read
}

type globalFlags struct {
	chdir string
	color string
}

// source gives the text of a configuration file for snippets.
func (s *speech) source(name string) []byte {
	if s.texts == nil {
		return nil
	}
	return s.texts(name)
}
