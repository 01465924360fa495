package cli

import (
	"maps"
	"slices"
	"syscall"

	"github.com/inlay-sync/inlay/report/reference"
	daemon "github.com/inlay-sync/inlay/serve"
)

// environment is every variable that the program reads from its environment, beside those
// that a configuration names itself with env().
func environment() []reference.Variable {
	return []reference.Variable{
		{Name: "INLAY_VAR_name", Doc: "The value of `variable \"name\"`. Files of variables, `-var-file` and `-var` come after it and win."},
		{Name: "INLAY_LOG", Doc: "`debug` writes a line for each retry, wait and surprise to standard error, `json` the same as JSON. `inlay serve` always writes a log; `debug` adds every page, `json` changes the form."},
		{Name: "INLAY_SERVE_TOKEN", Doc: "The token that guards the page of `inlay serve`, at least 16 characters; required where others can reach it."},
		{Name: "INLAY_CREDENTIALS", Doc: "The file that keeps sign-ins of `inlay login`, instead of `inlay/sign-ins.json` under `XDG_CONFIG_HOME` or `~/.config`."},
		{Name: "XDG_CONFIG_HOME", Doc: "The folder of settings, in which the sign-ins are kept."},
		{Name: "HOME", Doc: "The home folder, in which the sign-ins are kept when `XDG_CONFIG_HOME` is not set."},
		{Name: "USERPROFILE", Doc: "The same where there is no `HOME`."},
		{Name: "HTTPS_PROXY", Doc: "The proxy that requests to a service go through; `HTTP_PROXY` and `NO_PROXY` as usual."},
		{Name: "AWS_ACCESS_KEY_ID", Doc: "With `AWS_SECRET_ACCESS_KEY`, the credentials of an object store; `AWS_PROFILE`, `AWS_REGION` and all else that AWS's own tools read counts too."},
		{Name: "AWS_ENDPOINT_URL", Doc: "The address of an object store that is not Amazon's."},
		{Name: "GOMEMLIMIT", Doc: "How much memory the program aims at, such as `256MiB`; `GOGC` as Go has it. Either takes the place of its own aim."},
		{Name: "NO_COLOR", Doc: "Any text: no colours. `-color` wins."},
		{Name: "TERM", Doc: "`dumb`: neither colours nor moving bars."},
	}
}

// exitCodes are the exit codes with their meaning.
func exitCodes() []reference.Code {
	var out []reference.Code
	for _, n := range slices.Sorted(maps.Keys(codeWords)) {
		out = append(out, reference.Code{Number: n, Doc: codeWords[n]})
	}
	return append(out, reference.Code{Number: 128 + int(syscall.SIGTERM), Doc: "the same, after SIGTERM"})
}

// measured is what the daemon tells a monitor.
func measured() []reference.Metric {
	var out []reference.Metric
	for _, m := range daemon.Metrics() {
		out = append(out, reference.Metric{Name: m.Name, Kind: m.Kind, Labels: m.Labels, Doc: m.Help})
	}
	return out
}
