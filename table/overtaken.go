package table

import (
	"errors"
	"io/fs"
)

// mergeRounds bounds how often a run whose head was overtaken merges with the next one.
const mergeRounds = 10

// merged is merge, done again when another machine committed meanwhile: the staged rows are
// resolved anew against the new head, as if the run had begun with it. On disk the lock
// keeps others away, and who committed although it was held is not merged with.
func (x *Txn) merged(c Close) (Manifest, error) {
	for round := 1; ; round++ {
		m, err := x.merge(c)
		if x.t.wh.remote == nil || round == mergeRounds || !overtaken(err) {
			return m, err
		}
		moved, why := x.ontoHead()
		if why != nil {
			return m, why
		}
		if !moved {
			return m, err
		}
	}
}

// overtaken reports whether a merge failed as it does when the head is not the head any
// more: its number is taken, or a part of it is swept.
func overtaken(err error) bool {
	_, lost := errors.AsType[*ErrSuperseded](err)
	_, done := errors.AsType[*ErrUnpublished](err)
	return lost || errors.Is(err, fs.ErrNotExist) && !done
}

// ontoHead makes the store's newest manifest the one that the run goes on from, and reports
// whether it is another one than before. *ErrSuperseded when what was committed meanwhile
// is more than rows and settings beside the layout: the staged rows were read for a table
// that is none any more.
func (x *Txn) ontoHead() (bool, error) {
	if err := x.t.pull(); err != nil {
		return false, err
	}
	head, hash, err := x.t.head()
	if err != nil || hash == x.headHash {
		return false, err
	}
	for n := x.head.Number + 1; n <= head.Number; n++ {
		m, err := x.t.Manifest(n)
		if err == nil {
			err = m.admits(x.run)
		}
		if err == nil && !x.goesOnAfter(m) {
			err = &ErrSuperseded{Path: x.head.Path, Began: x.head.Number, Head: head.Number}
		}
		if err != nil {
			return false, err
		}
	}
	if head, err = x.t.ranged(x.d, head); err != nil {
		return false, err
	}
	x.overtaken = head.Started.After(x.run.Started)
	x.head, x.headHash, x.evolution = head, hash, nil
	return true, nil
}

// goesOnAfter reports whether rows that were read for the run's head may be merged after m.
func (x *Txn) goesOnAfter(m Manifest) bool {
	switch m.Kind {
	case KindImport, KindCompact, KindSettings:
	default:
		return false // what the rows or the bookmark are to be merged with was taken back, erased or laid out in another way
	}
	if m.Kind == KindImport && m.Started.After(x.run.Started) && replaces(x.run) {
		return false // that was the newer read of everything
	}
	return m.Floor == x.head.Floor && (sameSpec(m.Spec, x.head.Spec) || sameSpec(m.Spec, x.run.Spec))
}
