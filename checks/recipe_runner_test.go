package checks

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// recipe is a pipeline as its file says it: jobs in written order, each with the lines it
// runs. Both kinds of file are read into it.
type recipe struct{ jobs []job }

type job struct {
	name  string
	when  string // the condition as written; "" is always
	env   map[string]string
	steps []step
	// keeps are the files that later jobs get.
	keeps []string
}

type step struct {
	run string
	env map[string]string
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// inOrder lists the jobs' names as they stand in the file.
func inOrder(t *testing.T, file string, jobs map[string]bool) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(jobs))
	at := func(n string) int {
		return strings.Index(string(data), "\n"+n+":") + strings.Index(string(data), "\n  "+n+":")
	}
	slices.SortFunc(names, func(a, b string) int { return at(a) - at(b) })
	return names
}

// githubRecipe reads a workflow of GitHub Actions.
func githubRecipe(t *testing.T, file string) recipe {
	t.Helper()
	var w struct {
		Env  map[string]string
		Jobs map[string]struct {
			If    string
			Steps []struct {
				Run, Uses string
				Env       map[string]string
				With      map[string]string
			}
		}
	}
	readYAML(t, file, &w)
	names := map[string]bool{}
	for name := range w.Jobs {
		names[name] = true
	}
	var out recipe
	for _, name := range inOrder(t, file, names) {
		j := job{name: name, when: w.Jobs[name].If, env: w.Env}
		for _, s := range w.Jobs[name].Steps {
			uses, _, _ := strings.Cut(s.Uses, "@")
			switch uses {
			case "":
				j.steps = append(j.steps, step{s.Run, s.Env})
			case "actions/upload-artifact":
				j.keeps = append(j.keeps, s.With["path"])
			case "actions/checkout", "actions/download-artifact":
			default:
				t.Fatalf("%s: this test does not know what %s does", file, s.Uses)
			}
		}
		out.jobs = append(out.jobs, j)
	}
	return out
}

// gitlabRecipe reads a pipeline of GitLab CI.
func gitlabRecipe(t *testing.T, file string) recipe {
	t.Helper()
	var all map[string]yaml.Node
	readYAML(t, file, &all)
	var env map[string]string
	names := map[string]bool{}
	for name, node := range all {
		switch name {
		case "variables":
			if err := node.Decode(&env); err != nil {
				t.Fatal(err)
			}
		case "default", "stages":
		default:
			names[name] = true
		}
	}
	var out recipe
	for _, name := range inOrder(t, file, names) {
		var g struct {
			Rules     []struct{ If string }
			Script    []string
			Artifacts struct{ Paths []string }
		}
		node := all[name]
		if err := node.Decode(&g); err != nil {
			t.Fatal(err)
		}
		j := job{name: name, when: g.Rules[0].If, env: env, keeps: g.Artifacts.Paths}
		j.steps = []step{{run: strings.Join(g.Script, "\n")}} // one shell for the whole script
		out.jobs = append(out.jobs, j)
	}
	return out
}

var (
	expression = regexp.MustCompile(`\$\{\{\s*([a-zA-Z_.]+)\s*\}\}`)
	comparison = regexp.MustCompile(`^(\S+) == (.+)$`)
)

// holds evaluates a condition: comparisons joined by &&. given holds the values of names,
// "github.event_name" or "$CI_PIPELINE_SOURCE".
func holds(t *testing.T, condition string, given map[string]string) bool {
	t.Helper()
	for part := range strings.SplitSeq(condition, " && ") {
		m := comparison.FindStringSubmatch(part)
		if m == nil {
			t.Fatalf("this test does not understand the condition %q", part)
		}
		if term(t, m[1], given) != term(t, m[2], given) {
			return false
		}
	}
	return true
}

func term(t *testing.T, text string, given map[string]string) string {
	t.Helper()
	if quote := text[0]; quote == '\'' || quote == '"' {
		return strings.Trim(text, string(quote))
	}
	return given[text]
}

// filled replaces ${{ name }} and $NAME in the value of an environment variable.
func filled(text string, given map[string]string) string {
	text = expression.ReplaceAllStringFunc(text, func(m string) string { return given[expression.FindStringSubmatch(m)[1]] })
	if strings.HasPrefix(text, "$") {
		return given[text]
	}
	return text
}

// pipeline runs recipes in clones of a repository.
type pipeline struct {
	t      *testing.T
	recipe recipe
	path   string   // PATH, with inlay on it
	env    []string // of every job
	kept   string   // where kept files wait
	ran    map[string]bool
}

// run runs the jobs whose conditions hold, each in a clone of its own that checkout makes.
// It returns the output and exit code of the first job that fails, or of the last.
func (p *pipeline) run(given map[string]string, checkout func() string) (string, int) {
	p.t.Helper()
	said := ""
	for _, j := range p.recipe.jobs {
		if j.when != "" && !holds(p.t, j.when, given) {
			continue
		}
		p.ran[j.name] = true
		dir := checkout()
		copyAll(p.t, p.kept, dir)
		for _, s := range j.steps {
			out, code := p.step(j, s, dir, given)
			if said += out; code != 0 {
				return said, code
			}
		}
		for _, name := range j.keeps {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil {
				err = os.WriteFile(filepath.Join(p.kept, name), data, 0o600)
			}
			if err != nil {
				p.t.Fatal(err)
			}
		}
	}
	return said, 0
}

// step runs one run: line the way the services do, by bash that stops at the first failure.
func (p *pipeline) step(j job, s step, dir string, given map[string]string) (string, int) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.run)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + p.path, "HOME=" + p.kept, "GIT_CONFIG_NOSYSTEM=1", "NO_COLOR=1"}, p.env...)
	for name, value := range given {
		if n, ok := strings.CutPrefix(name, "$"); ok {
			cmd.Env = append(cmd.Env, n+"="+value)
		}
	}
	for _, env := range []map[string]string{j.env, s.env} {
		for name, value := range env {
			cmd.Env = append(cmd.Env, name+"="+filled(value, given))
		}
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return fmt.Sprintf("$ %s\n%s", strings.TrimSpace(s.run), out), cmd.ProcessState.ExitCode()
}

func copyAll(t *testing.T, from, to string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.json"))
	for _, f := range files {
		var data []byte
		if data, err = os.ReadFile(f); err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(f)), data, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
