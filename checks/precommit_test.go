package checks

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreCommitHook commits with the plain hook in place: what is badly laid out or wrong is
// refused, though the folder beside it is right.
func TestPreCommitHook(t *testing.T) {
	h := newRepository(t, recipe{})
	hook, err := os.ReadFile(recipes + "pre-commit")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.work, ".git", "hooks", "pre-commit"), hook, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, says string }{
		{"layout", "locals {\na=1\n}\n", "a.hcl"},
		{"mistake", "tarjet \"parquet\" \"a\" {\n}\n", "tarjet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := h.tryCommit(c.text)
			if err == nil {
				t.Fatalf("the commit went through:\n%s", out)
			}
			has(t, out, c.says)
		})
	}
	if out, err := h.tryCommit("locals {\n  a = 1\n}\n"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// tryCommit stages a file, makes it right in the folder alone, and commits.
func (h *repository) tryCommit(text string) (string, error) {
	h.t.Helper()
	name := filepath.Join(h.work, "a.hcl")
	for _, content := range []string{text, "locals {\n  a = 1\n}\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			h.t.Fatal(err)
		}
		if content == text {
			h.git(h.work, "add", "a.hcl")
		}
	}
	cmd := exec.Command("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-m", "a")
	cmd.Dir = h.work
	cmd.Env = append(os.Environ(), "PATH="+h.path, "INLAY_VAR_data="+h.data, "HOME="+h.kept)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestPreCommitConfig runs the entries of the framework's configuration.
func TestPreCommitConfig(t *testing.T) {
	h := newRepository(t, recipe{})
	var config struct {
		Repos []struct {
			Hooks []struct{ ID, Entry, Language string }
		}
	}
	readYAML(t, recipes+"pre-commit-config.yaml", &config)
	hooks := config.Repos[0].Hooks
	if len(hooks) != 2 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, right := range []bool{true, false} {
		if !right {
			h.commit("main", "a.hcl", "locals {\na=1\nb=c\n}\n")
		}
		for _, hook := range hooks {
			words := strings.Fields(hook.Entry)
			cmd := exec.Command("bash", "-c", `PATH=$0 "$@"`, h.path)
			cmd.Args = append(cmd.Args, words...)
			cmd.Dir = h.work
			cmd.Env = append(os.Environ(), "INLAY_VAR_data="+h.data)
			if out, err := cmd.CombinedOutput(); (err == nil) != right {
				t.Errorf("%s: %v\n%s", hook.ID, err, out)
			}
		}
	}
}

// TestReviewsHaveNoSecrets: a job that a pull request starts names no secret.
func TestReviewsHaveNoSecrets(t *testing.T) {
	for _, j := range githubRecipe(t, recipes+"github.yml").jobs {
		secret := false
		for _, s := range j.steps {
			for _, v := range s.env {
				secret = secret || strings.Contains(v, "secrets.")
			}
			secret = secret || strings.Contains(s.run, "secrets.")
		}
		imports := j.name == "apply" || j.name == "due"
		if secret != imports {
			t.Errorf("job %s: secrets %v", j.name, secret)
		}
	}
}
