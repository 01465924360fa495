package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// parse is the role that does of validate what no program that reads HCL can leave out: it
// parses the files it is given, and nothing else. No garbage is collected.
func parse(files []string) error {
	debug.SetGCPercent(-1)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, diags := hclsyntax.ParseConfig(data, file, hcl.InitialPos); diags.HasErrors() {
			return diags
		}
	}
	return nil
}

// floor is what the HCL library alone takes to parse 10,000 blocks.
type floor struct {
	b    *bench
	file string
}

func (b *bench) floor() (floor, error) {
	f, err := b.folder("floor", nil, targets(4999))
	return floor{b, filepath.Join(f.dir, "main.hcl")}, err
}

// beside runs a command in a folder as often as asked, in turns with the library, and gives
// the ratio of their medians in processor time as well. What it costs to start is taken off
// the library's.
func (l floor) beside(f *folder, args ...string) (c costs, ratio float64, err error) {
	var parsed, started costs
	for range l.b.rounds {
		for _, x := range []struct {
			into *costs
			run  func() (cost, error)
		}{
			{&c, func() (cost, error) { return f.run(args...) }},
			{&parsed, func() (cost, error) { return l.parse(l.file) }},
			{&started, func() (cost, error) { return l.parse() }},
		} {
			one, err := x.run()
			if err != nil {
				return nil, 0, err
			}
			*x.into = append(*x.into, one)
		}
	}
	alone := parsed.cpu() - started.cpu()
	fmt.Printf("  HCL alone, 10,000 blocks: %.0f ms CPU\n", 1000*alone)
	return c, c.cpu() / alone, nil
}

func (l floor) parse(files ...string) (cost, error) {
	return spent(exec.CommandContext(l.b.ctx, l.b.self, append([]string{"parse"}, files...)...))
}
