package project

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// mirrors is the folder, in that of the configuration, of what this machine keeps of places
// on object stores. It may be deleted at any time.
const mirrors = ".inlay/mirrors"

// inside resolves a path that the configuration gives against the folder.
func (p *Project) inside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.flags.Dir, filepath.FromSlash(path))
}

// mirror is the folder of this machine for a place on an object store.
func (p *Project) mirror(at objects.URL) string {
	hash := sha256.Sum256([]byte(at.String()))
	return p.inside(fmt.Sprintf("%s/%x", mirrors, hash[:8]))
}

// place says where a location of the configuration is: a path on disk, or an object store.
func (p *Project) place(location string) (path string, at objects.URL, remote bool, err error) {
	if !objects.IsURL(location) {
		return p.inside(location), objects.URL{}, false, nil
	}
	at, err = objects.ParseURL(location)
	return "", at, true, err
}

// objects opens a place on an object store.
func (p *Project) objects(at objects.URL) (objects.Store, error) {
	if p.world.Objects == nil {
		return nil, &Error{Kind: Refused, Detail: fmt.Sprintf("This program was built without object stores, and %s is one.", at)}
	}
	return p.world.Objects(at)
}

// WarehousePath is where the tables live, as a person standing in the current folder would
// write it: a path, or a URL.
func (p *Project) WarehousePath() string {
	if at := p.config.Inlay.Warehouse; objects.IsURL(at) {
		return at
	}
	return filepath.ToSlash(p.inside(p.config.Inlay.Warehouse))
}

// warehouse opens the warehouse; it creates nothing.
func (p *Project) warehouse() (*table.Warehouse, error) {
	return p.warehouseAt(p.config.Inlay.Warehouse)
}

func (p *Project) warehouseAt(location string) (*table.Warehouse, error) {
	o := table.Options{Faults: p.world.faults(), Now: p.world.Now, Version: p.world.Version, Publisher: p.publisher}
	path, at, remote, err := p.place(location)
	if err != nil {
		return nil, err
	}
	if remote {
		if o.Objects, err = p.objects(at); err != nil {
			return nil, err
		}
		path = p.mirror(at)
	}
	return table.Open(path, o)
}

// states is where the state of this configuration is kept.
func (p *Project) states() (*state.Store, error) {
	path, at, remote, err := p.place(p.config.Inlay.State)
	if err != nil {
		return nil, err
	}
	if !remote {
		return state.Open(path, p.world.faults()), nil
	}
	folder, name := at.Parent()
	store, err := p.objects(folder)
	if err != nil {
		return nil, err
	}
	return state.OpenRemote(store, name, p.mirror(at), p.world.Now, p.world.faults()), nil
}
