package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"
)

// pty is a pseudo-terminal: what a person would see comes out of master, and what they type
// goes in; a program runs on the other end.
type pty struct {
	master, end *os.File
	mu          sync.Mutex
	more        *sync.Cond
	seen        bytes.Buffer
	over        bool
}

func newPty(t *testing.T) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	var unlock, number int32
	ioctl(t, master, syscall.TIOCSPTLCK, &unlock)
	ioctl(t, master, syscall.TIOCGPTN, &number)
	end, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pty{master: master, end: end}
	p.more = sync.NewCond(&p.mu)
	go p.watch()
	t.Cleanup(func() { master.Close(); end.Close() })
	return p
}

func ioctl(t *testing.T, f *os.File, request uintptr, value *int32) {
	t.Helper()
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value))); e != 0 {
		t.Fatal(e)
	}
}

// watch gathers what is shown.
func (p *pty) watch() {
	piece := make([]byte, 4096)
	for {
		n, err := p.master.Read(piece)
		p.mu.Lock()
		p.seen.Write(piece[:n])
		p.more.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// closes says that nothing more will be shown.
func (p *pty) closes() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.more.Broadcast()
}

// waits until a text is shown, forgets what was shown before it, and returns that.
func (p *pty) waits(t *testing.T, text string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if before, after, ok := strings.Cut(p.seen.String(), text); ok {
			p.seen.Reset()
			p.seen.WriteString(after)
			return before
		}
		if p.over {
			t.Fatalf("%q is never shown: %q", text, p.seen.String())
		}
		p.more.Wait()
	}
}

func (p *pty) types(t *testing.T, keys string) {
	t.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

const (
	arrowUp   = "\x1b[A"
	arrowLeft = "\x1b[D"
	ctrlD     = "\x04"
)

// TestConsoleAtATerminal types into a real terminal: the line can be edited, earlier ones
// come back, a mistake does not end it, Ctrl-D does, and the terminal is left as it was.
func TestConsoleAtATerminal(t *testing.T) {
	p := newPty(t)
	before := termios(t, p.end)
	_, ended := console(t, p)
	p.types(t, "local.zne"+arrowLeft+arrowLeft+"o\r")
	p.waits(t, "\r\n\"Asia/Tokyo\"\r\n")
	p.waits(t, prompt)
	p.types(t, "1 +\r")
	p.waits(t, "Error: ")
	p.waits(t, prompt)
	p.types(t, "max(2, 3)\r")
	p.waits(t, "\r\n3\r\n")
	p.waits(t, prompt)
	p.types(t, arrowUp+arrowUp+arrowUp+"\r")
	p.waits(t, "\r\n\"Asia/Tokyo\"\r\n")
	p.waits(t, prompt)
	p.types(t, ctrlD)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if after := termios(t, p.end); after != before {
		t.Errorf("the terminal is left %+v, and was %+v", after, before)
	}
}

// A console that is told to stop while it reads a line leaves the terminal as it was.
func TestConsoleThatIsStopped(t *testing.T) {
	p := newPty(t)
	before := termios(t, p.end)
	cmd, ended := console(t, p)
	p.types(t, "upp")
	p.waits(t, "upp")
	if raw := termios(t, p.end); raw == before {
		t.Fatal("the terminal is not raw while a line is read")
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if after := termios(t, p.end); after != before {
		t.Errorf("the terminal is left %+v, and was %+v", after, before)
	}
}

// console runs the command at the other end of a terminal, up to its first prompt.
func console(t *testing.T, p *pty) (*exec.Cmd, <-chan error) {
	t.Helper()
	cmd := exec.Command("inlay", "console")
	cmd.Dir = t.TempDir()
	if err := os.WriteFile(cmd.Dir+"/main.hcl", []byte("locals {\n  zone = \"Asia/Tokyo\"\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "TERM=xterm")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.end, p.end, p.end
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		p.closes()
	}()
	p.waits(t, prompt)
	return cmd, ended
}

func termios(t *testing.T, f *os.File) (got syscall.Termios) {
	t.Helper()
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&got))); e != 0 {
		t.Fatal(e)
	}
	return got
}
