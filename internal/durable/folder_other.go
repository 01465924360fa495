//go:build !linux && !darwin

package durable

// Folder is a folder held open to be read. Names are slash-separated paths inside it without
// "..". It is for one goroutine, which must close it. Errors are *fs.PathError.
type Folder struct {
	dir *Dir
}

// Folder opens a folder inside.
func (d *Dir) Folder(name string) (Folder, error) {
	sub, err := d.Sub(name)
	return Folder{sub}, err
}

// Sub opens a folder inside.
func (f Folder) Sub(name string) (Folder, error) {
	if err := inside("open", name); err != nil {
		return Folder{}, err
	}
	return f.dir.Folder(name)
}

// Close releases the folder's handle.
func (f Folder) Close() error { return f.dir.Close() }

// Lstat describes a name itself.
func (f Folder) Lstat(name string) (Entry, error) {
	if err := inside("lstat", name); err != nil {
		return Entry{}, err
	}
	st, err := f.dir.Lstat(name)
	if err != nil {
		return Entry{}, err
	}
	return Entry{Dir: st.IsDir(), Size: st.Size(), Modified: st.ModTime()}, nil
}

// Readlink returns the text of a symbolic link.
func (f Folder) Readlink(name string) (string, error) {
	if err := inside("readlink", name); err != nil {
		return "", err
	}
	return f.dir.Readlink(name)
}

// Names lists the names in the folder, in order.
func (f Folder) Names() ([]string, error) { return f.dir.Names(".") }

// ReadFile returns a file's whole content. It may use the memory of into.
func (f Folder) ReadFile(name string, _ []byte) ([]byte, error) {
	if err := inside("open", name); err != nil {
		return nil, err
	}
	return f.dir.ReadFile(name)
}
