package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const stubbornEnv = "INLAY_TEST_STUBBORN"

// stubborn is work that goes on although it was asked to stop.
func stubborn() {
	ctx, _, _ := interruptible(context.Background(), os.Stdout)
	fmt.Println("working")
	<-ctx.Done()
	fmt.Println("asked to stop")
	<-make(chan struct{})
}

// TestSecondInterruptStopsNow: the first signal asks, the second ends the process whatever
// it is doing.
func TestSecondInterruptStopsNow(t *testing.T) {
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(signal.String(), func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), stubbornEnv+"=1")
			out, err := cmd.StdoutPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for lines := bufio.NewScanner(out); lines.Scan(); {
				said += lines.Text() + "\n"
				if lines.Text() != "working" && lines.Text() != "asked to stop" {
					continue
				}
				if err := cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
			}
			_ = cmd.Wait() // its code is looked at
			if cmd.ProcessState.ExitCode() != code || !strings.Contains(said, "once more stops now") {
				t.Errorf("exit %d, not %d\n%s", cmd.ProcessState.ExitCode(), code, said)
			}
		})
	}
}
