package command

import (
	"os"
	"path/filepath"

	cliflag "github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
)

// folders are the flags that name configurations: one, several, or all of a folder.
type folders struct {
	dirs []string
	each string
}

func (f *folders) flags() []cliflag.Flag {
	return []cliflag.Flag{
		&cliflag.StringSliceFlag{Name: "chdir", Usage: "a folder of configuration: `DIR` (repeatable)", Destination: &f.dirs},
		&cliflag.StringFlag{Name: "each", Usage: "every folder of configuration in `DIR`", Destination: &f.each},
	}
}

// list are the folders that are named; the one of the program when none is.
func (f *folders) list(own string) ([]string, error) {
	out := f.dirs
	if f.each != "" {
		found, err := configurations(f.each)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, &project.Error{Kind: project.NotFound, Summary: "No configuration",
				Detail: "No folder in " + f.each + " holds a file that ends in .hcl or .hcl.json. -each names a folder whose folders are configurations."}
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		out = []string{own}
	}
	return out, nil
}

// configurations are the folders in dir that hold a configuration.
func configurations(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		for _, form := range []string{"*.hcl", "*.hcl.json"} {
			if found, err := filepath.Glob(filepath.Join(path, form)); err == nil && len(found) > 0 {
				out = append(out, path)
				break
			}
		}
	}
	return out, nil
}
