package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/schedule/export"
)

type exportFlags struct {
	vars    vars
	format  string
	out     string
	command string
	folder  string
	image   string
}

func (s *speech) scheduleExportCommand() *entry {
	f := &exportFlags{}
	return &entry{
		name: "export", short: "write the schedules for systemd, cron, Kubernetes or GitHub Actions",
		long: `Every line calls inlay run -due: the other scheduler says when to look, and inlay knows
which slots have come and are not done. So a look too many does no harm, and a comment says
where that scheduler treats clock changes or missed times otherwise.`,
		examples: []string{
			"inlay schedule export -format systemd -out units",
			"inlay schedule export -format cron >> crontab",
		},
		flags: append(f.vars.flags(), formatFlag(&f.format, export.Formats()...),
			&cli.StringFlag{Name: "out", Usage: "write the files into folder `DIR`", Destination: &f.out},
			&cli.StringFlag{Name: "command", Usage: "the program there: `PATH`", Value: "/usr/local/bin/inlay", Destination: &f.command},
			&cli.StringFlag{Name: "folder", Usage: "the folder of the configuration there: `DIR`; this one when not given", Destination: &f.folder},
			&cli.StringFlag{Name: "image", Usage: "Kubernetes: the container's `IMAGE`", Value: "inlay:latest", Destination: &f.image}),
		run: func(context.Context, []string) error { return s.export(f) },
	}
}

func (s *speech) export(f *exportFlags) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	if f.folder == "" {
		if f.folder, err = filepath.Abs(p.Dir()); err != nil {
			return err
		}
	}
	files, err := export.Files(export.Format(f.format), scheduleJobs(p), export.Options{
		Command: f.command, Folder: f.folder, Image: f.image, Year: s.world.Now().UTC().Year(),
	})
	if err != nil {
		return err
	}
	for i, file := range files {
		if f.out != "" {
			path := filepath.Join(s.path(f.out), file.Name)
			if err := project.Write(s.world, path, []byte(file.Text), 0o644); err != nil {
				return err
			}
			if _, err := fmt.Fprintln(s.out, path); err != nil {
				return err
			}
			continue
		}
		head := ""
		if len(files) > 1 {
			head = fmt.Sprintf("# ---- %s\n", file.Name)
		}
		if i > 0 {
			head = "\n" + head
		}
		if _, err := fmt.Fprint(s.out, head+file.Text); err != nil {
			return err
		}
	}
	return nil
}

// scheduleJobs are the schedules of the configuration with what runs by them.
func scheduleJobs(p *project.Project) []export.Job {
	var out []export.Job
	c := p.Config()
	for i := range c.Schedules {
		sc := &c.Schedules[i]
		if sc.Parsed == nil {
			continue
		}
		name := sc.Address.String()
		j := export.Job{Name: name[len("schedule."):], Schedule: sc.Parsed, Enabled: sc.Enabled}
		for k := range c.Targets {
			if t := &c.Targets[k]; t.Enabled && t.Schedule != nil && *t.Schedule == sc.Address {
				j.Targets = append(j.Targets, t.Address.String())
			}
		}
		out = append(out, j)
	}
	return out
}
