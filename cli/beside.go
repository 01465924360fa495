package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/inlay-sync/inlay/project"
)

// external is the file name of the program that is called as `inlay NAME`.
func external(name string) string { return "inlay-" + name }

// beside finds the program that a command line calls, where its command is none of inlay's
// own: inlay-NAME in the folder of this program, or else in PATH; "" when there is none.
func (s *speech) beside(args []string) string {
	at := commandAt(args)
	if at < 0 || strings.ContainsAny(args[at], `/\`) || slices.Contains(append(names(s.entries().subs), "completion", "help"), args[at]) {
		return ""
	}
	if own, err := os.Executable(); err == nil {
		if found, err := exec.LookPath(filepath.Join(filepath.Dir(own), external(args[at]))); err == nil {
			return found
		}
	}
	found, err := exec.LookPath(external(args[at]))
	if err != nil {
		return ""
	}
	return found
}

// commandAt is the place of the first word of a command line that is neither a flag for all
// commands nor the value of one; -1 when there is none.
func commandAt(args []string) int {
	for i := 0; i < len(args); i++ {
		flag, isFlag := strings.CutPrefix(args[i], "-")
		if !isFlag {
			return i
		}
		if flag = strings.TrimPrefix(flag, "-"); flag == "chdir" || flag == "color" {
			i++ // its value
		}
	}
	return -1
}

// become runs a program in place of this one, with the command line as it is but for the
// name of the command: flags, environment, streams, signals and the exit code are its own.
func (s *speech) become(program string, args []string) error {
	at := commandAt(args)
	err := syscall.Exec(program, slices.Concat([]string{program}, args[:at], args[at+1:]), s.world.Environ)
	return &project.Error{Kind: project.Refused, Summary: "Program not started", Err: err,
		Detail: fmt.Sprintf("`inlay %s` is the program %s, which could not be started: %v. Put one there that this machine can run.", args[at], program, err)}
}
