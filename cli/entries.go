package cli

import (
	"github.com/urfave/cli/v3"
)

// entries is the whole command line.
func (s *speech) entries() *entry {
	return &entry{
		name: "inlay", short: "keeps local Parquet tables in step with a SaaS account",
		long: `A folder of *.hcl files declares connections, sources, targets and schedules.
plan says what would change and why; apply makes it so: it imports the data and commits
it into tables under the warehouse folder, which any engine can read.`,
		examples: []string{
			"inlay plan                    what would happen",
			"inlay apply                   make it so, after a question",
			"inlay -chdir=crm run -due     import what is due, in another folder",
		},
		flags: s.everywhere(),
		subs: []*entry{
			s.initCommand(), s.convertCommand(), s.validateCommand(), s.fmtCommand(), s.planCommand(), s.applyCommand(), s.destroyCommand(),
			s.showCommand(), s.diffCommand(), s.previewCommand(), s.runCommand(), s.statusCommand(), s.historyCommand(),
			s.scheduleCommand(), s.tableCommand(), s.stateCommand(), s.unlockCommand(), s.doctorCommand(), s.outputCommand(), s.consoleCommand(),
			s.graphCommand(), s.discoverCommand(), s.loginCommand(), s.logoutCommand(), s.sandboxCommand(), s.serveCommand(), s.schemaCommand(), s.manualCommand(), s.versionCommand(),
		},
	}
}

// everywhere are the flags of all commands.
func (s *speech) everywhere() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "chdir", Usage: "work in folder `DIR`", Destination: &s.global.chdir},
		&cli.StringFlag{Name: "color", Usage: "colour: `auto|always|never`", Value: "auto", Destination: &s.global.color,
			Validator: func(v string) error { return oneOf("-color", v, []string{"auto", "always", "never"}) }},
	}
}
