package reference

import (
	"io/fs"
	"testing/fstest"
)

// oneFolder is a folder that holds main.hcl alone.
func oneFolder(string) ([]fs.DirEntry, error) {
	return fstest.MapFS{"main.hcl": {}}.ReadDir(".")
}

func oneFile(text string) func(string) ([]byte, error) {
	return func(string) ([]byte, error) { return []byte(text), nil }
}
