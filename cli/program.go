package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
)

// Program is a command line of its own that stands beside inlay and is called as one of its
// commands. Its help, flags for all commands, messages, interrupts and exit codes are made
// as inlay's own are.
type Program struct {
	Name     string // as a person calls it: "inlay temporal"
	Short    string // one line
	Long     string // paragraphs
	Commands func(*Voice) []Command
}

// Command is one command of a Program.
type Command struct {
	Name, Short, Long string
	Examples          []string
	Codes             []int // exit codes beside 0 and 1
	Flags             []cli.Flag
	Run               func(ctx context.Context) error
}

// Main runs one command line, args[0] being the program's name, and returns the exit code.
func (p Program) Main(ctx context.Context, args []string, world project.World) (code int) {
	s := newSpeech(world)
	root := &entry{name: p.Name, short: p.Short, long: p.Long, flags: s.everywhere()}
	for _, c := range p.Commands(&Voice{s}) {
		root.subs = append(root.subs, &entry{
			name: c.Name, short: c.Short, long: c.Long, examples: c.Examples, codes: c.Codes, flags: c.Flags,
			run: func(ctx context.Context, _ []string) error { return c.Run(ctx) },
		})
	}
	return s.speak(ctx, func(ctx context.Context) error { return s.follow(ctx, root, args) })
}

// Voice is how the commands of a Program speak.
type Voice struct{ s *speech }

// Folder is the folder that -chdir names; "" is the current one.
func (v *Voice) Folder() string { return v.s.global.chdir }

// Open reads the configuration of a folder. Warnings go to standard error; mistakes come
// back as the command's own error.
func (v *Voice) Open(dir string) (*project.Project, error) {
	v.s.global.chdir = dir
	return v.s.open(nil)
}

// Approve asks whether what was shown shall be done. Where there is nobody to ask, it is an
// error that says what to do.
func (v *Voice) Approve(ctx context.Context) (bool, error) {
	if !v.s.interactive() {
		return false, &project.Error{Kind: project.Refused, Summary: "Nobody to ask",
			Detail: "There is no terminal to ask on, so nothing was done. Give -auto-approve to do what is shown."}
	}
	return v.s.ask(ctx)
}

// Exit is an exit code for what was said already.
func Exit(code int) error { return coded(code) }

// Misused is a command line that cannot be followed: command is as it is called, and what
// says the problem.
func Misused(command, what string, args ...any) error {
	return &usageError{command, fmt.Sprintf(what, args...)}
}
