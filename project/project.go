package project

import (
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/table"
)

// Flags are what a command line says about the configuration to read.
type Flags struct {
	Dir  string // the folder; "" is the current one
	Vars []lang.VarInput
}

// Project is a folder whose configuration has been read.
type Project struct {
	world  World
	flags  Flags
	config *lang.Config
	wrong  lang.Diagnostics // the errors of the configuration
}

// Open reads the configuration of a folder. It writes nothing and needs no credentials.
// The project is usable for what needs no valid configuration even when the diagnostics
// hold errors.
func Open(world World, flags Flags) (*Project, lang.Diagnostics) {
	if flags.Dir == "" {
		flags.Dir = "."
	}
	config, diags := lang.Load(flags.Dir, Catalogue(world), lang.Options{
		Vars: flags.Vars, Env: world.Env, Environ: world.Environ, Version: world.Version,
	})
	return &Project{world: world, flags: flags, config: config, wrong: lang.Errors(diags)}, diags
}

// Catalogue is what may be written in the blocks of a configuration, given the world's
// providers.
func Catalogue(world World) lang.Catalogue {
	c := lang.Catalogue{
		Providers:   map[string]lang.Provider{},
		Targets:     map[string][]setting.Setting{"parquet": table.Settings()},
		Schedule:    schedule.Settings(),
		CheckTarget: map[string]func(setting.Values, func(string) bool) []lang.Finding{},
		Programs:    programs,
	}
	for _, k := range world.Kinds {
		c.Targets[k.Name] = append(table.Settings(), k.Settings...)
		c.CheckTarget[k.Name] = findings(k.Check)
	}
	for _, p := range world.Providers {
		c.Providers[p.Name()] = lang.Provider{Connection: p.ConnectionSettings(), Source: p.SourceSettings(), Streams: p.Streams, Check: checkOf(p)}
	}
	return c
}

// checkOf is what a provider has to say about a connection, in the form of the language;
// nil when it looks at none.
func checkOf(p providers.Provider) func(setting.Values, func(string) bool) []lang.Finding {
	checker, ok := p.(providers.Checker)
	if !ok {
		return nil
	}
	return findings(checker.Check)
}

// findings puts what a check finds in the form of the language; nil for no check.
func findings(check func(setting.Values, func(string) bool) []providers.Finding) func(setting.Values, func(string) bool) []lang.Finding {
	if check == nil {
		return nil
	}
	return func(settings setting.Values, written func(string) bool) []lang.Finding {
		var out []lang.Finding
		for _, f := range check(settings, written) {
			out = append(out, lang.Finding{Attribute: f.Setting, Detail: f.Detail, Warning: f.Warning})
		}
		return out
	}
}

// Config is what the person wrote, evaluated.
func (p *Project) Config() *lang.Config { return p.config }

// Dir is the project's folder as it was given.
func (p *Project) Dir() string { return p.flags.Dir }
